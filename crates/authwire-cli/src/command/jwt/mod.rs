//! `authwire jwt`: what would be signed, and a look into tokens that were.

mod claims;
mod decode;
mod verify;

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authwire_core::secret::without_line_end;
use authwire_runtime::jwt::Decoded;
use authwire_runtime::read_file;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::arguments::{AnswerFormat, TypeArguments};
use crate::moment::{date, in_words};
use crate::outcome::{Failure, Outcome};

/// The longest token or key that is read.
const MOST: u64 = 1 << 20;

/// Show the header and the claims of the JWT that a connector signs; decode or verify a token.
///
/// Nothing is signed, and no secret is needed; generated values, such as `iat`, are shown as placeholders.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// The connector file; `-` for stdin
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    types: TypeArguments,
}

/// What to do with a token.
#[derive(Debug, Subcommand)]
enum Action {
    Decode(decode::Arguments),
    Verify(verify::Arguments),
}

const EXAMPLES: &str = "\
Examples:
  authwire jwt connectors/github-app.json
  authwire token connectors/zoom.json --reveal --format json | jq -r .access_token | authwire jwt decode
  authwire jwt verify --key public.pem < token.txt";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match (&arguments.action, &arguments.file) {
        (Some(Action::Decode(arguments)), _) => decode::run(arguments),
        (Some(Action::Verify(arguments)), _) => verify::run(arguments),
        (None, Some(file)) => claims::run(file, arguments),
        (None, None) => Err(Failure::not_run("no connector file was given")),
    }
}

/// The token that was given, or stdin.
fn token(given: Option<&str>) -> Result<Zeroizing<String>, Failure> {
    let text = match given {
        Some(token) if token != "-" => Zeroizing::new(token.to_owned()),
        _ => {
            let mut text = Zeroizing::new(String::new());
            let read = io::stdin().lock().take(MOST).read_to_string(&mut text);
            read.map_err(|error| Failure::not_run(format!("stdin cannot be read: {error}")))?;
            text
        }
    };
    match text.trim() {
        "" => Err(Failure::not_run("there is no token").with_help("give it as an argument or on stdin")),
        trimmed => {
            // pasted out of a header, it comes with its scheme
            let scheme = trimmed.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("bearer "));
            let bare = if scheme.is_some() { &trimmed[7..] } else { trimmed };
            Ok(Zeroizing::new(bare.trim_start().to_owned()))
        }
    }
}

/// The text of a key's file.
fn key_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unread = |why: &str| Failure::not_run(format!("the key `{}` cannot be read: {why}", path.display()));
    let bytes = read_file(path, MOST).map_err(|error| unread(&error.to_string()))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unread("it is not UTF-8"))?;
    Ok(Zeroizing::new(without_line_end(text).to_owned()))
}

/// Header and claims, and the times in them in words.
fn human(decoded: &Decoded) -> String {
    let mut text = format!("header: {:#}\nclaims: {:#}\n", decoded.header, decoded.claims);
    for (claim, what) in [("iat", "issued"), ("nbf", "not before"), ("exp", "expires")] {
        if let Some(time) = time(&decoded.claims, claim) {
            text.push_str(&format!("{what}: {}, {}\n", date(time), relative(time)));
        }
    }
    text
}

fn to_value(decoded: &Decoded) -> Value {
    json!({ "header": decoded.header, "claims": decoded.claims })
}

/// The time that a claim holds (RFC 7519 §2: a number of seconds).
fn time(claims: &Value, name: &str) -> Option<SystemTime> {
    let seconds = claims.get(name)?.as_f64().filter(|seconds| (0.0..1e11).contains(seconds))?;
    UNIX_EPOCH.checked_add(Duration::from_secs_f64(seconds))
}

fn relative(time: SystemTime) -> String {
    match time.duration_since(SystemTime::now()) {
        Ok(left) => format!("in {}", in_words(left)),
        Err(past) => format!("{} ago", in_words(past.duration())),
    }
}
