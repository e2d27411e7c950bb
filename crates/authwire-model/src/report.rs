//! A report: every finding of one document.

use std::fmt;

use crate::finding::{Finding, Severity};
use crate::list::sorted;

/// Every finding of one document, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// A report of `findings`, put into file order. Those without a place keep their order, after the others.
    #[must_use]
    pub fn new(findings: Vec<Finding>) -> Self {
        let place = |finding: &Finding| finding.place.as_ref().map_or(usize::MAX, |place| place.span.start);
        if findings.is_sorted_by_key(place) {
            return Self { findings };
        }
        Self { findings: sorted(findings, |one, two| place(one).cmp(&place(two))) }
    }

    /// The findings, in file order.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The same findings without places, for a document that is no text of anybody's.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        self.findings.iter_mut().for_each(|finding| finding.place = None);
        self
    }

    /// The findings, to keep.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Whether nothing was found, not even a note.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether the document may be used: no finding is an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity() == Severity::Error)
    }
}

impl<'r> IntoIterator for &'r Report {
    type Item = &'r Finding;
    type IntoIter = std::slice::Iter<'r, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.findings.iter()
    }
}

impl fmt::Display for Report {
    /// A line for each finding.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.findings.is_empty() {
            return f.write_str("no findings");
        }
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}
