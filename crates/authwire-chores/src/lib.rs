//! What this repository makes of the compiled schemas for itself, its tests and its benchmarks: nobody who uses Authwire
//! builds it.
//!
//! - [`corpus`] makes documents by chance.
//! - [`fixtures`] breaks every rule of the schemas once.
//! - [`docs`] writes the reference pages.
//!
//! It must not know how a schema file is read, what Rust is made of it, or what HTTP is.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

pub mod corpus;
pub mod docs;
pub mod fixtures;
mod json;
