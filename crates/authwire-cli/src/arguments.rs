//! The arguments: what every command shares. What a command takes besides stands in its own file.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, ValueEnum};

use crate::command::Command;

/// Authentication for HTTP APIs, described by data.
///
/// A connector file says how to reach one API: its base URL, its auth type, its secrets by reference. `authwire` checks
/// such files, shows what would be sent, obtains tokens and makes calls.
#[derive(Debug, Parser)]
#[command(name = "authwire", version, disable_help_subcommand = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Say on stderr what happens besides: tokens fetched and renewed; -vv: reused, repeated, redirected; -vvv: all
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

const EXAMPLES: &str = "\
Examples:
  authwire validate connectors/                check every connector file below a folder
  authwire explain connectors/zoom.json        what would be sent, secrets redacted
  authwire call connectors/zoom.json GET /users/me

Exit status: 0 fine (warnings included), 1 an error was found or the call failed, 2 could not run.";

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: the offending line with a caret
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
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
    /// A folder with schema files of more auth types; may be given several times
    #[arg(long = "schemas", value_name = "DIR")]
    pub(crate) schemas: Vec<PathBuf>,
}
