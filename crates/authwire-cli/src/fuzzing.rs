//! What this repository's fuzz targets reach of the command. Nothing here is for anybody else.

use std::io;

use crate::arguments::ReportFormat;
use crate::auth_types::Types;
use crate::connector_file;
use crate::report::{self, FileReport, Totals};

/// The report on `text` as `authwire validate` writes it: for people in plain and in colour, as JSON, as SARIF, for GitHub.
///
/// # Errors
/// If one cannot be written.
pub fn reports(name: &str, text: &[u8]) -> io::Result<Vec<String>> {
    let findings = connector_file::check(text, &Types::builtin()).report.into_findings();
    let mut totals = Totals::default();
    totals.add(&findings);
    let formats = [
        (ReportFormat::Human, false),
        (ReportFormat::Human, true),
        (ReportFormat::Json, false),
        (ReportFormat::Sarif, false),
        (ReportFormat::Github, false),
    ];
    let write = |(format, colour)| {
        let mut out = Vec::new();
        let mut format = report::format(format, Box::new(&mut out), colour);
        format.file(&FileReport { name, bytes: text, findings: &findings })?;
        format.finish(&totals)?;
        drop(format);
        String::from_utf8(out).map_err(io::Error::other)
    };
    formats.into_iter().map(write).collect()
}
