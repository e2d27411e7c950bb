//! `authwire token`: obtains a token and says what is known of it.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use authwire_runtime::{AccessToken, Client};
use clap::Args;
use serde_json::{Value, json};

use super::{call, load};
use crate::answer::answer;
use crate::arguments::{AnswerFormat, TypeArguments};
use crate::ending::see_through;
use crate::moment::{date, in_words, unix_seconds};
use crate::outcome::{Failure, Outcome, Status, say};
use crate::store::StoreArguments;
use crate::terminal::{on_one_line, printable};

/// Obtain a token, and show when it expires and its scope.
///
/// The token itself is shown only with `--reveal`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The connector file; `-` for stdin
    file: PathBuf,
    /// Show the token itself
    #[arg(long)]
    reveal: bool,
    /// Delete the stored token and what is kept with it; a rotated refresh token too: the one in the file is used again
    #[arg(long, conflicts_with_all = ["reveal", "format"])]
    forget: bool,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire token connectors/zoom.json
  authwire token connectors/zoom.json --reveal --format json | jq -r .access_token
  authwire token connectors/zoom.json --forget";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let file = load(&arguments.file, &arguments.types.schemas)?;
    let auth_type = file.connector.auth().schema().name.to_string();
    let name = file.connector.name().to_owned();
    let none = || {
        Failure::failed(format!("`{name}` uses `{auth_type}`, which obtains no token"))
            .with_help("authwire explain shows what it sends instead")
    };
    if !file.connector.obtains_token().map_err(|error| call::failure(&error))? {
        return Err(none());
    }
    let services = arguments.store.services(&file.connector)?;
    let client = Client::with_services(file.connector, services);
    let authenticator = client.authenticator();
    if arguments.forget {
        let was_kept = see_through(&authenticator.into(), async {
            authenticator.forget().await.map_err(|error| call::failure(&error))
        })?;
        say(&on_one_line(&match was_kept {
            true => format!("what was kept for `{name}` is forgotten"),
            false => format!("nothing was kept for `{name}`"),
        }));
        return Ok(Status::Fine);
    }
    let token = see_through(&authenticator.into(), async {
        authenticator.token().await.map_err(|error| call::failure(&error))
    })?
    .ok_or_else(none)?;
    answer(
        arguments.format,
        |out| human(out, &token, arguments.reveal),
        || {
            let mut whole = json!({
                "name": name,
                "auth_type": auth_type,
                "scope": token.scope,
                "obtained_at": unix_seconds(token.obtained_at),
                "expires_at": token.expires_at.map(unix_seconds),
            });
            if arguments.reveal {
                whole["access_token"] = Value::from(token.expose_value());
            }
            whole
        },
    )
}

fn human(out: &mut impl io::Write, token: &AccessToken, reveal: bool) -> io::Result<()> {
    if reveal {
        writeln!(out, "token:   {}", printable(token.expose_value()))?;
    } else {
        writeln!(out, "token:   obtained (--reveal shows it)")?;
    }
    match token.expires_at {
        Some(end) => {
            let left = end.duration_since(SystemTime::now()).unwrap_or_default();
            writeln!(out, "expires: in {}, at {}", in_words(left), date(end))?;
        }
        None => writeln!(out, "expires: not stated")?,
    }
    match &token.scope {
        Some(scope) => writeln!(out, "scope:   {}", on_one_line(scope)),
        // RFC 6749 §5.1
        None => writeln!(out, "scope:   not stated, so the requested one"),
    }
}
