//! Runs the binary in a folder of its own.

use std::ops::Deref;
#[cfg(target_os = "linux")]
use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
};

use authwire_tests::program::{self, Run};
use serde_json::{Value, json};

/// A folder that goes away with its test.
pub(crate) struct Folder(program::Folder);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(program::Folder::new(env!("CARGO_BIN_EXE_authwire")))
    }

    /// A folder with one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(name, content);
        folder
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
        self.0.run(variables, arguments, stdin)
    }
}

impl Deref for Folder {
    type Target = program::Folder;

    fn deref(&self) -> &program::Folder {
        &self.0
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
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
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
    shown.extend(program::wait(child).stdout);
    String::from_utf8_lossy(&shown).into_owned()
}
