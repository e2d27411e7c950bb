//! What generated code calls. No part of the public interface.

pub use authwire_core as core;
use authwire_core::checker;
use authwire_core::json::{Reader, Tree};
#[cfg(feature = "builtin")]
use authwire_core::judge::Judge;
pub use authwire_core::read::Loaded;
use authwire_core::read::{Read, Reject, demand};
use authwire_core::secret_value::wipe;
use authwire_core::slot::Config;
use authwire_core::table::{Registry, Schema};
use authwire_core::{Code, Document, Finding, Report, interpreter, semantic};
#[cfg(feature = "schemars")]
pub use schemars;
pub use serde_core as serde;
pub use serde_json;
#[cfg(feature = "schemars")]
pub use std::borrow::Cow;
pub use std::boxed::Box;
pub use std::string::String;
pub use std::sync::OnceLock as Once;
pub use std::vec::Vec;

use authwire_core::value::Serialized;
pub use authwire_core::write::Write;
use authwire_core::write::{Literals, Writer};
use serde_core::{Deserialize as _, Deserializer, Serialize as _, Serializer, de, ser};
use zeroize::Zeroizing;

use crate::{Checked, UnknownValue};

/// What the derive implements for the type that it stands on: its traits are nobody else's, so that they can grow.
pub trait Derived {}

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
        Ok(config) if !semantic::has_errors(&config) => Ok(config),
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
    checker::verdict(C::SCHEMA, NO_TYPES, value)
}

/// Reads a config out of a value in memory.
pub fn from_value<C: Readable>(value: &serde_json::Value) -> Result<C, Report> {
    let text = written(value).map_err(|fault| Report::new(vec![unwritable("", fault)]))?;
    C::read_whole(text.as_bytes()).map_err(Report::without_places)
}

/// Writes a config or a part of one, its secrets as their references. A secret that stands in it is an error.
pub fn serialize<C: Write, S: Serializer>(config: &C, serializer: S) -> Result<S::Ok, S::Error> {
    let text = Writer::text(config, Literals::Refused).map_err(ser::Error::custom)?;
    let tree =
        Tree::parse(text.as_bytes()).map_err(|_| ser::Error::custom("the config cannot be written"))?;
    Serialized(tree.root()).serialize(serializer)
}

/// Reads a config from wherever serde can.
pub fn deserialize<'de, C: Readable, D: Deserializer<'de>>(deserializer: D) -> Result<C, D::Error> {
    let mut value = serde_json::Value::deserialize(deserializer)?;
    let read = from_value(&value);
    wipe(&mut value);
    read.map_err(de::Error::custom)
}

/// The config of an embedded connector file.
///
/// # Panics
/// If it is not valid: the derive, which checked it, is then of another version.
#[cfg(feature = "builtin")]
#[must_use]
pub fn embedded(text: &str) -> crate::ConnectorConfig {
    crate::ConnectorConfig::from_slice(text.as_bytes())
        .unwrap_or_else(|report| panic!("the embedded connector file is not valid any more: {report}"))
}

/// Where the type of an embedded connector file is another than it was when it was checked: nowhere.
///
/// # Panics
/// Always.
pub fn other_type() -> ! {
    panic!("the embedded connector file is of another auth type than it was")
}

/// Where a text is none of these values.
#[must_use]
pub fn unknown_value(known: &'static [&'static str]) -> UnknownValue {
    UnknownValue { known }
}

/// What can be read whole: a config, or a connector file.
pub trait Readable: Sized {
    /// Reads it, or says everything that is wrong with it.
    fn read_whole(bytes: &[u8]) -> Result<Self, Report>;
}

impl<C: Parse + Config> Readable for C {
    fn read_whole(bytes: &[u8]) -> Result<Self, Report> {
        from_slice(bytes)
    }
}

/// A config in the making: its members as text, the last of each name counts.
#[derive(Clone, Default)]
pub struct Builder {
    members: Vec<(&'static str, Zeroizing<String>)>,
    /// What was set and cannot be written, and why.
    faults: Vec<(&'static str, &'static str)>,
}

impl Builder {
    /// Sets a member.
    pub fn set<T: Write + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.members.retain(|(known, _)| *known != key);
        self.faults.retain(|(known, _)| *known != key);
        match written(value) {
            Ok(text) => self.members.push((key, text)),
            Err(fault) => self.faults.push((key, fault)),
        }
    }

    /// The config, or everything that is wrong with it.
    pub fn build<C: Readable>(&self) -> Result<C, Report> {
        if !self.faults.is_empty() {
            let fault = |(key, fault): &(&str, &'static str)| unwritable(&format!("/{key}"), fault);
            return Err(Report::new(self.faults.iter().map(fault).collect()));
        }
        let text = written(self).map_err(|fault| Report::new(vec![unwritable("", fault)]))?;
        C::read_whole(text.as_bytes()).map_err(Report::without_places)
    }
}

impl Write for Builder {
    fn write(&self, writer: &mut Writer) {
        writer.object(|writer| self.members.iter().for_each(|(key, text)| writer.raw(key, text)));
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.members.iter().map(|(key, _)| key)).finish()
    }
}

fn written<T: Write + ?Sized>(value: &T) -> Result<Zeroizing<String>, &'static str> {
    Writer::text(value, Literals::Written)
}

/// The finding that what was set at `pointer` has no JSON form.
fn unwritable(pointer: &str, fault: &'static str) -> Finding {
    Finding::new(Code::UnknownType, pointer, fault)
}

/// The source schema of a config, for `schemars`. It has an id, so that its references lead into it wherever it is put.
#[cfg(feature = "schemars")]
#[must_use]
pub fn json_schema(id: &str, text: &str) -> schemars::Schema {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let mut schema = schemars::Schema::try_from(value).unwrap_or_default();
    schema.insert("$id".to_owned(), id.into());
    schema
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
    // a config is large: it is made where it is wanted, and moved no more
    let config = C::parse(&mut reader, loaded);
    if config.is_ok() {
        reader.finish()?;
    }
    config
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
#[cfg(feature = "builtin")]
pub(crate) type MaybeJudge<'j> = Option<&'j dyn Judge>;
