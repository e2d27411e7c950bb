//! When a token ends: `expires_in` in the formats that servers write, or the `exp` of a JWT.
//!
//! Servers write a number, a numeric text or a float, and some nonsense. What cannot be read is no expiry: the token
//! is used until it is refused.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The longest lifetime that is believed.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The end that `value` tells in `format`; `None` if it tells none.
pub(crate) fn read(value: &Value, format: &str, now: SystemTime) -> Option<SystemTime> {
    match format {
        "rfc3339" => rfc3339(value.as_str()?.trim()),
        "unix_seconds" => from_unix(number(value)?),
        "unix_milliseconds" => from_unix(number(value)? / 1000.0),
        "milliseconds" => after(number(value)? / 1000.0, now),
        _ => after(number(value)?, now),
    }
}

/// The `exp` of a token that is a JWT (RFC 7519 §4.1.4). Nothing is verified: the token is not ours to judge.
pub(crate) fn of_jwt(token: &str) -> Option<SystemTime> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    from_unix(claims.get("exp")?.as_f64()?)
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A lifetime. None at all, or less, is no lifetime: servers write 0 for tokens that don't expire.
fn after(seconds: f64, now: SystemTime) -> Option<SystemTime> {
    if seconds <= 0.0 {
        return None;
    }
    let lifetime = Duration::try_from_secs_f64(seconds).map_or(LONGEST, |lifetime| lifetime.min(LONGEST));
    now.checked_add(lifetime)
}

fn from_unix(seconds: f64) -> Option<SystemTime> {
    if seconds <= 0.0 {
        return None;
    }
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

/// A time as RFC 3339 §5.6 writes it.
fn rfc3339(text: &str) -> Option<SystemTime> {
    let digits = |range: std::ops::Range<usize>| -> Option<i64> {
        let part = text.get(range)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
    };
    let sign_at =
        |at: usize, allowed: &[u8]| text.as_bytes().get(at).filter(|byte| allowed.contains(byte)).copied();
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
    sign_at(4, b"-")
        .and(sign_at(7, b"-"))
        .and(sign_at(10, b"Tt "))
        .and(sign_at(13, b":"))
        .and(sign_at(16, b":"))?;
    let in_range = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    let mut zone = text.get(19..)?;
    if let Some(fraction) = zone.strip_prefix('.') {
        zone = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
    }
    let offset = match zone.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), hours @ .., b':', _, _] if hours.len() == 2 => {
            let minutes = zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    if !in_range {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // years begin in March, so that a leap day comes last
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::{LONGEST, of_jwt, read};

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
    }

    fn lifetime(value: &Value, format: &str) -> Option<f64> {
        read(value, format, now()).map(|end| end.duration_since(now()).unwrap_or_default().as_secs_f64())
    }

    #[test]
    fn a_lifetime_is_read_however_it_is_written() {
        for (value, format, seconds) in [
            (json!(3600), "seconds", Some(3600.0)),
            (json!("3600"), "seconds", Some(3600.0)),
            (json!(" 3600 "), "seconds", Some(3600.0)),
            (json!(3599.5), "seconds", Some(3599.5)),
            (json!("3599.5"), "seconds", Some(3599.5)),
            (json!(3.6e3), "seconds", Some(3600.0)),
            (json!(1e300), "seconds", Some(LONGEST.as_secs_f64())),
            (json!(0), "seconds", None),
            (json!(-1), "seconds", None),
            (json!("soon"), "seconds", None),
            (json!("NaN"), "seconds", None),
            (json!(null), "seconds", None),
            (json!({}), "seconds", None),
            (json!(true), "seconds", None),
            (json!(3_600_000), "milliseconds", Some(3600.0)),
            (json!(1_000_003_600), "unix_seconds", Some(3600.0)),
            (json!("1000003600000"), "unix_milliseconds", Some(3600.0)),
            (json!("2001-09-09T02:46:40Z"), "rfc3339", Some(3600.0)),
            (json!("2001-09-09T02:46:40.123456Z"), "rfc3339", Some(3600.0)),
            (json!("2001-09-09T04:46:40+02:00"), "rfc3339", Some(3600.0)),
            (json!("2001-09-08t21:16:40-05:30"), "rfc3339", Some(3600.0)),
            (json!("2001-13-09T02:46:40Z"), "rfc3339", None),
            (json!("2001-09-09"), "rfc3339", None),
            (json!(1_000_003_600), "rfc3339", None),
        ] {
            assert_eq!(lifetime(&value, format), seconds, "{value} as {format}");
        }
    }

    #[test]
    fn a_jwt_tells_its_own_end() {
        let claims = URL_SAFE_NO_PAD.encode(json!({"exp": 1_000_000_060}).to_string());
        assert_eq!(of_jwt(&format!("e30.{claims}.sig")), Some(now() + Duration::from_secs(60)));
        for opaque in ["abc", "a.b", "a.b.c", "a.b.c.d.e", "", "..", "e30.e30.x"] {
            assert_eq!(of_jwt(opaque), None, "{opaque}");
        }
    }
}
