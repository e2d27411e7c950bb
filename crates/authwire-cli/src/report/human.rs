//! The report for people: the offending line with a caret, as rustc shows it.

use std::fmt::Display;
use std::io::{self, Write};

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use authwire_core::{Finding, Severity};

use super::snippet::{self, Masked};
use super::{FileReport, Format, Totals};
use crate::files::Unreadable;
use crate::terminal::{Style, on_one_line};

/// Writes findings as they come.
pub(crate) struct Human<W> {
    out: W,
    renderer: Renderer,
    style: Style,
    columns: Option<usize>,
}

impl<W: Write> Human<W> {
    /// A report for a place of `columns`; of any width, if they are not known.
    pub(crate) fn new(out: W, colour: bool, columns: Option<usize>) -> Self {
        let renderer = if colour { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
        Self { out, renderer: renderer.term_width(DEFAULT_TERM_WIDTH), style: Style::new(colour), columns }
    }

    fn finding(&mut self, file: &str, masked: &Masked<'_>, finding: &Finding) -> io::Result<()> {
        let level = match finding.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(on_one_line(&finding.message)).id(finding.code.as_str());
        let width = finding.place.as_ref().map_or(1, |place| place.line.to_string().len());
        // beside the line stand its number and ` | `
        let room = self.columns.map(|columns| columns.saturating_sub(width + 3));
        let line = finding.place.as_ref().and_then(|place| {
            Some((place, masked.line(place, finding.display, room.unwrap_or(snippet::WHOLE))?))
        });
        let mut group = Group::with_title(title);
        if let Some((place, line)) = &line {
            let caret = AnnotationKind::Primary
                .span(line.flagged.clone())
                .label(finding.title.as_deref().map(on_one_line));
            group = group.element(
                Snippet::source(line.text.as_str())
                    .line_start(place.line as usize)
                    .fold(false)
                    .annotation(caret),
            );
        }
        if !finding.pointer.is_empty() {
            group = group.element(Level::NOTE.message(format!("at {}", on_one_line(&finding.pointer))));
        }
        if let Some(help) = &finding.help {
            group = group.element(Level::HELP.message(on_one_line(help)));
        }
        // the renderer would take the column from the masked line, so where it is goes in by hand
        let arrow = self.style.line_number("-->");
        let whole = self.renderer.render(&[group]);
        for (index, text) in whole.lines().enumerate() {
            if index == 1 {
                self.origin(width, &arrow, file, finding)?;
            }
            writeln!(self.out, "{text}")?;
        }
        if whole.lines().count() <= 1 {
            self.origin(width, &arrow, file, finding)?;
        }
        writeln!(self.out)
    }

    fn origin(
        &mut self,
        width: usize,
        arrow: &impl Display,
        file: &str,
        finding: &Finding,
    ) -> io::Result<()> {
        write!(self.out, "{:width$}{arrow} {}", "", on_one_line(file))?;
        match &finding.place {
            Some(place) => writeln!(self.out, ":{}:{}", place.line, place.column),
            None => writeln!(self.out),
        }
    }
}

impl<W: Write> Format for Human<W> {
    fn file(&mut self, file: &FileReport<'_>) -> io::Result<()> {
        if file.findings.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(file.bytes);
        file.findings.iter().try_for_each(|finding| self.finding(file.name, &masked, finding))
    }

    fn unreadable(&mut self, _: &Unreadable) -> io::Result<()> {
        // said on stderr
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        writeln!(self.out, "{}", summary(totals))?;
        self.out.flush()
    }
}

/// The last line: `12 files: 10 valid, 2 invalid (3 errors, 1 warning)`.
fn summary(totals: &Totals) -> String {
    let valid = totals.files - totals.invalid;
    let mut line = match (totals.files, totals.invalid) {
        (1, 0) => "1 file: valid".to_owned(),
        (1, _) => "1 file: invalid".to_owned(),
        (files, 0) => format!("{files} files: all valid"),
        (files, invalid) => format!("{files} files: {valid} valid, {invalid} invalid"),
    };
    if totals.files == 0 {
        line = "no file was checked".to_owned();
    }
    let counts: Vec<String> =
        [(totals.errors, "error"), (totals.warnings, "warning"), (totals.notes, "note")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
            .collect();
    if !counts.is_empty() {
        line.push_str(&format!(" ({})", counts.join(", ")));
    }
    if totals.unreadable > 0 {
        line.push_str(&format!("; {} could not be read", totals.unreadable));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::report::Totals;

    #[test]
    fn the_summary_counts_what_there_is() {
        let some = Totals { files: 12, invalid: 2, unreadable: 1, errors: 3, warnings: 1, notes: 0 };
        assert_eq!(
            summary(&some),
            "12 files: 10 valid, 2 invalid (3 errors, 1 warning); 1 could not be read"
        );
        assert_eq!(summary(&Totals { files: 1, ..Totals::default() }), "1 file: valid");
        assert_eq!(summary(&Totals::default()), "no file was checked");
    }
}
