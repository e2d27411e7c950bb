//! Named values and spreads of a plan, merged: what clashes with what is decided here.
//!
//! A spread replaces what the plan would send, but for a secret (`overrides_secret`) and for what a property of its
//! own already replaced (`conflict`). Two names that come out the same are a `conflict`.

use std::collections::HashMap;

use authwire_core::Code;
pub(crate) use authwire_core::plan::Names;
use authwire_core::plan::{FieldId, Members};

use crate::error::{Error, Unusable};
use crate::material::Datum;
use crate::phrase::Phrase;
use crate::template::{Chosen, Scope, Tree, scalar_text};

/// A named value.
#[derive(Debug, Clone)]
pub(crate) struct Member<T> {
    pub(crate) name: String,
    pub(crate) value: T,
    /// The properties that name and value were read from.
    pub(crate) fields: Vec<FieldId>,
    pub(crate) origin: Origin,
}

/// By whom a member is sent.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// By the plan.
    Plan {
        /// The properties that its name was read from.
        named_by: Vec<FieldId>,
        /// Whether `first` chose its value.
        by_first: bool,
    },
    /// By a property that is spread.
    Spread(FieldId),
}

impl Origin {
    /// Of what no plan wrote: a primitive adds it.
    const ADDED: Self = Self::Plan { named_by: Vec::new(), by_first: false };
}

/// What a member may hold.
pub(crate) trait Content {
    /// Whether it carries a secret by its kind.
    fn carries_secret(&self) -> bool;
    /// The properties that it was read from.
    fn fields(&self) -> &[FieldId];
}

impl Content for Phrase {
    fn carries_secret(&self) -> bool {
        self.carries_secret()
    }

    fn fields(&self) -> &[FieldId] {
        self.fields()
    }
}

impl Content for Tree {
    fn carries_secret(&self) -> bool {
        self.carries_secret()
    }

    fn fields(&self) -> &[FieldId] {
        match self {
            Self::Text(phrase) | Self::Scalar(phrase) => phrase.fields(),
            Self::Plain(_) | Self::Object(_) | Self::Array(_) => &[],
        }
    }
}

impl Member<Phrase> {
    /// A member that no plan wrote: one that a primitive adds.
    pub(crate) fn added(name: &str, value: Phrase) -> Self {
        Self { name: name.to_owned(), fields: value.fields().to_vec(), value, origin: Origin::ADDED }
    }
}

impl Member<Tree> {
    /// As [`Member::added`], for a JSON body.
    pub(crate) fn tree(name: &str, value: Tree) -> Self {
        Self { name: name.to_owned(), value, fields: Vec::new(), origin: Origin::ADDED }
    }
}

/// The members as texts, merged.
pub(crate) fn texts(
    scope: &Scope<'_>,
    members: &Members,
    names: Names,
) -> Result<Vec<Member<Phrase>>, Error> {
    let mut merging = Merging::new(scope, names, members);
    for (name, value) in &members.named {
        let (Some(name), Some(chosen)) = (scope.template(name)?, scope.text(value)?) else { continue };
        merging.add(&name, chosen)?;
    }
    for field in &members.spreads {
        for (name, value) in spread(scope, *field)? {
            let value = match value {
                Tree::Text(text) => text,
                Tree::Plain(value) if !value.is_object() && !value.is_array() => {
                    Phrase::clear(scalar_text(&value)).read_from(*field)
                }
                _ => {
                    let fault = Unusable::new(Code::Type, format!("`{name}` is no text"));
                    return Err(scope.blame(fault, &[*field]).into());
                }
            };
            merging.spread(*field, name, value)?;
        }
    }
    Ok(merging.members)
}

/// The members as JSON, merged.
pub(crate) fn trees(scope: &Scope<'_>, members: &Members) -> Result<Vec<Member<Tree>>, Error> {
    let mut merging = Merging::new(scope, Names::Exact, members);
    for (name, value) in &members.named {
        let (Some(name), Some(chosen)) = (scope.template(name)?, scope.tree(value)?) else { continue };
        merging.add(&name, chosen)?;
    }
    for field in &members.spreads {
        for (name, value) in spread(scope, *field)? {
            merging.spread(*field, name, value)?;
        }
    }
    Ok(merging.members)
}

/// The members of one place, as they are merged.
struct Merging<'s, T> {
    scope: &'s Scope<'s>,
    names: Names,
    members: Vec<Member<T>>,
    /// Where in `members` a name stands: a property may spread thousands.
    places: HashMap<String, usize>,
}

impl<'s, T: Content> Merging<'s, T> {
    fn new(scope: &'s Scope<'s>, names: Names, members: &Members) -> Self {
        let members = Vec::with_capacity(members.named.len());
        Self { scope, names, members, places: HashMap::new() }
    }

    /// The name as it is compared.
    fn key(&self, name: &str) -> String {
        match self.names {
            Names::AnyCase => name.to_ascii_lowercase(),
            Names::Exact => name.to_owned(),
        }
    }

    fn push(&mut self, member: Member<T>) {
        self.places.insert(self.key(&member.name), self.members.len());
        self.members.push(member);
    }

    /// Adds what the plan names.
    fn add(&mut self, name: &Phrase, chosen: Chosen<T>) -> Result<(), Error> {
        let text = name.value().to_string();
        if self.places.contains_key(&self.key(&text)) {
            return Err(sent_twice(self.scope, &text, name.fields()));
        }
        self.push(Member {
            name: text,
            fields: [name.fields(), chosen.value.fields()].concat(),
            value: chosen.value,
            origin: Origin::Plan { named_by: name.fields().to_vec(), by_first: chosen.by_first },
        });
        Ok(())
    }

    /// Adds an entry of the property `field`, or puts it in the place of its namesake.
    fn spread(&mut self, field: FieldId, name: String, value: T) -> Result<(), Error> {
        let place = self.places.get(&self.key(&name)).copied();
        let namesake = place.and_then(|place| self.members.get_mut(place));
        let new = Member { name, value, fields: vec![field], origin: Origin::Spread(field) };
        match namesake {
            None => self.push(new),
            Some(member) if member.value.carries_secret() => {
                return Err(overrides_secret(self.scope, &new.name, field));
            }
            Some(Member { origin: Origin::Plan { by_first: true, .. }, .. }) => {
                let message = format!("`{}` is set twice, by a field of its own and here", new.name);
                let fault = Unusable::new(Code::Conflict, message).with_help("leave out one of the two");
                return Err(self.scope.blame(fault, &[field]).into());
            }
            Some(member) => *member = new,
        }
        Ok(())
    }
}

/// A name that the properties `named_by` choose is sent already.
pub(crate) fn sent_twice(scope: &Scope<'_>, name: &str, named_by: &[FieldId]) -> Error {
    scope.blame(Unusable::new(Code::Conflict, format!("`{name}` would be sent twice")), named_by).into()
}

/// An entry of the property `field` would take the place of a secret.
pub(crate) fn overrides_secret(scope: &Scope<'_>, name: &str, field: FieldId) -> Error {
    let message = format!("`{name}` carries a secret and may not be overridden");
    let fault = Unusable::new(Code::OverridesSecret, message).with_help("leave it out there");
    scope.blame(fault, &[field]).into()
}

/// The entries of a property that holds a map or an object.
pub(crate) fn spread(scope: &Scope<'_>, field: FieldId) -> Result<Vec<(String, Tree)>, Error> {
    Ok(match scope.material.datum(field) {
        Datum::Absent => Vec::new(),
        Datum::Map(entries) => {
            entries.iter().map(|(name, text)| (name.clone(), Tree::Text(text.clone()))).collect()
        }
        Datum::Json(serde_json::Value::Object(members)) => {
            members.iter().map(|(name, value)| (name.clone(), Tree::Plain(value.clone()))).collect()
        }
        _ => {
            let fault = Unusable::new(Code::Type, "only a map or an object can be spread");
            return Err(scope.blame(fault, &[field]).into());
        }
    })
}
