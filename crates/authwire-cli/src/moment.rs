//! Times and durations in words.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The whole seconds since 1970.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// `59 minutes 30 seconds`: the two largest units.
pub(crate) fn in_words(duration: Duration) -> String {
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
pub(crate) fn date(time: SystemTime) -> String {
    let seconds = i64::try_from(unix_seconds(time)).ok();
    let time = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| "a time in no calendar".to_owned())
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
