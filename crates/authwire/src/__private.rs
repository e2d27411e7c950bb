//! What generated code calls. No part of the public interface.

pub use authwire_core as core;
use authwire_core::checker::{self, Judge};
use authwire_core::json::{Reader, Tree};
pub use authwire_core::read::Loaded;
use authwire_core::read::{Read, Reject, demand};
use authwire_core::slot::Config;
use authwire_core::table::{Registry, Schema};
use authwire_core::{Code, Document, Finding, Report, interpreter, semantic};
pub use serde_json;
pub use std::string::String;
pub use std::vec::Vec;

use crate::Checked;

/// What the derive implements for a config.
pub trait Parse: Sized {
    /// Its compiled schema.
    const SCHEMA: &'static Schema;

    /// Reads a config in one pass.
    fn parse(reader: &mut Reader<'_>, loaded: Loaded<'_>) -> Read<Self>;
}

const NO_TYPES: Registry<'static> = Registry { types: &[] };

/// Reads a config, or says everything that is wrong with it.
pub fn from_slice<C: Parse + Config>(bytes: &[u8]) -> Result<C, Report> {
    match one_pass::<C>(bytes) {
        Ok(config) if !semantic::has_errors(C::SCHEMA, &config) => Ok(config),
        _ => Err(refused(checker::report(C::SCHEMA, NO_TYPES, bytes, None))),
    }
}

/// Reads a config, with everything that there is to say.
pub fn check<C: Parse + Config>(bytes: &[u8]) -> Checked<C> {
    let report = checker::report(C::SCHEMA, NO_TYPES, bytes, None);
    settle(one_pass(bytes), report)
}

/// Checks a config in memory.
pub fn validate<C: Parse>(value: &serde_json::Value) -> Result<(), Report> {
    let report = checker::report_value(C::SCHEMA, NO_TYPES, value, None);
    if report.is_valid() { Ok(()) } else { Err(report) }
}

/// The config of a type that was loaded at run time.
pub fn document(reader: &mut Reader<'_>, name: &str, loaded: Loaded<'_>) -> Read<Document> {
    let schema = loaded.iter().find(|schema| schema.name == *name).ok_or(Reject)?;
    let tree = Tree::read(reader)?;
    let valid = interpreter::is_valid(schema, schema.root(), NO_TYPES, tree.root());
    demand(valid && tree.duplicates().is_empty())?;
    Ok(Document::new(schema.clone(), tree.root()))
}

/// Whether the one-pass parser takes a document: for tests that hold it to the interpreter's verdict.
#[must_use]
pub fn parses<C: Parse>(bytes: &[u8]) -> bool {
    read::<C>(bytes, &[]).is_ok()
}

fn one_pass<C: Parse>(bytes: &[u8]) -> Read<C> {
    read(bytes, &[])
}

/// Reads a whole document.
pub(crate) fn read<C: Parse>(bytes: &[u8], loaded: Loaded<'_>) -> Read<C> {
    let mut reader = Reader::new(bytes)?;
    let config = C::parse(&mut reader, loaded)?;
    reader.finish()?;
    Ok(config)
}

/// Puts the fast path's answer and the report together: a config only where the report allows one.
pub(crate) fn settle<C>(config: Read<C>, report: Report) -> Checked<C> {
    match config {
        _ if !report.is_valid() => Checked { config: None, report },
        Ok(config) => Checked { config: Some(config), report },
        Err(Reject) => Checked { config: None, report: refused(report) },
    }
}

/// The report on a document that the fast path refused. The two evaluators agree, which tests hold them to; should they
/// ever not, a document without a config must still not pass for valid.
pub(crate) fn refused(report: Report) -> Report {
    if !report.is_valid() {
        return report;
    }
    let message = "the document is valid, but its values cannot be held: this is a fault of Authwire's, please report it";
    let mut findings = report.into_findings();
    findings.push(Finding::new(Code::Syntax, "", message));
    Report::new(findings)
}

/// A judge for those who have none.
pub(crate) type MaybeJudge<'j> = Option<&'j dyn Judge>;
