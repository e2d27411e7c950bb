//! `authwire store`: what is in the store.

use std::io::{self, Write as _};
use std::time::SystemTime;

use authwire_store::{RecordStatus, Status as Contents};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::answer::answer;
use crate::arguments::AnswerFormat;
use crate::moment::{date, in_words, unix_seconds};
use crate::outcome::{Outcome, Status};
use crate::store::{self, StoreArguments};
use crate::terminal::on_one_line;

/// Inspect the store of secrets and tokens.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Action {
    Status(StatusArguments),
}

/// Show where the store is, what opens it, and what it holds: names and times, no values.
///
/// The exit status is 1 if something in it is damaged.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StatusArguments {
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    store: StoreArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire store status
  authwire store status --store /srv/authwire/store.db --format json
  AUTHWIRE_STORE=postgres://authwire@db.internal/connectors authwire store status";

pub(crate) fn run(action: &Action) -> Outcome {
    let Action::Status(arguments) = action;
    let location = arguments.store.location()?;
    let contents = match arguments.store.open_existing()? {
        Some(store) => Some(store.status().map_err(store::failure)?),
        None => None,
    };
    answer(
        arguments.format,
        |out| match &contents {
            Some(contents) => human(out, contents),
            None => {
                writeln!(out, "store:   {location} (not there yet: the first secret or token creates it)")
            }
        },
        || match &contents {
            Some(contents) => to_value(contents),
            None => json!({ "path": location.to_string(), "exists": false }),
        },
    )?;
    let damaged = contents.is_some_and(|contents| contents.damaged > 0);
    Ok(if damaged { Status::Failed } else { Status::Fine })
}

fn human(out: &mut impl io::Write, contents: &Contents) -> io::Result<()> {
    let names: Vec<&str> = contents.secrets.iter().map(|secret| secret.name.as_str()).collect();
    writeln!(out, "store:   {} ({} KiB)", contents.location, contents.size.div_ceil(1024))?;
    writeln!(out, "key:     {}", on_one_line(&contents.key))?;
    let listed =
        if names.is_empty() { String::new() } else { format!(": {}", on_one_line(&names.join(", "))) };
    writeln!(out, "secrets: {}{listed}", names.len())?;
    writeln!(out, "tokens:  {}", contents.records.len())?;
    for record in &contents.records {
        writeln!(out, "  {}: {}", on_one_line(&record.connector), record_in_words(record))?;
    }
    if contents.damaged > 0 {
        writeln!(out, "damaged: {} (not used: set the secret again, or sign in again)", contents.damaged)?;
    }
    Ok(())
}

fn record_in_words(record: &RecordStatus) -> String {
    let now = SystemTime::now();
    let mut words: Vec<String> = record
        .tokens
        .iter()
        .map(|(_, end)| match end.map(|end| end.duration_since(now)) {
            None => "a token without an end".to_owned(),
            Some(Ok(left)) => format!("a token for {} more", in_words(left)),
            Some(Err(_)) => "a token that has ended".to_owned(),
        })
        .collect();
    words.extend(record.kept.iter().map(|(name, since)| format!("{name} kept since {}", date(*since))));
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

fn to_value(contents: &Contents) -> Value {
    let secrets = contents.secrets.iter().map(super::secret::to_value);
    let records = contents.records.iter().map(|record| {
        let kept =
            record.kept.iter().map(|(name, since)| json!({"name": name, "kept_at": unix_seconds(*since)}));
        let tokens = record.tokens.iter().map(|(obtained_at, expires_at)| {
            json!({"obtained_at": unix_seconds(*obtained_at), "expires_at": expires_at.map(unix_seconds)})
        });
        json!({
            "connector": record.connector,
            "kept": kept.collect::<Value>(),
            "tokens": tokens.collect::<Value>(),
        })
    });
    json!({
        "path": contents.location.to_string(),
        "exists": true,
        "size": contents.size,
        "key": contents.key,
        "secrets": secrets.collect::<Value>(),
        "records": records.collect::<Value>(),
        "damaged": contents.damaged,
    })
}
