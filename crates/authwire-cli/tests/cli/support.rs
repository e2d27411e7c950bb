//! Runs the binary in a folder of its own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder that goes away with its test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("authwire-cli-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path.canonicalize().expect("a real path"))
    }

    /// A folder with one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(name, content);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The user's data folder, where the store is that no test names.
    pub(crate) fn data(&self) -> PathBuf {
        self.0.join(".data")
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// Runs `authwire` in the folder.
    pub(crate) fn run<S: AsRef<str>>(&self, arguments: &[S]) -> Run {
        self.run_with(arguments, &[], b"")
    }

    /// The same with environment variables and stdin.
    pub(crate) fn run_with<S: AsRef<str>>(
        &self,
        arguments: &[S],
        variables: &[(&str, &str)],
        stdin: &[u8],
    ) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_authwire"))
            .args(arguments.iter().map(AsRef::as_ref))
            .env("XDG_DATA_HOME", self.data())
            .envs(variables.iter().copied())
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        // a command that does not read stdin may be gone already
        let _ = child.stdin.take().expect("stdin").write_all(stdin);
        let output = wait(child);
        Run {
            status: output.status.code().expect("no signal ended it"),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Waits for the end of `child`, but not for ever: one that hangs is ended, and fails its test.
fn wait(child: Child) -> Output {
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

/// What came out of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Stdout as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Demands a status.
    pub(crate) fn ends_with(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Of a JSON report the findings as `file:line:column code pointer`.
    pub(crate) fn findings(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().expect("findings");
        findings
            .iter()
            .map(|finding| {
                let text = |name: &str| finding[name].as_str().expect(name).to_owned();
                let (line, column) = (&finding["line"], &finding["column"]);
                format!("{}:{line}:{column} {} {}", text("file"), text("code"), text("pointer"))
            })
            .collect()
    }
}

/// A connector file with `auth_config`.
pub(crate) fn connector(name: &str, base_url: &str, auth_config: Value) -> String {
    json!({ "name": name, "base_url": base_url, "auth_config": auth_config }).to_string()
}

/// A valid connector file that needs nothing.
pub(crate) fn plain(name: &str) -> String {
    connector(name, "https://api.acme.example", json!({ "type": "no_auth" }))
}

/// Runs a shell's command at a terminal and types `answers`. Returns what the terminal showed.
#[cfg(target_os = "linux")]
pub(crate) fn at_a_terminal(folder: &Folder, command: &str, answers: &str) -> String {
    at_a_terminal_that_asks(folder, command, "", answers)
}

/// As [`at_a_terminal`]; nothing is typed before the terminal shows `question`.
#[cfg(target_os = "linux")]
pub(crate) fn at_a_terminal_that_asks(
    folder: &Folder,
    command: &str,
    question: &str,
    answers: &str,
) -> String {
    let mut child = Command::new("script")
        .args(["-q", "-e", "-c", command, "/dev/null"])
        .current_dir(folder.path())
        .env("XDG_DATA_HOME", folder.data())
        .env("TERM", "dumb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("script (util-linux) is there");
    let mut stdout = child.stdout.take().expect("stdout");
    let mut shown = Vec::new();
    while !shown.ends_with(question.as_bytes()) {
        let mut byte = [0];
        assert_eq!(stdout.read(&mut byte).expect("it can be read"), 1, "{question}: {shown:?}");
        shown.extend(byte);
    }
    child.stdout = Some(stdout);
    let mut stdin = child.stdin.take().expect("stdin");
    // a terminal's line ends like this; behind it, its end of input
    stdin.write_all(format!("{answers}\n\u{4}").as_bytes()).expect("it listens");
    drop(stdin);
    shown.extend(wait(child).stdout);
    String::from_utf8_lossy(&shown).into_owned()
}
