//! Alternatives whose `when`s ask for the value of an enum: whatever the config, something is done, and whatever the value,
//! once. And placements that may hold together: they set different things.

use authwire_model::plan::{
    Carried, CarriedName, Carrier, Condition, Members, Need, ParameterLocation, Part, Placed, Placement,
    RequestPlan, SignaturePlan, Source, Template, Test, Value,
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
    /// Whether it demands a value of `source`.
    fn demands(&self, source: Source) -> bool {
        let demands = |condition: &Condition| matches!(condition.test, Test::Equals(_));
        self.when.iter().any(|condition| condition.source == source && demands(condition))
    }
}

/// A property that `when`s ask for, and all that may be of it.
struct Asked {
    source: Source,
    states: Vec<State>,
    /// Whether it is asked whether it is written.
    presence: bool,
    default: Option<Json>,
}

/// What may be of a property.
#[derive(Debug, PartialEq)]
enum State {
    /// It has this value.
    Is(Json),
    /// It is written, and has no value that is asked for.
    Written,
    /// It is not written.
    Absent,
}

impl State {
    /// Whether a property in this state, whose default is `default`, passes `test`.
    fn passes(&self, test: &Test, default: Option<&Json>) -> bool {
        match (self, test) {
            (Self::Is(value), Test::Equals(wanted)) => value == wanted,
            (Self::Is(_) | Self::Written, Test::Present(present)) => *present,
            (Self::Written, Test::Equals(_)) => false,
            (Self::Absent, Test::Present(present)) => !present,
            (Self::Absent, Test::Equals(wanted)) => default == Some(wanted),
        }
    }
}

/// Properties, each in one of its states.
struct Combination {
    asked: Vec<Asked>,
    at: Vec<usize>,
}

impl Combination {
    fn states(&self) -> impl Iterator<Item = (&Asked, &State)> {
        self.asked.iter().zip(&self.at).filter_map(|(asked, at)| Some((asked, asked.states.get(*at)?)))
    }

    /// The same as conditions.
    fn facts(&self) -> Vec<Condition> {
        let facts = |(asked, state): (&Asked, &State)| {
            let tests = match state {
                State::Is(value) => {
                    let written = asked.presence.then_some(Test::Present(true));
                    [Some(Test::Equals(value.clone())), written]
                }
                State::Written => [Some(Test::Present(true)), None],
                State::Absent => [Some(Test::Present(false)), None],
            };
            let source = asked.source;
            tests.into_iter().flatten().map(move |test| Condition { source, test })
        };
        self.states().flat_map(facts).collect()
    }

    /// Goes on to the next; there is none when every place has turned over.
    fn advance(&mut self) -> bool {
        self.asked.iter().zip(&mut self.at).any(|(asked, at)| {
            *at = (*at + 1) % asked.states.len().max(1);
            *at != 0
        })
    }
}

/// A name that a placement sets.
#[derive(Debug)]
struct Set {
    place: ParameterLocation,
    name: String,
    spot: Spot,
    /// When it is set.
    when: Vec<Condition>,
}

impl Set {
    /// Whether one of the two would drop the other.
    fn clashes(&self, other: &Self) -> bool {
        self.place == other.place && self.place.names().are_same(&self.name, &other.name)
    }
}

/// What the placement at `site` sets under names that the plan says.
fn sets(site: Site<'_>, placement: &Placement, kind: &str) -> Vec<Set> {
    let value = site.get(kind);
    let spot = || value.map_or(site.spot(), Site::key_spot);
    let named = |place, members, site| named(place, members, site, &spot(), &placement.when);
    match &placement.what {
        Placed::Header(members) => {
            let mut sets = named(ParameterLocation::Header, members, value);
            let cookies = sets.iter().filter(|set| set.name.eq_ignore_ascii_case("cookie"));
            let cookies: Vec<Set> = cookies.flat_map(|set| cookies_in(set, members)).collect();
            sets.extend(cookies);
            sets
        }
        Placed::Query(members) => named(ParameterLocation::Query, members, value),
        Placed::Cookie(members) => named(ParameterLocation::Cookie, members, value),
        Placed::Form(members) | Placed::Json(members) => named(ParameterLocation::Body, members, value),
        Placed::Basic { username, password: _ } => {
            let name = "Authorization".to_owned();
            let when = placement.when.iter().cloned().chain(given(username)).collect();
            vec![Set { place: ParameterLocation::Header, name, spot: spot(), when }]
        }
        Placed::Signature(signature) => signed(signature, value, &spot(), &placement.when),
        Placed::Cookies(_) => Vec::new(),
    }
}

/// The cookies that the header `set` of `members` sets by names that the plan says.
fn cookies_in(set: &Set, members: &Members) -> Vec<Set> {
    let value =
        members.named.iter().find(|(name, _)| name.literal() == Some(&set.name)).map(|(_, value)| value);
    let Some(Value::Template(template)) = value else { return Vec::new() };
    let said = |part: &Part| match part {
        Part::Literal(text) => text.to_string(),
        Part::Field(_) => "{}".to_owned(),
    };
    let text: String = template.parts.iter().map(said).collect();
    let names =
        text.split(';').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name.trim().to_owned());
    let cookie =
        |name| Set { place: ParameterLocation::Cookie, name, spot: set.spot.clone(), when: set.when.clone() };
    names.map(cookie).collect()
}

/// What `signature`, which `value` says at `spot`, sets where `when` holds.
fn signed(signature: &SignaturePlan, value: Option<Site<'_>>, spot: &Spot, when: &[Condition]) -> Vec<Set> {
    let set = |carried: Carried<'_>| {
        let (place, member) = match carried.carrier {
            Carrier::Header => (ParameterLocation::Header, "headers"),
            Carrier::Query => (ParameterLocation::Query, "query"),
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
    place: ParameterLocation,
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
    template.sources().map(|source| Condition { source, test: Test::Present(true) }).collect()
}

impl<'l> Planner<'_, 'l> {
    /// Checks that no two placements that may hold together set the same thing: the later would drop the earlier. And that a
    /// body is one.
    pub(super) fn check_clashes(&mut self, placements: &[(Site<'l>, &'static str, Placement)]) {
        self.check_bodies(placements);
        let sets: Vec<Vec<Set>> =
            placements.iter().map(|(site, kind, placement)| sets(*site, placement, kind)).collect();
        for (index, later) in sets.iter().enumerate() {
            let earlier = || sets.iter().take(index).flatten();
            for set in later {
                if earlier().any(|other| other.clashes(set) && self.may_hold(&other.when, &set.when)) {
                    let what = match set.place {
                        ParameterLocation::Header => "header",
                        ParameterLocation::Query => "query parameter",
                        ParameterLocation::Cookie => "cookie",
                        ParameterLocation::Body => "member of the body",
                    };
                    let message =
                        format!("another placement may set the {what} `{}` at the same time", set.name);
                    let help = "let `when` tell them apart, or choose between the values with `first`";
                    self.problem(Problem::error(set.spot.clone(), message).with_help(help));
                }
            }
        }
    }

    /// Checks that no two placements that may hold together make bodies of two types.
    fn check_bodies(&mut self, placements: &[(Site<'l>, &'static str, Placement)]) {
        for (index, (site, kind, later)) in placements.iter().enumerate() {
            let is_other = |(_, other, earlier): &(Site<'l>, &'static str, Placement)| {
                matches!((*other, *kind), ("form", "json") | ("json", "form"))
                    && self.may_hold(&earlier.when, &later.when)
            };
            if let (true, Some(body)) = (placements.iter().take(index).any(is_other), site.get(kind)) {
                let problem = Problem::error(body.key_spot(), "a call has one body: `form` or `json`");
                self.problem(problem.with_help("let `when` tell them apart"));
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
        let headers = said(ParameterLocation::Header, &request.headers, "headers");
        let query = said(ParameterLocation::Query, &request.query, "query");
        let client = client.map(|client| Set {
            place: ParameterLocation::Header,
            name: "Authorization".to_owned(),
            spot: client.key_spot(),
            when: request.when.to_vec(),
        });
        for said in headers.into_iter().chain(query).chain(client) {
            if set.iter().any(|set| set.clashes(&said) && self.may_hold(&set.when, &said.when)) {
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
        let with_implied = |conditions: &[Condition]| -> Vec<Condition> {
            let implied = conditions.iter().flat_map(|condition| self.implied(condition));
            conditions.iter().cloned().chain(implied).collect()
        };
        let (one, two) = (with_implied(one), with_implied(two));
        if one.iter().any(|one| two.iter().any(|two| contradict(one, two))) {
            return false;
        }
        let both = [one, two].concat();
        !Proof::new(self.shape).excludes(0, &self.facts(&both))
    }

    /// Checks that where `given` holds one alternative does, if any asks for an enum: whatever the properties are that they
    /// ask for. An alternative that asks for nothing holds always.
    pub(super) fn check_exhaustive(
        &mut self,
        site: Site<'l>,
        alternatives: &[Alternative<'l>],
        given: &[Condition],
    ) {
        let conditions = || alternatives.iter().flat_map(|alternative| &alternative.when);
        if !conditions().any(|condition| self.asks_for_enum(condition))
            || alternatives.iter().any(|alternative| alternative.when.is_empty())
        {
            return;
        }
        let asked = self.asked(conditions());
        let count = asked.iter().try_fold(1_usize, |count, asked| count.checked_mul(asked.states.len()));
        if count.is_none_or(|count| count > MOST_COMBINATIONS) {
            let message = format!(
                "that something is always done is too much to prove: the values asked for make more than \
                 {MOST_COMBINATIONS} combinations"
            );
            let help = "add an alternative without `when`, or ask for fewer properties";
            return self.problem(Problem::error(site.spot(), message).with_help(help));
        }
        let mut combination = Combination { at: vec![0; asked.len()], asked };
        loop {
            let holds = |alternative: &Alternative<'l>| self.all_pass(&alternative.when, &combination);
            if !alternatives.iter().any(holds) && self.may_hold(&combination.facts(), given) {
                let missing = combination.states().map(|(asked, state)| {
                    let path = self.property_of(asked.source).map_or("", |property| &property.field.path);
                    match state {
                        State::Is(value) => format!("`{path}` is {value}"),
                        State::Written if asked.states.iter().any(|state| matches!(state, State::Is(_))) => {
                            format!("`{path}` is something else")
                        }
                        State::Written => format!("`{path}` is present"),
                        State::Absent => format!("`{path}` is absent"),
                    }
                });
                let missing: Vec<String> = missing.collect();
                let message = format!("nothing is done when {}", missing.join(" and "));
                let problem = Problem::error(site.spot(), message);
                self.problems.push(problem.with_help("add an alternative for it, or one without `when`"));
                return;
            }
            if !combination.advance() {
                return;
            }
        }
    }

    /// Whether all of `conditions` hold in `combination`. What was kept, picked or brought by a login may be there.
    fn all_pass(&self, conditions: &[Condition], combination: &Combination) -> bool {
        conditions.iter().all(|condition| match condition.source {
            Source::AccessToken | Source::TokenValue(_) => {
                let is_there = self.all_pass(&self.needed_for(condition.source), combination);
                condition.test == Test::Present(is_there)
            }
            source => combination
                .states()
                .find(|(asked, _)| asked.source == source)
                .is_none_or(|(asked, state)| state.passes(&condition.test, asked.default.as_ref())),
        })
    }

    /// What holds of properties where `condition` asks for a token.
    pub(super) fn implied(&self, condition: &Condition) -> Vec<Condition> {
        if !matches!(condition.source, Source::AccessToken | Source::TokenValue(_)) {
            return Vec::new();
        }
        let needed = self.needed_for(condition.source);
        match (&condition.test, &needed[..]) {
            (Test::Present(true), _) => needed,
            (_, [Condition { source, test: Test::Present(present) }]) => {
                vec![Condition { source: *source, test: Test::Present(!present) }]
            }
            _ => Vec::new(),
        }
    }

    /// What must hold or there is no `source`, which is of a token.
    fn needed_for(&self, source: Source) -> Vec<Condition> {
        let value = match source {
            Source::TokenValue(index) => self.token_values.get(usize::from(index)),
            _ => None,
        };
        let value = value.into_iter().flat_map(|(_, when)| when);
        self.token.iter().flatten().chain(value).cloned().collect()
    }

    /// The properties that `conditions` ask for.
    fn asked<'a>(&self, conditions: impl Iterator<Item = &'a Condition>) -> Vec<Asked> {
        let of_properties = |condition: &Condition| match condition.source {
            source @ (Source::AccessToken | Source::TokenValue(_)) => self.needed_for(source),
            _ => vec![condition.clone()],
        };
        let conditions: Vec<Condition> = conditions.flat_map(of_properties).collect();
        let mut found: Vec<Asked> = Vec::new();
        for source in conditions.iter().map(|condition| condition.source) {
            let Some(property) = self.property_of(source).filter(|property| !property.broken) else {
                continue;
            };
            if found.iter().any(|known| known.source == source) {
                continue;
            }
            let mut wanted: Vec<&Json> = Vec::new();
            let mut presence = false;
            for condition in conditions.iter().filter(|condition| condition.source == source) {
                match &condition.test {
                    Test::Equals(value) if !wanted.contains(&value) => wanted.push(value),
                    Test::Equals(_) => {}
                    Test::Present(_) => presence = true,
                }
            }
            let may_be_absent = if presence { !self.is_written(source, &[]) } else { !property.field.always };
            let absent = may_be_absent.then_some(State::Absent);
            let states = match property.listed() {
                Some(values) if !wanted.is_empty() => {
                    values.into_iter().map(State::Is).chain(absent).collect()
                }
                _ => {
                    let wanted = wanted.into_iter().cloned().map(State::Is);
                    wanted.chain([State::Written]).chain(absent).collect()
                }
            };
            found.push(Asked { source, states, presence, default: property.field.default.clone() });
        }
        found
    }

    /// Checks that no two alternatives that do the same hold at once, as far as they ask for enums. Returns
    /// whether that is so.
    pub(super) fn check_exclusive(&mut self, alternatives: &[Alternative<'l>]) -> bool {
        let mut exclusive = true;
        for (index, later) in alternatives.iter().enumerate() {
            let enums: Vec<Source> = later
                .when
                .iter()
                .filter(|condition| self.asks_for_enum(condition))
                .map(|condition| condition.source)
                .collect();
            let same = |earlier: &Alternative<'l>| {
                earlier.kind == later.kind
                    && enums.iter().any(|source| earlier.demands(*source))
                    && !earlier.when.iter().any(|condition| contradicted(condition, &later.when))
            };
            if alternatives.iter().take(index).any(same) {
                let message = format!("another `{}` may hold at the same time: write one", later.kind);
                self.error(later.site.spot(), message);
                exclusive = false;
            }
        }
        exclusive
    }

    /// Whether `condition` asks for the value of an enum. A boolean switches something on, so that nothing need be done where it
    /// does not.
    pub(super) fn asks_for_enum(&self, condition: &Condition) -> bool {
        let property = self.property_of(condition.source).filter(|property| !property.broken);
        let values = property.and_then(|property| property.values.as_ref());
        matches!(condition.test, Test::Equals(_))
            && values.is_some_and(|values| !values.iter().all(|value| matches!(value, Json::Bool(_))))
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
