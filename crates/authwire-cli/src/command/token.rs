//! `authwire token`: obtains a token and says what is known of it.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authwire_runtime::{AccessToken, Client};
use clap::Args;
use serde_json::{Value, json};

use super::{call, load, wait_for};
use crate::arguments::{AnswerFormat, TypeArguments};
use crate::outcome::{Failure, Outcome, Status};
use crate::terminal::printable;

/// Obtain a token; say when it ends and what it is for.
///
/// The token itself is shown with `--reveal` only.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The connector file; `-` for stdin
    file: PathBuf,
    /// Show the token itself
    #[arg(long)]
    reveal: bool,
    /// How to write it
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire token connectors/zoom.json
  authwire token connectors/zoom.json --reveal --format json | jq -r .access_token";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let file = load(&arguments.file, &arguments.types.schemas)?;
    let auth_type = file.connector.auth().schema().name.to_string();
    let name = file.connector.name().to_owned();
    let has_token = file.connector.auth().schema().plan.as_ref().is_some_and(|plan| plan.token.is_some());
    let none = || {
        Failure::failed(format!("`{name}` uses `{auth_type}`, which obtains no token"))
            .with_help("authwire explain shows what it sends instead")
    };
    if !has_token {
        return Err(none());
    }
    let token = wait_for(async {
        let client = Client::new(file.connector).map_err(|error| call::failure(&error))?;
        client.authenticator().token().await.map_err(|error| call::failure(&error))
    })?;
    let token = token.ok_or_else(none)?;
    let mut out = io::stdout().lock();
    match arguments.format {
        AnswerFormat::Human => human(&mut out, &token, arguments.reveal)?,
        AnswerFormat::Json => {
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
            writeln!(out, "{whole:#}")?;
        }
    }
    out.flush()?;
    Ok(Status::Fine)
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
        None => writeln!(out, "expires: not said")?,
    }
    match &token.scope {
        Some(scope) => writeln!(out, "scope:   {}", printable(scope)),
        None => writeln!(out, "scope:   not said"),
    }
}

fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// `59 minutes 30 seconds`: the two largest units.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds;
    let mut words = Vec::new();
    for (unit, name) in parts {
        let count = rest / unit;
        rest %= unit;
        if count > 0 {
            words.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        }
    }
    words.truncate(2);
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

/// The date in UTC (RFC 3339).
fn date(time: SystemTime) -> String {
    let seconds = unix_seconds(time);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // from a day count to a civil date, in years that begin in March: the leap day is their last
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second % 3600 / 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{date, in_words};

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(date(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn a_duration_is_told_in_its_two_largest_units() {
        for (seconds, expected) in
            [(0, "0 seconds"), (61, "1 minute 1 second"), (3600, "1 hour"), (90_061, "1 day 1 hour")]
        {
            assert_eq!(in_words(Duration::from_secs(seconds)), expected);
        }
    }
}
