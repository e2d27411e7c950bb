//! The report as annotations of GitHub Actions: workflow commands that mark lines of a pull request.

use std::io::{self, Write};

use authwire_core::{Finding, Severity};

use super::{FileReport, Format, Totals};
use crate::files::Unreadable;
use crate::terminal::printable;

/// Writes a workflow command for each finding.
pub(crate) struct Github<W> {
    out: W,
}

impl<W: Write> Github<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }

    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let command = match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        write!(self.out, "::{command} file={}", path(file))?;
        if let Some(place) = &finding.place {
            write!(self.out, ",line={},col={}", place.line, place.column)?;
        }
        write!(self.out, ",title={}::{}", property(finding.code.as_str()), message(&finding.message))?;
        if !finding.pointer.is_empty() {
            write!(self.out, " (at {})", message(&finding.pointer))?;
        }
        if let Some(help) = &finding.help {
            write!(self.out, "%0Ahelp: {}", message(help))?;
        }
        writeln!(self.out)
    }
}

impl<W: Write> Format for Github<W> {
    fn file(&mut self, file: &FileReport<'_>) -> io::Result<()> {
        file.findings.iter().try_for_each(|finding| self.finding(file.name, finding))
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        let (name, why) = (path(&unreadable.name), message(&unreadable.why));
        writeln!(self.out, "::error file={name},title=unreadable::cannot be read: {why}")
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file's path, as the pull request has it.
fn path(name: &str) -> String {
    property(name.strip_prefix("./").unwrap_or(name))
}

/// What a command's message may not hold as it is.
fn message(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What a command's property may not hold as it is.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::property;

    #[test]
    fn a_file_name_cannot_end_its_property() {
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
        assert_eq!(property("\u{1b}[31ma\u{202e}b"), "\u{fffd}[31ma\u{fffd}b");
    }
}
