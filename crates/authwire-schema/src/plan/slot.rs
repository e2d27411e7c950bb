//! What a slot of the plan takes: which kinds of property, whether it must be filled, which values.

use authwire_model::plan::{FieldKind, Source};

use super::grammar::listed;
use super::property::{Property, in_words};
use super::{Part, Planner, Scope};
use crate::problems::{Problem, Spot};

/// A place in a plan that a template fills.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// What a message calls it.
    pub(super) what: &'static str,
    /// What it takes.
    pub(super) takes: Takes,
    /// Whether it must be filled whenever it is used.
    pub(super) required: bool,
    /// The only values that it takes, if they are listed.
    pub(super) values: &'static [&'static str],
    /// Whether it takes a single field or a literal, never a text with a field in it.
    pub(super) lone: bool,
    /// Whether an empty text fills it.
    pub(super) may_be_empty: bool,
}

/// Kinds of property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Takes(u16);

impl Takes {
    /// A string that takes no reference: what is shown, and is part of no secret.
    pub(super) const PLAIN: Self = Self(1);
    /// A string or a reference.
    const TEXT: Self = Self(1 << 1);
    /// A URL.
    const URL: Self = Self(1 << 2);
    /// A secret.
    pub(super) const SECRET: Self = Self(1 << 3);
    /// A map.
    const MAP: Self = Self(1 << 4);
    /// `true` or `false`.
    pub(super) const BOOLEAN: Self = Self(1 << 5);
    /// A number.
    pub(super) const NUMBER: Self = Self(1 << 6);
    /// Any other JSON.
    pub(super) const JSON: Self = Self(1 << 7);

    /// A string, a number or a boolean.
    const SCALAR: Self = Self(Self::PLAIN.0 | Self::BOOLEAN.0 | Self::NUMBER.0);

    /// What can be written as a text and is no secret.
    pub(super) const SHOWN: Self =
        Self(Self::PLAIN.0 | Self::TEXT.0 | Self::URL.0 | Self::BOOLEAN.0 | Self::NUMBER.0);
    /// What can be written as a text.
    pub(super) const WRITTEN: Self = Self(Self::SHOWN.0 | Self::SECRET.0);
    /// A string, whatever it is.
    pub(super) const STRING: Self = Self(Self::PLAIN.0 | Self::TEXT.0 | Self::SECRET.0);
    /// Any JSON that is no secret.
    pub(super) const DATA: Self = Self(Self::SHOWN.0 | Self::MAP.0 | Self::JSON.0);
    /// Anything.
    pub(super) const ANYTHING: Self = Self(Self::DATA.0 | Self::SECRET.0);

    fn has(self, kind: FieldKind) -> bool {
        let kind = match kind {
            FieldKind::Plain => Self::PLAIN,
            FieldKind::Text => Self::TEXT,
            FieldKind::Url => Self::URL,
            FieldKind::Secret => Self::SECRET,
            FieldKind::Map => Self::MAP,
            FieldKind::Boolean => Self::BOOLEAN,
            FieldKind::Number => Self::NUMBER,
            FieldKind::Json => Self::JSON,
        };
        self.0 & kind.0 != 0
    }

    /// Whether it takes all that `other` does.
    const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The same without what is no text.
    const fn written(self) -> Self {
        Self(self.0 & Self::WRITTEN.0)
    }
}

impl Slot {
    /// A slot that takes `takes` and may stay empty.
    pub(super) const fn new(what: &'static str, takes: Takes) -> Self {
        Self { what, takes, required: false, values: &[], lone: false, may_be_empty: true }
    }

    /// Whether it takes secrets.
    pub(super) fn takes_secrets(&self) -> bool {
        self.takes.has(FieldKind::Secret)
    }

    /// The same, but it must be filled, and by more than an empty text.
    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self.not_empty() }
    }

    /// The same, but an empty text says nothing in it.
    pub(super) const fn not_empty(self) -> Self {
        Self { may_be_empty: false, ..self }
    }

    /// The same, but an empty text fills it.
    pub(super) const fn or_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }

    /// The same, but it takes a single field or a literal.
    pub(super) const fn lone(self) -> Self {
        Self { lone: true, ..self }
    }

    /// The same, but its value is text.
    pub(super) const fn text(self) -> Self {
        Self { takes: self.takes.written(), ..self }
    }

    /// The same, but it takes only these values.
    pub(super) const fn of(self, values: &'static [&'static str]) -> Self {
        Self { values, lone: true, ..self.not_empty() }
    }
}

/// How a `{field}` stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is all of it.
    Alone,
    /// There is more beside it.
    WithinText,
}

impl Standing {
    /// How the pieces of a text stand in it.
    pub(super) fn of<P>(pieces: &[P]) -> Self {
        if pieces.len() == 1 { Self::Alone } else { Self::WithinText }
    }
}

impl Planner<'_, '_> {
    /// Checks that `slot` takes `source`, which is written as `{path}` at `spot`.
    pub(super) fn fits(
        &mut self,
        slot: &Slot,
        source: Source,
        path: &str,
        standing: Standing,
        scope: Scope<'_>,
        spot: Spot,
    ) {
        if let Some(problem) = self.misfit(slot, source, path, standing) {
            self.problem(problem.at(spot));
        } else if slot.required {
            self.demand(slot, source, path, scope, spot);
        }
    }

    /// Checks that `source`, which is written as `{path}` at `spot` and fills `slot`, is there.
    pub(super) fn demand(&mut self, slot: &Slot, source: Source, path: &str, scope: Scope<'_>, spot: Spot) {
        if self.has(source, scope.facts) {
            return;
        }
        let message = format!("`{path}` may be absent, but {} must be there", slot.what);
        let help = match source {
            // nothing is made with a `when`
            Source::Field(_) if scope.part == Part::Make => {
                format!("require `{path}`, or give it a default")
            }
            Source::Field(_) => format!("require `{path}`, give it a default, or ask for it with `when`"),
            Source::AccessToken | Source::TokenValue(_) => {
                "ask with `when` for all that the token's own `when` asks for".to_owned()
            }
            Source::Picked(..) => "ask with `when` for all that the step's own `when` asks for".to_owned(),
            _ => format!("ask for `{path}` with `when`"),
        };
        self.problem(Problem::error(spot, message).with_help(help));
    }

    /// Whether what `source` reads is a secret.
    pub(super) fn is_secret(&self, source: Source) -> bool {
        match source {
            Source::Field(id) => {
                self.fields.get(usize::from(id)).is_some_and(|property| property.field.secret)
            }
            Source::Make(_)
            | Source::AccessToken
            | Source::TokenValue(_)
            | Source::Kept(_)
            | Source::Picked(..) => true,
            Source::Login(value) => value.is_secret(),
            Source::Request(_) | Source::BaseUrl | Source::ConnectorName => false,
        }
    }

    /// Why `slot` does not take `source`.
    pub(super) fn misfit(
        &self,
        slot: &Slot,
        source: Source,
        path: &str,
        standing: Standing,
    ) -> Option<Misfit> {
        let (takes, inside) = match standing {
            Standing::Alone => (slot.takes, ""),
            Standing::WithinText => (slot.takes.written(), " within a text"),
        };
        let what = slot.what;
        let secret = self.is_secret(source);
        let kind = match source {
            Source::Field(id) => {
                self.fields.get(usize::from(id)).filter(|property| !property.broken)?.field.kind
            }
            Source::Login(_) | Source::BaseUrl if !secret => FieldKind::Url,
            Source::Request(_) => FieldKind::Text,
            Source::ConnectorName => FieldKind::Plain,
            _ => FieldKind::Secret,
        };
        if secret && !takes.has(FieldKind::Secret) {
            return Some(Misfit {
                message: format!("`{path}` is a secret, and {what} may hold none"),
                help:
                    "a secret goes into the value of a header, a cookie, a query or body parameter, into a \
                       password or a key to sign with"
                        .to_owned(),
            });
        }
        if secret && !matches!(kind, FieldKind::Secret | FieldKind::Map) {
            return Some(Misfit {
                message: format!("`{path}` is marked as a secret, but is {}", in_words(kind)),
                help: "a secret is a string, or `authwire:common#/$defs/secret`".to_owned(),
            });
        }
        let is_scalar = || self.property_of(source).is_some_and(Property::is_scalar);
        let fits = takes.has(kind) || (takes.has_all(Takes::SCALAR) && is_scalar());
        if !fits {
            return Some(Misfit {
                message: format!("`{path}` is {}, which {what} does not take{inside}", in_words(kind)),
                help: help_for(kind, slot.takes).to_owned(),
            });
        }
        let property = self.property_of(source)?;
        if let Some(help) = &property.not_whole {
            return Some(Misfit {
                message: format!("`{path}` holds secrets or references, and is not read as a whole"),
                help: help.clone(),
            });
        }
        wrong_value(slot, property, path)
    }
}

/// A property whose listed values are not all known to a slot.
fn wrong_value(slot: &Slot, property: &Property, path: &str) -> Option<Misfit> {
    if slot.values.is_empty() {
        return None;
    }
    let help = format!("{} is one of {}", slot.what, listed(slot.values));
    let Some(values) = &property.values else {
        return Some(Misfit {
            message: format!("`{path}` may be anything, but {} may not", slot.what),
            help,
        });
    };
    let unknown =
        values.iter().find(|value| value.as_str().is_none_or(|value| !slot.values.contains(&value)))?;
    let message = format!("`{path}` may be {unknown}, which {} does not know", slot.what);
    Some(Misfit { message, help })
}

fn help_for(kind: FieldKind, takes: Takes) -> &'static str {
    match kind {
        FieldKind::Map => "spread a map with `\"...\"`",
        FieldKind::Text | FieldKind::Url if takes == Takes::PLAIN => {
            "it takes a plain string, which cannot be a reference"
        }
        _ if takes == Takes::PLAIN => "it takes a plain string",
        _ if takes == Takes::JSON => "it takes an array",
        _ if takes == Takes::NUMBER => "it takes a number",
        _ if takes == Takes::BOOLEAN => "it takes `true` or `false`",
        _ => "it takes a text",
    }
}

/// Why a slot does not take a source.
pub(super) struct Misfit {
    message: String,
    help: String,
}

impl Misfit {
    fn at(self, spot: Spot) -> Problem {
        Problem::error(spot, self.message).with_help(self.help)
    }
}
