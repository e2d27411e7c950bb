//! Strings: RFC 8259 §7.

use std::borrow::Cow;

use super::Error;
use super::slip::UNTERMINATED;
use crate::finding::Code;

/// Reads the string whose opening quote stands just before `start`. Returns it with the offset behind its closing
/// quote.
pub(super) fn read(text: &str, start: usize) -> Result<(Cow<'_, str>, usize), Error> {
    let end = plain(text.as_bytes(), start);
    match text.as_bytes().get(end) {
        Some(b'"') => Ok((Cow::Borrowed(&text[start..end]), end + 1)),
        Some(b'\\') => escaped(text, start, end),
        Some(_) => Err(control(end)),
        None => Err(unterminated(start)),
    }
}

/// Passes over a string without making it. Returns the offset behind its closing quote.
pub(super) fn skip(text: &str, start: usize) -> Result<usize, Error> {
    let mut at = start;
    loop {
        at = plain(text.as_bytes(), at);
        match text.as_bytes().get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape(text, at)?.1,
            Some(_) => return Err(control(at)),
            None => return Err(unterminated(start)),
        }
    }
}

/// The offset of the first quote, backslash or control character from `at` on, or the end: a block a step.
#[inline]
pub(super) fn plain(bytes: &[u8], mut at: usize) -> usize {
    const BLOCK: usize = size_of::<u128>();
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
        let block = u128::from_le_bytes(*block);
        let (first, second) = (ends_in(block as u64), ends_in((block >> 64) as u64));
        if first | second != 0 {
            return at + first_byte(first, second);
        }
        at += BLOCK;
    }
    let tail = bytes.get(at..).unwrap_or_default();
    at + tail.iter().position(|byte| ends_plain(*byte)).unwrap_or(tail.len())
}

/// The first byte of two words that has a bit, or their end. Without a branch: how long a string is, nobody foresees.
#[inline]
fn first_byte(first: u64, second: u64) -> usize {
    let second_counts = u32::from(first == 0).wrapping_neg();
    ((first.trailing_zeros() + (second.trailing_zeros() & second_counts)) / 8) as usize
}

/// A word whose lowest bit is in the first byte of `word` that may not stand in a string as it is, if there is one; what is
/// behind that byte means nothing.
#[inline]
const fn ends_in(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // a byte from which more is taken than it has borrows, and has its high bit then
    const fn below(word: u64, bound: u64) -> u64 {
        word.wrapping_sub(bound * ONES) & !word
    }
    let quotes = below(word ^ (b'"' as u64 * ONES), 1);
    let backslashes = below(word ^ (b'\\' as u64 * ONES), 1);
    (quotes | backslashes | below(word, 0x20)) & (0x80 * ONES)
}

/// Whether a byte may not stand in a string as it is.
#[inline]
pub(super) const fn ends_plain(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < 0x20)
}

fn escaped(text: &str, start: usize, mut at: usize) -> Result<(Cow<'_, str>, usize), Error> {
    let mut owned = String::with_capacity(at - start + 16);
    owned.push_str(&text[start..at]);
    loop {
        let (character, behind) = escape(text, at)?;
        owned.push(character);
        at = plain(text.as_bytes(), behind);
        owned.push_str(&text[behind..at]);
        match text.as_bytes().get(at) {
            Some(b'"') => return Ok((Cow::Owned(owned), at + 1)),
            Some(b'\\') => {}
            Some(_) => return Err(control(at)),
            None => return Err(unterminated(start)),
        }
    }
}

/// The character of the escape at `at`, with the offset behind it.
fn escape(text: &str, at: usize) -> Result<(char, usize), Error> {
    let bytes = text.as_bytes();
    let character = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(bytes, at),
        Some(_) => return Err(Error::syntax(at, "this escape is not one that JSON knows")),
        None => return Err(Error::syntax(at, "the text ends inside of an escape")),
    };
    Ok((character, at + 2))
}

fn unicode(bytes: &[u8], at: usize) -> Result<(char, usize), Error> {
    let lone = Error { code: Code::Encoding, at, message: "half of a surrogate pair stands alone" };
    let first = hex(bytes, at + 2)?;
    if (0xd800..0xdc00).contains(&first) {
        if bytes.get(at + 6..at + 8) != Some(b"\\u") {
            return Err(lone);
        }
        let second = hex(bytes, at + 8)?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(lone);
        }
        let scalar = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return char::from_u32(scalar).map(|character| (character, at + 12)).ok_or(lone);
    }
    char::from_u32(first).map(|character| (character, at + 6)).ok_or(lone)
}

fn hex(bytes: &[u8], at: usize) -> Result<u32, Error> {
    let mut value = 0;
    for offset in 0..4 {
        let digit = bytes.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
        value = value * 16 + digit.ok_or(Error::syntax(at, "`\\u` wants four hexadecimal digits"))?;
    }
    Ok(value)
}

fn control(at: usize) -> Error {
    Error::syntax(at, "a control character must be escaped in a string")
}

fn unterminated(start: usize) -> Error {
    Error::syntax(start.saturating_sub(1), UNTERMINATED)
}

#[cfg(test)]
mod tests {
    use super::{plain, read, skip};

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands_and_no_other() {
        for before in 0..40 {
            for byte in 0..=u8::MAX {
                for (neighbour, behind) in [(b'a', b'a'), (0xff, 0x21), (0x80, b'"')] {
                    let mut bytes = vec![neighbour; before];
                    bytes.extend([byte, behind, behind]);
                    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
                    let expected = bytes.iter().position(special).unwrap_or(bytes.len());
                    assert_eq!(plain(&bytes, 0), expected, "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn reads_what_serde_json_reads_wherever_the_special_byte_stands() {
        for tail in ["\"", "\\n\"", "\\u00e9\"", "\\ud83d\\ude00\"", "\\/\\\\\\\"\"", "\u{7f}\"", "é\""] {
            for before in 0..40 {
                let text = format!("{}{tail} rest", "a".repeat(before));
                let quoted = format!("\"{}{tail}", "a".repeat(before));
                let expected: String = serde_json::from_str(&quoted).unwrap();
                let (value, end) = read(&text, 0).unwrap();
                assert_eq!((value.as_ref(), &text[end..]), (expected.as_str(), " rest"));
                assert_eq!(skip(&text, 0), Ok(end));
            }
        }
    }

    #[test]
    fn refuses_what_is_no_string() {
        for text in [
            "abc",
            "\\x\"",
            "\\",
            "\\u12g4\"",
            "\\ud83d\"",
            "\\ud83d\\u0041\"",
            "\\ude00\"",
            "a\nb\"",
            "\\u00",
        ] {
            assert!(read(text, 0).is_err(), "{text}");
            assert!(skip(text, 0).is_err(), "{text}");
        }
    }
}
