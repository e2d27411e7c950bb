//! The arguments that commands share. Those of one command alone are in its own file.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::command::{Command, ValidateAlone};

/// Authentication for HTTP APIs, described by data.
///
/// A connector file says how to reach one API: its base URL, its auth type, its secrets by reference. `authwire` checks
/// such files, shows what would be sent, obtains tokens and makes calls.
#[derive(Debug, Parser)]
#[command(name = "authwire", version, disable_help_subcommand = true, after_help = EXAMPLES)]
pub(crate) struct Arguments<C: Subcommand = Command> {
    #[command(subcommand)]
    pub(crate) command: C,
    /// Log to stderr: tokens fetched and renewed; -vv: also what is reused, repeated, redirected; -vvv: everything
    #[arg(short, long, global = true, action = ArgAction::Count, display_order = 900)]
    pub(crate) verbose: u8,
}

const EXAMPLES: &str = "\
Examples:
  authwire validate connectors/                check every connector file below a folder
  authwire explain connectors/zoom.json        what would be sent, secrets redacted
  authwire call connectors/zoom.json GET /users/me

Exit status: 0 fine (warnings included), 1 an error was found or the call failed, 2 could not run.";

impl Arguments {
    /// What this program was called with. Ends it with words where that cannot be understood, or asks for help.
    ///
    /// Where files are to be checked, the other commands are not even put together: that takes longer than a file does.
    pub(crate) fn of_this_program() -> Self {
        if std::env::args_os().nth(1).is_some_and(|first| first == ValidateAlone::NAME) {
            let Arguments { command, verbose } = Arguments::<ValidateAlone>::parse();
            return Self { command: command.into(), verbose };
        }
        Self::parse()
    }
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: the offending line with a caret
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// GitHub Actions annotations
    Github,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people
    Human,
    /// One JSON object
    Json,
}

/// Where auth types come from besides the built-in ones.
#[derive(Debug, Clone, Args)]
pub(crate) struct TypeArguments {
    /// A folder with schema files of additional auth types; may be given several times
    #[arg(long = "schemas", value_name = "DIR")]
    pub(crate) schemas: Vec<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;
    use crate::command::ValidateAlone;

    #[test]
    fn a_command_that_is_put_together_alone_is_the_same() {
        let help = |mut command: clap::Command| {
            command.build();
            let command = command.find_subcommand_mut(ValidateAlone::NAME).unwrap();
            (command.render_long_help().to_string(), command.render_usage().to_string())
        };
        assert_eq!(help(Arguments::<ValidateAlone>::command()), help(<Arguments>::command()));
    }
}
