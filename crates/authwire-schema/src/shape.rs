//! What nodes say about the values that fulfil them: the types, the constants, the properties. All of it is an upper
//! bound: a node may allow less, never more.

use authwire_model::compiled::{self, Annotations};
use authwire_model::list::sorted;
use authwire_model::reference::Reference;
use authwire_model::secrecy;
use authwire_model::table::{Json, Keyword, Node, NodeId, Types, Union};

/// Nodes with their annotations. In place, no node leads back to itself (`endless.rs`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'s> {
    pub(crate) nodes: &'s [Node],
    pub(crate) notes: &'s [Annotations],
}

impl<'s> Shape<'s> {
    pub(crate) fn rows(self, node: NodeId) -> &'s [Keyword] {
        self.nodes.get(node as usize).map_or(&[], |node| &node.keywords)
    }

    pub(crate) fn note(self, node: NodeId) -> Option<&'s Annotations> {
        self.notes.get(node as usize)
    }

    /// Whether the node holds for nothing.
    pub(crate) fn is_never(self, node: NodeId) -> bool {
        self.rows(node).iter().any(|row| matches!(row, Keyword::Never))
    }

    /// The node and, behind its `$ref`s, those that it points at.
    pub(crate) fn chain(self, node: NodeId) -> impl Iterator<Item = NodeId> {
        compiled::chain(self.nodes, node)
    }

    /// As [`Self::chain`], which an `allOf` of one branch goes on as well.
    pub(crate) fn line(self, node: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(node), move |node| {
            self.rows(*node).iter().find_map(|row| match row {
                Keyword::Ref(target) => Some(*target),
                Keyword::AllOf(branches) if branches.len() == 1 => branches.first().copied(),
                _ => None,
            })
        })
    }

    /// The node and every other whose rows may apply to the same value.
    pub(crate) fn in_place(self, node: NodeId) -> Vec<NodeId> {
        secrecy::in_place(self.nodes, node)
    }

    /// The properties that the value may have by name, as the nodes that apply to it name them.
    pub(crate) fn properties(self, node: NodeId) -> Vec<(&'s str, NodeId)> {
        let mut found = Vec::new();
        for node in self.in_place(node) {
            let named = self.rows(node).iter().filter_map(Keyword::properties).flat_map(|row| &row.named);
            found.extend(named.map(|(name, child)| (&**name, *child)));
        }
        found
    }

    /// Folds what a node says: its own rows and those of all branches that must hold narrow down, alternatives widen.
    /// `own` is asked for every node; `None` says nothing.
    pub(crate) fn fold<T>(
        self,
        node: NodeId,
        own: &impl Fn(NodeId) -> Option<T>,
        narrow: &impl Fn(T, T) -> T,
        widen: &impl Fn(T, T) -> T,
    ) -> Option<T> {
        let both = |one: Option<T>, two: Option<T>| match (one, two) {
            (Some(one), Some(two)) => Some(narrow(one, two)),
            (one, two) => one.or(two),
        };
        let either = |one: Option<T>, two: Option<T>| Some(widen(one?, two?));
        let below = |node: NodeId| self.fold(node, own, narrow, widen);
        let any = |union: &Union| union.branches.iter().map(|branch| below(*branch)).reduce(either).flatten();
        let mut folded = own(node);
        for row in self.rows(node) {
            let said = match row {
                Keyword::Ref(target) => below(*target),
                Keyword::AllOf(branches) => {
                    branches.iter().map(|branch| below(*branch)).reduce(both).flatten()
                }
                Keyword::AnyOf(union) | Keyword::OneOf(union) => any(union),
                Keyword::If(condition) => match (condition.then, condition.otherwise) {
                    (Some(then), Some(otherwise)) => either(below(then), below(otherwise)),
                    _ => None,
                },
                _ => None,
            };
            folded = both(folded, said);
        }
        folded
    }

    /// The types that the value may have.
    pub(crate) fn types(self, node: NodeId) -> Types {
        let own = |node: NodeId| {
            let rows = self.rows(node).iter().filter_map(|row| match row {
                Keyword::Never => Some(Types(0)),
                Keyword::Type(types) => Some(*types),
                Keyword::Const(value) => Some(type_of(value)),
                Keyword::Enum(values) => Some(values.iter().map(type_of).fold(Types(0), Types::union)),
                Keyword::AuthType => Some(Types::OBJECT),
                _ => None,
            });
            rows.reduce(Types::intersection)
        };
        self.fold(node, &own, &Types::intersection, &Types::union).unwrap_or(Types::ANY)
    }

    /// The values that the value may have, if they are listed.
    pub(crate) fn values(self, node: NodeId) -> Option<Vec<&'s Json>> {
        self.fold(node, &|node| self.own_values(node), &narrow, &widen)
    }

    fn own_values(self, node: NodeId) -> Option<Vec<&'s Json>> {
        let rows = self.rows(node).iter().filter_map(|row| match row {
            Keyword::Never => Some(Vec::new()),
            Keyword::Const(value) => Some(vec![value]),
            Keyword::Enum(values) => Some(values.iter().collect()),
            _ => None,
        });
        rows.reduce(narrow)
    }

    /// The values that the property at `path` may have where it is given, if they are listed.
    pub(crate) fn values_of(self, node: NodeId, path: &[&str]) -> Option<Vec<&'s Json>> {
        let Some((name, rest)) = path.split_first() else { return self.values(node) };
        let own = |node: NodeId| match self.own_property(node, name) {
            Property::Named(child) => self.values_of(child, rest),
            Property::Forbidden => Some(Vec::new()),
            Property::Open => None,
        };
        self.fold(node, &own, &narrow, &widen)
    }

    /// What the node's own rows, without those that it refers to, say about the property `name`.
    pub(crate) fn own_property(self, node: NodeId, name: &str) -> Property {
        for row in self.rows(node) {
            match row {
                Keyword::Never => return Property::Forbidden,
                Keyword::Properties(row) => {
                    return match (row.named(name), row.additional) {
                        (Some(child), _) if self.is_never(child) => Property::Forbidden,
                        (Some(child), _) => Property::Named(child),
                        (None, _) if row.patterns.iter().any(|(pattern, _)| pattern.matches(name)) => {
                            Property::Open
                        }
                        (None, Some(additional)) if self.is_never(additional) => Property::Forbidden,
                        (None, _) => Property::Open,
                    };
                }
                _ => {}
            }
        }
        Property::Open
    }

    /// Whether no valid value has the property `name`.
    pub(crate) fn forbids(self, node: NodeId, name: &str) -> bool {
        let own = |node: NodeId| match self.own_property(node, name) {
            Property::Forbidden => Some(true),
            _ => None,
        };
        self.fold(node, &own, &|one, two| one || two, &|one, two| one && two).unwrap_or(false)
    }

    /// Whether every valid value that is an object has the property `name`, by `required` alone.
    pub(crate) fn requires(self, node: NodeId, name: &str) -> bool {
        let own = |node: NodeId| {
            let mut required = self.rows(node).iter().flat_map(Keyword::required);
            required.any(|known| *known == *name).then_some(true)
        };
        self.fold(node, &own, &|one, two| one || two, &|one, two| one && two).unwrap_or(false)
    }

    /// Whether the node describes a reference to a secret: an object with the sources `env`, `file` and `store`.
    pub(crate) fn is_reference(self, node: NodeId) -> bool {
        let names = self.properties(node).into_iter().map(|(name, _)| name).collect();
        let mut names: Vec<&str> = sorted(names, Ord::cmp);
        names.dedup();
        self.types(node) == Types::OBJECT && names == Reference::SOURCES
    }

    /// The branches of the node's union, behind its `$ref`s, if it has one.
    pub(crate) fn alternatives(self, node: NodeId) -> &'s [NodeId] {
        let union = self.line(node).find_map(|node| self.rows(node).iter().find_map(Keyword::union));
        union.map_or(&[], |union| &union.branches)
    }
}

/// What a node says about a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Property {
    /// It has a schema of its own.
    Named(NodeId),
    /// It may not be there.
    Forbidden,
    /// Nothing.
    Open,
}

fn narrow<'s>(one: Vec<&'s Json>, two: Vec<&'s Json>) -> Vec<&'s Json> {
    one.into_iter().filter(|value| two.contains(value)).collect()
}

fn widen<'s>(mut one: Vec<&'s Json>, two: Vec<&'s Json>) -> Vec<&'s Json> {
    for value in two {
        if !one.contains(&value) {
            one.push(value);
        }
    }
    one
}

/// The type of a value: of a whole number `integer`.
pub(crate) fn type_of(value: &Json) -> Types {
    match value {
        Json::Null => Types::NULL,
        Json::Bool(_) => Types::BOOLEAN,
        Json::Number(number) if number.is_integer() => Types::INTEGER,
        Json::Number(_) => Types::NUMBER,
        Json::String(_) => Types::STRING,
        Json::Array(_) => Types::ARRAY,
        Json::Object(_) => Types::OBJECT,
    }
}
