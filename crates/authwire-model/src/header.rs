//! Headers: legal names and values (RFC 9110 §5), and those that belong to the connection.

use crate::finding::Code;

/// Headers that frame the message: nobody may set them.
const RESERVED: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];

/// What a name is made of.
pub const NAME_HELP: &str = "a name is made of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 §5.1)";

/// What a value is made of.
pub const VALUE_HELP: &str = "a header holds visible ASCII characters, spaces and tabs";

/// The characters of a token (RFC 9110 §5.6.2).
const TOKEN: [bool; 256] = {
    let mut token = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        token[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"!#$%&'*+-.^_`|~";
    let mut at = 0;
    while at < others.len() {
        token[others[at] as usize] = true;
        at += 1;
    }
    token
};

/// What is wrong with a header's name ([`Code::HeaderName`] or [`Code::ReservedHeader`]), in words.
#[must_use]
pub fn name_fault(name: &str) -> Option<(Code, String)> {
    if name.is_empty() || !name.bytes().all(|byte| TOKEN[usize::from(byte)]) {
        return Some((Code::HeaderName, "this is no legal header name".to_owned()));
    }
    RESERVED
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved))
        .then(|| (Code::ReservedHeader, format!("`{name}` belongs to the connection and may not be set")))
}

/// Whether a header may hold `text`.
#[must_use]
pub fn is_value(text: &str) -> bool {
    // to the end without a branch: many bytes at once
    text.bytes().fold(true, |legal, byte| legal & matches!(byte, b'\t' | b' '..=b'~'))
}

/// What `text` holds that a header may not, in words that show nothing of it.
#[must_use]
pub fn value_fault(text: &str) -> Option<&'static str> {
    if is_value(text) {
        return None;
    }
    text.chars().find_map(|character| match character {
        '\t' | ' '..='~' => None,
        '\r' | '\n' => Some("a line break"),
        character if character.is_ascii() => Some("a control character"),
        _ => Some("a character beyond ASCII"),
    })
}

#[cfg(test)]
mod tests {
    use super::{is_value, name_fault, value_fault};
    use crate::finding::Code;

    #[test]
    fn a_value_that_is_none_has_a_fault() {
        for (text, fault) in [
            ("", None),
            ("a\tb ~", None),
            ("a\r\nb", Some("a line break")),
            ("a\u{7f}", Some("a control character")),
            ("jürgen", Some("a character beyond ASCII")),
        ] {
            assert_eq!(value_fault(text), fault, "{text:?}");
            assert_eq!(is_value(text), fault.is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_a_token_that_is_not_the_connections() {
        assert_eq!(name_fault("X-Api-Key!"), None);
        for (name, code) in [
            ("", Code::HeaderName),
            ("a b", Code::HeaderName),
            ("ü", Code::HeaderName),
            ("HOST", Code::ReservedHeader),
        ] {
            assert_eq!(name_fault(name).map(|(code, _)| code), Some(code), "{name}");
        }
    }
}
