//! Where a document comes from: bytes with positions, or a `serde_json::Value`.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use crate::json::{Children, Cursor, Kind};
use crate::number::Number;

/// A value of a document, as the interpreter sees it. One type for all of them: what is generic over it would be compiled
/// once for each.
#[derive(Debug, Clone, Copy)]
pub enum Instance<'d> {
    /// A value with its place.
    Tree(Cursor<'d>),
    /// A value in memory.
    Value(&'d Value),
    /// A number alone.
    Number(Number),
}

impl<'d> From<Cursor<'d>> for Instance<'d> {
    fn from(cursor: Cursor<'d>) -> Self {
        Self::Tree(cursor)
    }
}

impl<'d> From<&'d Value> for Instance<'d> {
    fn from(value: &'d Value) -> Self {
        Self::Value(value)
    }
}

#[expect(clippy::len_without_is_empty, reason = "nobody asks")]
impl<'d> Instance<'d> {
    /// What it is.
    #[must_use]
    #[inline]
    pub fn kind(self) -> Kind {
        match self {
            Self::Tree(cursor) => cursor.kind(),
            Self::Value(Value::Null) => Kind::Null,
            Self::Value(Value::Bool(_)) => Kind::Boolean,
            Self::Value(Value::Number(_)) | Self::Number(_) => Kind::Number,
            Self::Value(Value::String(_)) => Kind::String,
            Self::Value(Value::Array(_)) => Kind::Array,
            Self::Value(Value::Object(_)) => Kind::Object,
        }
    }

    /// The string, if it is one.
    #[must_use]
    #[inline]
    pub fn string(self) -> Option<Cow<'d, str>> {
        match self {
            Self::Tree(cursor) => cursor.string(),
            Self::Value(Value::String(text)) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    #[inline]
    pub fn number(self) -> Option<Number> {
        match self {
            Self::Tree(cursor) => cursor.number(),
            Self::Value(Value::Number(number)) => Some(crate::value::number(number)),
            Self::Number(number) => Some(number),
            Self::Value(_) => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        match self {
            Self::Tree(cursor) => cursor.boolean(),
            Self::Value(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// How many items or members it has.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Tree(cursor) => cursor.len(),
            Self::Value(Value::Array(items)) => items.len(),
            Self::Value(Value::Object(members)) => members.len(),
            _ => 0,
        }
    }

    /// The items of an array; nothing else has any.
    #[must_use]
    #[inline]
    pub fn items(self) -> Items<'d> {
        match self {
            Self::Tree(cursor) => Items::Tree(cursor.items()),
            Self::Value(Value::Array(items)) => Items::Values(items.iter()),
            _ => Items::Values([].iter()),
        }
    }

    /// The members of an object; nothing else has any.
    #[must_use]
    #[inline]
    pub fn members(self) -> Members<'d> {
        match self {
            Self::Tree(cursor) => Members::Tree(cursor.members()),
            Self::Value(Value::Object(members)) => Members::Values(members.iter()),
            _ => Members::None,
        }
    }

    /// The member `name` of an object.
    #[must_use]
    #[inline]
    pub fn get(self, name: &str) -> Option<Self> {
        match self {
            Self::Tree(cursor) => cursor.get(name).map(Self::Tree),
            Self::Value(value) => value.get(name).map(Self::Value),
            Self::Number(_) => None,
        }
    }

    /// Its bytes, where the document has places.
    #[must_use]
    pub fn span(self) -> Option<Range<usize>> {
        match self {
            Self::Tree(cursor) => Some(cursor.span()),
            _ => None,
        }
    }

    /// The bytes of its key, quotes included, where the document has places and it is an object's member.
    #[must_use]
    pub fn key_span(self) -> Option<Range<usize>> {
        match self {
            Self::Tree(cursor) => cursor.key_span(),
            _ => None,
        }
    }
}

/// The items of an array.
#[derive(Debug, Clone)]
pub enum Items<'d> {
    /// Of a tree.
    Tree(Children<'d>),
    /// Of an array in memory.
    Values(std::slice::Iter<'d, Value>),
}

impl<'d> Iterator for Items<'d> {
    type Item = Instance<'d>;

    #[inline]
    fn next(&mut self) -> Option<Instance<'d>> {
        match self {
            Self::Tree(items) => items.next().map(Instance::Tree),
            Self::Values(items) => items.next().map(Instance::Value),
        }
    }
}

/// The members of an object: names and values.
#[derive(Debug, Clone)]
pub enum Members<'d> {
    /// Of a tree.
    Tree(crate::json::Members<'d>),
    /// Of an object in memory.
    Values(serde_json::map::Iter<'d>),
    /// None at all.
    None,
}

impl<'d> Iterator for Members<'d> {
    type Item = (Cow<'d, str>, Instance<'d>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Tree(members) => members.next().map(|(name, value)| (name, Instance::Tree(value))),
            Self::Values(members) => {
                members.next().map(|(name, value)| (Cow::Borrowed(name.as_str()), Instance::Value(value)))
            }
            Self::None => None,
        }
    }
}
