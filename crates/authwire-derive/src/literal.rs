//! What a string literal says (the Rust reference, "String literals" and "Raw string literals").

/// The text of the string literal `written`; `None` where it is another literal.
pub(crate) fn string(written: &str) -> Option<String> {
    match written.strip_prefix('r') {
        Some(raw) => {
            let hashes = raw.len() - raw.trim_start_matches('#').len();
            let (_, raw) = raw.split_at(hashes);
            let text = raw.strip_prefix('"')?.strip_suffix(&raw[raw.len().checked_sub(hashes)?..])?;
            Some(text.strip_suffix('"')?.to_owned())
        }
        None => unescaped(written.strip_prefix('"')?.strip_suffix('"')?),
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut said = String::new();
    let mut left = text;
    while let Some((before, escape)) = left.split_once('\\') {
        said.push_str(before);
        let mut rest = escape.chars();
        let character = match rest.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            'x' => {
                let (digits, _) = rest.as_str().split_at_checked(2)?;
                rest.nth(1);
                char::from(u8::from_str_radix(digits, 16).ok()?)
            }
            'u' => {
                let (digits, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
                rest = after.chars();
                char::from_u32(u32::from_str_radix(&digits.replace('_', ""), 16).ok()?)?
            }
            // the end of a line, and the white space that the next one begins with, say nothing
            '\n' => {
                left = rest.as_str().trim_start_matches([' ', '\t', '\n', '\r']);
                continue;
            }
            quoted @ ('\\' | '\'' | '"') => quoted,
            _ => return None,
        };
        said.push(character);
        left = rest.as_str();
    }
    said.push_str(left);
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn a_string_says_what_it_says_to_the_compiler() {
        let cases = [
            (r#""a b""#, "a b"),
            (r#""""#, ""),
            (r#""C:\\new\t\"\'\u{1_F600}\x41\0""#, "C:\\new\t\"'\u{1F600}A\0"),
            ("\"a\\\n   b\"", "ab"),
            (r#"r"C:\new""#, "C:\\new"),
            (r##"r#"a"b"#"##, "a\"b"),
        ];
        for (written, said) in cases {
            assert_eq!(string(written).as_deref(), Some(said), "{written}");
        }
    }

    #[test]
    fn another_literal_is_no_string() {
        for written in ["7", "'a'", r#"b"a""#, r#"c"a""#, r#""a"suffix"#, "1.0", r#""\q""#] {
            assert_eq!(string(written), None, "{written}");
        }
    }
}
