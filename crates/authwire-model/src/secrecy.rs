//! Which nodes are secrets: what a schema marks with `writeOnly`, wherever among the nodes of a value that stands.

use crate::reference::Reference;
use crate::table::{Display, Json, Keyword, Node, NodeId, REFERENCE, Schema, Types};

/// The node of `nodes` and every other whose rows may apply to the same value: `not` and `if` say nothing about a valid one.
#[must_use]
pub fn in_place(nodes: &[Node], node: NodeId) -> Vec<NodeId> {
    let mut found = vec![node];
    let mut next = 0;
    while let Some(node) = found.get(next).copied() {
        next += 1;
        let Some(node) = nodes.get(node as usize) else { continue };
        for row in &node.keywords {
            row.each_in_place(&mut |id| {
                if !found.contains(&id) {
                    found.push(id);
                }
            });
        }
    }
    found
}

/// Whether a value under `node` is a secret.
#[must_use]
pub fn is_secret(schema: &Schema, node: NodeId) -> bool {
    in_place(&schema.nodes, node).iter().any(|node| schema.node(*node).display == Display::Secret)
}

/// Whether a value under `node` may be a secret, or have one in it.
#[must_use]
pub fn holds_secret(schema: &Schema, node: NodeId) -> bool {
    let mut found = vec![node];
    let mut next = 0;
    while let Some(node) = found.get(next).copied() {
        next += 1;
        if schema.node(node).display == Display::Secret {
            return true;
        }
        for row in &schema.node(node).keywords {
            let mut add = |id: NodeId| {
                if !found.contains(&id) {
                    found.push(id);
                }
            };
            row.each_in_place(&mut add);
            each_below(row, &mut add);
        }
    }
    false
}

/// Whether every value that `node` lets through is a string or a reference.
#[must_use]
pub fn is_text(schema: &Schema, node: NodeId) -> bool {
    let is_string = |value: &Json| value.as_str().is_some();
    *schema.node(node).at == *REFERENCE
        || schema.node(node).keywords.iter().any(|row| match row {
            Keyword::Never => true,
            Keyword::Type(types) => Types::STRING.contains(*types),
            Keyword::Const(value) => is_string(value),
            Keyword::Enum(values) => values.iter().all(is_string),
            Keyword::Ref(target) => is_text(schema, *target),
            Keyword::AllOf(branches) => branches.iter().any(|branch| is_text(schema, *branch)),
            Keyword::AnyOf(union) | Keyword::OneOf(union) => {
                union.branches.iter().all(|branch| is_text(schema, *branch))
            }
            _ => false,
        })
}

/// The nodes of the member `name` of an object, or of the items of an array where there is no name: for all `nodes` of it.
#[must_use]
pub fn below(schema: &Schema, nodes: &[NodeId], name: Option<&str>) -> Vec<NodeId> {
    let mut found = Vec::new();
    for row in nodes.iter().flat_map(|node| &schema.node(*node).keywords) {
        match (row, name) {
            (Keyword::Properties(rows), Some(name)) => {
                let before = found.len();
                found.extend(rows.named(name));
                let of_patterns = rows.patterns.iter().filter(|(pattern, _)| pattern.matches(name));
                found.extend(of_patterns.map(|(_, node)| *node));
                if found.len() == before {
                    found.extend(rows.additional);
                }
            }
            (Keyword::UnevaluatedProperties(_), Some(_))
            | (Keyword::Items(_) | Keyword::Contains(_) | Keyword::UnevaluatedItems(_), None) => {
                each_below(row, &mut |id| found.push(id));
            }
            _ => {}
        }
    }
    let mut all: Vec<NodeId> = Vec::new();
    for node in found.into_iter().flat_map(|node| in_place(&schema.nodes, node)) {
        if !all.contains(&node) {
            all.push(node);
        }
    }
    all
}

/// Whether these are the members of a reference: one, which names a source.
pub fn is_reference<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    names.next().is_some_and(|name| Reference::SOURCES.contains(&name)) && names.next().is_none()
}

fn each_below(row: &Keyword, add: &mut impl FnMut(NodeId)) {
    match row {
        Keyword::Properties(rows) => {
            rows.named.iter().for_each(|(_, node)| add(*node));
            rows.patterns.iter().for_each(|(_, node)| add(*node));
            rows.additional.into_iter().for_each(add);
        }
        Keyword::Items(items) => items.prefix.iter().copied().chain(items.rest).for_each(add),
        Keyword::Contains(contains) => add(contains.node),
        Keyword::UnevaluatedItems(node) | Keyword::UnevaluatedProperties(node) => add(*node),
        _ => {}
    }
}
