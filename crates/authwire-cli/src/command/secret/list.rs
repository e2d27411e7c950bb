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
use crate::terminal::on_one_line;

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
    // whoever runs the store's server can write any name
    let names: Vec<String> = secrets.iter().map(|secret| on_one_line(&secret.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    for (secret, name) in secrets.iter().zip(names) {
        let damaged = if secret.damaged { "  damaged: set it again" } else { "" };
        writeln!(out, "{name:width$}  set {}{damaged}", date(secret.changed_at))?;
    }
    Ok(())
}
