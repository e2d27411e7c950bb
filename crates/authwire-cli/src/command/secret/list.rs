//! `authwire secret list`: the names of the secrets.

use std::io;

use authwire_store::Secret;
use clap::Args;
use serde_json::{Value, json};

use crate::answer::answer;
use crate::arguments::AnswerFormat;
use crate::moment::date;
use crate::outcome::{Outcome, Status, say};
use crate::store::{self, StoreArguments};

/// List the secrets and when each was set, but no values.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    store: StoreArguments,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let secrets = match arguments.store.open_existing()? {
        Some(store) => store.secrets().map_err(store::failure)?,
        None => Vec::new(),
    };
    answer(
        arguments.format,
        |out| human(out, &secrets),
        || json!({ "secrets": secrets.iter().map(super::to_value).collect::<Value>() }),
    )?;
    if secrets.is_empty() && arguments.format == AnswerFormat::Human {
        say("there are no secrets; set one with authwire secret set KEY");
    }
    Ok(Status::Fine)
}

fn human(out: &mut impl io::Write, secrets: &[Secret]) -> io::Result<()> {
    let width = secrets.iter().map(|secret| secret.name.len()).max().unwrap_or_default();
    for secret in secrets {
        let damaged = if secret.damaged { "  damaged: set it again" } else { "" };
        writeln!(out, "{:width$}  set {}{damaged}", secret.name, date(secret.changed_at))?;
    }
    Ok(())
}
