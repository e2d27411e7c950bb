//! Reports: what was found in files, for people and for programs. One file for each format.
//!
//! No format may show a secret: messages hold none by contract, and [`snippet`] masks what it shows of a file.

mod github;
mod human;
mod json;
mod sarif;
mod snippet;

use std::io;

use authwire_core::{Finding, Severity};

use crate::arguments::ReportFormat;
use crate::files::Unreadable;
use crate::terminal;

/// A file that was checked.
pub(crate) struct FileReport<'f> {
    /// What the file is called.
    pub(crate) name: &'f str,
    /// Its text.
    pub(crate) bytes: &'f [u8],
    /// What was found in it, in file order.
    pub(crate) findings: &'f [Finding],
}

/// How findings are written.
pub(crate) trait Format {
    /// Writes what was found in a file.
    fn file(&mut self, file: &FileReport<'_>) -> io::Result<()>;

    /// Writes that something could not be read.
    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()>;

    /// Writes the end of the report.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;
}

/// How many of what there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Files that were checked.
    pub(crate) files: usize,
    /// Those with an error among their findings.
    pub(crate) invalid: usize,
    /// What could not be read.
    pub(crate) unreadable: usize,
    /// Errors among the findings.
    pub(crate) errors: usize,
    /// Warnings among the findings.
    pub(crate) warnings: usize,
    /// Notes among the findings.
    pub(crate) notes: usize,
}

impl Totals {
    /// Counts a file.
    pub(crate) fn add(&mut self, findings: &[Finding]) {
        self.files += 1;
        let count = |severity| findings.iter().filter(|finding| finding.severity() == severity).count();
        let errors = count(Severity::Error);
        self.errors += errors;
        self.warnings += count(Severity::Warning);
        self.notes += count(Severity::Note);
        self.invalid += usize::from(errors > 0);
    }
}

/// The format `format`, written to `out`.
pub(crate) fn format<'o>(
    format: ReportFormat,
    out: Box<dyn io::Write + 'o>,
    colour: bool,
) -> Box<dyn Format + 'o> {
    match format {
        ReportFormat::Human => Box::new(human::Human::new(out, colour, terminal::columns())),
        ReportFormat::Json => Box::new(json::Json::new(out)),
        ReportFormat::Sarif => Box::new(sarif::Sarif::new(out)),
        ReportFormat::Github => Box::new(github::Github::new(out)),
    }
}
