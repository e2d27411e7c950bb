//! The `authwire` program in a folder of its own, run as its users run it, but with an environment that a test says.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Run {
    /// The exit status; none if a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// Demands a status.
    ///
    /// # Panics
    /// If it ended with another.
    pub fn ends_with(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Of a JSON report the findings as `file:line:column code pointer`.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().expect("findings");
        let shown = findings.iter().map(|finding| {
            let text = |name: &str| finding[name].as_str().expect(name).to_owned();
            let (line, column) = (&finding["line"], &finding["column"]);
            format!("{}:{line}:{column} {} {}", text("file"), text("code"), text("pointer"))
        });
        shown.collect()
    }
}

/// A folder in which the program runs. Goes with the value.
pub struct Folder {
    program: PathBuf,
    path: PathBuf,
    _directory: TempDir,
}

impl Folder {
    /// An empty folder for `program`.
    ///
    /// # Panics
    /// If no folder can be made.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let directory = TempDir::new().expect("a folder");
        let path = directory.path().canonicalize().expect("a real path");
        Self { program: program.into(), path, _directory: directory }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The user's data folder, where the store is that nobody names.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.path.join(".data")
    }

    /// Writes a file at this path below the folder.
    ///
    /// # Panics
    /// If it can't be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// Runs the program in this folder with these environment variables and no others.
    ///
    /// # Panics
    /// If it does not start, or does not end in time.
    pub fn run<S: AsRef<str>>(&self, environment: &[(&str, &str)], arguments: &[S], stdin: &[u8]) -> Run {
        let mut command = self.command(environment, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn();
        let mut child = child.unwrap_or_else(|error| panic!("authwire does not start: {error}"));
        // a command that does not read stdin may be gone already
        let _ = child.stdin.take().expect("stdin").write_all(stdin);
        let Output { status, stdout, stderr } = wait(child);
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Run { status: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// The command that [`run`](Self::run) runs.
    #[must_use]
    pub fn command<S: AsRef<str>>(&self, environment: &[(&str, &str)], arguments: &[S]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.path)
            .env_clear()
            .env("XDG_DATA_HOME", self.data())
            .envs(environment.iter().copied())
            .args(arguments.iter().map(AsRef::as_ref));
        command
    }
}

/// Waits for the end of `child`, but not for ever: one that hangs is ended, and fails its test.
///
/// # Panics
/// If it does not end in time.
#[must_use]
pub fn wait(child: Child) -> Output {
    let id = child.id();
    let (send, receive) = mpsc::channel();
    thread::spawn(move || send.send(child.wait_with_output()));
    match receive.recv_timeout(PATIENCE) {
        Ok(output) => output.expect("it ends"),
        Err(_) => {
            let killed = Command::new("kill").args(["-9", &id.to_string()]).status();
            panic!("the command did not end within {PATIENCE:?} ({killed:?})");
        }
    }
}
