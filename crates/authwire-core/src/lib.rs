//! The leaf of Authwire: what every other crate speaks.
//!
//! - [`json`] reads strict RFC 8259: a pull reader for generated parsers, a positioned tree for reports.
//! - [`table`] is the compiled form of a schema, [`plan`] that of an `x-auth` plan: plain data, `static` where the
//!   derive wrote it and owned where a schema was loaded at run time. [`compiled`] is what comes of a schema file: tables
//!   with their annotations.
//! - [`interpreter`] checks a document against the tables and makes every finding; `keyword` holds one file for
//!   each keyword's meaning. [`semantic`] checks what no schema can say, at the plan's primitives.
//! - [`finding`] and [`report`] are what comes out; [`secret`], [`text`] and [`mod@reference`] are the kinds of value.
//!
//! It must not know how a schema file is read, how Rust is generated, or what HTTP is.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

pub mod checker;
pub mod compiled;
pub mod document;
pub mod finding;
pub mod instance;
pub mod interpreter;
pub mod json;
mod keyword;
pub mod list;
pub mod number;
pub mod pattern;
pub mod place;
pub mod plan;
pub mod read;
pub mod reference;
pub mod report;
pub mod secret;
pub mod semantic;
pub mod slot;
pub mod suggest;
pub mod table;
pub mod text;
pub mod write;

pub use checker::Judge;
pub use document::Document;
pub use finding::{Code, Finding, Layer, Severity};
pub use place::Place;
pub use reference::Reference;
pub use report::Report;
pub use secret::Secret;
pub use text::{Text, TextMap};
