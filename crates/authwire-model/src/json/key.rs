//! Keys that are expected: compared with the text as they stand, without a search for their end.

use super::string::ends_plain;

/// A key that an object may have, for [`Reader::member`](super::Reader::member).
///
/// With its closing quote it is compared as two words, the first and the last, which overlap where it is short; a long
/// one has a middle.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    name: &'static str,
    first: u64,
    /// Which bits of the first word count: a key may be shorter than it. None, if the key is not written as it is.
    mask: u64,
    last: u64,
}

/// The bytes of a word.
const WORD: usize = size_of::<u64>();

impl Key {
    /// The key `name`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        let (first, mask) = if needs_escapes(name) { (0, 0) } else { word_of(name, 0) };
        let (last, _) = word_of(name, (name.len() + 1).saturating_sub(WORD));
        Self { name, first, mask, last }
    }

    /// The key, without quotes and escapes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether `text`, whose first word is `first`, begins with a key that has the length and both words of this one.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], first: u64) -> bool {
        (first ^ self.first) & self.mask == 0
            && self.mask != 0
            && (self.name.len() < WORD || word_at(text, self.name.len() + 1 - WORD) == Some(self.last))
    }

    /// Whether what is between the words is right too.
    #[inline]
    pub(super) fn has_middle(&self, text: &[u8]) -> bool {
        let name = self.name.as_bytes();
        name.len() < 2 * WORD || text.get(WORD..name.len()) == name.get(WORD..)
    }
}

const fn needs_escapes(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if ends_plain(bytes[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// The word of a key and its closing quote that begins at `from`, and a mask of the bytes that it has.
const fn word_of(name: &str, from: usize) -> (u64, u64) {
    let bytes = name.as_bytes();
    let (mut word, mut mask) = ([0; WORD], [0; WORD]);
    let mut at = 0;
    while at < WORD && from + at <= bytes.len() {
        word[at] = if from + at < bytes.len() { bytes[from + at] } else { b'"' };
        mask[at] = 0xff;
        at += 1;
    }
    (u64::from_le_bytes(word), u64::from_le_bytes(mask))
}

/// The word of `text` that begins at `at`, if there is one.
#[inline]
pub(super) fn word_at(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::Key;
    use crate::json::Reader;

    /// Keys around the length of a word and of two, alike in their first and last words, and some that need escapes.
    const NAMES: [&str; 16] = [
        "",
        "a",
        "scope",
        "headers",
        "base_url",
        "client_id",
        "token_urls",
        "grant_type_hint",
        "client_assertion",
        "client_authentication",
        "client_anthentication",
        "clé",
        "a\"",
        "a\\",
        "line\nfeed",
        "beyond the end, quote and all\"",
    ];

    /// What `member` makes of a text, and what a search by name does.
    fn both(text: &str) -> (Option<usize>, Option<usize>) {
        let keys = NAMES.map(Key::new);
        let (mut one, mut other) =
            (Reader::new(text.as_bytes()).unwrap(), Reader::new(text.as_bytes()).unwrap());
        let (mut object, mut same) = (one.object().unwrap(), other.object().unwrap());
        let found = one.member(&mut object, &keys).ok().flatten();
        let key = other.key(&mut same).ok().flatten();
        let expected = key.map(|key| NAMES.iter().position(|name| **name == *key).unwrap_or(NAMES.len()));
        if found.is_some() {
            assert_eq!(one.position(), other.position(), "{text}");
        }
        (found, expected)
    }

    #[test]
    fn a_key_is_found_wherever_it_is_written_and_no_other() {
        for (at, name) in NAMES.iter().enumerate() {
            let written = serde_json::to_string(name).unwrap();
            for text in [
                format!("{{{written}:1}}"),
                format!("{{ {written} :\n1, \"what\": \"follows\"}}"),
                format!("{{\"\\u{:04x}{}: 1}}", name.chars().next().map_or(0x61, u32::from), &written[1..]),
            ] {
                let (found, expected) = both(&text);
                assert_eq!(found, expected, "{text}");
                assert!(!text.contains(&format!("{written}:")) || found == Some(at), "{text}");
            }
            for place in 0..written.len() {
                for byte in *b"aZ\"\\ :}" {
                    let mut bytes = written.clone().into_bytes();
                    bytes[place] = byte;
                    let Ok(changed) = String::from_utf8(bytes) else { continue };
                    let (found, expected) = both(&format!("{{{changed}: 1, \"padding\": 1}}"));
                    assert_eq!(found, expected, "{changed}");
                }
            }
        }
    }

    #[test]
    fn members_come_in_any_order_and_may_be_left_out_or_repeated() {
        const KEYS: [Key; 3] = [Key::new("one"), Key::new("two"), Key::new("three_and_more")];
        let read = |text: &str| {
            let mut reader = Reader::new(text.as_bytes()).unwrap();
            let mut object = reader.object().unwrap();
            let mut found = Vec::new();
            while let Some(at) = reader.member(&mut object, &KEYS).unwrap() {
                found.push((at, reader.number().unwrap().as_u64().unwrap()));
            }
            reader.finish().unwrap();
            found
        };
        assert_eq!(read(r#"{"one": 1, "two": 2, "three_and_more": 3}"#), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(read(r#"{"three_and_more":3,"two":2,"one":1}"#), [(2, 3), (1, 2), (0, 1)]);
        assert_eq!(read(r#"{"two": 2, "two": 4, "four": 5, "one": 6}"#), [(1, 2), (1, 4), (3, 5), (0, 6)]);
        assert_eq!(read("{}"), []);
    }

    #[test]
    fn an_object_that_is_none_is_told_as_without_expected_keys() {
        for text in
            ["{", "{1}", "{\"one\"}", "{\"one\":1", "{\"one\":1,}", "{\"one\":1 \"two\":2}", "{,}", "{\"one"]
        {
            let (mut one, mut other) =
                (Reader::new(text.as_bytes()).unwrap(), Reader::new(text.as_bytes()).unwrap());
            let (mut object, mut same) = (one.object().unwrap(), other.object().unwrap());
            loop {
                match (one.member(&mut object, &[Key::new("one")]), other.key(&mut same)) {
                    (Ok(Some(_)), Ok(Some(_))) => assert_eq!(one.skip(), other.skip(), "{text}"),
                    (Err(told), Err(expected)) => {
                        assert_eq!(told, expected, "{text}");
                        break;
                    }
                    (told, expected) => panic!("{text}: {told:?} beside {expected:?}"),
                }
            }
        }
    }
}
