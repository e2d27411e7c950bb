//! URLs: where the pattern passed, the judge has the last word; where it did not, the judge knows why.

use super::{Check, Issue, Issues};
use crate::finding::Code;
use crate::judge::Judge;
use crate::plan::{FieldId, FieldKind};
use crate::slot::Slot;
use crate::table::Display;

impl Check<'_, '_> {
    pub(super) fn urls(&mut self) {
        let Some(judge) = self.judge else { return };
        for id in 0..self.plan.fields.len() {
            let Ok(id) = FieldId::try_from(id) else { return };
            if self.field(id).is_some_and(|field| field.kind == FieldKind::Url)
                && let Slot::String(url) = self.slot(id)
                && let Err(fault) = judge.url(&url)
            {
                self.add(self.at(id, Code::Url, format!("this URL cannot be used: {fault}")));
            }
        }
    }
}

/// The base URL of a connector file, at `pointer`.
pub(super) fn check_base(judge: Option<&dyn Judge>, url: &str, pointer: &str, issues: &mut Issues) {
    if let Some(Err(fault)) = judge.map(|judge| judge.base_url(url)) {
        let mut issue = Issue::new(Code::Url, pointer, format!("this URL cannot be used: {fault}"));
        issue.display = Display::Origin;
        issues.push(issue);
    }
}
