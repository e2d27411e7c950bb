//! A server's process: it starts on a port that nobody else can take, and ends with the value.
//!
//! A server that can choose its port does so, and prints one line that tells it. One that can't inherits a socket that
//! listens already. Either way it hangs on its standard input: if the test process is killed, the server goes too.
//! Knows nothing of what the servers do.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::exchange;

/// How long a server may take to start: far more than it needs, as other tests run at the same time.
const START: Duration = Duration::from_secs(60);
/// How long a server may take to end before it is killed.
const END: Duration = Duration::from_secs(5);

/// A running server, with a folder of its own for configuration and log.
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    /// The server ends when this closes.
    leash: Option<ChildStdin>,
    directory: TempDir,
}

impl Server {
    /// Starts a program that prints `{"base_url": …}` when it is ready, and returns that URL.
    pub(crate) fn start_reporting(
        name: &'static str,
        command: Command,
    ) -> Result<(Self, String), StartError> {
        Server::start_reporting_in(name, command, folder(name)?)
    }

    /// The same, with the folder that was prepared for it.
    pub(crate) fn start_reporting_in(
        name: &'static str,
        mut command: Command,
        directory: TempDir,
    ) -> Result<(Self, String), StartError> {
        let mut server = Server::spawn(name, command.stdout(Stdio::piped()), directory)?;
        let (send, receive) = mpsc::channel();
        if let Some(stdout) = server.child.stdout.take() {
            thread::spawn(move || {
                let mut line = String::new();
                let read = BufReader::new(stdout).read_line(&mut line);
                // The receiver is gone if the server was too late.
                let _ = send.send(read.map(|_| line));
            });
        }
        let Ok(line) = receive.recv_timeout(START) else { return Err(server.failed("said nothing")) };
        let base_url = line.ok().and_then(|line| {
            let report: Value = serde_json::from_str(&line).ok()?;
            Some(report.get("base_url")?.as_str()?.to_owned())
        });
        match base_url {
            Some(base_url) => Ok((server, base_url)),
            None => Err(server.failed("ended before it was ready")),
        }
    }

    /// Starts a program under the leash, which inherits the socket as descriptor 3, and waits until it answers.
    pub(crate) fn start_inheriting(
        name: &'static str,
        mut command: Command,
        socket: Socket,
        directory: TempDir,
    ) -> Result<Self, StartError> {
        let base_url = socket.base_url();
        command.stdout(Stdio::from(OwnedFd::from(socket.listener)));
        let mut server = Server::spawn(name, &mut command, directory)?;
        // Our own copy of the socket: as long as it is open, requests wait for a server that may be gone.
        drop(command);

        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            if matches!(server.child.try_wait(), Ok(Some(_))) {
                return Err(server.failed("ended before it was ready"));
            }
            if exchange::try_send("GET", &base_url, &[], "", Duration::from_secs(5)).is_ok() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err(server.failed("did not answer"))
    }

    fn spawn(name: &'static str, command: &mut Command, directory: TempDir) -> Result<Self, StartError> {
        let log = File::create(log_in(directory.path())).map_err(StartError::io(name))?;
        let mut child = command.stdin(Stdio::piped()).stderr(log).spawn().map_err(StartError::io(name))?;
        let leash = child.stdin.take();
        Ok(Server { name, child, leash, directory })
    }

    fn failed(&self, how: &'static str) -> StartError {
        StartError::Failed { server: self.name, how, log: self.log() }
    }

    fn log(&self) -> String {
        fs::read_to_string(log_in(self.directory.path())).unwrap_or_default()
    }

    fn ends_within(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            thread::sleep(Duration::from_millis(2));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.leash = None;
        if !self.ends_within(END) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if thread::panicking() {
            let _ = writeln!(io::stderr(), "--- {} had to say:\n{}---", self.name, self.log());
        }
    }
}

/// A folder for one server.
pub(crate) fn folder(name: &'static str) -> Result<TempDir, StartError> {
    TempDir::with_prefix("authwire-").map_err(StartError::io(name))
}

fn log_in(directory: &Path) -> std::path::PathBuf {
    directory.join("log")
}

/// A socket that listens on a loopback port of the system's choice, for a server to inherit.
pub(crate) struct Socket {
    listener: TcpListener,
    port: u16,
}

impl Socket {
    pub(crate) fn listen(name: &'static str) -> Result<Self, StartError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(StartError::io(name))?;
        let port = listener.local_addr().map_err(StartError::io(name))?.port();
        Ok(Socket { listener, port })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Why a server is not there.
#[derive(Debug)]
pub(crate) enum StartError {
    /// It is not installed; the text is what is missing.
    NotInstalled(String),
    /// The system refused something on the way.
    Io { server: &'static str, source: io::Error },
    /// It was started and did not get ready.
    Failed { server: &'static str, how: &'static str, log: String },
}

impl StartError {
    pub(crate) fn io(server: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| StartError::Io { server, source }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NotInstalled(what) => {
                write!(
                    f,
                    "{what} is not installed; `./scripts/setup` installs every server that the tests need"
                )
            }
            StartError::Io { server, source } => write!(f, "{server} could not be started: {source}"),
            StartError::Failed { server, how, log } => write!(f, "{server} {how}. Its log:\n{log}"),
        }
    }
}

/// What every public `start` does with an error: a server that can't be had fails the test.
#[track_caller]
pub(crate) fn or_fail<T>(started: Result<T, StartError>) -> T {
    started.unwrap_or_else(|error| panic!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_that_ends_too_early_fails_with_its_log() {
        let error = Server::start_reporting("broken", shell("echo the reason >&2")).err().expect("it ended");
        assert_eq!(error.to_string(), "broken ended before it was ready. Its log:\nthe reason\n");
    }

    #[test]
    fn a_server_that_says_something_else_is_not_ready() {
        let error = Server::start_reporting("babbling", shell("echo hello; cat")).err().expect("no URL");
        assert!(error.to_string().starts_with("babbling ended before it was ready"), "{error}");
    }

    #[test]
    fn a_server_ends_with_its_value() {
        let script = r#"echo '{"base_url": "http://127.0.0.1:1"}'; cat"#;
        let (server, base_url) = Server::start_reporting("cat", shell(script)).expect("it reports");
        assert_eq!(base_url, "http://127.0.0.1:1");
        let process = format!("/proc/{}", server.child.id());
        assert!(Path::new(&process).exists());
        drop(server);
        assert!(!Path::new(&process).exists());
    }
}
