//! `authwire login`: a person logs in, once; the tokens are kept in the store.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use authwire_runtime::login::{Arrival, BrowserLogin, DeviceLogin, Loopback, OUT_OF_BAND, is_loopback};
use authwire_runtime::{Authenticator, Client, Error};
use clap::Args;
use tokio::sync::oneshot;

use super::{call, load};
use crate::arguments::TypeArguments;
use crate::ending::see_through;
use crate::outcome::{Failure, Outcome, Status, say};
use crate::store::StoreArguments;
use crate::terminal::on_one_line;

/// Log in, in a browser or with a code on another device, and keep the tokens in the store.
///
/// Opens the login's page and waits until the browser comes back to this machine. From then on `call`, `test`, `token` and
/// every program that shares the store renew the token automatically.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The connector file
    file: PathBuf,
    /// Only print the URL, without opening a browser
    #[arg(long)]
    no_browser: bool,
    /// Paste the URL that a browser on another machine came back to
    #[arg(long, conflicts_with = "device")]
    paste: bool,
    /// Show a code to type in on another device (RFC 8628)
    #[arg(long)]
    device: bool,
    /// Give up after this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "600", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire login connectors/github.json
  authwire login connectors/github.json --device       a code, to type in on the phone
  authwire login connectors/github.json --paste        the browser is on another machine
  authwire token connectors/github.json --forget       log out: forget what was kept";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let file = load(&arguments.file, &arguments.types.schemas)?;
    let auth_type = file.connector.auth().schema().name.to_string();
    let name = file.connector.name().to_owned();
    let services = arguments.store.services(&file.connector)?;
    let client = Client::with_services(file.connector, services);
    let authenticator = client.authenticator();
    see_through(&authenticator.into(), async {
        let logins = authenticator.logins().await.map_err(|error| call::failure(&error))?;
        if !logins.browser && !logins.device {
            return Err(Failure::failed(format!("`{name}` uses `{auth_type}`, which needs no login"))
                .with_help("authwire token obtains its token, if it has one"));
        }
        if arguments.device || !logins.browser {
            on_another_device(authenticator, arguments).await
        } else {
            in_a_browser(authenticator, arguments).await
        }
    })?;
    say(&on_one_line(&format!("`{name}` is logged in")));
    Ok(Status::Fine)
}

/// What the person does, if that comes in time.
async fn in_time<T>(arguments: &Arguments, doing: impl Future<Output = T>) -> Result<T, Failure> {
    let limit = Duration::from_secs(arguments.timeout);
    tokio::time::timeout(limit, doing).await.map_err(|_| {
        Failure::failed(format!("the login did not happen within {} seconds", arguments.timeout))
            .with_help("begin again; --timeout waits longer")
    })
}

async fn on_another_device(authenticator: &Authenticator, arguments: &Arguments) -> Result<(), Failure> {
    let login = DeviceLogin::begin(authenticator).await.map_err(|error| call::failure(&error))?;
    let mut words = format!(
        "open {}\nand type in {}",
        on_one_line(login.verification_uri()),
        on_one_line(login.user_code())
    );
    if let Some(complete) = login.verification_uri_complete() {
        words.push_str(&format!("\nor open {}", on_one_line(complete)));
    }
    say(&words);
    in_time(arguments, login.finish()).await?.map_err(|error| call::failure(&error))
}

async fn in_a_browser(authenticator: &Authenticator, arguments: &Arguments) -> Result<(), Failure> {
    let told = |error: Error| call::failure(&error);
    let redirect_uri = authenticator.redirect_uri().await.map_err(told)?;
    let mut loopback = None;
    if !arguments.paste && is_loopback(&redirect_uri) {
        loopback =
            Some(Loopback::bind_to(&redirect_uri).await.map_err(|error| {
                told(error).with_help("stop the program that listens there, or use --paste")
            })?);
    }
    let redirect_uri = loopback.as_ref().map_or(redirect_uri.as_str(), Loopback::redirect_uri);
    let login = BrowserLogin::begin(authenticator, redirect_uri).await.map_err(told)?;
    say(&format!("open {}", on_one_line(login.url())));
    if !arguments.no_browser
        && !arguments.paste
        && let Err(error) = webbrowser::open(login.url())
    {
        say(&format!("no browser could be opened ({error}): open it yourself"));
    }
    if loopback.is_none() || io::stdin().is_terminal() {
        let or = if loopback.is_some() { ", if it cannot come back to this machine" } else { "" };
        let what =
            if redirect_uri == OUT_OF_BAND { "code that it shows" } else { "URL that it came back to" };
        say(&format!("then paste the {what}{or}:"));
    }
    let (redirect, arrival) = in_time(arguments, came_back(loopback.as_mut(), &login)).await??;
    let done = login.finish(&redirect).await;
    if let Some(arrival) = arrival {
        arrival.answer(&done).await;
    }
    done.map_err(told)
}

/// What the browser came back with: to the loopback address, or as a person pastes it.
async fn came_back(
    loopback: Option<&mut Loopback>,
    login: &BrowserLogin,
) -> Result<(String, Option<Arrival>), Failure> {
    let pasted = pasted(loopback.is_none() || io::stdin().is_terminal());
    let nothing = || Failure::failed("nothing was pasted").with_help("begin again");
    match loopback {
        None => pasted.await.map(|line| (line, None)).map_err(|_| nothing()),
        Some(loopback) => tokio::select! {
            arrival = loopback.arrival(login) => {
                let arrival = arrival.map_err(|error| call::failure(&error))?;
                Ok((arrival.redirect().to_owned(), Some(arrival)))
            }
            Ok(line) = pasted => Ok((line, None)),
        },
    }
}

/// The next line of stdin that is none of white space, read in a thread that nobody waits for.
fn pasted(wanted: bool) -> oneshot::Receiver<String> {
    let (sender, line) = oneshot::channel();
    if wanted {
        std::thread::spawn(move || {
            let mut lines = io::stdin().lock().lines().map_while(Result::ok);
            if let Some(line) = lines.find(|line| !line.trim().is_empty()) {
                // who logged in by the loopback address needs it no more
                let _ = sender.send(line);
            }
        });
    }
    line
}
