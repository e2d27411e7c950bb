//! Named values and spreads of a plan, merged: what clashes with what is decided here.
//!
//! A spread replaces what the plan would send, but for a secret (`overrides_secret`) and for what a property of its
//! own already replaced (`conflict`). Two names that come out the same are a `conflict`.

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
    /// The properties that its value was read from.
    pub(crate) fields: Vec<FieldId>,
    by_first: bool,
}

impl Member<Phrase> {
    /// A member that no plan wrote: one that a primitive adds.
    pub(crate) fn added(name: &str, value: Phrase) -> Self {
        Self { name: name.to_owned(), fields: value.fields().to_vec(), value, by_first: false }
    }
}

impl Member<Tree> {
    /// As [`Member::added`], for a JSON body.
    pub(crate) fn tree(name: &str, value: Tree) -> Self {
        Self { name: name.to_owned(), value, fields: Vec::new(), by_first: false }
    }
}

/// The members as texts, merged.
pub(crate) fn texts(
    scope: &Scope<'_>,
    members: &Members,
    names: Names,
) -> Result<Vec<Member<Phrase>>, Error> {
    let mut merged = Vec::with_capacity(members.named.len());
    for (name, value) in &members.named {
        let (Some(name), Some(chosen)) = (scope.template(name)?, scope.text(value)?) else { continue };
        add(scope, &mut merged, &name, chosen, Phrase::fields, names)?;
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
            replace(scope, &mut merged, name, value, *field, Phrase::carries_secret, names)?;
        }
    }
    Ok(merged)
}

/// The members as JSON, merged.
pub(crate) fn trees(scope: &Scope<'_>, members: &Members) -> Result<Vec<Member<Tree>>, Error> {
    let mut merged = Vec::with_capacity(members.named.len());
    for (name, value) in &members.named {
        let (Some(name), Some(chosen)) = (scope.template(name)?, scope.tree(value)?) else { continue };
        add(scope, &mut merged, &name, chosen, tree_fields, Names::Exact)?;
    }
    for field in &members.spreads {
        for (name, value) in spread(scope, *field)? {
            replace(scope, &mut merged, name, value, *field, Tree::carries_secret, Names::Exact)?;
        }
    }
    Ok(merged)
}

fn tree_fields(tree: &Tree) -> &[FieldId] {
    match tree {
        Tree::Text(phrase) | Tree::Scalar(phrase) => phrase.fields(),
        _ => &[],
    }
}

fn add<T>(
    scope: &Scope<'_>,
    merged: &mut Vec<Member<T>>,
    name: &Phrase,
    chosen: Chosen<T>,
    fields: impl Fn(&T) -> &[FieldId],
    names: Names,
) -> Result<(), Error> {
    let text = name.value().to_string();
    if merged.iter().any(|member| names.are_same(&member.name, &text)) {
        let fault = Unusable::new(Code::Conflict, format!("`{text}` would be sent twice"));
        return Err(scope.blame(fault, name.fields()).into());
    }
    let fields = [name.fields(), fields(&chosen.value)].concat();
    merged.push(Member { name: text, value: chosen.value, fields, by_first: chosen.by_first });
    Ok(())
}

fn replace<T>(
    scope: &Scope<'_>,
    merged: &mut Vec<Member<T>>,
    name: String,
    value: T,
    field: FieldId,
    carries_secret: impl Fn(&T) -> bool,
    names: Names,
) -> Result<(), Error> {
    let Some(member) = merged.iter_mut().find(|member| names.are_same(&member.name, &name)) else {
        merged.push(Member { name, value, fields: vec![field], by_first: false });
        return Ok(());
    };
    if carries_secret(&member.value) {
        let message = format!("`{name}` carries a secret and may not be overridden");
        let fault = Unusable::new(Code::OverridesSecret, message).with_help("leave it out there");
        return Err(scope.blame(fault, &[field]).into());
    }
    if member.by_first {
        let message = format!("`{name}` is set twice, by a field of its own and here");
        let fault = Unusable::new(Code::Conflict, message).with_help("leave out one of the two");
        return Err(scope.blame(fault, &[field]).into());
    }
    *member = Member { name, value, fields: vec![field], by_first: false };
    Ok(())
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
