//! The `authwire` program that this workspace builds, run as its users run it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// What the program said and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status.
    pub(crate) status: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// A folder with a connector file, `connector.json`, in which the program runs. Goes with the value.
pub(crate) struct Folder {
    directory: TempDir,
}

impl Folder {
    /// A folder whose `connector.json` is this.
    pub(crate) fn with(connector: &Value) -> Self {
        Folder::with_text(&format!("{connector:#}\n"))
    }

    /// A folder whose `connector.json` is this text, JSON or not.
    pub(crate) fn with_text(text: &str) -> Self {
        let folder = Folder { directory: TempDir::new().expect("a folder") };
        folder.write("connector.json", text);
        folder
    }

    /// Writes a file at this path below the folder.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The user's data folder, where the store is.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join(".data")
    }

    /// Runs the program in this folder, with these environment variables and no others.
    pub(crate) fn run(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Run {
        let output = self.command(environment, arguments).output();
        let output = output.unwrap_or_else(|error| panic!("authwire does not start: {error}"));
        Run { status: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// The command that [`run`](Self::run) runs.
    pub(crate) fn command(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .current_dir(self.directory.path())
            .env_clear()
            .env("XDG_DATA_HOME", self.data())
            .envs(environment.iter().copied())
            .args(arguments);
        command
    }
}

/// Where the program is.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| authwire_tests::built("authwire-cli", "authwire"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
