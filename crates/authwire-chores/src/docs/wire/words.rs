//! Templates, values and conditions in words. A field is written as its key, in code.

use authwire_core::plan::{Condition, Field, Part, Plan, Source, Template, Test, Value};

use crate::docs::kind::literal;
use crate::docs::markdown::code;
use crate::json;

/// Finds words for the parts of a plan.
#[derive(Clone, Copy)]
pub(super) struct Words<'p> {
    pub(super) plan: &'p Plan,
}

impl<'p> Words<'p> {
    /// A value, and when there is none.
    pub(super) fn value(self, value: &Value) -> String {
        match value {
            Value::Template(template) => self.optional(template),
            Value::Pattern { pattern, value } => {
                let values: Vec<String> = value.iter().map(|value| self.bare(value)).collect();
                format!("{}, its `%s` replaced by {}", self.optional(pattern), values.join(" and "))
            }
            other => self.bare(other),
        }
    }

    /// A value that is there.
    fn bare(self, value: &Value) -> String {
        match value {
            Value::Template(template) => self.template(template),
            Value::Literal(value) => code(&json::line(value)),
            Value::First(values) => {
                let values: Vec<String> = values.iter().map(|value| self.bare(value)).collect();
                values.join(", or else ")
            }
            Value::Pattern { .. } => self.value(value),
            Value::Object(_) => "an object".to_owned(),
            Value::Array(values) => {
                let values: Vec<String> = values.iter().map(|value| self.bare(value)).collect();
                format!("an array: {}", values.join(", "))
            }
        }
    }

    /// A template, and when it is absent.
    pub(super) fn optional(self, template: &Template) -> String {
        let mut text = self.template(template);
        let lone = template.lone().is_some();
        for source in sources(template) {
            match (self.absent(source), lone) {
                (Some(absent), true) => text.push_str(&absent),
                (Some(absent), false) => text.push_str(&format!(" ({}{absent})", self.source(source))),
                (None, _) => {}
            }
        }
        text
    }

    /// A template that is a name, and its default.
    pub(super) fn name(self, template: &Template) -> String {
        match template.lone().and_then(|source| Some((source, self.field(source)?.default.as_ref()?))) {
            Some((source, default)) => format!("{} (default {})", self.source(source), literal(default)),
            None => self.template(template),
        }
    }

    /// A template: a lone field by its name, else in the notation of plans.
    pub(super) fn template(self, template: &Template) -> String {
        if let Some(source) = template.lone() {
            return self.source(source);
        }
        if let Some(text) = template.literal() {
            return code(text);
        }
        let parts = template.parts.iter().map(|part| match part {
            Part::Literal(text) => text.to_string(),
            Part::Field(source) => format!("{{{}}}", self.path(*source)),
        });
        code(&parts.collect::<String>())
    }

    /// What is read, by name.
    pub(super) fn source(self, source: Source) -> String {
        match source {
            Source::Field(_) => code(&self.path(source)),
            Source::Make(_) => format!("the JWT {}", code(self.made(source))),
            Source::AccessToken => "the access token".to_owned(),
            Source::TokenValue(_) => format!("the token's {}", code(self.token_value(source))),
            Source::Kept(_) => format!("the kept {}", code(self.kept(source))),
            Source::Picked(..) => {
                format!("the {} of the step {}", code(self.picked(source).1), code(self.picked(source).0))
            }
            Source::Login(value) => format!("the login's {}", code(value.as_str())),
            Source::Request(part) => format!("the request's {}", code(part.as_str())),
            Source::BaseUrl => "the connector's `base_url`".to_owned(),
            Source::ConnectorName => "the connector's `name`".to_owned(),
        }
    }

    /// Conditions that all hold; `None` for none.
    pub(super) fn conditions(self, conditions: &[Condition]) -> Option<String> {
        let said: Vec<String> = conditions.iter().map(|condition| self.condition(condition)).collect();
        (!said.is_empty()).then(|| said.join(" and "))
    }

    fn condition(self, condition: &Condition) -> String {
        let source = self.source(condition.source);
        let noun = source.strip_prefix("the ").unwrap_or(&source);
        match (&condition.test, condition.source) {
            (Test::Equals(value), _) => format!("{source} is {}", literal(value)),
            (Test::Present(true), Source::Field(_)) => format!("{source} is given"),
            (Test::Present(false), Source::Field(_)) => format!("{source} is not given"),
            (Test::Present(true), Source::Login(value)) => {
                format!("a login has just brought {}", code(value.as_str()))
            }
            (Test::Present(true), _) => format!("there is a {noun}"),
            (Test::Present(false), _) => format!("there is no {noun}"),
        }
    }

    /// The property that a source reads.
    pub(super) fn field(self, source: Source) -> Option<&'p Field> {
        match source {
            Source::Field(id) => self.plan.field(id),
            _ => None,
        }
    }

    /// When a source has no value of its own, and what counts then.
    fn absent(self, source: Source) -> Option<String> {
        match source {
            Source::Field(_) => {
                let field = self.field(source)?;
                match &field.default {
                    Some(default) => Some(format!(" (default {})", literal(default))),
                    None if field.always => None,
                    None => Some(", if given".to_owned()),
                }
            }
            _ => None,
        }
    }

    /// As plans write it.
    fn path(self, source: Source) -> String {
        match source {
            Source::Field(_) => self.field(source).map(|field| field.path.to_string()).unwrap_or_default(),
            Source::Make(_) => format!("make.{}", self.made(source)),
            Source::AccessToken => "token.access_token".to_owned(),
            Source::TokenValue(_) => format!("token.{}", self.token_value(source)),
            Source::Kept(_) => format!("kept.{}", self.kept(source)),
            Source::Picked(..) => format!("steps.{}.{}", self.picked(source).0, self.picked(source).1),
            Source::Login(value) => format!("login.{}", value.as_str()),
            Source::Request(part) => format!("request.{}", part.as_str()),
            Source::BaseUrl => "connector.base_url".to_owned(),
            Source::ConnectorName => "connector.name".to_owned(),
        }
    }

    fn made(self, source: Source) -> &'p str {
        let Source::Make(index) = source else { return "" };
        self.plan.make.get(usize::from(index)).map(|make| &*make.name).unwrap_or_default()
    }

    /// The names of a step and of what it picks.
    fn picked(self, source: Source) -> (&'p str, &'p str) {
        let (Source::Picked(step, pick), Some(token)) = (source, &self.plan.token) else { return ("", "") };
        let Some(step) = token.steps.get(usize::from(step)) else { return ("", "") };
        (&step.name, step.pick.get(usize::from(pick)).map(|pick| &*pick.name).unwrap_or_default())
    }

    fn token_value(self, source: Source) -> &'p str {
        let (Source::TokenValue(index), Some(token)) = (source, &self.plan.token) else { return "" };
        token.response.pick.get(usize::from(index)).map(|pick| &*pick.name).unwrap_or_default()
    }

    fn kept(self, source: Source) -> &'p str {
        let (Source::Kept(index), Some(token)) = (source, &self.plan.token) else { return "" };
        token.keep.get(usize::from(index)).map(|keep| &*keep.name).unwrap_or_default()
    }
}

fn sources(template: &Template) -> impl Iterator<Item = Source> {
    template.parts.iter().filter_map(|part| match part {
        Part::Field(source) => Some(*source),
        Part::Literal(_) => None,
    })
}
