//! `token`: `{when?, keep?, login?, dpop?, steps?, request: request | [request], response, renew_on?}`, how a token is had.

use authwire_model::json::Kind;
use authwire_model::plan::{Condition, RenewOn, RequestPlan, Source, Template, Test, TokenPlan, Value};

use super::grammar::listed;
use super::members::HEADER;
use super::slot::{Slot, Takes};
use super::{Part, Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

/// Left out where it is absent.
const PAGE: Slot = Slot::new("the page that an answer redirects to", Takes::SHOWN).not_empty();

impl<'l> Planner<'_, 'l> {
    /// The token plan at `site`.
    pub(super) fn token(&mut self, site: Site<'l>) -> Option<TokenPlan> {
        let known = ["when", "keep", "login", "dpop", "steps", "request", "response", "renew_on"];
        let members = self.object(site, "`token`", &known)?;
        let when = self.when(members.get("when"), Scope::new(Part::Beginning, &[]));
        // `apply`, which is read later, may ask under which conditions there is a token
        self.token = Some(when.clone());
        let scope = Scope::new(Part::Token, &when);
        let keep = members.get("keep").map(|site| self.keep(site, scope)).unwrap_or_default();
        let login = members.get("login").and_then(|site| {
            let scope = Scope { part: Part::Login, ..scope };
            self.login(site, scope)
        });
        let dpop = members.get("dpop").and_then(|site| self.dpop(site, scope));
        let steps = members.get("steps").map(|site| self.steps(site, scope)).unwrap_or_default();
        let requests = match self.required(&members, "request") {
            Some(request) => self.requests(request, scope),
            None => Vec::new(),
        };
        if let Some(login) = members.get("login") {
            self.check_ended(login, &requests);
        }
        let response = self.required(&members, "response").and_then(|site| self.response(site, scope));
        let renew_on = members.get("renew_on").map(|site| self.renew_on(site, scope)).unwrap_or_default();
        Some(TokenPlan {
            when: when.into(),
            keep: keep.into(),
            login,
            dpop,
            steps: steps.into(),
            requests: requests.into(),
            response: response?,
            renew_on,
        })
    }

    fn requests(&mut self, site: Site<'l>, scope: Scope<'_>) -> Vec<RequestPlan> {
        let items: Vec<Site<'l>> = match site.kind() {
            Kind::Array => site.items().collect(),
            _ => vec![site],
        };
        if items.is_empty() {
            self.error(site.spot(), "`request` wants at least one request");
        }
        let mut requests: Vec<RequestPlan> = Vec::new();
        let mut alternatives = Vec::new();
        for item in items {
            if let Some(request) = self.request(item, scope) {
                let when = request.when.to_vec();
                alternatives.push(super::alternatives::Alternative { site: item, kind: "request", when });
                requests.push(request);
            }
        }
        // requests may hold at the same time: the next is taken where the first was refused
        self.check_exhaustive(site, &alternatives, scope.facts);
        self.check_first(site, &requests, scope);
        requests
    }

    /// Checks that a request can be made at first, before any answer; and where there is only one, that it always can.
    fn check_first(&mut self, site: Site<'l>, requests: &[RequestPlan], scope: Scope<'_>) {
        let comes_later = |condition: &Condition| match condition.source {
            Source::Kept(index) => {
                condition.test == Test::Present(true)
                    && !self.kept.get(usize::from(index)).is_some_and(|kept| kept.has_initial)
            }
            _ => false,
        };
        if !requests.is_empty() && requests.iter().all(|request| request.when.iter().any(comes_later)) {
            let message = "no request can be the first: each asks for what only an answer brings";
            let help = "give it an `initial`, or add a request without that condition";
            return self.problem(Problem::error(site.spot(), message).with_help(help));
        }
        let [request] = requests else { return };
        let is_property = |condition: &Condition| matches!(condition.source, Source::Field(_));
        let may_fail = |condition: &&Condition| is_property(condition) && !self.holds(condition, scope.facts);
        let asks_for_enum = request.when.iter().any(|condition| self.asks_for_enum(condition));
        if let Some(condition) = request.when.iter().find(may_fail).filter(|_| !asks_for_enum) {
            let path = self.property_of(condition.source).map_or("", |property| &property.field.path);
            let message = format!("there is no request where this does not hold of `{path}`");
            let when = site.get("when").map_or(site.spot(), Site::key_spot);
            let help = "let the token's own `when` ask for it, or add a request for it";
            self.problem(Problem::error(when, message).with_help(help));
        }
    }

    /// The answers on which a token is dead: statuses, or an object of what else says so.
    fn renew_on(&mut self, site: Site<'l>, scope: Scope<'_>) -> RenewOn {
        if site.kind() != Kind::Object {
            return RenewOn { status: self.statuses(site, scope), ..RenewOn::default() };
        }
        let known = ["status", "redirects_to", "header"];
        let Some(members) = self.object(site, "`renew_on`", &known) else { return RenewOn::default() };
        if site.value.is_empty() {
            let problem = Problem::error(site.spot(), format!("`renew_on` wants one of {}", listed(&known)));
            self.problem(problem.with_help("leave it out for the status 401"));
        }
        RenewOn {
            status: members.get("status").and_then(|site| self.statuses(site, scope)),
            redirects_to: members.get("redirects_to").and_then(|site| self.template(site, &PAGE, scope)),
            header: members.get("header").map(|site| self.told(site, scope)).unwrap_or_default().into(),
        }
    }

    /// Headers that an answer may have, each with a value.
    fn told(&mut self, site: Site<'l>, scope: Scope<'_>) -> Vec<(Template, Template)> {
        let members = self.members(site, &HEADER, scope);
        if !members.spreads.is_empty() {
            self.error(site.spot(), "what an answer's header says is written one by one");
        }
        let mut told = Vec::new();
        for (name, value) in &members.named {
            match value {
                Value::Template(value) => told.push((name.clone(), value.clone())),
                _ => self.error(site.spot(), "what an answer's header says is one text"),
            }
        }
        told
    }
}
