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

fn digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}
