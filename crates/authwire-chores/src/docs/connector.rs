//! The page of the connector file.

use authwire_core::compiled::Document;

use super::fields::fields;
use super::{finished, mark};
use crate::json;

/// The page of the connector file: its fields and a complete example.
#[must_use]
pub fn connector(document: &Document) -> String {
    let mut text = mark("schemas/connector.json");
    text.push_str("# The connector file\n\n");
    if let Some(description) = document.description(document.schema.root()) {
        text.push_str(&format!("{description}\n\n"));
    }
    text.push_str(
        "It is strict JSON in UTF-8: no comments, no trailing commas, no field that is not named here.\n\n",
    );
    text.push_str("## Fields\n\n");
    text.push_str(&fields(document, document.schema.root(), 3));
    text.push_str("## Example\n\n");
    for example in document.notes.first().map(|note| &*note.examples).unwrap_or_default() {
        text.push_str(&format!("```json\n{}\n```\n\n", json::block(example)));
    }
    text.push_str("How to write one: [the guide](../guide/writing-a-connector.md).\n");
    finished(text)
}
