//! Alternatives whose `when`s ask for the value of an enum: whatever the value, something is done, and once.

use authwire_model::plan::{Condition, Source, Test};
use authwire_model::table::Json;

use super::Planner;
use crate::problems::Problem;
use crate::source::Site;

/// More combinations of values are not gone through.
const MOST_COMBINATIONS: usize = 4096;

/// An alternative.
pub(super) struct Alternative<'l> {
    /// Where it stands.
    pub(super) site: Site<'l>,
    /// What it does: two that do the same exclude each other.
    pub(super) kind: &'static str,
    /// When it holds.
    pub(super) when: Vec<Condition>,
}

impl<'l> Alternative<'l> {
    /// What it demands of the value of `source`.
    fn demands(&self, source: Source) -> Option<&Json> {
        self.when.iter().find_map(|condition| match &condition.test {
            Test::Equals(value) if condition.source == source => Some(value),
            _ => None,
        })
    }
}

impl<'l> Planner<'_, 'l> {
    /// Checks that one alternative holds whatever the values of the enums that they ask for. An alternative that asks
    /// for none holds always.
    pub(super) fn check_exhaustive(&mut self, site: Site<'l>, alternatives: &[Alternative<'l>]) {
        let enums = self.enums(alternatives);
        if enums.is_empty() {
            return;
        }
        let mut combination = vec![0; enums.len()];
        for _ in 0..MOST_COMBINATIONS {
            let holds = |alternative: &Alternative<'l>| {
                enums.iter().zip(&combination).all(|((source, values), at)| {
                    alternative
                        .demands(*source)
                        .is_none_or(|wanted| values.get(*at).copied().flatten() == Some(wanted))
                })
            };
            if !alternatives.iter().any(holds) {
                let missing = enums.iter().zip(&combination).map(|((source, values), at)| {
                    let path = self.property_of(*source).map_or("", |property| &property.field.path);
                    match values.get(*at).copied().flatten() {
                        Some(value) => format!("`{path}` is {value}"),
                        None => format!("`{path}` is absent"),
                    }
                });
                let missing: Vec<String> = missing.collect();
                let message = format!("nothing is done when {}", missing.join(" and "));
                let problem = Problem::error(site.spot(), message);
                self.problems.push(problem.with_help("add an alternative for it, or one without `when`"));
                return;
            }
            // the next combination; none is left when every place has turned over
            let mut turned_over = true;
            for ((_, values), at) in enums.iter().zip(&mut combination) {
                *at += 1;
                turned_over = *at == values.len();
                if !turned_over {
                    break;
                }
                *at = 0;
            }
            if turned_over {
                return;
            }
        }
    }

    /// Checks that no two alternatives that do the same hold at once, as far as they ask for enums.
    pub(super) fn check_exclusive(&mut self, alternatives: &[Alternative<'l>]) {
        for (index, later) in alternatives.iter().enumerate() {
            let asked: Vec<Source> = later.when.iter().map(|condition| condition.source).collect();
            let same = |earlier: &&Alternative<'l>| {
                earlier.kind == later.kind
                    && asked.iter().any(|source| earlier.demands(*source).is_some())
                    && !earlier.when.iter().any(|condition| contradicted(condition, &later.when))
            };
            let asks_enum = later.when.iter().any(|condition| matches!(condition.test, Test::Equals(_)));
            if asks_enum && alternatives.iter().take(index).any(|earlier| same(&earlier)) {
                let message = format!("another `{}` may hold at the same time: write one", later.kind);
                self.error(later.site.spot(), message);
            }
        }
    }

    /// The enums that alternatives ask for, each with its values, and with `None` if it may be absent. Booleans switch
    /// something on, so that nothing need be done where they do not.
    fn enums<'a>(&'a self, alternatives: &[Alternative<'l>]) -> Vec<(Source, Vec<Option<&'a Json>>)> {
        let mut enums: Vec<(Source, Vec<Option<&Json>>)> = Vec::new();
        for condition in alternatives.iter().flat_map(|alternative| &alternative.when) {
            let is_known = enums.iter().any(|(known, _)| *known == condition.source);
            if is_known || !matches!(condition.test, Test::Equals(_)) {
                continue;
            }
            let Some(property) = self.property_of(condition.source).filter(|property| !property.broken)
            else {
                continue;
            };
            let listed =
                property.values.as_ref().filter(|values| values.iter().all(|it| it.as_str().is_some()));
            let Some(values) = listed else { continue };
            let mut values: Vec<Option<&Json>> = values.iter().map(Some).collect();
            if !property.field.always {
                values.push(None);
            }
            enums.push((condition.source, values));
        }
        enums
    }
}

/// Whether `condition` cannot hold where all of `others` do.
fn contradicted(condition: &Condition, others: &[Condition]) -> bool {
    others.iter().any(|other| {
        other.source == condition.source
            && match (&condition.test, &other.test) {
                (Test::Equals(one), Test::Equals(two)) => one != two,
                (Test::Present(one), Test::Present(two)) => one != two,
                _ => false,
            }
    })
}
