//! A config of an auth type that was loaded at run time: what the derive makes for a type that it knows.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::instance::Instance;
use crate::plan::FieldId;
use crate::reference::Reference;
use crate::secret::Secret;
use crate::slot::{Config, Entries, Slot, Slots, read};
use crate::table::Schema;
use crate::{plan::FieldKind, text::Text};

/// A valid config, held by slot. Its secrets are wiped when it is dropped.
#[derive(Clone)]
pub struct Document {
    schema: Arc<Schema>,
    held: Vec<Held>,
}

#[derive(Clone)]
enum Held {
    Absent,
    Text(Text),
    Secret(Secret),
    Boolean(bool),
    Number(crate::number::Number),
    Map(Vec<(String, Secret)>),
    Json(serde_json::Value),
}

impl Document {
    /// Takes from `instance` what the plan of `schema` reads. The caller has checked that it holds to the schema.
    pub fn new<'d>(schema: Arc<Schema>, instance: impl Into<Instance<'d>>) -> Self {
        let instance = instance.into();
        let held = match &schema.plan {
            Some(plan) => {
                plan.fields.iter().map(|field| Held::new(read(field, instance), field.kind)).collect()
            }
            None => Vec::new(),
        };
        Self { schema, held }
    }
}

impl fmt::Debug for Document {
    /// What it holds may be secret where no type says so: it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("type", &self.schema.name).finish_non_exhaustive()
    }
}

impl Held {
    fn new(slot: Slot<'_>, kind: FieldKind) -> Self {
        match slot {
            Slot::Absent => Self::Absent,
            Slot::String(text) if kind == FieldKind::Secret => Self::Secret(Secret::literal(text)),
            Slot::String(text) => Self::Text(Text::Literal(text.into_owned())),
            Slot::Reference(reference) => Self::Text(Text::Reference(reference.into_owned())),
            Slot::Boolean(value) => Self::Boolean(value),
            Slot::Number(value) => Self::Number(value),
            Slot::Map(members) => Self::Map(
                members
                    .into_read()
                    .into_iter()
                    .filter_map(|(name, slot)| {
                        let secret = match slot {
                            Slot::String(text) => Secret::literal(text),
                            Slot::Reference(reference) => Secret::reference(reference.into_owned()),
                            _ => return None,
                        };
                        Some((name.into_owned(), secret))
                    })
                    .collect(),
            ),
            Slot::Json(value) => Self::Json(value.into_owned()),
        }
    }
}

impl Slots for Document {
    fn slot(&self, field: FieldId) -> Slot<'_> {
        match self.held.get(usize::from(field)) {
            None | Some(Held::Absent) => Slot::Absent,
            Some(Held::Text(text)) => Slot::from(text),
            Some(Held::Secret(secret)) => Slot::from(secret),
            Some(Held::Boolean(value)) => Slot::Boolean(*value),
            Some(Held::Number(value)) => Slot::Number(*value),
            Some(Held::Map(members)) => {
                let entries =
                    members.iter().map(|(name, secret)| (Cow::Borrowed(name.as_str()), Slot::from(secret)));
                Slot::Map(Entries::Read(entries.collect()))
            }
            Some(Held::Json(value)) => Slot::Json(Cow::Borrowed(value)),
        }
    }
}

impl Config for Document {
    fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// The reference that `instance` is, if it is a well-formed one.
pub(crate) fn reference(instance: Instance<'_>) -> Option<Reference> {
    let mut members = instance.members();
    let (source, name) = members.next()?;
    if members.next().is_some() {
        return None;
    }
    Reference::new(&source, name.string()?)
}
