//! What a subschema says without asserting it: the words and hints that tables leave out.

use authwire_core::table::Json;

/// The annotations of one node. Its title stands in the node itself.
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
