//! `authwire secret`: what connector files refer to as `{"store": KEY}`.

mod list;
mod moving;
mod rekey;
mod remove;
mod set;

use authwire_store::Secret;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::moment::unix_seconds;
use crate::outcome::Outcome;

/// Keep secrets in the store, so that connector files can refer to them.
///
/// A connector file says {"store": "KEY"} in place of the secret. The store is sealed: its master key is AUTHWIRE_KEY, the
/// content of the file AUTHWIRE_KEY_FILE, or a key file beside the store, created on first use.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Action {
    Set(set::Arguments),
    List(list::Arguments),
    Rm(remove::Arguments),
    Move(moving::Arguments),
    Rekey(rekey::Arguments),
}

const EXAMPLES: &str = "\
Examples:
  authwire secret set zoom.client_secret
  authwire secret move connectors/zoom.json
  authwire secret list";

pub(crate) fn run(action: &Action) -> Outcome {
    match action {
        Action::Set(arguments) => set::run(arguments),
        Action::List(arguments) => list::run(arguments),
        Action::Rm(arguments) => remove::run(arguments),
        Action::Move(arguments) => moving::run(arguments),
        Action::Rekey(arguments) => rekey::run(arguments),
    }
}

/// A secret for a program: never its value.
pub(super) fn to_value(secret: &Secret) -> Value {
    json!({
        "name": secret.name,
        "changed_at": unix_seconds(secret.changed_at),
        "damaged": secret.damaged,
    })
}
