//! The references of a connector file: where the schemas let them stand. A map with one member called `file` is no reference.

use std::borrow::Cow;

use crate::json::{Cursor, Kind};
use crate::plan::FieldKind;
use crate::pointer::push_token;
use crate::reference::Reference;
use crate::table::Registry;

/// A reference as it is written.
#[derive(Debug, Clone)]
pub struct WrittenReference<'d> {
    /// Where it stands in the document: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// The reference.
    pub reference: Reference,
    /// Its value in the document.
    pub value: Cursor<'d>,
    /// Whether a file that it names may be binary.
    pub may_be_binary: bool,
}

/// The references in the connector file `root`, whose auth type is one of `registry`: in its `base_url`, its `headers` and `query`,
/// and wherever the auth type's plan reads a text, a secret or a map of texts. What has the wrong shape is left out.
#[must_use]
pub fn in_connector_file<'d>(root: Cursor<'d>, registry: Registry<'_>) -> Vec<WrittenReference<'d>> {
    let mut found = Vec::new();
    found.extend(written(root, "/base_url".to_owned(), false));
    for map in ["/headers", "/query"] {
        found.extend(entries(root, map));
    }
    let auth_type = root.pointer("/auth_config/type").and_then(Cursor::string);
    let schema = auth_type.and_then(|auth_type: Cow<'_, str>| registry.get(&auth_type));
    let fields = || schema.and_then(|schema| schema.plan.as_ref()).into_iter().flat_map(|plan| &plan.fields);
    for (at, field) in fields().enumerate() {
        // the same property with another default
        if fields().take(at).any(|other| other.pointer == field.pointer) {
            continue;
        }
        let pointer = ["/auth_config", &field.pointer].concat();
        match field.kind {
            FieldKind::Text | FieldKind::Url | FieldKind::Secret => {
                found.extend(written(root, pointer, field.may_be_binary));
            }
            FieldKind::Map => found.extend(entries(root, &pointer)),
            FieldKind::Plain | FieldKind::Boolean | FieldKind::Number | FieldKind::Json => {}
        }
    }
    found
}

/// Those in a map of texts.
fn entries<'d>(root: Cursor<'d>, map: &str) -> impl Iterator<Item = WrittenReference<'d>> {
    root.pointer(map).into_iter().flat_map(Cursor::members).filter_map(move |(name, _)| {
        let mut pointer = map.to_owned();
        push_token(&mut pointer, &name);
        written(root, pointer, false)
    })
}

fn written(root: Cursor<'_>, pointer: String, may_be_binary: bool) -> Option<WrittenReference<'_>> {
    let value = root.pointer(&pointer).filter(|value| value.kind() == Kind::Object && value.len() == 1)?;
    let (source, name) = value.members().next()?;
    let reference = Reference::new(&source, name.string()?)?;
    Some(WrittenReference { pointer, reference, value, may_be_binary })
}
