//! Times as texts: RFC 3339, in its extended form and in the basic one of ISO 8601. In UTC, to the second.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `2015-08-30T12:36:00Z`.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    let time = utc(time);
    let (month, day) = (u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", time.year())
}

/// `20150830T123600Z`.
pub(crate) fn basic(time: SystemTime) -> String {
    let mut text = rfc3339(time);
    text.retain(|character| !matches!(character, '-' | ':'));
    text
}

/// The time that `text` tells (RFC 3339 §5.6).
pub(crate) fn read_rfc3339(text: &str) -> Option<SystemTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(SystemTime::from)
}

/// A clock that is out of the calendar, or before 1970, is at its beginning.
fn utc(time: SystemTime) -> OffsetDateTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).ok();
    seconds
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{basic, read_rfc3339, rfc3339};

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_440_938_160, "2015-08-30T12:36:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (u64::MAX / 2, "1970-01-01T00:00:00Z"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(rfc3339(time), text);
            assert_eq!(basic(time), text.replace(['-', ':'], ""));
            if seconds < u64::from(u32::MAX) {
                assert_eq!(read_rfc3339(text), Some(time));
            }
        }
        assert_eq!(rfc3339(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_date_that_is_in_no_calendar_is_none() {
        for text in ["2001-02-29T00:00:00Z", "2001-09-09", "2001-09-09T02:46:40", "2001-13-09T02:46:40Z", ""]
        {
            assert_eq!(read_rfc3339(text), None, "{text}");
        }
    }
}
