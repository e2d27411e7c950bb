//! Where a document comes from: bytes with positions, or a `serde_json::Value`.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use crate::json::{Cursor, Kind};
use crate::number::Number;

/// A value of a document, as the interpreter sees it.
#[expect(clippy::len_without_is_empty, reason = "nobody asks")]
pub trait Instance<'d>: Copy {
    /// What it is.
    fn kind(self) -> Kind;
    /// The string, if it is one.
    fn string(self) -> Option<Cow<'d, str>>;
    /// The number, if it is one.
    fn number(self) -> Option<Number>;
    /// The boolean, if it is one.
    fn boolean(self) -> Option<bool>;
    /// How many items or members it has.
    fn len(self) -> usize;
    /// The items of an array; nothing else has any.
    fn items(self) -> impl Iterator<Item = Self>;
    /// The members of an object; nothing else has any.
    fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Self)>;
    /// The member `name` of an object.
    fn get(self, name: &str) -> Option<Self>;
    /// Its bytes, where the document has places.
    fn span(self) -> Option<Range<usize>>;
    /// The bytes of its key, quotes included, where the document has places and it is an object's member.
    fn key_span(self) -> Option<Range<usize>>;
}

impl<'d> Instance<'d> for Cursor<'d> {
    fn kind(self) -> Kind {
        Cursor::kind(self)
    }

    fn string(self) -> Option<Cow<'d, str>> {
        Cursor::string(self)
    }

    fn number(self) -> Option<Number> {
        Cursor::number(self)
    }

    fn boolean(self) -> Option<bool> {
        Cursor::boolean(self)
    }

    fn len(self) -> usize {
        Cursor::len(self)
    }

    fn items(self) -> impl Iterator<Item = Self> {
        let array = if Cursor::kind(self) == Kind::Array { Some(self) } else { None };
        array.into_iter().flat_map(Cursor::items)
    }

    fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Self)> {
        Cursor::members(self)
    }

    fn get(self, name: &str) -> Option<Self> {
        Cursor::get(self, name)
    }

    fn span(self) -> Option<Range<usize>> {
        Some(Cursor::span(self))
    }

    fn key_span(self) -> Option<Range<usize>> {
        Cursor::key_span(self)
    }
}

impl<'d> Instance<'d> for &'d Value {
    fn kind(self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Boolean,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        }
    }

    fn string(self) -> Option<Cow<'d, str>> {
        self.as_str().map(Cow::Borrowed)
    }

    fn number(self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(Number::from_serde(number)),
            _ => None,
        }
    }

    fn boolean(self) -> Option<bool> {
        self.as_bool()
    }

    fn len(self) -> usize {
        match self {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => 0,
        }
    }

    fn items(self) -> impl Iterator<Item = Self> {
        self.as_array().into_iter().flatten()
    }

    fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Self)> {
        let mut members = self.as_object().map(serde_json::Map::iter);
        std::iter::from_fn(move || {
            members.as_mut()?.next().map(|(name, value)| (Cow::Borrowed(name.as_str()), value))
        })
    }

    fn get(self, name: &str) -> Option<Self> {
        Value::get(self, name)
    }

    fn span(self) -> Option<Range<usize>> {
        None
    }

    fn key_span(self) -> Option<Range<usize>> {
        None
    }
}

/// An object of these members. One function for all: to collect a map is a lot of code, compiled anew for each iterator.
pub(crate) fn object(members: &mut dyn Iterator<Item = (String, Value)>) -> Value {
    let mut object = serde_json::Map::new();
    for (name, value) in members {
        object.insert(name, value);
    }
    Value::Object(object)
}
