//! What is wrong with a schema file, and where.

use std::fmt;

use authwire_model::finding::Severity;
use authwire_model::list::sorted;
use authwire_model::place::Place;

/// One thing wrong with a schema file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// [`Severity::Error`] or [`Severity::Warning`].
    pub severity: Severity,
    /// The file: its path, of a built-in schema the path in the repository.
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, place, pointer, message, help } = self;
        write!(f, "{file}:{}:{}: {severity}: {message}", place.line, place.column)?;
        if !pointer.is_empty() {
            write!(f, " (at {pointer})")?;
        }
        match help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong, file by file, in file order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Puts `diagnostics` into order: file by file as they came, each from top to bottom, nothing twice.
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        let mut files: Vec<(String, Vec<Diagnostic>)> = Vec::new();
        for diagnostic in diagnostics {
            match files.iter_mut().find(|(file, _)| *file == diagnostic.file) {
                Some((_, of_file)) => of_file.push(diagnostic),
                None => files.push((diagnostic.file.clone(), vec![diagnostic])),
            }
        }
        let mut all = Vec::new();
        for (_, of_file) in files {
            let mut of_file = sorted(of_file, |one, two| {
                let key = |it: &Diagnostic| (it.place.span.start, it.place.span.end);
                key(one).cmp(&key(two)).then_with(|| one.message.cmp(&two.message))
            });
            of_file.dedup();
            all.append(&mut of_file);
        }
        Self(all)
    }

    /// Whether any is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Those of `more` after these.
    pub fn append(&mut self, more: Self) {
        let mut all = std::mem::take(&mut self.0);
        all.extend(more.0);
        *self = Self::new(all);
    }
}

impl std::ops::Deref for Diagnostics {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
