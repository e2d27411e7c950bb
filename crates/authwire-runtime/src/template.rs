//! Templates, values and conditions of a plan, read over a connector's material.
//!
//! It must not know where a value goes: a header's rules are the header's.

use authwire_core::Code;
use authwire_core::number::Number;
use authwire_core::plan::{
    Condition, FieldId, LoginValue, Part, Pick, RequestPart, Source, Template, Test, TokenPlan, Value,
};
use authwire_core::table::Json;
use authwire_core::value::ToValue as _;
use serde_json::Value as JsonValue;

use crate::error::{Error, Unusable};
use crate::material::{Datum, Material};
use crate::phrase::Phrase;
use crate::value_pattern;

/// Makes what `{make.NAME}` stands for.
pub(crate) trait Maker {
    /// Makes number `index` of the plan's `make`, or returns what was made before.
    fn make(&self, index: u8) -> Result<Phrase, Error>;
}

/// What a template can read.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) material: &'a Material,
    pub(crate) connector: &'a str,
    pub(crate) token: Option<&'a Token>,
    pub(crate) kept: &'a [Option<Phrase>],
    /// What the steps picked so far.
    pub(crate) picked: &'a [Vec<Option<Picked>>],
    /// What a login brought.
    pub(crate) login: &'a [(LoginValue, Phrase)],
    pub(crate) maker: &'a dyn Maker,
}

/// A value that was picked out of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Picked {
    pub(crate) phrase: Phrase,
    /// Whether it was a text, not a number or a boolean.
    pub(crate) is_text: bool,
}

/// A token as templates read it.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) phrase: Phrase,
    /// What belongs to it besides, by the plan's `pick`.
    pub(crate) values: Vec<Option<Picked>>,
}

impl Token {
    /// What stands for a token of `plan` that nobody has.
    pub(crate) fn unknown(plan: &TokenPlan) -> Self {
        let unknown = |name: &str| Phrase::unknown(format!("<{name}>")).into_secret();
        let value = |pick: &Pick| Some(Picked { phrase: unknown(&pick.name), is_text: true });
        Self { phrase: unknown("access_token"), values: plan.response.pick.iter().map(value).collect() }
    }
}

/// A part of a template whose other parts are known before a request is.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Phrase(Phrase),
    Request(RequestPart),
}

/// A value for a JSON body.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Text(Phrase),
    /// A number or a boolean, as JSON writes it.
    Scalar(Phrase),
    Plain(JsonValue),
    Object(Vec<(String, Tree)>),
    Array(Vec<Tree>),
}

/// A value with how it came about.
pub(crate) struct Chosen<T> {
    pub(crate) value: T,
    /// Whether `first` chose a property: overriding it is a conflict.
    pub(crate) by_first: bool,
}

impl<'a> Scope<'a> {
    /// A scope in which nothing was fetched, kept or brought yet.
    pub(crate) fn bare(material: &'a Material, connector: &'a str, maker: &'a dyn Maker) -> Self {
        Self { material, connector, token: None, kept: &[], picked: &[], login: &[], maker }
    }
}

impl Scope<'_> {
    /// The template's text; `None` if any field in it is absent.
    pub(crate) fn template(&self, template: &Template) -> Result<Option<Phrase>, Error> {
        let mut text = Phrase::default();
        for part in &template.parts {
            match part {
                Part::Literal(literal) => text.push(Phrase::clear(&**literal)),
                Part::Field(source) => match self.source(*source)? {
                    Some(phrase) => text.push(phrase),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(text))
    }

    /// The template's pieces, those of a request left open; `None` if any other field in it is absent.
    pub(crate) fn pieces(&self, template: &Template) -> Result<Option<Vec<Piece>>, Error> {
        let mut pieces = Vec::with_capacity(template.parts.len());
        for part in &template.parts {
            pieces.push(match part {
                Part::Literal(literal) => Piece::Phrase(Phrase::clear(&**literal)),
                Part::Field(Source::Request(part)) => Piece::Request(*part),
                Part::Field(source) => match self.source(*source)? {
                    Some(phrase) => Piece::Phrase(phrase),
                    None => return Ok(None),
                },
            });
        }
        Ok(Some(pieces))
    }

    /// The text of a value; `None` if it is absent.
    pub(crate) fn text(&self, value: &Value) -> Result<Option<Chosen<Phrase>>, Error> {
        let plain = |value| Chosen { value, by_first: false };
        Ok(match value {
            Value::Template(template) => self.template(template)?.map(plain),
            Value::Literal(literal) => Some(plain(Phrase::clear(scalar_text(&literal.to_value())))),
            Value::Pattern { pattern, value } => self.pattern(pattern, value)?.map(plain),
            Value::First(values) => {
                self.first(values, |value| Ok(self.text(value)?.map(|chosen| chosen.value)))?
            }
            Value::Object(_) | Value::Array(_) => {
                let message = "the plan puts an object or an array where only a text can go";
                return Err(Unusable::new(Code::Type, message).into());
            }
        })
    }

    /// A value for a JSON body, of its own JSON type; `None` if it is absent.
    pub(crate) fn tree(&self, value: &Value) -> Result<Option<Chosen<Tree>>, Error> {
        let plain = |value| Chosen { value, by_first: false };
        Ok(match value {
            Value::Template(template) => match template.lone() {
                Some(source) => self.source_tree(source)?.map(plain),
                None => self.template(template)?.map(Tree::Text).map(plain),
            },
            Value::Literal(literal) => Some(plain(Tree::Plain(literal.to_value()))),
            Value::Pattern { pattern, value } => self.pattern(pattern, value)?.map(Tree::Text).map(plain),
            Value::First(values) => {
                self.first(values, |value| Ok(self.tree(value)?.map(|chosen| chosen.value)))?
            }
            Value::Object(members) => {
                let members = crate::members::trees(self, members)?;
                let named = members.into_iter().map(|member| (member.name, member.value)).collect();
                Some(plain(Tree::Object(named)))
            }
            Value::Array(items) => {
                let mut array = Vec::with_capacity(items.len());
                for item in items {
                    array.extend(self.tree(item)?.map(|chosen| chosen.value));
                }
                Some(plain(Tree::Array(array)))
            }
        })
    }

    /// Whether every condition holds.
    pub(crate) fn holds(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| match (&condition.test, condition.source) {
            (Test::Present(wanted), Source::Field(field)) => self.material.is_present(field) == *wanted,
            (Test::Present(wanted), source) => self.is_there(source) == *wanted,
            (Test::Equals(wanted), Source::Field(field)) => equals(self.material.datum(field), wanted),
            (Test::Equals(_), _) => false,
        })
    }

    fn first<T>(
        &self,
        values: &[Value],
        read: impl Fn(&Value) -> Result<Option<T>, Error>,
    ) -> Result<Option<Chosen<T>>, Error> {
        for value in values {
            if let Some(read) = read(value)? {
                return Ok(Some(Chosen { value: read, by_first: reads_property(value) }));
            }
        }
        Ok(None)
    }

    fn pattern(&self, pattern: &Template, value: &[Value]) -> Result<Option<Phrase>, Error> {
        let Some(value) = value.first() else { return Ok(None) };
        let (Some(value), Some(pattern)) = (self.text(value)?, self.template(pattern)?) else {
            return Ok(None);
        };
        value_pattern::fill(&pattern, value.value)
            .map(Some)
            .map_err(|fault| self.blame(fault, pattern.fields()).into())
    }

    /// Names the fields in a fault.
    pub(crate) fn blame(&self, fault: Unusable, fields: &[FieldId]) -> Unusable {
        fields.iter().fold(fault, |fault, field| fault.at(self.material.field_name(*field)))
    }

    fn is_there(&self, source: Source) -> bool {
        match source {
            Source::Field(field) => self.material.is_present(field),
            Source::AccessToken => self.token.is_some(),
            Source::TokenValue(index) => self.token_value(index).is_some(),
            Source::Kept(index) => self.kept(index).is_some(),
            Source::Picked(step, pick) => self.picked(step, pick).is_some(),
            Source::Login(value) => self.login(value).is_some(),
            // there is one only where something is signed, which reads `pieces`
            Source::Request(_) => false,
            Source::Make(_) | Source::BaseUrl | Source::ConnectorName => true,
        }
    }

    fn kept(&self, index: u8) -> Option<Phrase> {
        self.kept.get(usize::from(index)).cloned().flatten()
    }

    fn picked(&self, step: u8, pick: u8) -> Option<&Picked> {
        self.picked.get(usize::from(step))?.get(usize::from(pick))?.as_ref()
    }

    fn token_value(&self, index: u8) -> Option<&Picked> {
        self.token?.values.get(usize::from(index))?.as_ref()
    }

    /// A number as it is sent: one that JSON's readers have no room for would come out as `null`.
    fn number(&self, field: FieldId, number: Number) -> Result<JsonValue, Error> {
        let value = number.to_value();
        if value.is_null() {
            let fault = Unusable::new(Code::Maximum, "a number as large as this cannot be sent");
            return Err(self.blame(fault, &[field]).into());
        }
        Ok(value)
    }

    fn login(&self, value: LoginValue) -> Option<Phrase> {
        self.login.iter().find(|(known, _)| *known == value).map(|(_, phrase)| phrase.clone())
    }

    fn source(&self, source: Source) -> Result<Option<Phrase>, Error> {
        Ok(match source {
            Source::Field(field) => match self.material.datum(field) {
                Datum::Absent => None,
                Datum::Text(phrase) => Some(phrase.clone()),
                Datum::Boolean(value) => Some(Phrase::clear(value.to_string()).read_from(field)),
                Datum::Number(number) => {
                    Some(Phrase::clear(self.number(field, *number)?.to_string()).read_from(field))
                }
                Datum::Json(value) => Some(Phrase::clear(scalar_text(value)).read_from(field)),
                Datum::Map(_) => {
                    let fault = Unusable::new(Code::Type, "a map cannot stand inside a text");
                    return Err(self.blame(fault, &[field]).into());
                }
            },
            Source::Make(index) => Some(self.maker.make(index)?),
            Source::AccessToken => self.token.map(|token| token.phrase.clone()),
            Source::TokenValue(index) => self.token_value(index).map(|value| value.phrase.clone()),
            Source::Kept(index) => self.kept(index),
            Source::Picked(step, pick) => self.picked(step, pick).map(|picked| picked.phrase.clone()),
            Source::Login(value) => self.login(value),
            Source::Request(_) => None,
            Source::BaseUrl => {
                let base = &self.material.base_url;
                // a path is joined to it with exactly one `/`
                Some(base.encode(|text| text.trim_end_matches('/').to_owned()))
            }
            Source::ConnectorName => Some(Phrase::clear(self.connector)),
        })
    }

    fn source_tree(&self, source: Source) -> Result<Option<Tree>, Error> {
        if let Source::Field(field) = source {
            match self.material.datum(field) {
                Datum::Boolean(value) => return Ok(Some(Tree::Plain((*value).into()))),
                Datum::Number(number) => return Ok(Some(Tree::Plain(self.number(field, *number)?))),
                Datum::Json(value) => return Ok(Some(Tree::Plain(value.clone()))),
                Datum::Map(entries) => {
                    let entries = entries.iter().map(|(name, text)| (name.clone(), Tree::Text(text.clone())));
                    return Ok(Some(Tree::Object(entries.collect())));
                }
                Datum::Absent | Datum::Text(_) => {}
            }
        }
        let picked = match source {
            Source::Picked(step, pick) => self.picked(step, pick),
            Source::TokenValue(index) => self.token_value(index),
            _ => None,
        };
        if let Some(picked) = picked.filter(|picked| !picked.is_text) {
            return Ok(Some(Tree::Scalar(picked.phrase.clone())));
        }
        Ok(self.source(source)?.map(Tree::Text))
    }
}

impl Tree {
    /// Whether it carries a secret by its kind.
    pub(crate) fn carries_secret(&self) -> bool {
        match self {
            Self::Text(phrase) | Self::Scalar(phrase) => phrase.carries_secret(),
            Self::Plain(_) => false,
            Self::Object(members) => members.iter().any(|(_, tree)| tree.carries_secret()),
            Self::Array(items) => items.iter().any(Self::carries_secret),
        }
    }

    /// The JSON value that it says, each text read by `text`.
    pub(crate) fn to_json(&self, text: &impl Fn(&Phrase) -> String) -> JsonValue {
        match self {
            Self::Text(phrase) => JsonValue::String(text(phrase)),
            Self::Scalar(phrase) => {
                let text = text(phrase);
                serde_json::from_str(&text).unwrap_or(JsonValue::String(text))
            }
            Self::Plain(value) => value.clone(),
            Self::Object(members) => JsonValue::Object(
                members.iter().map(|(name, tree)| (name.clone(), tree.to_json(text))).collect(),
            ),
            Self::Array(items) => JsonValue::Array(items.iter().map(|tree| tree.to_json(text)).collect()),
        }
    }
}

/// A string as it is, anything else as JSON writes it.
pub(crate) fn scalar_text(value: &JsonValue) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn equals(datum: &Datum, wanted: &Json) -> bool {
    match (datum, wanted) {
        (Datum::Text(phrase), Json::String(text)) => *phrase.value() == **text,
        (Datum::Boolean(value), Json::Bool(wanted)) => value == wanted,
        (Datum::Number(number), Json::Number(wanted)) => number == wanted,
        (Datum::Json(value), wanted) => *value == wanted.to_value(),
        _ => false,
    }
}

fn reads_property(value: &Value) -> bool {
    match value {
        Value::Template(template) => {
            template.parts.iter().any(|part| matches!(part, Part::Field(Source::Field(_))))
        }
        Value::Pattern { value, .. } | Value::First(value) => value.iter().any(reads_property),
        Value::Literal(_) | Value::Object(_) | Value::Array(_) => false,
    }
}
