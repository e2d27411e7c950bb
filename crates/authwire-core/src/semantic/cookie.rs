//! Cookies: legal names and values (RFC 6265 §4.1.1).

use super::{Check, Issue};
use crate::cookie::{VALUE_HELP, is_value};
use crate::finding::Code;
use crate::header::{NAME_HELP, name_fault};
use crate::plan::{Members, Template, Value};
use crate::slot::Slot;
use crate::table::Display;

/// A name is a token, as a header's, but none is reserved.
fn is_name(name: &str) -> bool {
    !matches!(name_fault(name), Some((Code::HeaderName, _)))
}

impl Check<'_, '_> {
    /// Cookies that the plan names, and those that it spreads.
    pub(super) fn cookies(&mut self, members: &Members) {
        for (name, value) in &members.named {
            if let Some((text, field)) = self.written(name)
                && !is_name(&text)
            {
                self.add(self.at(field, Code::HeaderName, "this is no legal cookie name").help(NAME_HELP));
            }
            self.cookie_value(value);
        }
        for spread in &members.spreads {
            let Slot::Map(entries) = self.slot(*spread) else { continue };
            let place = self.place(*spread);
            for (name, value) in entries.iter() {
                if !is_name(name) {
                    let issue =
                        Issue::new(Code::HeaderName, place.member(name), "this is no legal cookie name");
                    self.add(issue.at_key().help(NAME_HELP));
                }
                if value.as_str().is_some_and(|value| !is_value(value)) {
                    let mut issue = Issue::new(Code::HeaderValue, place.member(name), fault(name));
                    issue.display = Display::Masked;
                    self.add(issue.help(VALUE_HELP));
                }
            }
        }
    }

    fn cookie_value(&mut self, value: &Value) {
        match value {
            Value::Template(template) => self.cookie_text(template),
            Value::Pattern { pattern, value } => {
                self.cookie_text(pattern);
                value.iter().for_each(|value| self.cookie_value(value));
            }
            Value::First(values) => values.iter().for_each(|value| self.cookie_value(value)),
            Value::Literal(_) | Value::Object(_) | Value::Array(_) => {}
        }
    }

    fn cookie_text(&mut self, template: &Template) {
        if let Some((text, field)) = self.written(template)
            && !is_value(&text)
        {
            let title = self.field(field).map_or("", |field| &field.path);
            self.add(self.at(field, Code::HeaderValue, fault(title)).help(VALUE_HELP));
        }
    }
}

fn fault(name: &str) -> String {
    format!("`{name}` holds what no cookie can carry")
}
