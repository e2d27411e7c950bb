//! Turns compiled schemas into Rust tokens. A plain library, which the derive is a thin shim over.
//!
//! - [`model`] decides which Rust type says what a schema says.
//! - [`rust`] writes the types, their one-pass parsers and the static tables.
//!
//! It must not know how a schema file is read or what HTTP is.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

pub mod model;
pub mod name;
pub mod rust;
