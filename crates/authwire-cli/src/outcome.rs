//! How a command ends: the exit status by the contract, and the words for what kept it from ending well.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::terminal;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// 0: fine, warnings and notes alone included.
    Fine,
    /// 1: an error among the findings, a reference that can't be resolved, or the call failed.
    Failed,
    /// 2: could not run: bad usage, or a file that can't be read.
    NotRun,
}

/// What a command's end is: a status, or a failure in words.
pub(crate) type Outcome = Result<Status, Failure>;

/// Why a command ended early. Never holds a secret.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    status: Status,
    message: String,
    help: Vec<String>,
}

impl Failure {
    /// The command did what it was asked to, and it failed.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { status: Status::Failed, message: message.into(), help: Vec::new() }
    }

    /// The command could not run.
    pub(crate) fn not_run(message: impl Into<String>) -> Self {
        Self { status: Status::NotRun, message: message.into(), help: Vec::new() }
    }

    /// How the command ends with it.
    pub(crate) fn status(&self) -> Status {
        self.status
    }

    /// All of it as one sentence, for where work goes on.
    pub(crate) fn words(&self) -> String {
        let help: Vec<String> = self.help.iter().map(|help| format!(" ({help})")).collect();
        format!("{}{}", self.message, help.concat())
    }

    /// What went wrong, and what to do.
    pub(crate) fn into_parts(self) -> (String, String) {
        (self.message, self.help.join("; "))
    }

    /// The same where what matters was done before: it is no longer true that nothing was.
    pub(crate) fn after_all(mut self) -> Self {
        self.status = Status::Failed;
        self
    }

    /// The same with what to do; nothing where `help` is empty.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        if !help.is_empty() {
            self.help.push(help);
        }
        self
    }
}

impl From<io::Error> for Failure {
    /// Output that cannot be written. A reader that went away (`| head`) needs no words.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::not_run(""),
            _ => Self::not_run(format!("the output cannot be written: {error}")),
        }
    }
}

/// Says what went wrong, and turns the outcome into the exit status.
pub(crate) fn conclude(outcome: Outcome) -> ExitCode {
    let status = match outcome {
        Ok(status) => status,
        Err(failure) => {
            if !failure.message.is_empty() {
                complain(&failure.message, &failure.help);
            }
            failure.status
        }
    };
    ExitCode::from(match status {
        Status::Fine => 0,
        Status::Failed => 1,
        Status::NotRun => 2,
    })
}

/// Says on stderr what went wrong.
pub(crate) fn complain(message: &str, help: &[String]) {
    let mut stderr = io::stderr().lock();
    let style = terminal::stderr_style();
    // nobody is left to tell if stderr is gone
    let _ = writeln!(stderr, "{}: {}", style.error("error"), terminal::on_one_line(message));
    for help in help {
        let _ = writeln!(stderr, "  {}: {}", style.help("help"), terminal::on_one_line(help));
    }
}

/// Says on stderr what is worth knowing.
pub(crate) fn say(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}
