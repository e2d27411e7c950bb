//! `authwire explain`: what would be sent, secrets redacted. It needs no secret to be there and sends nothing.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::load;
use crate::answer::{answer, print};
use crate::arguments::{AnswerFormat, TypeArguments};
use crate::connector_file::TestRequest;
use crate::outcome::{Failure, Outcome};
use crate::terminal::printable;

/// Show every request that a call would make, in order, secrets redacted.
///
/// Nothing is sent, and no secret is needed: a reference is shown as `<env:NAME>`, a secret that is written in the file as
/// `<redacted>`. The call is the connector's test request unless METHOD and PATH name another.
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
    /// Write the requests as curl commands. Secrets are read from the environment and the files that the references
    /// name; what a shell cannot look up is left to fill in
    #[arg(long, conflicts_with = "format")]
    curl: bool,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire explain connectors/zoom.json
  authwire explain connectors/zoom.json --curl
  authwire explain connectors/zoom.json POST /users --format json";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let file = load(&arguments.file, &arguments.types.schemas)?;
    let test = file.test.as_ref();
    let method = arguments.method.as_deref().or(test.map(TestRequest::method)).unwrap_or("GET");
    let method = super::call::method(method)?;
    let path = arguments.path.as_deref().or(test.map(TestRequest::path)).unwrap_or("/");
    let explanation = authwire_runtime::explain(&file.connector, &method, path)
        .map_err(|error| Failure::failed(error.to_string()))?;
    if arguments.curl {
        return print(&*printable(&as_commands(&explanation, file.connector.folder())));
    }
    answer(
        arguments.format,
        |out| write!(out, "{}", printable(&explanation.to_string())),
        || {
            let mut whole = explanation.to_value();
            whole["name"] = file.connector.name().into();
            whole["auth_type"] = file.connector.auth().schema().name.to_string().into();
            whole
        },
    )
}

/// Each request as a command for curl, under a comment. The connector file lies in `folder`.
fn as_commands(explanation: &authwire_runtime::Explanation, folder: Option<&Path>) -> String {
    let mut text = String::new();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) =
        folder.filter(|_| explanation.requests.iter().any(|request| request.curl_reads_relative_files()))
    {
        let folder = folder.to_string_lossy().replace('\'', r"'\''");
        text.push_str(&format!("# paths begin at the connector file's folder\ncd '{folder}'\n"));
    }
    let comments = explanation.connection.iter().cloned();
    let made = explanation.made.iter().map(|jwt| {
        format!("<{}> is a JWT, signed for each request: authwire jwt shows its header and claims", jwt.name)
    });
    for comment in comments.chain(made) {
        text.push_str(&format!("# {}\n", comment.replace('\n', "\n# ")));
    }
    for (index, request) in explanation.requests.iter().enumerate() {
        if index > 0 || !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("# {}. {}\n", index + 1, request.heading()));
        let missing = request.to_fill_in();
        if !missing.is_empty() {
            text.push_str(&format!("# to fill in: {}\n", missing.join(", ")));
        }
        text.push_str(request.to_curl());
        text.push('\n');
    }
    text
}
