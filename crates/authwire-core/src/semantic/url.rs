//! URLs: where the pattern passed, the judge has the last word; where it did not, the judge knows why.

use super::{Check, Issue, Issues};
use crate::finding::Code;
use crate::judge::Judge;
use crate::plan::{FieldId, FieldKind};
use crate::slot::Slot;
use crate::table::Display;
use crate::text::sounds_secret;

/// What the judge's reason stands behind.
pub(crate) const UNUSABLE: &str = "this URL cannot be used: ";

impl Check<'_, '_> {
    pub(super) fn urls(&mut self) {
        if self.judge.is_none() && !self.issues.wants(Code::LiteralSecret) {
            return;
        }
        for id in 0..self.plan.fields.len() {
            let Ok(id) = FieldId::try_from(id) else { return };
            if self.field(id).is_some_and(|field| field.kind == FieldKind::Url)
                && let Slot::String(url) = self.slot(id)
            {
                self.url(id, &url);
            }
        }
    }

    fn url(&mut self, id: FieldId, url: &str) {
        if let Some(Err(fault)) = self.judge.map(|judge| judge.url(url)) {
            self.add(self.at(id, Code::Url, format!("{UNUSABLE}{fault}")));
        }
        if let Some(name) = secret_parameter(url) {
            let message = format!("the parameter `{name}` of this URL holds a secret in plain sight");
            self.add(self.at(id, Code::LiteralSecret, message).help(
                "keep the whole URL elsewhere and refer to it: {\"env\": \"NAME\"}, {\"file\": \"PATH\"} or {\"store\": \"KEY\"}",
            ));
        }
    }
}

/// The first parameter in a URL's query that has a value and a name that sounds secret.
fn secret_parameter(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    let named = query.split('&').filter_map(|parameter| parameter.split_once('='));
    named.filter(|(_, value)| !value.is_empty()).map(|(name, _)| name).find(|name| sounds_secret(name))
}

/// The base URL of a connector file, at `pointer`.
pub(super) fn check_base(judge: Option<&dyn Judge>, url: &str, pointer: &str, issues: &mut Issues) {
    if let Some(Err(fault)) = judge.map(|judge| judge.base_url(url)) {
        let mut issue = Issue::new(Code::Url, pointer, format!("{UNUSABLE}{fault}"));
        issue.display = Display::Origin;
        issues.push(issue);
    }
}
