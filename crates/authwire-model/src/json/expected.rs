//! Objects whose keys are expected: each is asked for in turn, so that where they come in that order every question is a
//! branch of its own, which the processor learns to foresee.

use super::key::padded_word;
use super::{Error, Key, Reader};

/// An object whose keys are expected.
///
/// Passes are made over the expected keys, until the object ends:
///
/// ```
/// use authwire_model::json::{Key, Pass, Reader};
///
/// # fn main() -> Result<(), authwire_model::json::Error> {
/// const KEYS: &[Key] = &[Key::new("host"), Key::new("port")];
/// let mut reader = Reader::new(br#"{"port": 80, "host": "localhost"}"#)?;
/// let (mut host, mut port) = (None, None);
///
/// let mut object = reader.expected()?;
/// while reader.pass(&mut object, KEYS)? == Pass::Over {
///     if reader.is_next(&mut object, KEYS, 0) {
///         host = Some(reader.string()?);
///         reader.go_on(&mut object);
///     }
///     if reader.is_next(&mut object, KEYS, 1) {
///         port = reader.number()?.as_u64();
///         reader.go_on(&mut object);
///     }
/// }
/// assert_eq!((host.as_deref(), port), (Some("localhost"), Some(80)));
/// reader.finish()
/// # }
/// ```
#[derive(Debug)]
pub struct Expected {
    /// The first word of the next key, whose closing quote may be in it. No key begins with zeros: they stand for a key
    /// that is not there, or not looked at.
    word: u64,
    next: Next,
    /// Whether the object has had no key yet.
    first: bool,
    /// Whether the last pass found a key.
    found: bool,
}

/// What stands behind the last value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A key, which begins here, behind its quote.
    Key(usize),
    /// The expected key with this index, which was read already.
    Read(usize),
    /// The end of the object.
    End,
    /// Something else.
    Unclear,
}

/// What is to be done about an object whose keys are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// To ask for each of its keys.
    Over,
    /// Nothing: it has ended.
    Done,
    /// What the caller does about a key that is not expected. Its value comes next.
    Unexpected,
}

impl Reader<'_> {
    /// Enters an object whose keys are expected.
    ///
    /// # Errors
    /// If none begins here, or it is nested too deep.
    #[inline]
    pub fn expected(&mut self) -> Result<Expected, Error> {
        self.object()?;
        let mut object = Expected { word: 0, next: Next::Unclear, first: true, found: true };
        self.go_on(&mut object);
        Ok(object)
    }

    /// Enters an object and goes to the value of its first member, if the key of that is one of `keys`, which it says.
    /// Reads nothing if it is not, is not written as it is, or anything is wrong.
    #[inline]
    pub fn first_member(&mut self, keys: &[Key]) -> Option<usize> {
        let bytes = self.text().as_bytes();
        let start = self.first_key()?;
        let word = padded_word(bytes.get(start..)?);
        let index = keys.iter().position(|key| key.may_begin(word) && key.ends_right(bytes, start))?;
        self.enter_key(start + keys[index].name().len())?;
        Some(index)
    }

    /// Whether to pass over `keys`.
    ///
    /// # Errors
    /// If the text is no JSON here.
    #[inline]
    pub fn pass(&mut self, object: &mut Expected, keys: &[Key]) -> Result<Pass, Error> {
        if object.next == Next::End {
            self.leave();
            return Ok(Pass::Done);
        }
        if std::mem::take(&mut object.found) { Ok(Pass::Over) } else { self.any_key(object, keys) }
    }

    /// Whether the key at `index` of `keys` is the next one. Its value comes next then, and must be read.
    #[inline]
    pub fn is_next(&mut self, object: &mut Expected, keys: &'static [Key], index: usize) -> bool {
        keys[index].may_begin(object.word) && self.enter_member(object, &keys[index], index)
    }

    /// Goes behind a value, to the next key or the end of the object.
    pub fn go_on(&mut self, object: &mut Expected) {
        (object.word, object.next) = match self.key_start(object.first) {
            Some(Some(start)) => {
                (padded_word(self.text().as_bytes().get(start..).unwrap_or_default()), Next::Key(start))
            }
            Some(None) => (0, Next::End),
            None => (0, Next::Unclear),
        };
    }

    fn enter_member(&mut self, object: &mut Expected, key: &Key, index: usize) -> bool {
        let next = match object.next {
            Next::Key(start) => {
                key.ends_right(self.text().as_bytes(), start)
                    && self.end_key(start + key.name().len()).is_some()
            }
            Next::Read(at) => at == index,
            Next::End | Next::Unclear => false,
        };
        if next {
            (object.first, object.found) = (false, true);
        }
        next
    }

    /// Reads the next key, of which a pass over the expected ones has only shown that it is not written as any of them
    /// is: it may have escapes, or be another.
    #[cold]
    fn any_key(&mut self, object: &mut Expected, keys: &[Key]) -> Result<Pass, Error> {
        let Some(name) = self.other_key(object.first)? else { return Ok(Pass::Done) };
        object.first = false;
        let index = keys.iter().position(|key| key.name() == name);
        (object.word, object.next) = match index {
            Some(index) => (keys[index].first_word(), Next::Read(index)),
            None => (0, Next::Unclear),
        };
        Ok(if index.is_some() { Pass::Over } else { Pass::Unexpected })
    }
}

#[cfg(test)]
mod tests {
    use super::Pass;
    use crate::json::{Key, Reader};

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
    const KEYS: &[Key] = &{
        let (mut keys, mut at) = ([Key::new(""); NAMES.len()], 0);
        while at < NAMES.len() {
            keys[at] = Key::new(NAMES[at]);
            at += 1;
        }
        keys
    };

    /// The members of `text` by passes: which key each has, an index beyond the expected for another, and the number that
    /// is its value. With the error where it ends, if there is one.
    fn passed(text: &str, keys: &'static [Key]) -> (Vec<(usize, u64)>, Option<crate::json::Error>) {
        let mut found = Vec::new();
        let mut pass = || {
            let mut reader = Reader::new(text.as_bytes())?;
            let mut object = reader.expected()?;
            loop {
                match reader.pass(&mut object, keys)? {
                    Pass::Over => {}
                    Pass::Done => return reader.finish(),
                    Pass::Unexpected => {
                        found.push((keys.len(), reader.number()?.as_u64().unwrap_or_default()));
                        reader.go_on(&mut object);
                    }
                }
                for at in 0..keys.len() {
                    if reader.is_next(&mut object, keys, at) {
                        found.push((at, reader.number()?.as_u64().unwrap_or_default()));
                        reader.go_on(&mut object);
                    }
                }
            }
        };
        let error = pass().err();
        (found, error)
    }

    /// The same by name.
    fn searched(text: &str, keys: &[Key]) -> (Vec<(usize, u64)>, Option<crate::json::Error>) {
        let mut found = Vec::new();
        let mut search = || {
            let mut reader = Reader::new(text.as_bytes())?;
            let mut object = reader.object()?;
            while let Some(name) = reader.key(&mut object)? {
                let at = keys.iter().position(|key| key.name() == name).unwrap_or(keys.len());
                found.push((at, reader.number()?.as_u64().unwrap_or_default()));
            }
            reader.finish()
        };
        let error = search().err();
        (found, error)
    }

    fn agree(text: &str) -> Vec<(usize, u64)> {
        let (found, expected) = (passed(text, KEYS), searched(text, KEYS));
        assert_eq!(found, expected, "{text}");
        found.0
    }

    #[test]
    fn a_key_is_found_however_it_is_written_and_no_other() {
        for (at, name) in NAMES.iter().enumerate() {
            let written = serde_json::to_string(name).unwrap();
            let begin = format!("\"\\u{:04x}", name.chars().next().map_or(0x61, u32::from));
            let rest: String = name.chars().skip(1).collect();
            let escaped = format!("{begin}{}", &serde_json::to_string(&rest).unwrap()[1..]);
            for (text, here) in [
                (format!("{{{written}:1}}"), true),
                (format!("{{ {written} :\n1, \"what\": 2}}"), true),
                (format!("{{\"what\": 2\t,{written}:\n1}}"), true),
                (format!("{{{escaped}: 1, {written}: 1}}"), true),
                (format!("{{{written} 1}}"), false),
                (format!("{{{written}: 1,}}"), true),
            ] {
                let found = agree(&text);
                assert_eq!(found.contains(&(at, 1)), here, "{text}");
            }
            for place in 0..written.len() {
                for byte in *b"aZ\"\\ :}" {
                    let mut bytes = written.clone().into_bytes();
                    bytes[place] = byte;
                    if let Ok(changed) = String::from_utf8(bytes) {
                        agree(&format!("{{{changed}: 1, \"padding\": 1}}"));
                        agree(&format!("{{{changed}:1}}"));
                    }
                }
            }
        }
    }

    #[test]
    fn members_come_in_any_order_and_may_be_left_out_or_repeated() {
        assert_eq!(agree("{}"), []);
        assert_eq!(agree(r#"{"a": 1, "scope": 2, "client_assertion": 3}"#), [(1, 1), (2, 2), (8, 3)]);
        assert_eq!(agree(r#"{"client_assertion":3,"scope":2,"a":1}"#), [(8, 3), (2, 2), (1, 1)]);
        assert_eq!(
            agree(r#"{"scope": 2, "scope": 4, "four": 5, "\u0061": 7, "a": 6}"#),
            [(2, 2), (2, 4), (16, 5), (1, 7), (1, 6)]
        );
    }

    #[test]
    fn an_object_that_is_none_is_told_as_without_expected_keys() {
        for text in [
            "{",
            "{1}",
            "{\"a\"}",
            "{\"a\":1",
            "{\"a\":1,}",
            "{\"a\":1 \"scope\":2}",
            "{,}",
            "{\"a",
            "[",
            "",
            "{\"a\":1,,\"scope\":2}",
            "{\"a\" :1;}",
            "{\"a\":}",
            "{\"a\":1}}",
            "{\"\\x\": 1}",
        ] {
            assert!(passed(text, KEYS).1.is_some(), "{text}");
            agree(text);
        }
    }
}
