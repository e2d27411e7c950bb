//! What somebody meant whose text is no JSON: habits from other formats, and what editors and tools leave behind.
//!
//! It must not know where in a document it is: it looks at the bytes that the reader stopped at.

use super::Error;

const COMMENT: &str = "JSON has no comments: take it out";
const MERGE: &str = "a merge left this line behind: keep one of the two versions";
const QUOTES: &str = "JSON writes strings and keys in straight double quotes";
const SPACE: &str = "this only looks like a space, or like nothing: take it out";
const TEMPLATE: &str =
    "a file has no templates: write the value itself, or a reference to it: {\"env\": \"NAME\"}";
const NUMBER: &str = "JSON has no such number";

/// What begins with these is meant for something else.
const SLIPS: &[(&str, &str)] = &[
    ("//", COMMENT),
    ("/*", COMMENT),
    ("#", COMMENT),
    ("<<<<<<<", MERGE),
    ("|||||||", MERGE),
    ("=======", MERGE),
    (">>>>>>>", MERGE),
    ("'", QUOTES),
    ("`", QUOTES),
    ("\u{201c}", QUOTES),
    ("\u{201d}", QUOTES),
    ("\u{201e}", QUOTES),
    ("\u{2018}", QUOTES),
    ("\u{2019}", QUOTES),
    ("\u{a0}", SPACE),
    ("\u{200b}", SPACE),
    ("\u{2028}", SPACE),
    ("\u{3000}", SPACE),
    ("\u{feff}", "a byte order mark stands here: take it out"),
    ("\0", "a NUL character stands here: the file may be damaged, or not saved as UTF-8"),
    ("True", "JSON writes `true`, in small letters"),
    ("TRUE", "JSON writes `true`, in small letters"),
    ("False", "JSON writes `false`, in small letters"),
    ("FALSE", "JSON writes `false`, in small letters"),
    ("None", "JSON has `null`, but here a field without a value is left out"),
    ("undefined", "JSON has `null`, but here a field without a value is left out"),
    ("NaN", NUMBER),
    ("Infinity", NUMBER),
    ("-Infinity", NUMBER),
    ("+", "JSON writes a number without `+`"),
    (".", "JSON writes a digit before the point: `0.5`"),
    ("${", TEMPLATE),
    ("$", TEMPLATE),
    ("<%", TEMPLATE),
    ("%", TEMPLATE),
    ("=", "JSON writes `:` behind a key"),
    (";", "JSON writes `,` between two values"),
];

/// What to do about `error` in `text`, if it is one that many make. Never quotes the text.
pub(super) fn help(text: &[u8], error: &Error) -> Option<&'static str> {
    let (before, rest) = text.split_at_checked(error.at)?;
    let slip = SLIPS.iter().find(|(begin, _)| rest.starts_with(begin.as_bytes()));
    if let Some((_, help)) = slip {
        return Some(help);
    }
    match rest.first()? {
        b'{' if before.ends_with(b"{") => Some(TEMPLATE),
        b'\n' | b'\r' => Some("is the closing quote missing? a line break in a string is written `\\n`"),
        b'\t' => Some("a tab in a string is written `\\t`"),
        b'"' if error.message == UNTERMINATED => Some("the closing quote is missing"),
        b'"' | b'{' | b'[' if error.message.starts_with("`,`") => Some("a comma is missing before this"),
        byte if byte.is_ascii_alphabetic() => Some("JSON writes strings and keys in double quotes"),
        _ => None,
    }
}

/// What is said of a string without an end.
pub(super) const UNTERMINATED: &str = "this string does not end";

#[cfg(test)]
mod tests {
    use super::super::Tree;

    #[test]
    fn what_is_no_json_is_told_with_what_to_do() {
        for (text, place, words) in [
            ("{} // done", 3, "no comments"),
            ("{\n  # a name\n  \"a\": 1}", 4, "no comments"),
            ("{\"a\": 1, /* b */ \"b\": 2}", 9, "no comments"),
            ("{'a': 1}", 1, "straight double quotes"),
            ("{\"a\": \u{201c}x\u{201d}}", 6, "straight double quotes"),
            ("{a: 1}", 1, "in double quotes"),
            ("{\"a\": text}", 6, "in double quotes"),
            ("{\"a\": \"x,\n\"b\": 1}", 9, "is the closing quote missing?"),
            ("{\"a\": \"x}", 6, "the closing quote is missing"),
            ("{\"a\":\u{a0}1}", 5, "only looks like a space"),
            ("{\"a\": 1,\u{feff}\"b\": 2}", 8, "byte order mark"),
            ("{\"a\": 1\0}", 7, "NUL"),
            ("{\n<<<<<<< HEAD\n\"a\": 1}", 2, "a merge left"),
            ("{\"a\": 1,\n=======\n\"b\": 2}", 9, "a merge left"),
            ("{\"a\": True}", 6, "`true`"),
            ("{\"a\": NaN}", 6, "no such number"),
            ("{\"a\": -Infinity}", 6, "no such number"),
            ("{\"a\": ${X}}", 6, "no templates"),
            ("{\"a\": {{x}}}", 7, "no templates"),
            ("{\"a\" = 1}", 5, "`:` behind a key"),
            ("{\"a\": 1 \"b\": 2}", 8, "a comma is missing"),
            // the comma is what there is too much of
            ("{\"a\": 1,\n}", 7, ""),
            ("[1, 2 , ]", 6, ""),
        ] {
            let error = Tree::parse(text.as_bytes()).unwrap_err();
            assert_eq!(error.at, place, "{text}: {error}");
            let help = error.to_finding(text.as_bytes()).help.unwrap_or_default();
            assert!(help.contains(words) && help.is_empty() == words.is_empty(), "{text}: {help}");
        }
    }

    #[test]
    fn utf_16_is_told_as_what_it_is_without_a_byte_order_mark_too() {
        for bytes in [b"{\0\"\0a\0".as_slice(), b"\0{\0\"\0a", b"\xff\xfe{\0"] {
            let error = Tree::parse(bytes).unwrap_err();
            assert_eq!((error.code.as_str(), error.at), ("encoding", 0), "{bytes:?}");
        }
    }
}
