//! Turns compiled schemas into Rust tokens, Markdown docs and fixtures. A plain library: the derive and the chores are
//! thin shims over it.
//!
//! - [`model`] decides which Rust type says what a schema says.
//! - [`rust`] writes the types, their one-pass parsers and the static tables.
//! - `corpus` makes documents, for tests and benchmarks; `fixtures` breaks every rule of the schemas once; `docs` writes the
//!   reference pages. These are for this repository's chores, behind a feature of that name.
//!
//! It must not know how a schema file is read or what HTTP is.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

#[cfg(feature = "chores")]
pub mod corpus;
#[cfg(feature = "chores")]
pub mod docs;
#[cfg(feature = "chores")]
pub mod fixtures;
#[cfg(feature = "chores")]
mod json;
pub mod model;
pub mod name;
pub mod rust;
