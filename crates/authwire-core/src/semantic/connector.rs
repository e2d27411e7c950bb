//! The connector file around the auth config: its URL, its headers, its query.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashSet;

use super::spread::entries;
use super::{Check, Issue, Issues, Written, header, url};
use crate::few_set::FewSet;
use crate::finding::Code;
use crate::instance::Instance;
use crate::judge::Judge;
use crate::plan::{Carried, CarriedName, Carrier, Names, Need, Placed, Plan};
use crate::pointer::push_token;
use crate::table::Schema;

pub(super) fn check(
    root: Instance<'_>,
    auth: Option<(&Schema, &Plan, Instance<'_>)>,
    judge: Option<&dyn Judge>,
    issues: &mut Issues,
) {
    if let Some(base) = root.get("base_url").and_then(Instance::string) {
        url::check_base(judge, &base, "/base_url", issues);
    }
    let maps = ["headers", "query"].map(|map| root.get(map));
    if maps.iter().all(Option::is_none) {
        return;
    }
    let auth = auth.filter(|_| issues.wants(Code::Overrides));
    let (headers, query) =
        auth.map(|(schema, plan, config)| names_of_auth(schema, plan, config)).unwrap_or_default();
    for (map, entries, names) in [("headers", maps[0], headers), ("query", maps[1], query)] {
        let Some(entries) = entries else { continue };
        let is_header = map == "headers";
        let compared = if is_header { Names::AnyCase } else { Names::Exact };
        let set_by_auth: FewSet<Cow<'_, str>> = names.iter().map(|name| compared.key(name)).collect();
        let mut repeats = header::Repeats::default();
        let written_twice = LazyCell::new(|| written_twice(entries));
        for (at, (name, value)) in entries.members().enumerate() {
            let pointer = || {
                let mut pointer = format!("/{map}");
                push_token(&mut pointer, &name);
                pointer
            };
            if is_header {
                let repeated = repeats.has(&name, entries.members().take(at).map(|(name, _)| name))
                    // one that is there twice to the letter is told already
                    && !written_twice.contains(&name);
                header::check_entry(&name, value.string().as_deref(), repeated, &pointer, issues);
            }
            if set_by_auth.contains(&compared.key(&name)) {
                let message = format!("`{name}` is set by `auth_config` too, which wins");
                issues
                    .push(Issue::new(Code::Overrides, pointer(), message).at_key().help("take it out here"));
            }
        }
    }
}

/// The names that `map` has more than once, each time in the same letters.
fn written_twice(map: Instance<'_>) -> HashSet<Cow<'_, str>> {
    let mut seen = HashSet::new();
    map.members().map(|(name, _)| name).filter(|name| !seen.insert(name.clone())).collect()
}

/// The names of the headers and of the query parameters that auth sets.
fn names_of_auth(schema: &Schema, plan: &Plan, config: Instance<'_>) -> (Vec<String>, Vec<String>) {
    let config = &Written { plan, config };
    let issues = &mut Issues::new(true);
    let check = Check { name: &schema.name, plan, config, prefix: "", judge: None, issues };
    let (mut headers, mut query) = (Vec::new(), Vec::new());
    for placement in plan.apply.iter().filter(|placement| check.holds(&placement.when)) {
        let names = |members: &crate::plan::Members| -> Vec<String> {
            let present = members.named.iter().filter(|(_, value)| check.value_present(value));
            let named = present.filter_map(|(name, _)| Some(check.literal(name)?.0.into_owned()));
            let slots = members.spreads.iter().map(|spread| check.slot(*spread));
            let spread = slots.flat_map(|slot| {
                entries(&slot).into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
            });
            named.chain(spread).collect()
        };
        match &placement.what {
            Placed::Header(members) => headers.extend(names(members)),
            Placed::Query(members) => query.extend(names(members)),
            Placed::Signature(signature) => {
                for carried in signature.carries().iter().filter(|carried| check.is_carried(carried)) {
                    let Some(name) = check.name_of(carried) else { continue };
                    match carried.carrier {
                        Carrier::Header => headers.push(name),
                        Carrier::Query => query.push(name),
                    }
                }
            }
            Placed::Form(_) | Placed::Json(_) => {}
            Placed::Basic { username, password: _ } => {
                headers.extend(check.present(username).then(|| "Authorization".to_owned()));
            }
            Placed::Cookie(_) | Placed::Cookies(_) => headers.push("Cookie".to_owned()),
        }
    }
    (headers, query)
}

impl Check<'_, '_> {
    /// Whether a signature sets this, as far as the config decides it.
    fn is_carried(&self, carried: &Carried<'_>) -> bool {
        carried.needs.iter().all(|need| match need {
            Need::Present(template) => self.present(template),
            Need::Is(template, value) => self.literal(template).is_some_and(|(text, _)| text == *value),
        })
    }

    fn name_of(&self, carried: &Carried<'_>) -> Option<String> {
        match carried.name {
            CarriedName::Fixed(name) => Some(name.to_owned()),
            CarriedName::Planned(name) => Some(self.literal(name)?.0.into_owned()),
        }
    }
}
