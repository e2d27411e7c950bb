//! Alternatives whose `when`s ask for the value of an enum: whatever the value, something is done, and once. And placements
//! that may hold together: they set different things.

use authwire_model::plan::{
    Carried, CarriedName, Carrier, Condition, Members, Names, Need, Part, Placed, Placement, RequestPlan,
    SignaturePlan, Source, Template, Test, Value,
};
use authwire_model::table::Json;

use super::Planner;
use super::proof::Proof;
use crate::problems::{Problem, Spot};
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

/// Where a placement sets something by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Query,
    Cookie,
}

/// A name that a placement sets.
#[derive(Debug)]
struct Set {
    place: Place,
    name: String,
    spot: Spot,
    /// When it is set.
    when: Vec<Condition>,
}

impl Set {
    fn is_same(&self, other: &Self) -> bool {
        let names = match self.place {
            Place::Header => Names::AnyCase,
            Place::Query | Place::Cookie => Names::Exact,
        };
        self.place == other.place && names.are_same(&self.name, &other.name)
    }
}

/// What the placement at `site` sets under names that the plan says.
fn sets(site: Site<'_>, placement: &Placement, kind: &str) -> Vec<Set> {
    let value = site.get(kind);
    let spot = || value.map_or(site.spot(), Site::key_spot);
    let named = |place, members, site| named(place, members, site, &spot(), &placement.when);
    match &placement.what {
        Placed::Header(members) => named(Place::Header, members, value),
        Placed::Query(members) => named(Place::Query, members, value),
        Placed::Cookie(members) => named(Place::Cookie, members, value),
        Placed::Basic { .. } => {
            let name = "Authorization".to_owned();
            vec![Set { place: Place::Header, name, spot: spot(), when: placement.when.to_vec() }]
        }
        Placed::Signature(signature) => signed(signature, value, &spot(), &placement.when),
        Placed::Cookies(_) | Placed::Form(_) | Placed::Json(_) => Vec::new(),
    }
}

/// What `signature`, which `value` says at `spot`, sets where `when` holds.
fn signed(signature: &SignaturePlan, value: Option<Site<'_>>, spot: &Spot, when: &[Condition]) -> Vec<Set> {
    let set = |carried: Carried<'_>| {
        let (place, member) = match carried.carrier {
            Carrier::Header => (Place::Header, "headers"),
            Carrier::Query => (Place::Query, "query"),
        };
        let (name, written) = match carried.name {
            CarriedName::Fixed(name) => (name, None),
            CarriedName::Planned(name) => {
                let name = name.literal()?;
                (name, value.and_then(|value| value.get(member)?.get(name)))
            }
        };
        let needs = carried.needs.into_iter().map(demanded).collect::<Option<Vec<_>>>()?;
        let when = when.iter().cloned().chain(needs.into_iter().flatten()).collect();
        let spot = written.map_or_else(|| spot.clone(), Site::key_spot);
        Some(Set { place, name: name.to_owned(), spot, when })
    };
    signature.carries().into_iter().filter_map(set).collect()
}

/// What `members`, which stand at `site` or else at `spot`, set where `when` holds.
fn named(
    place: Place,
    members: &Members,
    site: Option<Site<'_>>,
    spot: &Spot,
    when: &[Condition],
) -> Vec<Set> {
    let set = |(name, value): &(Template, Value)| {
        let name = name.literal()?;
        let written = site.and_then(|site| site.get(name));
        Some(Set {
            place,
            name: name.to_owned(),
            spot: written.or(site).map_or_else(|| spot.clone(), Site::key_spot),
            when: when.iter().cloned().chain(needs(value)).collect(),
        })
    };
    members.named.iter().filter_map(set).collect()
}

/// What must be there or `value` is left out.
fn needs(value: &Value) -> Vec<Condition> {
    match value {
        Value::Template(template) => given(template),
        _ => Vec::new(),
    }
}

/// What must hold before a signature sets something; `None` if that never does.
fn demanded(need: Need<'_>) -> Option<Vec<Condition>> {
    match need {
        Need::Present(template) => Some(given(template)),
        Need::Is(template, value) => match (template.literal(), template.lone()) {
            (Some(text), _) => (text == value).then(Vec::new),
            (None, Some(source)) => {
                Some(vec![Condition { source, test: Test::Equals(Json::String(value.into())) }])
            }
            // made up of more: it may be
            (None, None) => Some(Vec::new()),
        },
    }
}

/// What must be there or `template` has no value.
fn given(template: &Template) -> Vec<Condition> {
    let fields = template.parts.iter().filter_map(|part| match part {
        Part::Field(source) => Some(*source),
        Part::Literal(_) => None,
    });
    fields.map(|source| Condition { source, test: Test::Present(true) }).collect()
}

impl<'l> Planner<'_, 'l> {
    /// Checks that no two placements that may hold together set the same thing: the later would drop the earlier.
    pub(super) fn check_clashes(&mut self, placements: &[(Site<'l>, &'static str, Placement)]) {
        let sets: Vec<Vec<Set>> =
            placements.iter().map(|(site, kind, placement)| sets(*site, placement, kind)).collect();
        for (index, later) in sets.iter().enumerate() {
            let earlier = || sets.iter().take(index).flatten();
            for set in later {
                if earlier().any(|other| other.is_same(set) && self.may_hold(&other.when, &set.when)) {
                    let what = match set.place {
                        Place::Header => "header",
                        Place::Query => "query parameter",
                        Place::Cookie => "cookie",
                    };
                    let message =
                        format!("another placement may set the {what} `{}` at the same time", set.name);
                    let help = "let `when` tell them apart, or choose between the values with `first`";
                    self.problem(Problem::error(set.spot.clone(), message).with_help(help));
                }
            }
        }
    }

    /// Checks that the signature at `sign` replaces nothing that its request says: `headers`, `query`, and the header
    /// `Authorization`, if client authentication at `client` sets that.
    pub(super) fn check_signed(
        &mut self,
        request: &RequestPlan,
        members: &super::grammar::Members<'l>,
        client: Option<Site<'l>>,
    ) {
        let (Some(signature), Some(sign)) = (&request.sign, members.get("sign")) else { return };
        let spot = sign.key_spot();
        let kind = sign.members().next().map(|(_, value)| value);
        let set = signed(signature, kind, &spot, &request.when);
        let said = |place, said, name| named(place, said, members.get(name), &spot, &request.when);
        let headers = said(Place::Header, &request.headers, "headers");
        let query = said(Place::Query, &request.query, "query");
        let client = client.map(|client| Set {
            place: Place::Header,
            name: "Authorization".to_owned(),
            spot: client.key_spot(),
            when: request.when.to_vec(),
        });
        for said in headers.into_iter().chain(query).chain(client) {
            if set.iter().any(|set| set.is_same(&said) && self.may_hold(&set.when, &said.when)) {
                let problem = Problem::error(said.spot, format!("`{}` is set by `sign`", said.name));
                self.problem(problem.with_help("leave one of the two out"));
            }
        }
    }

    /// Whether a config may fulfil both.
    fn may_hold(&self, one: &[Condition], two: &[Condition]) -> bool {
        let default = |source| self.property_of(source).and_then(|property| property.field.default.as_ref());
        let contradict = |one: &Condition, two: &Condition| {
            one.source == two.source
                && match (&one.test, &two.test) {
                    (Test::Equals(one), Test::Equals(two)) => one != two,
                    (Test::Present(one), Test::Present(two)) => one != two,
                    (Test::Equals(value), Test::Present(false))
                    | (Test::Present(false), Test::Equals(value)) => default(one.source) != Some(value),
                    _ => false,
                }
        };
        if one.iter().any(|one| two.iter().any(|two| contradict(one, two))) {
            return false;
        }
        let both: Vec<Condition> = one.iter().chain(two).cloned().collect();
        !Proof::new(self.shape).excludes(0, &self.facts(&both))
    }

    /// Checks that where `given` holds one alternative does, whatever the values of the enums that they ask for. An
    /// alternative that asks for nothing holds always; one that asks for no enum holds where that is proved.
    pub(super) fn check_exhaustive(
        &mut self,
        site: Site<'l>,
        alternatives: &[Alternative<'l>],
        given: &[Condition],
    ) {
        let enums = self.enums(alternatives);
        if enums.is_empty() || alternatives.iter().any(|alternative| alternative.when.is_empty()) {
            return;
        }
        let count = enums.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()));
        if count.is_none_or(|count| count > MOST_COMBINATIONS) {
            let message = format!(
                "that something is always done is too much to prove: the values asked for make more than \
                 {MOST_COMBINATIONS} combinations"
            );
            let help = "add an alternative without `when`, or ask for fewer properties";
            return self.problem(Problem::error(site.spot(), message).with_help(help));
        }
        let mut combination = vec![0; enums.len()];
        loop {
            let facts: Vec<Condition> = enums
                .iter()
                .zip(&combination)
                .map(|((source, values), at)| Condition {
                    source: *source,
                    test: match values.get(*at).copied().flatten() {
                        Some(value) => Test::Equals(value.clone()),
                        None => Test::Present(false),
                    },
                })
                .collect();
            let holds = |alternative: &Alternative<'l>| {
                let asks = |(source, _): &(Source, _)| alternative.demands(*source).is_some();
                if !enums.iter().any(asks) {
                    return self.is_certain_among(alternative, alternatives, &facts);
                }
                enums.iter().zip(&combination).all(|((source, values), at)| {
                    alternative
                        .demands(*source)
                        .is_none_or(|wanted| values.get(*at).copied().flatten() == Some(wanted))
                })
            };
            if !alternatives.iter().any(holds) && self.may_hold(&facts, given) {
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

    /// Whether `alternative` holds wherever `facts` do; or one of `all` does where it does not.
    fn is_certain_among(
        &self,
        alternative: &Alternative<'l>,
        all: &[Alternative<'l>],
        facts: &[Condition],
    ) -> bool {
        let otherwise = |condition: &Condition| {
            let test = match &condition.test {
                Test::Present(present) => Test::Present(!present),
                Test::Equals(Json::Bool(value)) => Test::Equals(Json::Bool(!value)),
                Test::Equals(_) => return false,
            };
            // a boolean that may be absent is neither
            let known = matches!(test, Test::Present(_)) || self.has(condition.source, facts);
            let opposite = Condition { source: condition.source, test };
            known && all.iter().any(|other| *other.when == [opposite.clone()])
        };
        match &alternative.when[..] {
            [condition] => self.holds(condition, facts) || otherwise(condition),
            conditions => conditions.iter().all(|condition| self.holds(condition, facts)),
        }
    }

    /// Checks that no two alternatives that do the same hold at once, as far as they ask for enums. Returns
    /// whether that is so.
    pub(super) fn check_exclusive(&mut self, alternatives: &[Alternative<'l>]) -> bool {
        let mut exclusive = true;
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
                exclusive = false;
            }
        }
        exclusive
    }

    /// The enums that alternatives ask for, each with its values, and with `None` if it may be absent. A boolean switches
    /// something on, so that nothing need be done where it does not.
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
            let is_switch = |values: &[Json]| values.iter().all(|value| matches!(value, Json::Bool(_)));
            let Some(values) = property.values.as_ref().filter(|values| !is_switch(values)) else { continue };
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
