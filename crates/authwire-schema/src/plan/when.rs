//! `when`: `{field: scalar | {present: bool}}`. All hold. *Present* means written in the file: a default is not.

use authwire_model::json::Kind;
use authwire_model::plan::{Condition, FieldKind, Source, Test};
use authwire_model::suggest;
use authwire_model::table::Json;

use super::property::in_words;
use super::{Planner, Scope, template};
use crate::problems::Problem;
use crate::shape;
use crate::source::Site;
use crate::subschema::json;

impl<'l> Planner<'_, 'l> {
    /// The conditions at `site`, if there are any.
    pub(super) fn when(&mut self, site: Option<Site<'l>>, scope: Scope<'_>) -> Vec<Condition> {
        let Some(site) = site else { return Vec::new() };
        if site.kind() != Kind::Object {
            self.error(site.spot(), "`when` wants an object: properties and what must hold of them");
            return Vec::new();
        }
        if site.value.is_empty() {
            let problem = Problem::error(site.spot(), "`when` wants at least one condition");
            self.problem(problem.with_help("leave it out for what always holds"));
        }
        let mut conditions = Vec::new();
        for (path, value) in site.members() {
            let Some(condition) = self.condition(&path, value, scope) else { continue };
            let contradicts =
                |known: &&Condition| known.source == condition.source && known.test != condition.test;
            let never = match condition.test {
                // what must be there is never absent
                Test::Present(false) => self.is_written(condition.source, &[]),
                _ => false,
            };
            if never || scope.facts.iter().chain(&conditions).any(|known| contradicts(&known)) {
                self.error(value.spot(), format!("this never holds of `{path}` here"));
            }
            conditions.push(condition);
        }
        conditions
    }

    fn condition(&mut self, path: &str, value: Site<'l>, scope: Scope<'_>) -> Option<Condition> {
        if !template::is_path(path) {
            let help =
                format!("properties stand here without braces: `name` or `name.name`; {}", template::NAME);
            self.problem(Problem::error(value.key_spot(), "this is no path").with_help(help));
            return None;
        }
        let source = self.source(path, scope, value.key_spot())?;
        if matches!(
            source,
            Source::Make(_)
                | Source::Picked(..)
                | Source::Request(_)
                | Source::BaseUrl
                | Source::ConnectorName
        ) {
            self.error(value.key_spot(), format!("`{path}` is always there: nothing depends on it"));
            return None;
        }
        let test = match value.kind() {
            Kind::Object => Test::Present(self.present(value)?),
            Kind::Array => {
                self.error(value.spot(), "`when` wants a scalar or `{\"present\": true}`");
                return None;
            }
            _ => Test::Equals(self.equal_to(path, source, value)?),
        };
        Some(Condition { source, test })
    }

    fn present(&mut self, value: Site<'l>) -> Option<bool> {
        let members = self.object(value, "a condition", &["present"])?;
        let present = self.required(&members, "present")?;
        let boolean = present.value.boolean();
        if boolean.is_none() {
            self.error(present.spot(), "`present` wants `true` or `false`");
        }
        boolean
    }

    fn equal_to(&mut self, path: &str, source: Source, value: Site<'l>) -> Option<Json> {
        let wanted = json(value.value).ok()?;
        let Some(property) = self.property_of(source) else {
            self.error(
                value.spot(),
                format!("`{path}` is a secret: it can be asked only whether it is present"),
            );
            return None;
        };
        if property.broken {
            return Some(wanted);
        }
        let kind = property.field.kind;
        if !matches!(kind, FieldKind::Plain | FieldKind::Boolean | FieldKind::Number) {
            let message =
                format!("`{path}` is {}: it can be asked only whether it is present", in_words(kind));
            self.problem(Problem::error(value.spot(), message).with_help("write `{\"present\": true}`"));
            return None;
        }
        let allowed = match &property.values {
            Some(values) => values.contains(&wanted),
            None => property.types.contains(shape::type_of(&wanted)),
        };
        if !allowed {
            let known: Vec<String> = property.values.iter().flatten().map(ToString::to_string).collect();
            let near = wanted.as_str().and_then(|text| {
                let values = property.values.iter().flatten().filter_map(Json::as_str);
                suggest::nearest(text, values).map(str::to_owned)
            });
            let help = (!known.is_empty()).then(|| format!("it is one of {}", known.join(", ")));
            let message = format!("`{path}` is never {wanted}");
            self.problem(Problem::error(value.spot(), message).with_guess(near.as_deref()).or_help(help));
        }
        Some(wanted)
    }
}
