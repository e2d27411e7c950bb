//! Times as texts: RFC 3339, in its extended form and in the basic one of ISO 8601. In UTC, to the second.

use std::time::SystemTime;

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, Time};

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

/// The time that a cookie's `Expires` tells, as browsers read it (RFC 6265 §5.1.1): whatever stands in it, in whatever order.
pub(crate) fn read_cookie_date(text: &str) -> Option<SystemTime> {
    let is_delimiter = |it: char| !(it.is_ascii_alphanumeric() || it == ':' || it as u32 > 0x7e);
    let (mut clock, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        match digits(token) {
            _ if clock.is_none() && token.contains(':') => clock = time_of_day(token),
            Some((1 | 2, number)) if day.is_none() => day = u8::try_from(number).ok(),
            _ if month.is_none() && month_called(token).is_some() => month = month_called(token),
            Some((2..=4, number)) if year.is_none() => {
                year = Some(match number {
                    70..=99 => number + 1900,
                    0..=69 => number + 2000,
                    _ => number,
                });
            }
            _ => {}
        }
    }
    let date = Date::from_calendar_date(year.filter(|year| *year >= 1601)?, month?, day?).ok()?;
    Some(date.with_time(clock?).assume_utc().into())
}

/// The month whose name a token begins with.
fn month_called(token: &str) -> Option<Month> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = token.get(..3)?;
    let at = NAMES.iter().position(|name| name.eq_ignore_ascii_case(start))?;
    Month::try_from(u8::try_from(at + 1).ok()?).ok()
}

/// The digits that a token begins with: how many, and their number.
fn digits(token: &str) -> Option<(usize, i32)> {
    let count = token.bytes().take_while(u8::is_ascii_digit).count();
    Some((count, token.get(..count)?.parse().ok()?))
}

/// `hh:mm:ss`
fn time_of_day(token: &str) -> Option<Time> {
    let mut parts = token.splitn(3, ':').map(|part| match digits(part)? {
        (1 | 2, number) => u8::try_from(number).ok(),
        _ => None,
    });
    Time::from_hms(parts.next()??, parts.next()??, parts.next()??).ok()
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

    use super::{basic, read_cookie_date, read_rfc3339, rfc3339};

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

    /// RFC 6265 §5.1.1, with the examples of its section 4.1.1 and of what servers write.
    #[test]
    fn a_cookie_s_date_is_read_however_it_is_written() {
        for (text, seconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("06 nov 1994 8:49:37 UTC", Some(784_111_777)),
            ("Thu, 01-Jan-1970 00:00:10 GMT", Some(10)),
            ("Wed, 09 Jun 2021 10:18:14 GMT", Some(1_623_233_894)),
            ("Wed, 31 Feb 2021 10:18:14 GMT", None),
            ("Wed, 09 Jun 2021 25:18:14 GMT", None),
            ("Wed, 09 Jun 2021", None),
            ("session", None),
            ("0", None),
            ("", None),
        ] {
            let time = seconds.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(read_cookie_date(text), time, "{text}");
        }
    }

    #[test]
    fn a_date_that_is_in_no_calendar_is_none() {
        for text in ["2001-02-29T00:00:00Z", "2001-09-09", "2001-09-09T02:46:40", "2001-13-09T02:46:40Z", ""]
        {
            assert_eq!(read_rfc3339(text), None, "{text}");
        }
    }
}
