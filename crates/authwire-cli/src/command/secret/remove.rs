//! `authwire secret rm`: removes secrets.

use clap::Args;

use crate::outcome::{Outcome, Status, complain};
use crate::store::{self, StoreArguments};

/// Remove secrets.
///
/// The exit status is 1 if one of them did not exist; the others are removed anyway.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The keys that connector files refer to
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    #[command(flatten)]
    store: StoreArguments,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let store = arguments.store.open_existing()?;
    let mut status = Status::Fine;
    for key in &arguments.keys {
        let removed = match &store {
            Some(store) => store.remove_secret(key).map_err(store::failure)?,
            None => false,
        };
        if !removed {
            complain(
                &format!("there is no secret `{key}`"),
                &["authwire secret list shows those there are".to_owned()],
            );
            status = Status::Failed;
        }
    }
    Ok(status)
}
