//! The device grant without its I/O (RFC 8628): what the server tells the person, and when to ask again.
//!
//! It must not know how requests are sent nor what the time is: it says how long to wait.

use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

/// How often to ask if the server does not say (§3.2).
const INTERVAL: Duration = Duration::from_secs(5);
/// By how much longer to wait after `slow_down` (§3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The errors of the grant itself (§3.5).
pub(crate) const ERRORS: [&str; 4] = ["authorization_pending", "slow_down", "access_denied", "expired_token"];

/// The answer to the device authorization request (§3.2).
#[derive(Deserialize)]
pub(crate) struct DeviceAuthorization {
    device_code: Zeroizing<String>,
    /// What the person types in.
    pub(crate) user_code: String,
    #[serde(flatten)]
    verification: Verification,
    /// The same with the code in it, for a QR code.
    pub(crate) verification_uri_complete: Option<String>,
    #[serde(deserialize_with = "whole_seconds")]
    expires_in: u64,
    #[serde(default, deserialize_with = "some_whole_seconds")]
    interval: Option<u64>,
}

/// Where the person types it in. Google calls it `verification_url`, and some give both.
#[derive(Deserialize)]
#[serde(untagged)]
enum Verification {
    Uri { verification_uri: String },
    Url { verification_url: String },
}

impl DeviceAuthorization {
    /// Where the person types the code in.
    pub(crate) fn verification_uri(&self) -> &str {
        match &self.verification {
            Verification::Uri { verification_uri } => verification_uri,
            Verification::Url { verification_url } => verification_url,
        }
    }
}

/// Seconds, rounded up: a number, or one in a text, as in a form-encoded answer.
fn whole_seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(f64),
        Text(String),
    }
    let seconds = match Seconds::deserialize(deserializer)? {
        Seconds::Number(seconds) => seconds,
        Seconds::Text(text) => text.trim().parse().map_err(serde::de::Error::custom)?,
    };
    let seconds = Duration::try_from_secs_f64(seconds.ceil()).map_err(serde::de::Error::custom)?;
    Ok(seconds.as_secs())
}

fn some_whole_seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    struct Seconds(#[serde(deserialize_with = "whole_seconds")] u64);
    Ok(Option::<Seconds>::deserialize(deserializer)?.map(|Seconds(seconds)| seconds))
}

impl std::fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceAuthorization(redacted)")
    }
}

/// What to do after an answer of the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask again after so long.
    Wait(Duration),
    /// The codes ended before the person was done: begin again.
    Expired,
    /// The person or the server refused; nothing is asked any more.
    Refused,
}

/// What came of a token request, as far as the polling cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    /// An `error` (RFC 6749 §5.2).
    Error(&'a str),
    /// No answer in time (RFC 8628 §3.5).
    NoAnswer,
}

/// The polling of one device code.
pub(crate) struct Polling {
    device_code: Zeroizing<String>,
    interval: Duration,
    left: Duration,
}

impl Polling {
    /// Begins to poll.
    pub(crate) fn begin(authorization: &DeviceAuthorization) -> Self {
        Self {
            device_code: authorization.device_code.clone(),
            // a server that says 0 would be asked without a pause
            interval: authorization.interval.map_or(INTERVAL, |seconds| Duration::from_secs(seconds.max(1))),
            left: Duration::from_secs(authorization.expires_in),
        }
    }

    /// Whether `error` is one of the grant's own (§3.5).
    pub(crate) fn knows(error: &str) -> bool {
        ERRORS.contains(&error)
    }

    /// What the token request sends as `device_code` (§3.4).
    pub(crate) fn device_code(&self) -> &Zeroizing<String> {
        &self.device_code
    }

    /// The wait before the first request.
    pub(crate) fn first(&mut self) -> Step {
        self.wait(Duration::ZERO)
    }

    /// What follows an answer that brought no token, `elapsed` after the last step.
    pub(crate) fn next(&mut self, outcome: Outcome<'_>, elapsed: Duration) -> Step {
        match outcome {
            Outcome::Error("authorization_pending") => {}
            Outcome::Error("slow_down") => self.interval = self.interval.saturating_add(SLOWER),
            // exponential, as §3.5 suggests
            Outcome::NoAnswer => self.interval = self.interval.saturating_mul(2),
            Outcome::Error("expired_token") => return Step::Expired,
            Outcome::Error(_) => return Step::Refused,
        }
        self.wait(elapsed)
    }

    fn wait(&mut self, elapsed: Duration) -> Step {
        self.left = self.left.saturating_sub(elapsed);
        if self.left < self.interval { Step::Expired } else { Step::Wait(self.interval) }
    }
}

impl std::fmt::Debug for Polling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Polling(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{DeviceAuthorization, Outcome, Polling, Step};

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn authorization(interval: &str, expires_in: u64) -> DeviceAuthorization {
        serde_json::from_str(&format!(
            r#"{{"device_code": "GmRhm_DnyEy", "user_code": "WDJB-MJHT", "verification_uri": "https://example.com/device",
                "verification_uri_complete": "https://example.com/device?user_code=WDJB-MJHT",
                "expires_in": {expires_in}{interval}, "unknown": 1}}"#
        ))
        .expect("an answer")
    }

    #[test]
    fn the_answer_says_what_the_person_has_to_do() {
        let authorization = authorization(r#", "interval": 7"#, 1800);
        assert_eq!(authorization.user_code, "WDJB-MJHT");
        assert_eq!(authorization.verification_uri(), "https://example.com/device");
        let complete = authorization.verification_uri_complete.as_deref();
        assert_eq!(complete, Some("https://example.com/device?user_code=WDJB-MJHT"));
        let mut polling = Polling::begin(&authorization);
        assert_eq!(polling.first(), Step::Wait(seconds(7)));
        assert_eq!(**polling.device_code(), "GmRhm_DnyEy");
        assert_eq!(
            format!("{authorization:?} {polling:?}"),
            "DeviceAuthorization(redacted) Polling(redacted)"
        );
    }

    #[test]
    fn an_answer_without_a_code_is_none() {
        let answer = r#"{"user_code": "A", "verification_url": "https://e.example", "expires_in": 60}"#;
        let fault = serde_json::from_str::<DeviceAuthorization>(answer).expect_err("refused");
        assert!(fault.to_string().contains("device_code"), "{fault}");
    }

    #[test]
    fn a_server_may_say_in_two_ways_where_the_code_goes() {
        let uri = r#""verification_uri": "https://e.example/1""#;
        let url = r#""verification_url": "https://e.example/2""#;
        for (given, goes_to) in [
            (uri.to_owned(), Some("https://e.example/1")),
            (url.to_owned(), Some("https://e.example/2")),
            (format!("{url}, {uri}"), Some("https://e.example/1")),
            (r#""uri": 1"#.to_owned(), None),
        ] {
            let answer = format!(r#"{{"device_code": "d", "user_code": "A", "expires_in": 60, {given}}}"#);
            let read = serde_json::from_str::<DeviceAuthorization>(&answer).ok();
            assert_eq!(read.as_ref().map(DeviceAuthorization::verification_uri), goes_to, "{given}");
        }
    }

    #[test]
    fn each_answer_sets_the_pace() {
        let mut polling = Polling::begin(&authorization("", 3600));
        assert_eq!(polling.first(), Step::Wait(seconds(5)));
        for (outcome, step) in [
            (Outcome::Error("authorization_pending"), Step::Wait(seconds(5))),
            (Outcome::Error("slow_down"), Step::Wait(seconds(10))),
            (Outcome::Error("authorization_pending"), Step::Wait(seconds(10))),
            (Outcome::Error("slow_down"), Step::Wait(seconds(15))),
            (Outcome::NoAnswer, Step::Wait(seconds(30))),
            (Outcome::Error("access_denied"), Step::Refused),
            (Outcome::Error("invalid_client"), Step::Refused),
            (Outcome::Error("expired_token"), Step::Expired),
        ] {
            assert_eq!(polling.next(outcome, seconds(6)), step, "{outcome:?}");
        }
    }

    #[test]
    fn nobody_asks_for_a_code_that_has_ended() {
        let mut polling = Polling::begin(&authorization(r#", "interval": 0"#, 12));
        let pending = Outcome::Error("authorization_pending");
        assert_eq!(polling.first(), Step::Wait(seconds(1)));
        assert_eq!(polling.next(pending, seconds(11)), Step::Wait(seconds(1)));
        assert_eq!(polling.next(pending, seconds(1)), Step::Expired);
    }
}
