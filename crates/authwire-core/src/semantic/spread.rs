//! Spreads into a form or a query: what they may override; and names in it that a config chooses.

use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{Members, Template, Value};
use crate::slot::Slot;

/// A parameter that client authentication may add.
#[derive(Clone, Copy)]
pub(super) struct Added {
    pub(super) name: &'static str,
    pub(super) value: Sends,
    pub(super) secret: bool,
}

/// What an added parameter holds.
#[derive(Clone, Copy)]
pub(super) enum Sends {
    /// The client's id.
    Id,
    /// This text.
    Text(&'static str),
    /// What is not known here.
    Other,
}

impl Check<'_, '_> {
    /// What the maps that are spread override: of `members`, and of what client authentication adds beside them, the id `id`
    /// among it.
    pub(super) fn spread(&mut self, members: &Members, added: &[Added], id: Option<&Template>) {
        for spread in &members.spreads {
            let Slot::Map(entries) = self.slot(*spread) else { continue };
            for (name, value) in entries.iter() {
                let named = members.named.iter().find(|(known, known_value)| {
                    self.literal(known).is_some_and(|(known, _)| known == name)
                        && self.value_present(known_value)
                });
                let issue = match (named, added.iter().find(|added| added.name == name)) {
                    (Some((_, known)), _) => self.over(known, name, value.as_str()),
                    (None, Some(added)) if added.secret => {
                        Some((Code::OverridesSecret, secret_message(name)))
                    }
                    (None, Some(added)) => {
                        let sends = match added.value {
                            Sends::Id => id.and_then(|id| self.literal(id)).map(|(id, _)| id),
                            Sends::Text(text) => Some(text.into()),
                            Sends::Other => None,
                        };
                        let same = value.as_str().is_some_and(|value| sends.as_deref() == Some(value));
                        self.overrides(name).filter(|_| !same)
                    }
                    (None, None) => None,
                };
                if let Some((code, message)) = issue {
                    let pointer = self.place(*spread).member(name);
                    self.add(Issue::new(code, pointer, message).at_key().help(match code {
                        Code::OverridesSecret => "take it out: the field of its own sends it",
                        Code::Conflict => "keep one of the two",
                        _ => "if the system wants it so, all is well",
                    }));
                }
            }
        }
    }

    /// Names that a config chooses, and that are sent already.
    pub(super) fn chosen_names(&mut self, members: &Members, added: &[Added]) {
        // hardly any request has one
        if members.named.iter().all(|(name, _)| name.lone_field().is_none()) {
            return;
        }
        let sent: Vec<_> = members
            .named
            .iter()
            .filter(|(_, value)| self.value_present(value))
            .filter_map(|(name, _)| self.literal(name))
            .collect();
        let mut faults = Vec::new();
        for (at, (name, field)) in sent.iter().enumerate() {
            let Some(field) = field else { continue };
            let others = sent.iter().enumerate().filter(|(other, _)| *other != at);
            let others = others.map(|(_, (name, _))| &**name).chain(added.iter().map(|added| added.name));
            if others.into_iter().any(|other| other == name) {
                faults.push((*field, format!("`{name}` would be sent twice")));
            }
        }
        for (field, message) in faults {
            self.add(self.at(field, Code::Conflict, message).help("choose a name that nothing else has"));
        }
    }

    fn over(&self, known: &Value, name: &str, value: Option<&str>) -> Option<(Code, String)> {
        if self.plan.carries_secret(known) {
            return Some((Code::OverridesSecret, secret_message(name)));
        }
        if let Value::First(values) = known
            && let Some(field) = self.chosen_by_config(values)
        {
            return Some((Code::Conflict, format!("`{name}` is set here and by `{field}`")));
        }
        self.overrides(name).filter(|_| value.is_none() || self.value_literal(known).as_deref() != value)
    }

    fn overrides(&self, name: &str) -> Option<(Code, String)> {
        let wanted = self.issues.wants(Code::Overrides);
        wanted.then(|| (Code::Overrides, format!("`{name}` replaces what would be sent")))
    }

    /// The field by which the file chose one of several.
    fn chosen_by_config(&self, values: &[Value]) -> Option<String> {
        values.iter().find_map(|value| {
            let Value::Template(template) = value else { return None };
            let field = template.lone_field()?;
            self.slot(field)
                .is_present()
                .then(|| self.field(field).map_or_else(String::new, |field| field.path.to_string()))
        })
    }

    pub(super) fn value_present(&self, value: &Value) -> bool {
        match value {
            Value::Template(template) => self.present(template),
            Value::Literal(_) | Value::Object(_) | Value::Array(_) => true,
            Value::Pattern { value, .. } => value.iter().all(|value| self.value_present(value)),
            Value::First(values) => values.iter().any(|value| self.value_present(value)),
        }
    }

    pub(super) fn value_literal(&self, value: &Value) -> Option<String> {
        match value {
            Value::Template(template) => self.literal(template).map(|(text, _)| text.into_owned()),
            Value::First(values) => values
                .iter()
                .find(|value| self.value_present(value))
                .and_then(|value| self.value_literal(value)),
            _ => None,
        }
    }
}

fn secret_message(name: &str) -> String {
    format!("`{name}` carries a secret that a field of its own holds: it may not be set here")
}
