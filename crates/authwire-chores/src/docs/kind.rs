//! What a value is, in a few words: a kind of value that has a name, or what its schema's rows say.

use authwire_core::compiled::{Document, chain};
use authwire_core::number::Number;
use authwire_core::reference::Reference;
use authwire_core::table::{Json, Keyword, NodeId, Properties, Types};

use super::fields::rows;
use super::markdown::{codes, listed};
use crate::json;

/// Where the kinds of value stand that have a name.
const DEFINITIONS: &str = "authwire:common#/$defs/";

/// Schemas that hold themselves are described so deep and no deeper.
const DEPTH: usize = 4;

/// The kind of the values at `node`, as Markdown.
pub(super) fn kind(document: &Document, node: NodeId) -> String {
    within(document, node, DEPTH)
}

/// A default or a constant, as code: a string without its quotes.
pub(super) fn literal(value: &Json) -> String {
    match value.as_str() {
        Some(text) if !text.is_empty() => super::markdown::code(text),
        _ => super::markdown::code(&json::line(value)),
    }
}

/// The kinds of value with a name that `documents` use: name and description, by name.
pub(super) fn named<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Vec<(&'d str, &'d str)> {
    let mut found = Vec::new();
    for document in documents {
        for (id, _) in (0..).zip(document.schema.nodes.iter()) {
            let Some((name, definition)) = definition(document, id) else { continue };
            let description = document.description(definition).unwrap_or_default();
            if !found.contains(&(name, description)) {
                found.push((name, description));
            }
        }
    }
    found.sort_unstable();
    found
}

/// Whether it is an object with the sources of a reference.
pub(super) fn is_reference(document: &Document, node: NodeId) -> bool {
    properties(&rows(document, node)).is_some_and(|properties| {
        let names: Vec<&str> = properties.named.iter().map(|(name, _)| &**name).collect();
        names == Reference::SOURCES
    })
}

fn within(document: &Document, node: NodeId, depth: usize) -> String {
    if let Some((name, _)) = definition(document, node) {
        return format!("[{}](README.md#kinds-of-value)", name.replace('_', " "));
    }
    let rows = rows(document, node);
    let below = |node: NodeId| match depth {
        0 => "JSON".to_owned(),
        _ => within(document, node, depth - 1),
    };
    for row in &rows {
        match row {
            Keyword::Const(value) => return literal(value),
            Keyword::Enum(values) => {
                return listed(&values.iter().map(literal).collect::<Vec<_>>(), "or");
            }
            Keyword::AuthType => return "object: an [auth type](README.md#auth-types)".to_owned(),
            _ => {}
        }
    }
    let types = rows.iter().fold(Types::ANY, |types, row| match row {
        Keyword::Type(only) => types.intersection(*only),
        _ => types,
    });
    if properties(&rows).is_none()
        && let Some(union) = rows.iter().find_map(Keyword::union)
    {
        let mut kinds: Vec<String> = Vec::new();
        for branch in &union.branches {
            let kind = below(*branch);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        return listed(&kinds, "or");
    }
    match types {
        Types::STRING => match document.inherited(node, |note| note.format.as_deref()) {
            Some(format) => format!("string: {}", format.replace('-', " ")),
            None => "string".to_owned(),
        },
        Types::BOOLEAN => codes(["true", "false"], "or"),
        Types::INTEGER => format!("whole number{}", bounds(&rows)),
        Types::NUMBER => format!("number{}", bounds(&rows)),
        Types::NULL => super::markdown::code("null"),
        Types::ARRAY => array(&rows, &below),
        Types::OBJECT => object(&rows, &below),
        Types::ANY => "JSON".to_owned(),
        types => types.in_words(),
    }
}

fn array(rows: &[Keyword], below: &impl Fn(NodeId) -> String) -> String {
    let mut text = "array".to_owned();
    for row in rows {
        if let Keyword::Items(items) = row {
            let kinds: Vec<String> = items.prefix.iter().map(|item| below(*item)).collect();
            match (kinds.is_empty(), items.rest) {
                (true, Some(rest)) => text = format!("array (each {})", below(rest)),
                (false, _) => text = format!("array ({})", kinds.join(", then ")),
                _ => {}
            }
        }
    }
    for row in rows {
        match row {
            Keyword::MinItems(1) => text.push_str(", not empty"),
            Keyword::MinItems(least) => text.push_str(&format!(", at least {least} items")),
            Keyword::MaxItems(most) => text.push_str(&format!(", at most {most} items")),
            Keyword::UniqueItems => text.push_str(", none twice"),
            _ => {}
        }
    }
    text
}

fn object(rows: &[Keyword], below: &impl Fn(NodeId) -> String) -> String {
    match properties(rows) {
        Some(Properties { named, additional: Some(rest), .. }) if named.is_empty() => {
            format!("object: names to {}", below(*rest))
        }
        _ => "object".to_owned(),
    }
}

fn bounds(rows: &[Keyword]) -> String {
    let shown = |number: Number| Json::Number(number).to_string();
    let mut least = None;
    let mut most = None;
    for row in rows {
        match *row {
            Keyword::Minimum(bound) => least = Some(format!("from {}", shown(bound))),
            Keyword::ExclusiveMinimum(bound) => least = Some(format!("above {}", shown(bound))),
            Keyword::Maximum(bound) => most = Some(format!("up to {}", shown(bound))),
            Keyword::ExclusiveMaximum(bound) => most = Some(format!("below {}", shown(bound))),
            _ => {}
        }
    }
    match (least, most) {
        (None, None) => String::new(),
        (Some(bound), None) | (None, Some(bound)) => format!(" {bound}"),
        (Some(least), Some(most)) => format!(" {least} {most}"),
    }
}

fn properties(rows: &[Keyword]) -> Option<&Properties> {
    rows.iter().find_map(Keyword::properties)
}

/// The kind of value with a name that `node` references: its name and its definition. That is a string in whatever
/// form, or a map. A plain string without rules of its own is a kind only for fields with a title of their own: else
/// it is itself a field that several auth types share.
fn definition(document: &Document, node: NodeId) -> Option<(&str, NodeId)> {
    let title = &document.schema.node(node).title;
    chain(&document.schema.nodes, node).find_map(|id| {
        let node = document.schema.node(id);
        let name = node.at.strip_prefix(DEFINITIONS).filter(|name| !name.contains('/'))?;
        let rows = &node.keywords;
        let references = rows.iter().any(|row| matches!(row, Keyword::Ref(_)));
        let is_map = || properties(rows).is_some_and(|properties| properties.named.is_empty());
        let is_kind = || {
            is_map() || is_text(document, rows) || is_reference(document, id) || {
                let ruled = rows.iter().any(|row| matches!(row, Keyword::Pattern(_)))
                    || document.notes.get(id as usize).is_some_and(|note| note.format.is_some());
                is_string(document, id) && (ruled || node.title != *title)
            }
        };
        (!references && is_kind()).then_some((name, id))
    })
}

/// Whether it is a union with a string among its branches.
fn is_text(document: &Document, rows: &[Keyword]) -> bool {
    rows.iter().any(|row| match row {
        Keyword::OneOf(union) | Keyword::AnyOf(union) => {
            union.branches.iter().any(|branch| is_string(document, *branch))
        }
        _ => false,
    })
}

/// Whether it is a string out of no list.
fn is_string(document: &Document, node: NodeId) -> bool {
    let rows = rows(document, node);
    rows.contains(&Keyword::Type(Types::STRING)) && !rows.iter().any(|row| matches!(row, Keyword::Enum(_)))
}
