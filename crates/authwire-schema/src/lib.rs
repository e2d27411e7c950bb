//! Reads Authwire's schema files: positions, references, the closed keyword set, plans; and compiles them to the
//! tables of `authwire-model`.
//!
//! The stages, each a module: `source` (text with places) -> `resource` (what its `$id`s and anchors name) -> `library`
//! (which documents a `$ref` reaches) -> `compiler` with `keyword` and `scope` (subschemas become nodes) -> `endless`,
//! `union`, `display`, `samples` (what holds of all nodes together) -> `plan` (what goes on the wire). [`Document`] is
//! what comes out. [`pattern`] stands alone.
//!
//! Everything that is wrong is told at once, each thing once, with file, line, column and pointer. It must not know how
//! a document is checked, how Rust is generated or what HTTP is.
//!
//! ```
//! use authwire_core::interpreter::is_valid_tree;
//! use authwire_schema::{Library, builtin};
//!
//! let builtin = builtin(&mut Library::new(is_valid_tree))?;
//! let names: Vec<&str> = builtin.auth.iter().map(|auth| &*auth.name).collect();
//! assert!(names.contains(&"basic_auth"));
//! # Ok::<(), authwire_schema::Diagnostics>(())
//! ```

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

#[cfg(feature = "bundle")]
mod bundle;
mod compiler;
mod diagnostic;
mod display;
mod document;
mod endless;
mod keyword;
mod library;
pub mod pattern;
mod plan;
mod problems;
#[cfg(test)]
#[path = "../tests/random/mod.rs"]
mod random;
mod reference;
mod resource;
mod samples;
mod scope;
mod shape;
mod source;
mod subschema;
#[cfg(test)]
mod tests;
mod union;

pub use authwire_model::compiled::{Annotations, AuthType, Builtin, Document};
pub use authwire_model::finding::Severity;
#[cfg(feature = "bundle")]
pub use bundle::{bundle, bundle_type};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use document::{builtin, read_auth_type, read_builtin, read_folder, read_text};
pub use library::{IsValid, Library};
