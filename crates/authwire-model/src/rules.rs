//! Where the rules of a value stand: behind references, and behind unions by type.

use crate::table::{Discriminant, Keyword, NodeId, Properties, Schema, Types, Union};

/// The nodes that have the rules of a value which may be a string or a reference, found once, when the parser is
/// generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextNodes {
    /// Where the rules of the string stand.
    pub string: NodeId,
    /// Where the members of the reference stand, if there may be one.
    pub reference: Option<NodeId>,
}

impl TextNodes {
    /// The nodes behind `node`.
    #[must_use]
    pub fn behind(schema: &Schema, node: NodeId) -> Self {
        let reference = branch(schema, node, Types::OBJECT).and_then(|branch| members_node(schema, branch));
        Self { string: string_node(schema, node), reference }
    }

    /// The nodes of the values of the map `node`.
    #[must_use]
    pub fn of_map(schema: &Schema, node: NodeId) -> Option<Self> {
        let additional = properties(schema, node).and_then(|rows| rows.additional)?;
        Some(Self::behind(schema, additional))
    }
}

/// The node that has every rule of `node` for strings: behind references and unions by type that add none.
#[must_use]
pub fn string_node(schema: &Schema, node: NodeId) -> NodeId {
    let mut only = None;
    for row in &schema.node(node).keywords {
        let target = match row {
            Keyword::Type(types) if types.intersects(Types::STRING) => continue,
            Keyword::Ref(target) => Some(*target),
            Keyword::OneOf(union) | Keyword::AnyOf(union) => by_type(union, Types::STRING),
            Keyword::Properties(_) | Keyword::Required(_) => continue,
            // a rule, or one that is not looked into
            _ => None,
        };
        match target {
            Some(target) if only.is_none() => only = Some(target),
            _ => return node,
        }
    }
    only.map_or(node, |target| string_node(schema, target))
}

/// The node that has the rows of an object's members.
fn members_node(schema: &Schema, node: NodeId) -> Option<NodeId> {
    schema.node(node).keywords.iter().find_map(|row| match row {
        Keyword::Properties(_) => Some(node),
        Keyword::Ref(target) => members_node(schema, *target),
        _ => None,
    })
}

/// The rows of an object's members.
#[must_use]
pub fn properties(schema: &Schema, node: NodeId) -> Option<&Properties> {
    schema.node(node).keywords.iter().find_map(|row| match row {
        Keyword::Properties(rows) => Some(&**rows),
        Keyword::Ref(target) => properties(schema, *target),
        _ => None,
    })
}

/// The branch of a union by type that takes `types`.
fn branch(schema: &Schema, node: NodeId, types: Types) -> Option<NodeId> {
    schema.node(node).keywords.iter().find_map(|row| match row {
        Keyword::OneOf(union) | Keyword::AnyOf(union) => by_type(union, types),
        Keyword::Ref(target) => branch(schema, *target, types),
        _ => None,
    })
}

/// The branch of `union`, if it is one by type, that takes `types`.
#[must_use]
pub fn by_type(union: &Union, types: Types) -> Option<NodeId> {
    match &union.by {
        Discriminant::Type(by) => {
            by.iter().position(|taken| taken.intersects(types)).map(|branch| union.branches[branch])
        }
        _ => None,
    }
}
