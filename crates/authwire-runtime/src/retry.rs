//! When a request is repeated, and how long to wait before: back-off with jitter, `Retry-After` (RFC 9110 §10.2.3).

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, RETRY_AFTER};
use http::{Method, StatusCode};

/// The longest wait that is taken on without asking: a server that wants more is told to the caller.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How long the answer asks to wait.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // longer than anybody waits, however it is written
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Duration::MAX),
        Err(_) => Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default()),
    }
}

/// How long a server asks to wait, in words. More than a day is nonsense, or as good as for ever.
pub(crate) fn wait_in_words(wait: Duration) -> String {
    match wait.as_secs() {
        1 => "1 second".to_owned(),
        seconds @ 0..=86_400 => format!("{seconds} seconds"),
        _ => "more than a day".to_owned(),
    }
}

/// How long to wait before repeat number `repeat` (from 0): doubling from half a second, half of it by chance.
pub(crate) fn back_off(repeat: u32) -> Duration {
    let whole = Duration::from_millis(500 << repeat.min(5));
    jittered(whole, 0.5)
}

/// `duration`, less a random part of up to `share` of it.
pub(crate) fn jittered(duration: Duration, share: f64) -> Duration {
    duration.mul_f64(1.0 - share * fastrand::f64())
}

/// Whether a status asks to come again.
pub(crate) fn asks_to_come_again(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

/// Whether doing it twice is doing it once (RFC 9110 §9.2.2).
pub(crate) fn is_idempotent(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE | Method::PUT | Method::DELETE
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::HeaderMap;
    use http::header::RETRY_AFTER;

    use super::{back_off, retry_after, wait_in_words};

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 30);
        for (text, wait) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sun, 06 Nov 1983 08:49:37 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            assert_eq!(retry_after(&headers, now), wait.map(Duration::from_secs), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn a_wait_is_told_in_seconds_up_to_a_day() {
        for (seconds, words) in [(1, "1 second"), (3600, "3600 seconds"), (u64::MAX, "more than a day")] {
            assert_eq!(wait_in_words(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn waits_double_and_vary() {
        for (repeat, most) in [(0, 500), (1, 1000), (2, 2000), (40, 16_000)] {
            let wait = back_off(repeat);
            assert!(
                wait <= Duration::from_millis(most) && wait >= Duration::from_millis(most / 2),
                "{wait:?}"
            );
        }
    }
}
