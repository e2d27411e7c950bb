//! Where the rules of a value stand: behind references, and behind unions by type.

use crate::number::Number;
use crate::reference::Reference;
use crate::table::{Discriminant, Keyword, NodeId, Properties, Schema, Types, Union};

/// The rules of a string, found once, when the parser is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StringRules {
    /// Where they stand.
    pub node: NodeId,
    /// `minLength`, which most strings have.
    pub min_length: u64,
    /// The others.
    pub others: Others,
}

/// What a string must hold to beside `minLength`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Nothing.
    None,
    /// The pattern in this row of the node.
    Pattern(usize),
    /// Every row of the node.
    Rows,
}

impl StringRules {
    /// The rules of `node` for strings: behind references and unions by type that add none.
    #[must_use]
    pub fn behind(schema: &Schema, node: NodeId) -> Self {
        let node = string_node(schema, node);
        let (mut min_length, mut others) = (0, Others::None);
        for (at, row) in schema.node(node).keywords.iter().enumerate() {
            match row {
                Keyword::MinLength(bound) => min_length = *bound,
                Keyword::Type(types) if types.intersects(Types::STRING) => {}
                Keyword::Pattern(_) if others == Others::None => others = Others::Pattern(at),
                _ => others = Others::Rows,
            }
        }
        Self { node, min_length, others }
    }
}

/// The rules of a value which may be a string or a reference, found once, when the parser is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRules {
    /// Those of the string.
    pub string: StringRules,
    /// Those of a reference's name for each of [`Reference::SOURCES`], where there may be one.
    pub reference: [Option<StringRules>; 3],
}

impl TextRules {
    /// The rules of `node`.
    #[must_use]
    pub fn behind(schema: &Schema, node: NodeId) -> Self {
        let members = branch(schema, node, Types::OBJECT).and_then(|branch| properties(schema, branch));
        let name = |source: &str| members?.named(source).map(|name| StringRules::behind(schema, name));
        Self { string: StringRules::behind(schema, node), reference: Reference::SOURCES.map(name) }
    }

    /// The rules of the values of the map `node`.
    #[must_use]
    pub fn of_map(schema: &Schema, node: NodeId) -> Option<Self> {
        let additional = properties(schema, node).and_then(|rows| rows.additional)?;
        Some(Self::behind(schema, additional))
    }
}

/// The rules of a number, found once, when the parser is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRules {
    /// Where they stand: every row of it counts, but for most whole numbers.
    pub node: NodeId,
    /// The least that a whole number from 0 may be.
    pub least: u64,
    /// The most.
    pub most: u64,
    /// Whether there is more that it must hold to.
    pub others: bool,
}

impl NumberRules {
    /// The rules of `node` for numbers.
    #[must_use]
    pub fn behind(schema: &Schema, node: NodeId) -> Self {
        let mut rules = Self { node, least: 0, most: u64::MAX, others: false };
        rules.add(schema, node);
        rules
    }

    fn add(&mut self, schema: &Schema, node: NodeId) {
        for row in &schema.node(node).keywords {
            match *row {
                Keyword::Type(types) if types.intersects(Types::NUMBER) => {}
                Keyword::Minimum(Number::Unsigned(bound)) => self.least = self.least.max(bound),
                Keyword::ExclusiveMinimum(Number::Unsigned(bound)) if bound < u64::MAX => {
                    self.least = self.least.max(bound + 1);
                }
                Keyword::Maximum(Number::Unsigned(bound)) => self.most = self.most.min(bound),
                Keyword::ExclusiveMaximum(Number::Unsigned(bound)) if bound > 0 => {
                    self.most = self.most.min(bound - 1);
                }
                Keyword::Ref(target) => self.add(schema, target),
                _ => self.others = true,
            }
        }
    }
}

/// The string that a value must be, where that is all that its rules say.
#[must_use]
pub fn constant(schema: &Schema, node: NodeId) -> Option<&str> {
    match &*schema.node(node).keywords {
        [Keyword::Const(value)] => value.as_str(),
        [Keyword::Ref(target)] => constant(schema, *target),
        _ => None,
    }
}

/// The node that has every rule of `node` for strings: behind references and unions by type that add none.
fn string_node(schema: &Schema, node: NodeId) -> NodeId {
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
