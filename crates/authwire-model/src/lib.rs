//! The leaf of Authwire: what a schema compiles to, and how a text is read and spoken of.
//!
//! - [`table`] is the compiled form of a schema, [`plan`] that of an `x-auth` plan: plain data, `static` where the
//!   derive wrote it and owned where a schema was loaded at run time. [`compiled`] is what comes of a schema file: tables
//!   with their annotations. [`rules`] says where in the tables the rules of a value stand, [`secrecy`] which of them are secrets.
//! - [`json`] reads strict RFC 8259: a pull reader for generated parsers, a positioned tree for reports.
//! - [`finding`] and [`report`] are what is said of a document, [`place`] is where, and a [`mod@pointer`] which value.
//! - [`mod@reference`], [`header`], [`cookie`], [`value_pattern`], [`username`], [`key`] and [`loopback`] are what a config's texts may be, and the
//!   words for what is wrong with them, for who reads schemas, who checks documents, and who sends what they say.
//!
//! It must not know serde, so that a derive's build does not wait for it; nor how a schema file is read or a document is
//! checked.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

pub mod compiled;
pub mod cookie;
pub mod few_set;
pub mod finding;
pub mod header;
pub mod json;
pub mod key;
pub mod list;
pub mod loopback;
pub mod number;
pub mod pattern;
pub mod place;
pub mod plan;
pub mod pointer;
pub mod reference;
pub mod report;
pub mod rules;
pub mod secrecy;
pub mod suggest;
pub mod table;
pub mod username;
pub mod value_pattern;
