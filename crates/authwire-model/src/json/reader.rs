//! The pull reader: the caller asks for what it expects next, nothing is buffered.

use std::borrow::Cow;

use super::key::word_at;
use super::{Error, Kind, MAX_BYTES, MAX_DEPTH, number, string};
use crate::finding::Code;
use crate::number::Number;

/// Reads a document from front to back.
///
/// ```
/// use authwire_model::json::Reader;
///
/// # fn main() -> Result<(), authwire_model::json::Error> {
/// let mut reader = Reader::new(br#"{"port": 80, "names": ["a", "b"]}"#)?;
/// let mut object = reader.object()?;
/// while let Some(key) = reader.key(&mut object)? {
///     match &*key {
///         "port" => assert_eq!(reader.number()?.as_u64(), Some(80)),
///         _ => reader.skip()?,
///     }
/// }
/// reader.finish()
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

/// The state of an object that is being read.
#[derive(Debug)]
pub struct Object {
    first: bool,
}

/// The state of an array that is being read.
#[derive(Debug)]
pub struct Array {
    first: bool,
}

impl<'t> Reader<'t> {
    /// Begins to read `bytes`.
    ///
    /// # Errors
    /// If they are too many, no UTF-8, or begin with a byte order mark.
    pub fn new(bytes: &'t [u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error { code: Code::TooLarge, at: 0, message: "the document is too large" });
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Err(Error {
                code: Code::Encoding,
                at: 0,
                message: "the document begins with a byte order mark",
            });
        }
        // every second byte of UTF-16 is zero here, and none of JSON
        if let [first, second, ..] = *bytes
            && (first == 0) != (second == 0)
        {
            return Err(Error { code: Code::Encoding, at: 0, message: "the document is not UTF-8" });
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { text, at: 0, depth: 0 }),
            Err(error) => Err(Error {
                code: Code::Encoding,
                at: error.valid_up_to(),
                message: "the document is not UTF-8",
            }),
        }
    }

    /// The offset of the next byte.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Goes to the next value and says what it is.
    ///
    /// # Errors
    /// If none begins here.
    #[inline]
    pub fn peek(&mut self) -> Result<Kind, Error> {
        match self.next_byte() {
            Some(b'"') => Ok(Kind::String),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b't' | b'f') => Ok(Kind::Boolean),
            Some(b'n') => Ok(Kind::Null),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(_) => Err(Error::syntax(self.at, "a value is expected here")),
            None => Err(Error::syntax(self.at, "the text ends where a value is expected")),
        }
    }

    /// Enters an object.
    ///
    /// # Errors
    /// If none begins here, or it is nested too deep.
    #[inline]
    pub fn object(&mut self) -> Result<Object, Error> {
        self.enter(b'{', "an object is expected here")?;
        Ok(Object { first: true })
    }

    /// The next key of `object`, or `None` behind its end. The value must be read before the next key.
    ///
    /// # Errors
    /// If the text is no JSON here.
    #[inline]
    pub fn key(&mut self, object: &mut Object) -> Result<Option<Cow<'t, str>>, Error> {
        match self.plain_key(object) {
            Some(key) => Ok(key.map(Cow::Borrowed)),
            None => {
                let key = self.other_key(object.first)?;
                object.first = false;
                Ok(key)
            }
        }
    }

    /// The next key or the end, if the key has no escapes and nothing is wrong; else nothing is read.
    #[inline]
    fn plain_key(&mut self, object: &mut Object) -> Option<Option<&'t str>> {
        let Some(start) = self.key_start(object.first)? else {
            self.leave();
            return Some(None);
        };
        let bytes = self.text.as_bytes();
        let end = string::plain(bytes, start);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let key = self.text.get(start..end)?;
        self.end_key(end)?;
        object.first = false;
        Some(Some(key))
    }

    /// Where the next key begins, behind its quote; or that there is none, and the next byte is the end of the object.
    /// If something is wrong, it is not said what.
    #[inline]
    pub(super) fn key_start(&mut self, first: bool) -> Option<Option<usize>> {
        let bytes = self.text.as_bytes();
        let (mut at, mut byte) = token(bytes, self.at)?;
        if byte == b'}' {
            self.at = at;
            return Some(None);
        }
        if !first {
            if byte != b',' {
                return None;
            }
            (at, byte) = token(bytes, at + 1)?;
        }
        (byte == b'"').then_some(Some(at + 1))
    }

    /// Goes behind the colon of a key whose closing quote stands at `end`.
    #[inline]
    pub(super) fn end_key(&mut self, end: usize) -> Option<()> {
        let (at, byte) = token(self.text.as_bytes(), end + 1)?;
        if byte != b':' {
            return None;
        }
        self.at = at + 1;
        Some(())
    }

    /// Where the first key of the object that comes next begins, behind its quote. Reads nothing.
    #[inline]
    pub(super) fn first_key(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (at, b'{') = token(bytes, self.at)? else { return None };
        let (at, b'"') = token(bytes, at + 1)? else { return None };
        Some(at + 1)
    }

    /// Goes into an object, behind the colon of its first key, whose closing quote stands at `end`.
    #[inline]
    pub(super) fn enter_key(&mut self, end: usize) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.end_key(end)?;
        self.depth += 1;
        Some(())
    }

    /// Goes behind the end of an object, if that is what comes next.
    #[inline]
    pub fn end_object(&mut self) -> bool {
        let ends = self.next_byte() == Some(b'}');
        if ends {
            self.leave();
        }
        ends
    }

    /// As [`key`](Self::key), where anything may come.
    pub(super) fn other_key(&mut self, first: bool) -> Result<Option<Cow<'t, str>>, Error> {
        match self.next_byte() {
            Some(b'}') => {
                self.leave();
                return Ok(None);
            }
            Some(b',') if !first => {
                let comma = self.at;
                self.at += 1;
                if self.next_byte() == Some(b'}') {
                    return Err(Error::syntax(comma, "a comma stands before the end of the object"));
                }
            }
            Some(b'"') if first => {}
            None => return Err(Error::syntax(self.at, "the text ends inside of an object")),
            Some(_) if first => {
                return Err(Error::syntax(self.at, "a key in quotes or `}` is expected here"));
            }
            Some(_) => return Err(Error::syntax(self.at, "`,` or `}` is expected here")),
        }
        if self.next_byte() != Some(b'"') {
            return Err(Error::syntax(self.at, "a key in quotes is expected here"));
        }
        let (key, end) = string::read(self.text, self.at + 1)?;
        self.at = end;
        if self.next_byte() != Some(b':') {
            return Err(Error::syntax(self.at, "`:` is expected here"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Enters an array.
    ///
    /// # Errors
    /// If none begins here, or it is nested too deep.
    #[inline]
    pub fn array(&mut self) -> Result<Array, Error> {
        self.enter(b'[', "an array is expected here")?;
        Ok(Array { first: true })
    }

    /// Whether `array` has another item, which must then be read.
    ///
    /// # Errors
    /// If the text is no JSON here.
    #[inline]
    pub fn item(&mut self, array: &mut Array) -> Result<bool, Error> {
        match self.next_byte() {
            Some(b']') => {
                self.leave();
                return Ok(false);
            }
            Some(b',') if !array.first => {
                let comma = self.at;
                self.at += 1;
                if self.next_byte() == Some(b']') {
                    return Err(Error::syntax(comma, "a comma stands before the end of the array"));
                }
            }
            Some(_) if array.first => {}
            None => return Err(Error::syntax(self.at, "the text ends inside of an array")),
            Some(_) => return Err(Error::syntax(self.at, "`,` or `]` is expected here")),
        }
        array.first = false;
        Ok(true)
    }

    /// Reads a string.
    ///
    /// # Errors
    /// If none stands here.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'t, str>, Error> {
        match self.plain_string() {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.other_string(),
        }
    }

    /// A string, if one stands here that has no escapes; else nothing is read.
    #[inline]
    fn plain_string(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let (at, byte) = token(bytes, self.at)?;
        if byte != b'"' {
            return None;
        }
        let end = string::plain(bytes, at + 1);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let value = self.text.get(at + 1..end)?;
        self.at = end + 1;
        Some(value)
    }

    /// As [`string`](Self::string), where anything may come.
    fn other_string(&mut self) -> Result<Cow<'t, str>, Error> {
        if self.next_byte() != Some(b'"') {
            return Err(Error::syntax(self.at, "a string is expected here"));
        }
        let (value, end) = string::read(self.text, self.at + 1)?;
        self.at = end;
        Ok(value)
    }

    /// Reads a number.
    ///
    /// # Errors
    /// If none stands here.
    pub fn number(&mut self) -> Result<Number, Error> {
        self.next_byte();
        let end = number::end(self.text.as_bytes(), self.at)?;
        let number = Number::parse(&self.text[self.at..end]);
        self.at = end;
        Ok(number)
    }

    /// Reads a whole number from 0, if one stands here that is written as its digits alone and has no more than 64 bits;
    /// else nothing is read.
    pub fn whole(&mut self) -> Option<u64> {
        self.next_byte();
        let (whole, end) = number::whole(self.text.as_bytes(), self.at)?;
        self.at = end;
        Some(whole)
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// If neither stands here.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        match self.next_byte() {
            Some(b't') => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// Reads `null`.
    ///
    /// # Errors
    /// If it does not stand here.
    pub fn null(&mut self) -> Result<(), Error> {
        self.next_byte();
        self.word("null")
    }

    /// Passes over a value, whatever it is. Duplicate keys inside of it are not looked for.
    ///
    /// # Errors
    /// If the text is no JSON here.
    pub fn skip(&mut self) -> Result<(), Error> {
        match self.peek()? {
            Kind::Null => self.null(),
            Kind::Boolean => self.boolean().map(drop),
            Kind::Number => {
                self.at = number::end(self.text.as_bytes(), self.at)?;
                Ok(())
            }
            Kind::String => {
                self.at = string::skip(self.text, self.at + 1)?;
                Ok(())
            }
            Kind::Array => {
                let mut array = self.array()?;
                while self.item(&mut array)? {
                    self.skip()?;
                }
                Ok(())
            }
            Kind::Object => {
                let mut object = self.object()?;
                while self.key(&mut object)?.is_some() {
                    self.skip()?;
                }
                Ok(())
            }
        }
    }

    /// Goes to the value of the first member `name` of the object that comes next, and says whether there is one. Looks
    /// only for that: where the text is no JSON, it may find anything.
    #[must_use]
    pub fn find_member(&mut self, name: &str) -> bool {
        // it mostly stands first
        let mut begin = self.clone();
        if begin.enter_first(name).is_some() {
            *self = begin;
            return true;
        }
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => return false,
                b'}' | b']' => depth -= 1,
                b'"' => {
                    let start = self.at;
                    let Ok(end) = string::skip(self.text, start) else { return false };
                    self.at = end;
                    if depth == 1 && self.is_key(name, start, end) {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Goes to the value of the first member of the object that comes next, if its key is `name`, written as it is.
    fn enter_first(&mut self, name: &str) -> Option<()> {
        let start = self.first_key()?;
        let end = start + name.len();
        let quote = self.text.as_bytes().get(end)?;
        let same = self.text.get(start..end)? == name && !name.contains('\\') && *quote == b'"';
        same.then(|| self.end_key(end))?
    }

    /// Whether the string between `start` and `end`, its closing quote included, is `name` and a key; goes behind its
    /// colon then.
    fn is_key(&mut self, name: &str, start: usize, end: usize) -> bool {
        let written = self.text.get(start..end - 1).unwrap_or_default();
        let same = match written.contains('\\') {
            true => string::read(self.text, start).is_ok_and(|(written, _)| written == name),
            false => written == name,
        };
        if !same || self.next_byte() != Some(b':') {
            return false;
        }
        self.at += 1;
        true
    }

    /// Demands that nothing but white space follows.
    ///
    /// # Errors
    /// If something does.
    pub fn finish(&mut self) -> Result<(), Error> {
        match self.next_byte() {
            None => Ok(()),
            Some(_) => Err(Error::syntax(self.at, "nothing may follow the document")),
        }
    }

    /// Passes over white space and looks at the byte behind it.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        let token = token(bytes, self.at);
        self.at = token.map_or(bytes.len(), |(at, _)| at);
        token.map(|(_, byte)| byte)
    }

    fn word(&mut self, word: &str) -> Result<(), Error> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Error::syntax(self.at, "a value is expected here"))
        }
    }

    #[inline]
    fn enter(&mut self, bracket: u8, message: &'static str) -> Result<(), Error> {
        if self.next_byte() != Some(bracket) {
            return Err(Error::syntax(self.at, message));
        }
        if self.depth == MAX_DEPTH {
            return Err(Error {
                code: Code::TooDeep,
                at: self.at,
                message: "the values are nested too deep",
            });
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }
}

/// The first byte from `at` on that is no white space, with its offset.
#[inline]
fn token(bytes: &[u8], at: usize) -> Option<(usize, u8)> {
    match *bytes.get(at)? {
        byte @ b'!'.. => Some((at, byte)),
        b' ' if let Some(byte @ b'!'..) = bytes.get(at + 1) => Some((at + 1, *byte)),
        _ => token_behind(bytes, at),
    }
}

/// The same, where there is more than a space: mostly the end of a line and an indentation, which is passed over eight
/// spaces a step.
#[inline]
fn token_behind(bytes: &[u8], mut at: usize) -> Option<(usize, u8)> {
    const SPACES: u64 = 0x2020_2020_2020_2020;
    loop {
        match *bytes.get(at)? {
            b' ' | b'\n' | b'\r' | b'\t' => at += 1,
            byte => return Some((at, byte)),
        }
        if let Some(word) = word_at(bytes, at) {
            at += ((word ^ SPACES).trailing_zeros() / 8) as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    #[test]
    fn a_member_is_found_wherever_it_stands_and_nothing_else_is() {
        for (text, value) in [
            (r#"{"type": "a"}"#, Some("a")),
            (r#" { "x" : {"type": "no"} , "type" : "a", "y": 1}"#, Some("a")),
            (r#"{"x": ["type", {"type": 1}, "]"], "type":"a"}"#, Some("a")),
            (r#"{"x": "\"type\": {", "ty\u0070e": "a"}"#, Some("a")),
            (r#"{"x": "type", "type": "a", "type": "b"}"#, Some("a")),
            (r#"{"\\type": "no", "type\n": "no"}"#, None),
            (r#"{"type" : "a", "type": "b"}"#, Some("a")),
            (r#"{"type" "a", "type": "b"}"#, Some("b")),
            (r#"{"x": {"type": "no"}}, {"type": "no"}"#, None),
            (r#"{"type"#, None),
            ("{}", None),
            ("", None),
        ] {
            let mut reader = Reader::new(text.as_bytes()).unwrap();
            let found = reader.find_member("type").then(|| reader.string().unwrap().into_owned());
            assert_eq!(found.as_deref(), value, "{text}");
        }
    }
}
