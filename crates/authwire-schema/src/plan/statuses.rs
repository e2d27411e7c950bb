//! Statuses of the API's answers: `[status] | "{field}"`, the field an array of nothing else.

use authwire_model::json::Kind;
use authwire_model::number::Number;
use authwire_model::plan::{FieldId, FieldKind, Source, Statuses, Template};
use authwire_model::table::{Json, Keyword, NodeId, Types};

use super::slot::{Slot, Takes};
use super::{Planner, Scope, property};
use crate::problems::Problem;
use crate::shape::{Property, Shape};
use crate::source::Site;

/// Where it is absent, the status is 401.
const STATUS: Slot = Slot::new("`renew_on`", Takes::JSON).lone();

/// The statuses of which a token may be told to be dead.
const STATUSES: std::ops::RangeInclusive<u64> = 400..=499;

impl<'l> Planner<'_, 'l> {
    /// The statuses at `site`.
    pub(super) fn statuses(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Statuses> {
        if site.kind() != Kind::Array {
            let template = match site.kind() {
                Kind::String => Some(self.template(site, &STATUS, scope)?),
                _ => None,
            };
            let Some(Source::Field(field)) = template.as_ref().and_then(Template::lone) else {
                let message = "`renew_on` wants an array of statuses or a `{property}` that holds one";
                self.error(site.spot(), message);
                return None;
            };
            self.check_statuses(site, field);
            return Some(Statuses::Field(field));
        }
        let mut statuses = Vec::new();
        for item in site.items() {
            let status =
                item.value.number().and_then(Number::as_u64).filter(|status| STATUSES.contains(status));
            match status.and_then(|status| u16::try_from(status).ok()) {
                Some(status) => statuses.push(status),
                None => {
                    let problem =
                        Problem::error(item.spot(), "a status from 400 to 499 says that a token is dead");
                    let help = "of a redirect `redirects_to` says where to, of any other answer `header` what it has";
                    self.problem(problem.with_help(help));
                }
            }
        }
        if site.value.is_empty() {
            let problem = Problem::error(site.spot(), "`renew_on` wants at least one status");
            self.problem(problem.with_help("leave it out for 401"));
        }
        Some(Statuses::These(statuses.into()))
    }

    /// Checks that a property holds statuses, whatever the config.
    fn check_statuses(&mut self, site: Site<'l>, field: FieldId) {
        // of any other kind that is told already
        let may_be_one = |known: &&property::Property| !known.broken && known.field.kind == FieldKind::Json;
        let Some(property) = self.property_of(Source::Field(field)).filter(may_be_one) else { return };
        let path: Vec<&str> = property.field.path.split('.').collect();
        if property.types == Types::ARRAY && are_statuses(self.shape, 0, &path) == Some(true) {
            return;
        }
        let message = format!("`{}` may hold more than statuses", property.field.path);
        let help = "it is an `array` whose `items` are of the type `integer`";
        self.problem(Problem::error(site.spot(), message).with_help(help));
    }
}

/// Whether the items of the array at `path` of a value under `node` are statuses, as far as the node says.
fn are_statuses(shape: Shape<'_>, node: NodeId, path: &[&str]) -> Option<bool> {
    let own = |node: NodeId| match path.split_first() {
        Some((name, rest)) => match shape.own_property(node, name) {
            Property::Named(child) => are_statuses(shape, child, rest),
            Property::Forbidden | Property::Open => None,
        },
        None => shape.rows(node).iter().find_map(|row| match row {
            Keyword::Items(items) => {
                Some(items.rest.iter().chain(&items.prefix).all(|item| is_status(shape, *item)))
            }
            _ => None,
        }),
    };
    shape.fold(node, &own, &|one, two| one || two, &|one, two| one && two)
}

/// Whether every value under `node` is a whole number.
fn is_status(shape: Shape<'_>, node: NodeId) -> bool {
    match shape.values(node) {
        Some(values) => {
            values.iter().all(|value| matches!(value, Json::Number(number) if number.as_u64().is_some()))
        }
        None => Types::INTEGER.contains(shape.types(node)),
    }
}
