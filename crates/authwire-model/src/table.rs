//! The compiled form of a schema: a table of nodes, each a list of keyword rows.
//!
//! `authwire-schema` builds these tables from schema files; `authwire-codegen` writes them as `static` data. They
//! hold what a check needs and no more: descriptions and examples stay in the schema's text.

use crate::list::{List, One, Str};
use crate::number::Number;
use crate::pattern::Pattern;
use crate::plan::Plan;

/// The index of a node in [`Schema::nodes`].
pub type NodeId = u32;

/// Where the definition of a reference stands: a place of a value, never the value.
pub const REFERENCE: &str = "authwire:common#/$defs/reference";

/// Where the definition of a map of texts stands.
pub const MAP: &str = "authwire:common#/$defs/map";

/// A schema document with everything that it references, compiled.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The auth type's name where the schema describes one (`basic_auth`), else the document's name (`connector`).
    pub name: Str,
    /// The document's `title`.
    pub title: Str,
    /// The nodes; the root is the first.
    pub nodes: List<Node>,
    /// What goes on the wire (`x-auth`); `None` for a schema that describes no auth type.
    pub plan: Option<Plan>,
}

impl Schema {
    /// The root node.
    #[must_use]
    pub fn root(&self) -> NodeId {
        0
    }

    /// The node at `id`.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    /// The node at `id`, behind its `$ref`s: the first that is no bare reference to another. An endless chain is
    /// refused when the schema is read.
    #[must_use]
    pub fn resolved(&self, mut id: NodeId) -> NodeId {
        while let [Keyword::Ref(target)] = *self.node(id).keywords {
            id = target;
        }
        id
    }
}

/// One subschema.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands: `authwire:basic_auth#/properties/username`.
    pub at: Str,
    /// Its `title`; of a `$ref` without one, its target's.
    pub title: Option<Str>,
    /// What of a value may be shown in a snippet or a message.
    pub display: Display,
    /// Its assertions, in the order in which they are checked.
    pub keywords: List<Keyword>,
}

/// What of a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Display {
    /// Nothing, ever: `writeOnly: true`.
    Secret,
    /// Nothing in a snippet or a message; a plain `explain` may show it.
    #[default]
    Masked,
    /// Scheme and host (`format: uri`).
    Origin,
    /// All of it: an enum, a number, a name, a pattern, a scope.
    Shown,
}

/// One row: a keyword with its compiled value. Each variant's meaning stands in the file of `keyword/` that
/// bears its name.
#[derive(Debug, Clone, PartialEq)]
pub enum Keyword {
    /// The schema `false`.
    Never,
    /// `type`
    Type(Types),
    /// `enum`
    Enum(List<Json>),
    /// `const`
    Const(Json),
    /// `minLength`, in characters
    MinLength(u64),
    /// `maxLength`, in characters
    MaxLength(u64),
    /// `pattern`
    Pattern(One<Pattern>),
    /// `minimum`
    Minimum(Number),
    /// `maximum`
    Maximum(Number),
    /// `exclusiveMinimum`
    ExclusiveMinimum(Number),
    /// `exclusiveMaximum`
    ExclusiveMaximum(Number),
    /// `multipleOf`
    MultipleOf(Number),
    /// `prefixItems` and `items`
    Items(One<Items>),
    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems: true`
    UniqueItems,
    /// `contains`, `minContains` and `maxContains`
    Contains(Contains),
    /// `properties`, `patternProperties` and `additionalProperties`: one walk over the members
    Properties(One<Properties>),
    /// `required`
    Required(List<Str>),
    /// `propertyNames`
    PropertyNames(NodeId),
    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
    /// `dependentRequired`: a name and the names that it needs
    DependentRequired(List<(Str, List<Str>)>),
    /// `dependentSchemas`: a name and what holds of the whole object where it is there
    DependentSchemas(List<(Str, NodeId)>),
    /// `allOf`
    AllOf(List<NodeId>),
    /// `anyOf`
    AnyOf(One<Union>),
    /// `oneOf`
    OneOf(One<Union>),
    /// `not`
    Not(NodeId),
    /// `if`, `then`, `else`
    If(If),
    /// `unevaluatedItems`
    UnevaluatedItems(NodeId),
    /// `unevaluatedProperties`
    UnevaluatedProperties(NodeId),
    /// `$ref`
    Ref(NodeId),
    /// `$ref` to `authwire:auth`: an object whose `type` names an auth type of the registry
    AuthType,
}

impl Keyword {
    /// The members of an object, if it speaks of them.
    #[must_use]
    pub fn properties(&self) -> Option<&Properties> {
        match self {
            Self::Properties(rows) => Some(rows),
            _ => None,
        }
    }

    /// The names that it wants to be there; none of any row but `required`.
    #[must_use]
    pub fn required(&self) -> &[Str] {
        match self {
            Self::Required(names) => names,
            _ => &[],
        }
    }

    /// The union, if it is one.
    #[must_use]
    pub fn union(&self) -> Option<&Union> {
        match self {
            Self::AnyOf(union) | Self::OneOf(union) => Some(union),
            _ => None,
        }
    }

    /// Gives `to` the nodes that it has the same value fulfil: not those of `not` and `if`, which say nothing of a valid one.
    pub fn each_in_place(&self, to: &mut impl FnMut(NodeId)) {
        match self {
            Self::Ref(target) => to(*target),
            Self::AllOf(branches) => branches.iter().for_each(|branch| to(*branch)),
            Self::AnyOf(union) | Self::OneOf(union) => union.branches.iter().for_each(|branch| to(*branch)),
            Self::If(condition) => condition.then.into_iter().chain(condition.otherwise).for_each(to),
            Self::DependentSchemas(needs) => needs.iter().for_each(|(_, node)| to(*node)),
            _ => {}
        }
    }
}

/// The rows of `prefixItems` and `items`.
#[derive(Debug, Clone, PartialEq)]
pub struct Items {
    /// `prefixItems`: the first items, each by its own schema.
    pub prefix: List<NodeId>,
    /// `items`: those after the prefix.
    pub rest: Option<NodeId>,
}

/// The rows of `contains`, `minContains` and `maxContains`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contains {
    /// `contains`
    pub node: NodeId,
    /// `minContains`: how many items are of the kind at the least.
    pub min: u64,
    /// `maxContains`: how many at the most.
    pub max: Option<u64>,
}

/// The rows of `properties`, `patternProperties` and `additionalProperties`.
#[derive(Debug, Clone, PartialEq)]
pub struct Properties {
    /// `properties`, sorted by name (bytewise).
    pub named: List<(Str, NodeId)>,
    /// `patternProperties`
    pub patterns: List<(Pattern, NodeId)>,
    /// `additionalProperties`; a node with [`Keyword::Never`] where it is `false`.
    pub additional: Option<NodeId>,
    /// Those of the first 64 `named` that `required` lists too, by bits: a verdict sees in one walk that they are there.
    pub required: u64,
}

impl Properties {
    /// The bits of those `named` that are among `required`.
    #[must_use]
    pub fn bits_of(&self, required: &[Str]) -> u64 {
        let mut bits = 0;
        for (at, (name, _)) in self.named.iter().enumerate().take(64) {
            if required.contains(name) {
                bits |= 1 << at;
            }
        }
        bits
    }

    /// The node of the property `name`.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<NodeId> {
        self.place(name).map(|at| self.named[at].1)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.named.binary_search_by(|(known, _)| (**known).cmp(name)).ok()
    }

    /// Where in `named` the property `name` stands, where members are looked for one after the other: a `Value` has them
    /// sorted, as the rows are, so that each is near behind the last. `next` is behind that, and begins with 0.
    #[inline]
    #[must_use]
    pub fn place_from(&self, next: usize, name: &str) -> Option<usize> {
        let named = &*self.named;
        #[expect(clippy::needless_range_loop, reason = "an iterator makes a verdict take 5 % longer")]
        for at in next..named.len().min(next + 8) {
            if *named[at].0 == *name {
                return Some(at);
            }
        }
        self.place(name)
    }
}

/// The branches of `anyOf` or `oneOf`, and how one is told from the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The branches.
    pub branches: List<NodeId>,
    /// What tells them apart, so that a violation is reported inside the branch that was meant.
    pub by: Discriminant,
}

/// What tells the branches of a union apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Discriminant {
    /// Nothing that we know of: the branches are tried.
    None,
    /// The JSON type of the value: branch by branch the types that it takes, all disjoint.
    Type(List<Types>),
    /// The value of a property, required in every branch: its name, and branch by branch the values that it may have,
    /// all disjoint.
    Tag(Str, List<List<Json>>),
}

/// The rows of `if`, `then` and `else`.
#[derive(Debug, Clone, PartialEq)]
pub struct If {
    /// `if`
    pub test: NodeId,
    /// `then`
    pub then: Option<NodeId>,
    /// `else`
    pub otherwise: Option<NodeId>,
}

/// A set of JSON types, as `type` writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types(pub u8);

impl Types {
    /// `null`
    pub const NULL: Self = Self(1);
    /// `boolean`
    pub const BOOLEAN: Self = Self(1 << 1);
    /// `integer`: a number without a fractional part, however it is written
    pub const INTEGER: Self = Self(1 << 2);
    /// `number` (every integer is one)
    pub const NUMBER: Self = Self(1 << 3 | 1 << 2);
    /// `string`
    pub const STRING: Self = Self(1 << 4);
    /// `array`
    pub const ARRAY: Self = Self(1 << 5);
    /// `object`
    pub const OBJECT: Self = Self(1 << 6);
    /// Every type.
    pub const ANY: Self = Self(0x7f);

    /// The types with their names, as the specification lists them.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("null", Self::NULL),
        ("boolean", Self::BOOLEAN),
        ("object", Self::OBJECT),
        ("array", Self::ARRAY),
        ("number", Self::NUMBER),
        ("string", Self::STRING),
        ("integer", Self::INTEGER),
    ];

    /// Both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the sets share a type.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every type of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The set in words: `a string or an object`.
    #[must_use]
    pub fn in_words(self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for (types, word) in [
            (Self::STRING, "a string"),
            (Self::NUMBER, "a number"),
            (Self::INTEGER, "a whole number"),
            (Self::BOOLEAN, "true or false"),
            (Self::OBJECT, "an object"),
            (Self::ARRAY, "an array"),
            (Self::NULL, "null"),
        ] {
            let whole = types != Self::INTEGER || !self.contains(Self::NUMBER);
            if whole && self.contains(types) {
                words.push(word);
            }
        }
        match words.split_last() {
            None => "nothing".to_owned(),
            Some((last, [])) => (*last).to_owned(),
            Some((last, first)) => format!("{} or {last}", first.join(", ")),
        }
    }
}

/// A JSON value of a table (`enum`, `const`, `default`, a plan's literal).
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Str),
    /// An array.
    Array(List<Json>),
    /// An object, in the order of the file.
    Object(List<(Str, Json)>),
}

impl Json {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

/// The auth types that a document may name.
#[derive(Debug, Clone, Copy)]
pub struct Registry<'t> {
    /// The built-in ones and those that were loaded, each schema with its name.
    pub types: &'t [&'t Schema],
}

impl<'t> Registry<'t> {
    /// The auth type `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'t Schema> {
        self.types.iter().copied().find(|schema| schema.name == *name)
    }
}
