//! The report as one JSON object, for programs.

use std::io::{self, Write};

use authwire_core::Finding;
use serde::Serialize;

use super::{FileReport, Format, Totals};
use crate::files::Unreadable;

/// Collects findings and writes them at the end, behind the counts.
pub(crate) struct Json<W> {
    out: W,
    findings: Vec<Entry>,
}

impl<W: Write> Json<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, findings: Vec::new() }
    }
}

/// The members in the order in which they are documented.
#[derive(Serialize)]
struct Whole<'r> {
    files: usize,
    valid: usize,
    invalid: usize,
    findings: &'r [Entry],
}

#[derive(Serialize)]
struct Entry {
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    pointer: String,
    layer: &'static str,
    code: &'static str,
    severity: &'static str,
    title: Option<String>,
    message: String,
    help: Option<String>,
    schema: Option<String>,
}

impl Entry {
    fn new(file: &str, finding: &Finding) -> Self {
        Self {
            file: file.to_owned(),
            line: finding.place.as_ref().map(|place| place.line),
            column: finding.place.as_ref().map(|place| place.column),
            pointer: finding.pointer.clone(),
            layer: finding.layer().as_str(),
            code: finding.code.as_str(),
            severity: finding.severity().as_str(),
            title: finding.title.clone(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            schema: finding.schema.clone(),
        }
    }
}

impl<W: Write> Format for Json<W> {
    fn file(&mut self, file: &FileReport<'_>) -> io::Result<()> {
        self.findings.extend(file.findings.iter().map(|finding| Entry::new(file.name, finding)));
        Ok(())
    }

    fn unreadable(&mut self, _: &Unreadable) -> io::Result<()> {
        // said on stderr: the object has no place for what was never checked
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let whole = Whole {
            files: totals.files,
            valid: totals.files - totals.invalid,
            invalid: totals.invalid,
            findings: &self.findings,
        };
        serde_json::to_writer_pretty(&mut self.out, &whole)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}
