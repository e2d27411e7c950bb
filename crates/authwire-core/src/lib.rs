//! What every part of Authwire that meets a document speaks.
//!
//! - [`interpreter`] checks a document against the tables and makes every finding; `keyword` holds one file for
//!   each keyword's meaning. [`semantic`] checks what no schema can say, at the plan's primitives. [`checker`] has both
//!   make one report, and a [`judge`] the last word where there is one.
//! - [`instance`] is where a document comes from: bytes with positions, or a `Value`. [`read`] and [`write`](mod@write)
//!   are for generated types, [`slot`] for plans.
//! - [`secret`], [`secret_value`] and [`text`] are what a config holds, [`document`] one of a type that was loaded at run time; [`references`] finds
//!   what stands in a file for what is kept elsewhere.
//!
//! The tables themselves, strict JSON and findings come from `authwire-model` and are here by the same names.
//!
//! It must not know how a schema file is read, how Rust is generated, or what HTTP is.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

pub mod checker;
pub mod document;
pub mod instance;
pub mod interpreter;
pub mod judge;
mod keyword;
pub mod read;
pub mod references;
pub mod secret;
pub mod secret_value;
pub mod semantic;
pub mod slot;
pub mod text;
pub mod value;
pub mod write;

pub use authwire_model::{
    compiled, cookie, few_set, finding, header, json, key, list, loopback, number, pattern, place, plan,
    pointer, reference, report, rules, secrecy, suggest, table, username, value_pattern,
};

pub use document::Document;
pub use finding::{Code, Finding, Layer, Severity};
pub use judge::Judge;
pub use place::Place;
pub use reference::Reference;
pub use report::Report;
pub use secret::Secret;
pub use secret_value::SecretValue;
pub use text::{Text, TextMap};
