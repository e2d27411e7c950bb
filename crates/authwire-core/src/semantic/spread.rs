//! Spreads into a form or a query: what they may override; and names in it that a config chooses.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{FieldId, Members, Names, Template, Value};
use crate::slot::Slot;

/// A parameter that is sent besides: by client authentication, by another placement, by a signature.
#[derive(Clone, Copy)]
pub(super) struct Added<'n> {
    pub(super) name: &'n str,
    pub(super) value: Sends,
    pub(super) secret: bool,
}

/// What an added parameter holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sends {
    /// The client's id.
    Id,
    /// This text.
    Text(&'static str),
    /// What is not known here.
    Other,
}

/// What the plan puts where a spread would put something else.
#[derive(Clone, Copy)]
pub(super) enum Stake<T> {
    /// What may not be replaced.
    Guarded(Guarded<T>),
    /// This text, where it is known.
    Text(Option<T>),
}

/// What may not be replaced.
#[derive(Clone, Copy)]
pub(super) enum Guarded<T> {
    /// A secret.
    Secret,
    /// What the file chose by a field.
    Chosen(T),
}

impl Stake<String> {
    pub(super) fn lent(&self) -> Stake<&str> {
        match self {
            Self::Guarded(guarded) => Stake::Guarded(guarded.lent()),
            Self::Text(text) => Stake::Text(text.as_deref()),
        }
    }
}

impl Guarded<String> {
    fn lent(&self) -> Guarded<&str> {
        match self {
            Self::Secret => Guarded::Secret,
            Self::Chosen(field) => Guarded::Chosen(field),
        }
    }
}

/// What is said against a name that is spread, and what to do.
type Objection = (Code, String, &'static str);

impl Guarded<&str> {
    /// What is said against `name`, which would replace this.
    pub(super) fn objection(self, name: &str) -> Objection {
        match self {
            Self::Secret => (
                Code::OverridesSecret,
                format!("`{name}` carries a secret that a field of its own holds: it may not be set here"),
                "take it out: the field of its own sends it",
            ),
            Self::Chosen(field) if field == name => {
                let message = format!("`{name}` is set here and by the field of that name");
                (Code::Conflict, message, "keep one of the two")
            }
            Self::Chosen(field) => {
                (Code::Conflict, format!("`{name}` is set here and by `{field}`"), "keep one of the two")
            }
        }
    }
}

impl Check<'_, '_> {
    /// The parameters of a query, a form, a cookie or a JSON object: their patterns, their names, and what is spread among
    /// them. `added` is what is sent besides, the client's id `id` among it.
    pub(super) fn parameters(&mut self, members: &Members, added: &[Added<'_>], id: Option<&Template>) {
        if has_chosen_names(members) {
            let others: Vec<&str> = added.iter().map(|added| added.name).collect();
            self.chosen_names(members, &others, Names::Exact);
        }
        self.spread(members, added, id);
        for (_, value) in &members.named {
            self.patterns(value, false);
            self.objects(value);
        }
    }

    /// The objects in a value, each of which has parameters of its own.
    fn objects(&mut self, value: &Value) {
        match value {
            Value::Object(members) => self.parameters(members, &[], None),
            Value::Array(values) | Value::First(values) => {
                values.iter().for_each(|value| self.objects(value))
            }
            Value::Template(_) | Value::Literal(_) | Value::Pattern { .. } => {}
        }
    }

    /// What the maps that are spread override: of `members`, and of what is sent besides, the client's id `id` among it.
    pub(super) fn spread(&mut self, members: &Members, added: &[Added<'_>], id: Option<&Template>) {
        let mut spreads = Spreads::new(members, Names::Exact);
        for spread in &members.spreads {
            let slot = self.slot(*spread);
            for (name, value) in entries(&slot) {
                let named = members.named.iter().find_map(|(known, known_value)| {
                    let is_it = self.literal(known).is_some_and(|(known, _)| known == name);
                    if is_it { self.stake(known, known_value) } else { None }
                });
                let issue = match (named, added.iter().find(|added| added.name == name)) {
                    (Some((_, Stake::Guarded(guarded))), _) => Some(guarded.lent().objection(name)),
                    (Some((_, Stake::Text(known))), _) => self
                        .overrides(name)
                        .filter(|_| value.is_none() || known.as_deref() != value.as_deref()),
                    (None, Some(added)) if self.is_secret(added, id) => Some(Guarded::Secret.objection(name)),
                    (None, Some(added)) => {
                        let sends = match added.value {
                            Sends::Id => id.and_then(|id| self.literal(id)).map(|(id, _)| id),
                            Sends::Text(text) => Some(text.into()),
                            Sends::Other => None,
                        };
                        self.overrides(name)
                            .filter(|_| value.is_none() || sends.as_deref() != value.as_deref())
                    }
                    (None, None) => match spreads.earlier(name) {
                        Some(earlier) if self.plan.is_secret(earlier) => {
                            Some(Guarded::Secret.objection(name))
                        }
                        Some(_) => self.overrides(name),
                        None => None,
                    },
                };
                if let Some((code, message, help)) = issue {
                    let pointer = self.place(*spread).member(name);
                    self.add(Issue::new(code, pointer, message).at_key().help(help));
                }
            }
            spreads.add(*spread, &slot);
        }
    }

    /// Whether `added`, which may be the client's id `id`, is a secret.
    fn is_secret(&self, added: &Added<'_>, id: Option<&Template>) -> bool {
        added.secret || (added.value == Sends::Id && id.is_some_and(|id| self.plan.reads_secret(id)))
    }

    /// Names that a config chooses, and that are sent already: by another member, or as one of `others`.
    pub(super) fn chosen_names(&mut self, members: &Members, others: &[&str], names: Names) {
        if members.named.len() + others.len() < 2 {
            return;
        }
        let sent: Vec<_> = members
            .named
            .iter()
            .filter(|(_, value)| self.value_present(value))
            .filter_map(|(name, _)| Some((self.literal(name)?.0, self.written(name).map(|(_, field)| field))))
            .collect();
        let mut faults = Vec::new();
        for (at, (name, field)) in sent.iter().enumerate() {
            let Some(field) = field else { continue };
            let named =
                sent.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (name, _))| &**name);
            if named.chain(others.iter().copied()).any(|other| names.are_same(other, name)) {
                faults.push((*field, format!("`{name}` would be sent twice")));
            }
        }
        for (field, message) in faults {
            self.add(self.at(field, Code::Conflict, message).help("choose a name that nothing else has"));
        }
    }

    /// What a member of the plan puts under its name; `None` where it puts nothing there.
    pub(super) fn stake(&self, name: &Template, value: &Value) -> Option<(String, Stake<String>)> {
        let (name, _) = self.literal(name)?;
        if !self.value_present(value) {
            return None;
        }
        let stake = if self.plan.carries_secret(value) {
            Stake::Guarded(Guarded::Secret)
        } else if let Value::First(values) = value
            && let Some(field) = self.chosen_by_config(values)
        {
            Stake::Guarded(Guarded::Chosen(field))
        } else {
            Stake::Text(self.value_literal(value))
        };
        Some((name.into_owned(), stake))
    }

    fn overrides(&self, name: &str) -> Option<Objection> {
        let message = || format!("`{name}` replaces what would be sent");
        let wanted = self.issues.wants(Code::Overrides);
        wanted.then(|| (Code::Overrides, message(), "if the system wants it so, all is well"))
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

/// The names that the spreads before one have brought, where there are several.
pub(super) struct Spreads {
    names: Names,
    are_several: bool,
    brought: HashMap<String, FieldId>,
}

impl Spreads {
    /// None of those of `members`, whose names are compared as `names` says.
    pub(super) fn new(members: &Members, names: Names) -> Self {
        Self { names, are_several: members.spreads.len() > 1, brought: HashMap::new() }
    }

    /// Which spread has brought `name` last.
    pub(super) fn earlier(&self, name: &str) -> Option<FieldId> {
        if self.brought.is_empty() { None } else { self.brought.get(&self.key(name)).copied() }
    }

    /// Adds what `spread` brings.
    pub(super) fn add(&mut self, spread: FieldId, slot: &Slot<'_>) {
        if self.are_several {
            let names = entries(slot).into_iter().map(|(name, _)| (self.key(name), spread));
            self.brought.extend(names.collect::<Vec<_>>());
        }
    }

    fn key(&self, name: &str) -> String {
        match self.names {
            Names::Exact => name.to_owned(),
            Names::AnyCase => name.to_ascii_lowercase(),
        }
    }
}

/// Whether the config chooses one of the names. Hardly any request has one.
pub(super) fn has_chosen_names(members: &Members) -> bool {
    members.named.iter().any(|(name, _)| name.literal().is_none())
}

/// What a spread brings: names, each with its text where it has one.
pub(super) fn entries<'e>(slot: &'e Slot<'_>) -> Vec<(&'e str, Option<Cow<'e, str>>)> {
    match slot {
        Slot::Map(entries) => entries
            .iter()
            .map(|(name, value)| (name, value.as_str().map(|text| Cow::Owned(text.to_owned()))))
            .collect(),
        Slot::Json(value) => value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value.as_str().map(Cow::Borrowed)))
            .collect(),
        _ => Vec::new(),
    }
}
