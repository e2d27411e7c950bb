//! `authwire jwt decode`: what a token says.

use std::io::Write as _;

use authwire_runtime::jwt;
use clap::Args;

use super::{human, to_value, token};
use crate::answer::answer;
use crate::arguments::AnswerFormat;
use crate::outcome::{Failure, Outcome};
use crate::terminal::printable;

/// Show the header and the claims of a JWT, without verifying it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The token; stdin if it is `-` or left out
    token: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
}

const EXAMPLES: &str = "\
Examples:
  authwire jwt decode < token.txt
  authwire jwt decode --format json < token.txt | jq .claims.exp";

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let token = token(arguments.token.as_deref())?;
    let decoded =
        jwt::decode(&token).map_err(|error| Failure::failed(format!("this is not a JWT: {error}")))?;
    answer(arguments.format, |out| write!(out, "{}", printable(&human(&decoded))), || to_value(&decoded))
}
