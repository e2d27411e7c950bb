//! Values to send: a template, a literal, `{pattern, value}`, `{first: […]}`, and in JSON objects and arrays of them.

use authwire_model::json::Kind;
use authwire_model::plan::{Part, Template, Value};
use authwire_model::value_pattern;

use super::members::Container;
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;
use crate::subschema::json;

const PATTERN: Slot = Slot::new("a pattern", Takes::PLAIN).not_empty();

impl<'l> Planner<'_, 'l> {
    /// The value at `site`, which a member of `container` holds.
    pub(super) fn value(&mut self, site: Site<'l>, container: &Container, scope: Scope<'_>) -> Option<Value> {
        match site.kind() {
            Kind::String => {
                let template = self.template(site, &container.value, scope)?;
                self.check_literal(&template, container, site);
                Some(Value::Template(template))
            }
            Kind::Object if names(site, "pattern", container) => self.pattern(site, container, scope),
            Kind::Object if names(site, "first", container) => self.first(site, container, scope),
            Kind::Object if container.json => {
                Some(Value::Object(self.members(site, &container.inside(), scope)))
            }
            Kind::Object => {
                let message = "an object here is `{\"pattern\": …, \"value\": …}` or `{\"first\": […]}`";
                self.error(site.spot(), message);
                None
            }
            Kind::Array if container.json => {
                let mut items = Vec::new();
                for item in site.items() {
                    items.extend(self.value(item, container, scope));
                }
                Some(Value::Array(items.into()))
            }
            Kind::Boolean | Kind::Number => self.literal(site),
            Kind::Null if container.json => self.literal(site),
            Kind::Null | Kind::Array => {
                self.error(site.spot(), format!("{} is a text", container.value.what));
                None
            }
        }
    }

    fn literal(&mut self, site: Site<'l>) -> Option<Value> {
        match json(site.value) {
            Ok(value) => Some(Value::Literal(value)),
            Err(_) => {
                self.error(site.spot(), "the number is beyond a double's range");
                None
            }
        }
    }

    fn pattern(&mut self, site: Site<'l>, container: &Container, scope: Scope<'_>) -> Option<Value> {
        let members = self.object(site, "a pattern", &["pattern", "value"])?;
        let pattern = members.get("pattern").and_then(|site| {
            let pattern = self.template(site, &PATTERN, scope)?;
            if let Some(Err(why)) = self.said(&pattern).as_deref().map(value_pattern::prefix) {
                self.error(site.spot(), why);
            }
            self.check_literal(&pattern, container, site);
            Some(pattern)
        });
        // it stands in a text
        let text = container.of_texts();
        let value = self.required(&members, "value").and_then(|value| self.value(value, &text, scope));
        Some(Value::Pattern { pattern: pattern?, value: vec![value?].into() })
    }

    fn first(&mut self, site: Site<'l>, container: &Container, scope: Scope<'_>) -> Option<Value> {
        let members = self.object(site, "a choice", &["first"])?;
        let choices = members.get("first")?;
        if choices.kind() != Kind::Array || choices.value.is_empty() {
            self.error(choices.spot(), "`first` wants an array of at least one value");
            return None;
        }
        let mut values: Vec<Value> = Vec::new();
        for item in choices.items() {
            let certain = values.last().is_some_and(|value| self.is_certain(value, scope));
            if certain {
                let problem = Problem::warning(
                    item.spot(),
                    "this is never reached: what stands before is always there",
                );
                self.problem(problem);
            }
            values.extend(self.value(item, container, scope));
        }
        Some(Value::First(values.into()))
    }

    /// Checks that the pattern of the value at `site` is there: that of the last of several, without which none may be.
    pub(super) fn demand_pattern(&mut self, site: Site<'l>, scope: Scope<'_>) {
        let last = site.get("first").and_then(|choices| choices.items().last());
        if let Some(last) = last {
            self.demand_pattern(last, scope);
        } else if let Some(pattern) = site.get("pattern")
            && let Some(text) = pattern.string()
        {
            self.demand_text(&text, &PATTERN, scope, &|inside| pattern.spot_inside(inside));
        }
    }

    /// Whether a value is always there.
    pub(super) fn is_certain(&self, value: &Value, scope: Scope<'_>) -> bool {
        match value {
            Value::Template(template) => self.is_filled(template, scope),
            Value::Literal(_) | Value::Object(_) | Value::Array(_) => true,
            Value::Pattern { pattern, value } => {
                self.is_filled(pattern, scope) && value.iter().all(|value| self.is_certain(value, scope))
            }
            Value::First(values) => values.iter().any(|value| self.is_certain(value, scope)),
        }
    }

    /// Whether a template is never absent.
    pub(super) fn is_filled(&self, template: &Template, scope: Scope<'_>) -> bool {
        template.parts.iter().all(|part| match part {
            Part::Literal(_) => true,
            Part::Field(source) => self.has(*source, scope.facts),
        })
    }
}

/// Whether the object at `site` is the operation `operation`. In JSON it must be nothing else besides: data may have a
/// member of that name.
fn names(site: Site<'_>, operation: &str, container: &Container) -> bool {
    let Some(operand) = site.get(operation) else { return false };
    let alone = match operation {
        "first" => site.value.len() == 1 && operand.kind() == Kind::Array,
        _ => site.value.len() == 2 && site.get("value").is_some(),
    };
    !container.json || alone
}
