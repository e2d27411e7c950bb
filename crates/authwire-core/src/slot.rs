//! How a plan reads a config: by slot, so that no secret is copied into a `Value` on its way.

use std::borrow::Cow;

use crate::document::reference;
use crate::instance::Instance;
use crate::json::Kind;
use crate::number::Number;
use crate::plan::{Field, FieldId, FieldKind};
use crate::reference::Reference;
use crate::secret::Secret;
use crate::table::Schema;
use crate::text::{Text, TextMap};
use crate::value::ToValue as _;

/// A config that a plan can read. The derive implements it for typed configs, [`crate::Document`] for types loaded at
/// run time.
pub trait Slots {
    /// What stands in the file for the field `field` of the type's plan: [`Slot::Absent`] where nothing is written,
    /// even if the property has a default.
    fn slot(&self, field: FieldId) -> Slot<'_>;
}

/// A valid config of any auth type: what an engine needs in order to run its plan.
///
/// The derive implements it for the configs that it makes, and [`Document`](crate::Document) is one of a type that was loaded at
/// run time. `Arc<dyn Config>` is what `authwire_runtime::Connector::new` takes; what a config holds is read by its own
/// accessors, not by this trait.
pub trait Config: Slots + std::fmt::Debug + Send + Sync {
    /// The auth type's compiled schema. Its plan is there.
    fn schema(&self) -> &Schema;

    /// Whether there may be an error of the semantic layer in it. A derived config says `false` where it has nothing of what
    /// its plan's [`concerns`](crate::plan::Plan::concerns) are about; `true` is always right.
    fn needs_check(&self) -> bool {
        true
    }
}

/// What a property holds. A secret's literal is [`Slot::String`] too: whether it is one says the field's kind.
#[derive(Clone, PartialEq)]
pub enum Slot<'c> {
    /// Nothing is written.
    Absent,
    /// A string.
    String(Cow<'c, str>),
    /// A reference, in place of a string.
    Reference(Cow<'c, Reference>),
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A map: names to strings or references, in the order of the file.
    Map(Entries<'c>),
    /// Any other JSON.
    Json(Cow<'c, serde_json::Value>),
}

/// What a map holds, in the order of the file.
#[derive(Clone)]
pub enum Entries<'c> {
    /// The map of a typed config, as it is.
    Held(&'c TextMap),
    /// What was read out of something else: strings and references.
    Read(Vec<(Cow<'c, str>, Slot<'c>)>),
}

impl<'c> Entries<'c> {
    /// The same, to be taken apart: a text that had to be decoded is moved, so that no copy of a secret stays behind.
    #[must_use]
    pub fn into_read(self) -> Vec<(Cow<'c, str>, Slot<'c>)> {
        match self {
            Self::Held(map) => map.iter().map(|(name, text)| (Cow::Borrowed(name), text.into())).collect(),
            Self::Read(entries) => entries,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Held(map) => map.len(),
            Self::Read(entries) => entries.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names and what they hold.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Slot<'_>)> + Clone {
        (0..self.len()).filter_map(|at| match self {
            Self::Held(map) => map.at(at).map(|(name, text)| (name, text.into())),
            Self::Read(entries) => entries.get(at).map(|(name, slot)| (&**name, slot.lent())),
        })
    }
}

impl PartialEq for Entries<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Slot<'_> {
    /// A list.
    pub fn list<T: Into<serde_json::Value>>(items: impl Iterator<Item = T>) -> Self {
        Self::Json(Cow::Owned(items.map(Into::into).collect()))
    }

    /// A list of numbers.
    pub fn numbers(items: &[f64]) -> Self {
        Self::list(items.iter().map(|item| Number::from(*item).to_value()))
    }

    /// Whether something is written.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The literal string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The same string or reference, borrowed.
    fn lent(&self) -> Slot<'_> {
        match self {
            Self::String(text) => Slot::String(Cow::Borrowed(text)),
            Self::Reference(reference) => Slot::Reference(Cow::Borrowed(reference)),
            _ => Slot::Absent,
        }
    }
}

impl<'c> From<&'c Text> for Slot<'c> {
    fn from(text: &'c Text) -> Self {
        match text {
            Text::Literal(text) => Self::String(Cow::Borrowed(text)),
            Text::Reference(reference) => Self::Reference(Cow::Borrowed(reference)),
        }
    }
}

impl<'c> From<&'c Secret> for Slot<'c> {
    fn from(secret: &'c Secret) -> Self {
        match (secret.expose_literal(), secret.as_reference()) {
            (Some(text), _) => Self::String(Cow::Borrowed(text)),
            (None, Some(reference)) => Self::Reference(Cow::Borrowed(reference)),
            (None, None) => Self::Absent,
        }
    }
}

impl<'c> From<&'c TextMap> for Slot<'c> {
    fn from(map: &'c TextMap) -> Self {
        Self::Map(Entries::Held(map))
    }
}

impl<'c> From<&'c str> for Slot<'c> {
    fn from(text: &'c str) -> Self {
        Self::String(Cow::Borrowed(text))
    }
}

impl<'c> From<&'c serde_json::Value> for Slot<'c> {
    fn from(value: &'c serde_json::Value) -> Self {
        Self::Json(Cow::Borrowed(value))
    }
}

impl<'c, T: Into<Slot<'c>>> From<Option<T>> for Slot<'c> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// Reads a field out of a document, valid or not. What is not of the field's kind reads as absent: the schema layer has
/// told it.
pub fn read<'d>(field: &Field, root: Instance<'d>) -> Slot<'d> {
    // the names of its path are those of its pointer: none of them has a dot, nor what a pointer escapes
    let value = if field.path.as_bytes().contains(&b'.') {
        field.path.split('.').try_fold(root, |value, name| value.get(name))
    } else {
        root.get(&field.path)
    };
    value.map_or(Slot::Absent, |value| of_instance(field.kind, value))
}

/// What a value is to a plan, for a field of `kind`.
pub fn of<'d>(kind: FieldKind, value: impl Into<Instance<'d>>) -> Slot<'d> {
    of_instance(kind, value.into())
}

fn of_instance<'d>(kind: FieldKind, value: Instance<'d>) -> Slot<'d> {
    match (kind, value.kind()) {
        (FieldKind::Map, Kind::Object) => {
            let entries = value.members().map(|(name, value)| (name, text_or_reference(value)));
            Slot::Map(Entries::Read(entries.collect()))
        }
        (FieldKind::Boolean, Kind::Boolean) => value.boolean().map_or(Slot::Absent, Slot::Boolean),
        (FieldKind::Number, Kind::Number) => value.number().map_or(Slot::Absent, Slot::Number),
        (FieldKind::Json, _) => Slot::Json(Cow::Owned(value.to_value())),
        (FieldKind::Plain, Kind::String) => value.string().map_or(Slot::Absent, Slot::String),
        (FieldKind::Text | FieldKind::Url | FieldKind::Secret, _) => text_or_reference(value),
        _ => Slot::Absent,
    }
}

/// Reads the field `field` of a schema's plan out of a document.
pub fn field_of<'d>(schema: &Schema, field: FieldId, root: impl Into<Instance<'d>>) -> Slot<'d> {
    let field = schema.plan.as_ref().and_then(|plan| plan.field(field));
    field.map_or(Slot::Absent, |field| read(field, root.into()))
}

fn text_or_reference(value: Instance<'_>) -> Slot<'_> {
    match value.kind() {
        Kind::String => value.string().map_or(Slot::Absent, Slot::String),
        Kind::Object => {
            reference(value).map_or(Slot::Absent, |reference| Slot::Reference(Cow::Owned(reference)))
        }
        _ => Slot::Absent,
    }
}

impl std::fmt::Debug for Slot<'_> {
    /// Shows the shape, never a value: a slot does not know whether it is a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::String(_) => "String(…)",
            Self::Reference(_) => "Reference(…)",
            Self::Boolean(_) => "Boolean(…)",
            Self::Number(_) => "Number(…)",
            Self::Map(_) => "Map(…)",
            Self::Json(_) => "Json(…)",
        })
    }
}
