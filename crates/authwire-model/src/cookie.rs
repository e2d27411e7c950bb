//! Cookies: what the value of one may hold (RFC 6265 §4.1.1). A name is a token, as a header's.

/// What a value is made of.
pub const VALUE_HELP: &str = "a cookie holds visible ASCII characters but `\"`, `,`, `;` and `\\`";

/// Whether a cookie may hold `text`.
#[must_use]
pub fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'+' | b'-'..=b':' | b'<'..=b'[' | b']'..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::is_value;

    #[test]
    fn a_value_has_no_space_and_ends_no_pair() {
        for text in ["", "a=b&c", "!#$%&'()*+-./:<=>?@[]^_`{|}~"] {
            assert!(is_value(text), "{text}");
        }
        for text in ["a b", "a;b", "a,b", "a\"b", "a\\b", "é", "a\tb", "a\u{7f}"] {
            assert!(!is_value(text), "{text}");
        }
    }
}
