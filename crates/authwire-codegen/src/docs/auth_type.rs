//! The page of an auth type.

use authwire_schema::AuthType;

use super::example::connector_files;
use super::fields::fields;
use super::{finished, mark, wire};
use crate::json;

/// The page of an auth type: what it is, its fields, what goes on the wire, complete connector files.
#[must_use]
pub fn auth_type(document: &AuthType) -> String {
    let name = &document.name;
    let mut text = mark(&format!("schemas/auth/{name}.json"));
    text.push_str(&format!("# {}\n\n", document.schema.title));
    if let Some(description) = document.description(document.schema.root()) {
        text.push_str(&format!("{description}\n\n"));
    }
    text.push_str(&format!(
        "In a [connector file](connector.md), the `type` of `auth_config` is `{name}`; the fields stand beside it.\n\n"
    ));
    text.push_str("## Fields\n\n");
    let fields = fields(document, document.schema.root(), 3);
    text.push_str(if fields.is_empty() { "None.\n\n" } else { &fields });
    if let Some(plan) = &document.schema.plan {
        text.push_str("## What goes on the wire\n\n");
        text.push_str(&wire::steps(plan));
        text.push_str(
            "`authwire explain FILE` shows it for a connector file of yours, secrets redacted.\n\n",
        );
    }
    let files = connector_files(document);
    if !files.is_empty() {
        text.push_str(if files.len() == 1 { "## Example\n\n" } else { "## Examples\n\n" });
    }
    for file in files {
        text.push_str(&format!("```json\n{}\n```\n\n", json::block(&file)));
    }
    text.push_str("What `authwire validate` may find in such a file: [findings](findings.md).\n");
    finished(text)
}
