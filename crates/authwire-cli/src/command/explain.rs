//! `authwire explain`: what would be sent, secrets redacted. It needs no secret to be there and sends nothing.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use http::Method;

use super::load;
use crate::arguments::{AnswerFormat, TypeArguments};
use crate::outcome::{Failure, Outcome, Status};
use crate::terminal::printable;

/// Show every request that a call would make, in order, secrets redacted.
///
/// Nothing is sent, and no secret has to be there: a reference is shown as `<env:NAME>`, a secret that stands in the file
/// as `<redacted>`. The call is the connector's test request unless METHOD and PATH name another.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The connector file; `-` for stdin
    file: PathBuf,
    /// The method of the call
    #[arg(requires = "path")]
    method: Option<String>,
    /// The path of the call, below the connector's base URL
    path: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire explain connectors/zoom.json
  authwire explain connectors/zoom.json POST /users --format json";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let file = load(&arguments.file, &arguments.types.schemas)?;
    let method = arguments.method.as_deref().or(file.test_method.as_deref()).unwrap_or("GET");
    let method = super::call::method(method)?;
    let path = arguments.path.as_deref().or(file.test_path.as_deref()).unwrap_or("/");
    let explanation = explain(&file, &method, path)?;
    let mut out = io::stdout().lock();
    match arguments.format {
        AnswerFormat::Human => write!(out, "{}", printable(&explanation.to_string()))?,
        AnswerFormat::Json => {
            let auth_type = file.connector.auth().schema().name.to_string();
            let mut whole = explanation.to_value();
            whole["name"] = file.connector.name().into();
            whole["auth_type"] = auth_type.into();
            writeln!(out, "{whole:#}")?;
        }
    }
    out.flush()?;
    Ok(Status::Fine)
}

fn explain(
    file: &crate::connector_file::ConnectorFile,
    method: &Method,
    path: &str,
) -> Result<authwire_runtime::Explanation, Failure> {
    authwire_runtime::explain(&file.connector, method, path)
        .map_err(|error| Failure::failed(error.to_string()))
}
