//! `authwire secret set`: keeps a secret, typed without echo or read from stdin.

use std::io::{self, IsTerminal as _, Read as _};
#[cfg(unix)]
use std::time::Duration;

use authwire_core::secret::without_line_end;
use authwire_store::Store;
use clap::Args;
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};
#[cfg(unix)]
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::ending::wait_for;
use crate::outcome::{Failure, Outcome, Status, say};
use crate::store::{self, StoreArguments};

/// The longest secret: no reference resolves to more.
const MOST: u64 = 1 << 20;

/// Keep a secret under KEY, replacing any that is there.
///
/// On a terminal, it is typed without echo; elsewhere, it is read from stdin, without one newline at its end. It is never an
/// argument: other users of the machine can read those.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The key that connector files refer to: {"store": "KEY"}
    key: String,
    #[command(flatten)]
    store: StoreArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire secret set zoom.client_secret
  authwire secret set acme.private_key < key.pem
  pass show zoom | authwire secret set zoom.client_secret";

pub(super) fn run(arguments: &Arguments) -> Outcome {
    // before anything is typed: nobody should type it for nothing
    Store::check_name(&arguments.key)
        .map_err(|error| Failure::not_run(error.message).with_help(error.help.unwrap_or_default()))?;
    let store = arguments.store.open()?;
    let value = if io::stdin().is_terminal() { typed(&arguments.key)? } else { read()? };
    if value.is_empty() {
        return Err(Failure::not_run("nothing was given, so nothing was kept")
            .with_help("an empty value is rarely intended; remove a secret with authwire secret rm"));
    }
    store.set_secret(&arguments.key, &value).map_err(store::failure)?;
    let key = &arguments.key;
    say(&format!("kept in {}; refer to it as {{\"store\": \"{key}\"}}", store.location()));
    Ok(Status::Fine)
}

fn typed(key: &str) -> Result<Zeroizing<String>, Failure> {
    wait_for(async {
        // taken, since it would end the process before the terminal has its echo back
        #[cfg(unix)]
        let mut interrupts = signal(SignalKind::interrupt())?;
        let typed = rpassword::prompt_password(format!("{key}: ")).map(Zeroizing::new);
        // one that came before the terminal was asked not to send any
        #[cfg(unix)]
        let was_interrupted = timeout(Duration::from_millis(1), interrupts.recv()).await.is_ok();
        #[cfg(not(unix))]
        let was_interrupted = false;
        match typed {
            Ok(typed) if !was_interrupted => Ok(typed),
            Err(error) if !was_interrupted && error.kind() != io::ErrorKind::Interrupted => {
                Err(Failure::not_run(format!("nothing could be read from the terminal: {error}")))
            }
            _ => Err(Failure::not_run("interrupted, so nothing was kept")),
        }
    })
}

fn read() -> Result<Zeroizing<String>, Failure> {
    let unread = |why: &str| Failure::not_run(format!("stdin cannot be kept: {why}"));
    let mut bytes = Zeroizing::new(Vec::new());
    let read = io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes);
    read.map_err(|error| unread(&error.to_string()))?;
    if bytes.len() as u64 > MOST {
        return Err(unread("it is longer than 1 MiB"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unread("it is not UTF-8"))?;
    Ok(Zeroizing::new(without_line_end(text).to_owned()))
}
