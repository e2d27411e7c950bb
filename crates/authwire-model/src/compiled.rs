//! What comes of a schema file: the tables, with the words and hints that they leave out. Who reads schemas makes it, who
//! writes code or pages reads it.

use crate::table::{Json, Keyword, Node, NodeId, Schema};

/// A compiled schema document: an auth type, or the connector file's schema.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Document {
    /// Its name: the file's stem. Of an auth type, what a connector writes as `type`.
    pub name: String,
    /// The tables.
    pub schema: Schema,
    /// The annotations of each node, by [`NodeId`].
    pub notes: Vec<Annotations>,
    /// The text that it was read from.
    pub text: String,
    /// Where the text stands in the library that read it.
    pub source: usize,
}

/// A document with a plan (`x-auth`): its [`Schema::plan`] is there.
pub type AuthType = Document;

/// What a subschema says without asserting it. Its title stands in the node itself.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Annotations {
    /// `description`
    pub description: Option<String>,
    /// `default`
    pub default: Option<Json>,
    /// `examples`
    pub examples: Vec<Json>,
    /// `deprecated`
    pub deprecated: bool,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`: a secret
    pub write_only: bool,
    /// `format`
    pub format: Option<String>,
    /// `$comment`
    pub comment: Option<String>,
}

/// Authwire's own documents.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Builtin {
    /// The schema of a connector file.
    pub connector: Document,
    /// The auth types, by name.
    pub auth: Vec<AuthType>,
}

impl Document {
    /// What was compiled of `text`, which stands at `source` in its library.
    #[must_use]
    pub fn new(schema: Schema, notes: Vec<Annotations>, text: String, source: usize) -> Self {
        Self { name: schema.name.to_string(), schema, notes, text, source }
    }

    /// The `description` of the node, or of what its `$ref` points at.
    #[must_use]
    pub fn description(&self, node: NodeId) -> Option<&str> {
        self.inherited(node, |note| note.description.as_deref())
    }

    /// What `of` finds at the node, or else at what its `$ref` points at.
    pub fn inherited<'s, T>(&'s self, node: NodeId, of: impl Fn(&'s Annotations) -> Option<T>) -> Option<T> {
        chain(&self.schema.nodes, node).find_map(|node| of(self.notes.get(node as usize)?))
    }
}

impl Builtin {
    /// The documents in their places.
    #[must_use]
    pub fn new(connector: Document, auth: Vec<AuthType>) -> Self {
        Self { connector, auth }
    }
}

/// The node and, behind its `$ref`s, those that it points at.
pub fn chain(nodes: &[Node], node: NodeId) -> impl Iterator<Item = NodeId> {
    std::iter::successors(Some(node), move |node| {
        nodes.get(*node as usize)?.keywords.iter().find_map(|row| match row {
            Keyword::Ref(target) => Some(*target),
            _ => None,
        })
    })
}
