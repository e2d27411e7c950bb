//! The `authwire` program of this checkout, built and run: what the reference shows is its real output.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use authwire_chores::docs::Program;

/// The program.
#[derive(Debug)]
pub(crate) struct Authwire {
    executable: PathBuf,
}

impl Authwire {
    /// Builds it.
    ///
    /// # Errors
    /// If it cannot be built.
    pub(crate) fn build() -> Result<Self, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            // with a test besides: so it has the features of the tests' build, and what that has built serves
            .args(["build", "--quiet", "--workspace", "--bin", "authwire", "--test", "copy"])
            .args(["--message-format", "json-render-diagnostics"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("error: cargo does not start: {error}"))?;
        if !built.status.success() {
            return Err("error: the program cannot be built, and the reference shows its output".to_owned());
        }
        // one message a line; that about the program names it
        let messages = String::from_utf8_lossy(&built.stdout);
        let mut executables = messages.lines().filter_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            (message["target"]["name"] == "authwire" && message["target"]["kind"][0] == "bin")
                .then(|| message["executable"].as_str().map(PathBuf::from))?
        });
        let executable = executables.next_back().ok_or("error: cargo does not say where the program is")?;
        Ok(Self { executable })
    }
}

impl Program for Authwire {
    fn run(&self, files: &[(&str, &[u8])], arguments: &[&str]) -> Result<String, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("error: no temporary folder: {error}"))?;
        for (name, bytes) in files {
            write(&folder.path().join(name), bytes).map_err(|error| format!("error: {name}: {error}"))?;
        }
        let output = Command::new(&self.executable)
            .current_dir(folder.path())
            .env_clear()
            .args(arguments)
            .output()
            .map_err(|error| format!("error: the program does not start: {error}"))?;
        if output.stdout.is_empty() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("error: `authwire {}` says nothing but: {said}", arguments.join(" ")));
        }
        String::from_utf8(output.stdout).map_err(|_| "error: the program does not speak UTF-8".to_owned())
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
