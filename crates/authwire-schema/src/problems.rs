//! Collects what is wrong while a schema is read. Places become lines, columns and pointers only at the end.

use std::ops::Range;

use authwire_model::finding::Severity;
use authwire_model::list::sorted;
use authwire_model::place::Lines;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Source;

/// More are not told: whoever has as many has one mistake in the wrong place.
const MOST: usize = 1000;

/// Some bytes of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The source's index in the library.
    pub(crate) source: usize,
    /// The bytes.
    pub(crate) span: Range<usize>,
}

/// Something wrong.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) spot: Spot,
    severity: Severity,
    message: String,
    help: Option<String>,
}

impl Problem {
    /// An error at `spot`.
    pub(crate) fn error(spot: Spot, message: impl Into<String>) -> Self {
        Self { spot, severity: Severity::Error, message: message.into(), help: None }
    }

    /// A warning at `spot`.
    pub(crate) fn warning(spot: Spot, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(spot, message) }
    }

    /// The same with what to do about it.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with "did you mean", where there is a name that may have been meant.
    pub(crate) fn with_guess(self, guess: Option<&str>) -> Self {
        match guess {
            Some(guess) => self.with_help(format!("did you mean `{guess}`?")),
            None => self,
        }
    }

    /// The same with `help`, if there is any and none was given.
    pub(crate) fn or_help(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }
}

/// What is wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    /// How many are not told, and whether an error is among them.
    left_out: usize,
    left_out_error: bool,
}

impl Problems {
    /// Adds `problem`, unless the very same was told already.
    pub(crate) fn push(&mut self, problem: Problem) {
        let known = |known: &Problem| known.spot == problem.spot && known.message == problem.message;
        if self.found.iter().any(known) {
            return;
        }
        if self.found.len() < MOST {
            self.found.push(problem);
        } else {
            self.left_out += 1;
            self.left_out_error |= problem.severity == Severity::Error;
        }
    }

    /// Adds those of `more`.
    pub(crate) fn append(&mut self, more: Self) {
        more.found.into_iter().for_each(|problem| self.push(problem));
        self.left_out += more.left_out;
        self.left_out_error |= more.left_out_error;
    }

    /// Says that not all is told, where it is not.
    fn tell_of_others(&mut self) {
        let Some(last) = self.found.last().filter(|_| self.left_out > 0) else { return };
        let message = format!("{} more are not told", self.left_out);
        let severity = if self.left_out_error { Severity::Error } else { Severity::Warning };
        let others = Problem { severity, ..Problem::error(last.spot.clone(), message) };
        self.found.push(others);
    }

    /// The same for people: the files in the order in which they were read.
    pub(crate) fn into_diagnostics(mut self, sources: &[Source]) -> Diagnostics {
        self.tell_of_others();
        let found = sorted(self.found, |one, two| one.spot.source.cmp(&two.spot.source));
        let mut last: Option<(usize, Lines<'_>)> = None;
        let mut diagnostics = Vec::with_capacity(found.len());
        for Problem { spot, severity, message, help } in found {
            let Some(source) = sources.get(spot.source) else { continue };
            let (_, lines) = match last.take() {
                Some(known) if known.0 == spot.source => last.insert(known),
                _ => last.insert((spot.source, Lines::new(source.bytes()))),
            };
            let pointer = source.pointer_at(spot.span.start);
            let place = lines.place(spot.span);
            let file = source.file.clone();
            diagnostics.push(Diagnostic { severity, file, place, pointer, message, help });
        }
        Diagnostics::new(diagnostics)
    }
}
