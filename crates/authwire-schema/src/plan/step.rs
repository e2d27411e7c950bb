//! `token.steps`: `[{name, when?, method? = POST, url, query?, headers?, form? | json?, client_authentication?, sign?,
//! pick?}]`, requests that go before the token request. `pick`: `{NAME: place}`, what later ones read as `{steps.NAME.PICK}`.

use authwire_model::json::Kind;
use authwire_model::plan::{Condition, Pick, Source, StepPlan};
use authwire_model::suggest;

use super::grammar::wrong_name;
use super::request::MEMBERS;
use super::response::POINTER;
use super::{Part, Planner, Scope};
use crate::problems::{Problem, Spot};
use crate::source::Site;

/// What is known of a step by those that come after it.
pub(super) struct Known {
    name: String,
    when: Vec<Condition>,
    picks: Vec<(String, Vec<Condition>)>,
}

impl<'l> Planner<'_, 'l> {
    /// The steps at `site`.
    pub(super) fn steps(&mut self, site: Site<'l>, scope: Scope<'_>) -> Vec<StepPlan> {
        if site.kind() != Kind::Array {
            self.error(site.spot(), "`steps` wants an array of requests");
            return Vec::new();
        }
        let mut steps = Vec::new();
        for (index, item) in site.items().enumerate() {
            if index > usize::from(u8::MAX) {
                self.error(item.spot(), "these are more steps than any login has");
                break;
            }
            let (known, step) = self.step(item, scope);
            // in their order, whatever is wrong with one
            self.steps.push(known);
            steps.extend(step);
        }
        steps
    }

    fn step(&mut self, site: Site<'l>, scope: Scope<'_>) -> (Known, Option<StepPlan>) {
        let known = [&["name", "pick"], &MEMBERS[..]].concat();
        let Some(members) = self.object(site, "a step", &known) else {
            return (Known { name: String::new(), when: Vec::new(), picks: Vec::new() }, None);
        };
        let name = self.required(&members, "name").map(|site| (site, site.string().unwrap_or_default()));
        if let Some((site, name)) = &name {
            if let Some(wrong) = wrong_name(name) {
                self.error(site.spot(), wrong);
            } else if self.steps.iter().any(|known| known.name == **name) {
                self.error(site.spot(), format!("another step is called `{name}` already"));
            }
        }
        let request = self.request_of(&members, scope);
        let when = request.as_ref().map(|request| request.when.to_vec()).unwrap_or_default();
        let facts = scope.facts_and(&when);
        let pick = members.get("pick").map(|site| self.pick(site, scope.with(&facts)));
        let pick = pick.unwrap_or_default();
        let name = name.map(|(_, name)| name.into_owned()).unwrap_or_default();
        let picks = pick.iter().map(|pick| (pick.name.to_string(), pick.place.when.to_vec())).collect();
        let step = request.map(|request| StepPlan { name: name.as_str().into(), request, pick: pick.into() });
        (Known { name, when, picks }, step)
    }

    /// Values out of an answer: `{NAME: place}`.
    pub(super) fn pick(&mut self, site: Site<'l>, scope: Scope<'_>) -> Vec<Pick> {
        if site.kind() != Kind::Object {
            self.error(site.spot(), "`pick` wants an object: names and places in the answer");
            return Vec::new();
        }
        let mut picks = Vec::new();
        for (index, (name, value)) in site.members().enumerate() {
            if !self.may_be_called(&name, index, value) {
                continue;
            }
            let Some(place) = self.answer_place(value, &POINTER, scope) else { continue };
            self.refuse_session(Some(value));
            if place.format.is_some()
                && let Some(format) = value.get("format")
            {
                self.error(format.key_spot(), "only `expires_in` is a time");
            }
            picks.push(Pick { name: (*name).into(), place });
        }
        picks
    }

    /// What `steps.PATH` reads.
    pub(super) fn picked_source(&mut self, path: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        if scope.part != Part::Token {
            self.error(spot, "what a step picks is read by token requests only");
            return None;
        }
        let Some((name, pick)) = path.split_once('.') else {
            let problem = Problem::error(spot, format!("`steps.{path}` alone is no value"));
            self.problem(problem.with_help(format!("`{{steps.{path}.NAME}}` reads what that step picks")));
            return None;
        };
        let Some(at) = self.steps.iter().position(|step| step.name == name) else {
            let names = self.steps.iter().map(|step| step.name.as_str());
            let guess = suggest::nearest(name, names).map(|name| format!("steps.{name}"));
            let problem = Problem::error(spot, format!("no step before this is called `{name}`"));
            self.problem(problem.with_guess(guess.as_deref()));
            return None;
        };
        let picks = self.steps.get(at).map(|step| step.picks.as_slice()).unwrap_or_default();
        let Some(which) = picks.iter().position(|(known, _)| known == pick) else {
            let guess = suggest::nearest(pick, picks.iter().map(|(name, _)| name.as_str()))
                .map(|pick| format!("steps.{name}.{pick}"));
            let problem = Problem::error(spot, format!("the step `{name}` picks no `{pick}`"));
            self.problem(problem.with_guess(guess.as_deref()));
            return None;
        };
        Some(Source::Picked(u8::try_from(at).ok()?, u8::try_from(which).ok()?))
    }

    /// Whether the step numbered `step` is made, and picks its number `pick`, wherever `facts` hold.
    pub(super) fn is_picked(&self, step: u8, pick: u8, facts: &[Condition]) -> bool {
        let Some(step) = self.steps.get(usize::from(step)) else { return true };
        let picked = step.picks.get(usize::from(pick)).map(|(_, when)| when.as_slice()).unwrap_or_default();
        step.when.iter().chain(picked).all(|condition| self.holds(condition, facts))
    }
}
