//! The first page: the auth types, the kinds of value.

use authwire_core::compiled::{AuthType, Document};
use authwire_core::table::Keyword;

use super::markdown::{code, table};
use super::{finished, kind, mark};

/// The index: every auth type with its page, and the kinds of value that their fields take.
#[must_use]
pub fn index(connector_file: &Document, types: &[AuthType]) -> String {
    let mut text = mark("schemas/");
    text.push_str("# Reference\n\n");
    text.push_str("- [The connector file](connector.md)\n- [Findings](findings.md): every code that a report may hold\n\n");
    text.push_str("## Auth types\n\n");
    let rows: Vec<[String; 3]> = types
        .iter()
        .map(|document| {
            [
                format!("[{}]({}.md)", code(&document.name), document.name),
                document.schema.title.to_string(),
                document.description(document.schema.root()).unwrap_or_default().to_owned(),
            ]
        })
        .collect();
    text.push_str(&table(["`type`", "Title", "Description"], &rows));
    text.push_str("A new one is one file: [writing an auth type](../guide/writing-an-auth-type.md).\n\n");
    text.push_str("## Kinds of value\n\n");
    text.push_str(
        "Each is a definition of `authwire:common`, which any schema may reference. A *reference* names the place where \
         a value is kept; only the kinds whose description says so take one.\n\n",
    );
    let documents = std::iter::once(connector_file).chain(types);
    let rows: Vec<[String; 2]> = kind::named(documents)
        .into_iter()
        .map(|(name, description)| [name.replace('_', " "), description.to_owned()])
        .collect();
    text.push_str(&table(["Kind", "Description"], &rows));
    text.push_str(&sources(connector_file));
    finished(text)
}

/// The sources of a reference, as its definition has them.
fn sources(document: &Document) -> String {
    let nodes = (0..).zip(document.schema.nodes.iter());
    let Some((id, _)) = nodes.into_iter().find(|(id, node)| {
        kind::is_reference(document, *id) && !node.keywords.iter().any(|row| matches!(row, Keyword::Ref(_)))
    }) else {
        return String::new();
    };
    format!("### Reference\n\n{}", super::fields::fields(document, id, 4))
}
