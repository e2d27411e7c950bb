//! Numbers: RFC 8259 §6.

use super::Error;

/// The end of the number that begins at `start`.
pub(super) fn end(bytes: &[u8], start: usize) -> Result<usize, Error> {
    let wrong = |message| Err(Error::syntax(start, message));
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    match bytes.get(at) {
        Some(b'0') => {
            at += 1;
            if bytes.get(at).is_some_and(u8::is_ascii_digit) {
                return wrong("a number has no leading zero");
            }
        }
        Some(b'1'..=b'9') => at = digits(bytes, at),
        _ => return wrong("a number wants a digit here"),
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(bytes, at + 1);
        if fraction == at + 1 {
            return wrong("a number wants a digit after its point");
        }
        at = fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, at);
        if exponent == at {
            return wrong("a number wants a digit in its exponent");
        }
        at = exponent;
    }
    Ok(at)
}

/// The whole number at `start` which is written as its digits alone, with the offset behind it. None where there is
/// another number, one that is too large, or none.
pub(super) fn whole(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let (mut whole, mut at) = (0_u64, start);
    while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        whole = whole.checked_mul(10)?.checked_add(u64::from(digit))?;
        at += 1;
    }
    let leading_zero = bytes.get(start) == Some(&b'0') && at > start + 1;
    let goes_on = matches!(bytes.get(at), Some(b'.' | b'e' | b'E'));
    (at > start && !leading_zero && !goes_on).then_some((whole, at))
}

fn digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{end, whole};
    use crate::number::Number;

    #[test]
    fn a_whole_number_is_read_as_any_number_is() {
        for text in [
            "",
            "-",
            "-1",
            "x",
            "0",
            "7",
            "00",
            "01",
            "10",
            "429",
            "1.",
            "1.0",
            "1e2",
            "1E2",
            "12a",
            "4 ",
            "65535,",
            "18446744073709551615",
            "18446744073709551616",
            "99999999999999999999999",
        ] {
            let digits = |end: usize| text.as_bytes()[..end].iter().all(u8::is_ascii_digit);
            let expected = end(text.as_bytes(), 0).ok().filter(|end| digits(*end)).and_then(|end| {
                match Number::parse(&text[..end]) {
                    Number::Unsigned(number) => Some((number, end)),
                    _ => None,
                }
            });
            assert_eq!(whole(text.as_bytes(), 0), expected, "{text}");
        }
    }
}
