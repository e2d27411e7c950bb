//! Writing typed values as JSON: the way back from [`read`](crate::read).
//!
//! Generated types implement [`Write`], a row for each field. What comes of it (serde's `Serialize`, a builder's check)
//! is made here once.

use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use crate::json::quote;
use crate::reference::Reference;
use crate::secret::Secret;
use crate::secret_value::SecretValue;
use crate::text::{Text, TextMap, sounds_secret};

/// What is to become of a secret that is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literals {
    /// It is written: the text goes back into a config and nowhere else.
    Written,
    /// The whole is refused: a secret is not to be found in what was written.
    Refused,
}

/// What is said where a secret would be written.
const LITERAL: &str = "a secret that stands in the config itself is not written: refer to it";

/// A value that is written as JSON.
pub trait Write {
    /// Writes it.
    fn write(&self, writer: &mut Writer);
}

/// JSON text in the making. Wiped when it is dropped.
pub struct Writer {
    text: Zeroizing<String>,
    literals: Literals,
    /// Whether the next member or item needs no comma before it.
    first: bool,
    fault: Option<&'static str>,
}

impl Writer {
    /// The text of `value`.
    ///
    /// # Errors
    /// If it holds what may not or cannot be written: in words, without the value.
    pub fn text(
        value: &(impl Write + ?Sized),
        literals: Literals,
    ) -> Result<Zeroizing<String>, &'static str> {
        let mut writer = Self { text: Zeroizing::new(String::new()), literals, first: true, fault: None };
        value.write(&mut writer);
        match writer.fault {
            Some(fault) => Err(fault),
            None => Ok(writer.text),
        }
    }

    /// Writes an object, with the members that `members` writes.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.push("{");
        self.first = true;
        members(self);
        self.push("}");
        self.first = false;
    }

    /// Writes a member of an object.
    pub fn member(&mut self, key: &str, value: &(impl Write + ?Sized)) {
        self.separate();
        self.string(key);
        self.push(":");
        value.write(self);
    }

    /// Writes a member of an object, if there is one.
    pub fn optional(&mut self, key: &str, value: &Option<impl Write>) {
        if let Some(value) = value {
            self.member(key, value);
        }
    }

    /// Writes a member whose text is known.
    pub fn raw(&mut self, key: &str, text: &str) {
        self.separate();
        self.string(key);
        self.push(":");
        self.push(text);
    }

    /// Says that this cannot be written, and why.
    pub fn refuse(&mut self, fault: &'static str) {
        self.fault.get_or_insert(fault);
    }

    fn list<'v>(&mut self, items: impl Iterator<Item = &'v (impl Write + 'v)>) {
        self.push("[");
        self.first = true;
        for item in items {
            self.separate();
            item.write(self);
        }
        self.push("]");
        self.first = false;
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.push(",");
        }
    }

    fn string(&mut self, text: &str) {
        let Ok(()) = quote(text, &mut |part| {
            self.push(part);
            Ok::<(), std::convert::Infallible>(())
        });
    }

    fn literal(&mut self, secret: &str) {
        match self.literals {
            Literals::Refused if !secret.is_empty() => self.refuse(LITERAL),
            // an empty password hides nothing
            Literals::Written | Literals::Refused => self.string(secret),
        }
    }

    /// Growing leaves no copy behind.
    fn push(&mut self, text: &str) {
        if self.text.capacity() - self.text.len() < text.len() {
            let mut larger = String::with_capacity((self.text.len() + text.len()) * 2);
            larger.push_str(&self.text);
            self.text.zeroize();
            *self.text = larger;
        }
        self.text.push_str(text);
    }
}

impl Write for str {
    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Write for String {
    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Write for Secret {
    fn write(&self, writer: &mut Writer) {
        match (self.as_reference(), self.expose_literal()) {
            (Some(reference), _) => reference.write(writer),
            (None, literal) => writer.literal(literal.unwrap_or_default()),
        }
    }
}

impl Write for Reference {
    fn write(&self, writer: &mut Writer) {
        writer.object(|writer| writer.member(self.source(), self.name()));
    }
}

impl Write for Text {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Literal(text) => writer.string(text),
            Self::Reference(reference) => reference.write(writer),
        }
    }
}

impl Write for TextMap {
    fn write(&self, writer: &mut Writer) {
        writer.object(|writer| {
            for (name, text) in self.iter() {
                match text.as_literal().filter(|_| sounds_secret(name)) {
                    Some(literal) => {
                        writer.raw(name, "");
                        writer.literal(literal);
                    }
                    None => writer.member(name, text),
                }
            }
        });
    }
}

impl Write for bool {
    fn write(&self, writer: &mut Writer) {
        writer.push(if *self { "true" } else { "false" });
    }
}

impl<T: Write + ?Sized> Write for &T {
    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }
}

impl<T: Write> Write for Box<T> {
    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        writer.list(self.iter());
    }
}

impl Write for Value {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Array(items) => writer.list(items.iter()),
            Self::Object(members) => writer.object(|writer| {
                members.iter().for_each(|(key, value)| writer.member(key, value));
            }),
            Self::String(text) => writer.string(text),
            Self::Null | Self::Bool(_) | Self::Number(_) => writer.push(&self.to_string()),
        }
    }
}

impl Write for SecretValue {
    fn write(&self, writer: &mut Writer) {
        match writer.literals {
            Literals::Refused if self.has_literal() => writer.refuse(LITERAL),
            Literals::Written | Literals::Refused => self.expose_value().write(writer),
        }
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl Write for $number {
            fn write(&self, writer: &mut Writer) {
                Value::from(*self).write(writer);
            }
        })*
    };
}

numbers! { u16 u32 u64 i32 i64 f64 }

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Literals, Write, Writer};
    use crate::{Reference, Secret, Text, TextMap};

    fn text(value: &impl Write) -> String {
        Writer::text(value, Literals::Written).unwrap().to_string()
    }

    #[test]
    fn what_is_written_is_what_serde_json_reads() {
        for value in [
            json!(null),
            json!([true, 1, -2, 1.5, 1e300, "a\"b\\c\n\u{1}\u{7f}ü😀", [], {}]),
            json!({"": {"a": [1, {"b": []}]}, "\"\n": "x"}),
        ] {
            assert_eq!(serde_json::from_str::<Value>(&text(&value)).unwrap(), value);
        }
        assert_eq!(text(&vec![u16::MAX]), "[65535]");
        assert_eq!(text(&0.5), "0.5");
    }

    #[test]
    fn references_are_written_and_secrets_only_where_they_may() {
        let kept = Secret::reference(Reference::Env("NAME".to_owned()));
        assert_eq!(text(&kept), r#"{"env":"NAME"}"#);
        assert!(Writer::text(&kept, Literals::Refused).is_ok());
        let literal = Secret::literal("s3cret");
        assert_eq!(text(&literal), "\"s3cret\"");
        let refused = Writer::text(&literal, Literals::Refused).unwrap_err();
        assert!(!refused.contains("s3cret"));
        let mut map = TextMap::new();
        map.insert("X-Tenant", "t1");
        assert_eq!(Writer::text(&map, Literals::Refused).unwrap().as_str(), r#"{"X-Tenant":"t1"}"#);
        map.insert("X-Api-Key", Text::from("s3cret"));
        assert!(Writer::text(&map, Literals::Refused).is_err());
        assert_eq!(text(&map), r#"{"X-Tenant":"t1","X-Api-Key":"s3cret"}"#);
    }
}
