//! Headers: legal names and values (RFC 9110 §5), and those that belong to the connection.

use crate::finding::Code;

/// Headers that frame the message: nobody may set them.
const RESERVED: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];

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
