//! `authwire secret rekey`: another master key for the store.

use std::path::PathBuf;

use authwire_store::{KeySource, Location, MasterKey};
use clap::Args;
use zeroize::Zeroizing;

use crate::outcome::{Failure, Outcome, Status, say};
use crate::store::{self, StoreArguments};

/// The variable that holds the next master key.
const NEW_VARIABLE: &str = "AUTHWIRE_NEW_KEY";

/// Seal the store again, under another master key.
///
/// If the key is in a file beside the store, a new one is created there. Otherwise the new key is AUTHWIRE_NEW_KEY or the
/// content of --new-key-file, and from then on AUTHWIRE_KEY or AUTHWIRE_KEY_FILE has to give it. A kill at any point leaves a
/// store that opens, with the old key or the new one. Processes that have the store open continue if they find the new key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A file with the new master key: `openssl rand -base64 32` makes one
    #[arg(long, value_name = "FILE", conflicts_with = "beside")]
    new_key_file: Option<PathBuf>,
    /// Put a new key into a file beside the store
    #[arg(long)]
    beside: bool,
    #[command(flatten)]
    store: StoreArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire secret rekey
  (umask 077; openssl rand -base64 32 > new-key) && AUTHWIRE_NEW_KEY=$(cat new-key) authwire secret rekey
  authwire secret rekey --new-key-file /run/secrets/authwire-key
  authwire secret rekey --beside";

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let location = arguments.store.location()?;
    let Some(store) = arguments.store.open_existing()? else {
        return Err(Failure::failed(format!("there is no store at `{location}`"))
            .with_help("the first secret or token creates it"));
    };
    let (to, next) = next(arguments, &location)?;
    store.rekey(to).map_err(store::failure)?;
    say(&format!("{location} is sealed under the new key{next}"));
    Ok(Status::Fine)
}

/// The next key's source, and what a person has to do so that it is found.
fn next(arguments: &Arguments, location: &Location) -> Result<(KeySource, String), Failure> {
    if let Some(file) = &arguments.new_key_file {
        if !file.exists() {
            return Err(Failure::not_run(format!(
                "there is no new key in `{}`: it does not exist",
                file.display()
            ))
            .with_help("`openssl rand -base64 32` makes a key; the store is as it was"));
        }
        return Ok((
            KeySource::File(file.clone()),
            format!("; from now on: AUTHWIRE_KEY_FILE={}", file.display()),
        ));
    }
    if arguments.beside {
        let Some(path) = location.path() else {
            return Err(Failure::not_run("a store on a server has no key file beside it")
                .with_help("set AUTHWIRE_NEW_KEY, or name a file with --new-key-file"));
        };
        let next = "; from now on without AUTHWIRE_KEY and AUTHWIRE_KEY_FILE".to_owned();
        return Ok((KeySource::beside(path), next));
    }
    if let Some(text) = std::env::var(NEW_VARIABLE).ok().filter(|text| !text.is_empty()).map(Zeroizing::new) {
        let key = MasterKey::parse(&text).map_err(|error| {
            Failure::not_run(format!("{NEW_VARIABLE} holds no master key"))
                .with_help(error.help.unwrap_or_default())
        })?;
        return Ok((
            KeySource::Given(key),
            format!("; from now on AUTHWIRE_KEY is what {NEW_VARIABLE} holds"),
        ));
    }
    match KeySource::from_environment(location) {
        source @ KeySource::BesideStore(_) => Ok((source, String::new())),
        source => {
            Err(Failure::not_run(format!("the master key is {source}, so the new one has to be given"))
                .with_help(if location.path().is_some() {
                    "set AUTHWIRE_NEW_KEY, or name a file with --new-key-file, or let --beside make one"
                } else {
                    "set AUTHWIRE_NEW_KEY, or name a file with --new-key-file"
                }))
        }
    }
}
