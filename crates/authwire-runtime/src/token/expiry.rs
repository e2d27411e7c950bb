//! When a token ends: `expires_in` in the formats that servers write, or the `exp` of a JWT.
//!
//! Servers write a number, a numeric text or a float, and some nonsense. What cannot be read is no expiry: the token
//! is used until it is refused.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::calendar;

/// The longest lifetime that is believed.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The end that `value` tells in `format`; `None` if it tells none.
pub(crate) fn read(value: &Value, format: &str, now: SystemTime) -> Option<SystemTime> {
    match format {
        "rfc3339" => calendar::read_rfc3339(value.as_str()?.trim()),
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
            (json!("2001-09-09T02:46:40.123456Z"), "rfc3339", Some(3_600.123_456)),
            (json!("2001-09-09 02:46:40z"), "rfc3339", Some(3600.0)),
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
