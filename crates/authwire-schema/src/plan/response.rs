//! Token answers: `{access_token, expires_in?, token_type?, error?, base_url?, pick?}`, each a place: a JSON pointer,
//! `{header}`, `{cookie}`, `{cookies}`, `{input}`, `{meta}` or `{at: place, format?, expect?, when?}`. `pick`: `{NAME:
//! place}`, what `apply` reads as `{token.NAME}`.

use std::borrow::Cow;

use authwire_model::finding::Code;
use authwire_model::header;
use authwire_model::json::Kind;
use authwire_model::list::List;
use authwire_model::plan::{AnswerPlace, At, Pick, ResponsePlan, Template};
use authwire_model::pointer;

use super::members::Names;
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

/// Where in a body something stands.
pub(super) const POINTER: Slot = Slot::new("a JSON pointer", Takes::PLAIN).required().or_empty().lone();

/// Where in a body something may stand.
const OPTIONAL_POINTER: Slot = Slot::new("a JSON pointer", Takes::PLAIN).lone();

const HEADER: Slot = Slot::new("a header's name", Takes::PLAIN).required().lone();
const COOKIE: Slot = Slot::new("a cookie's name", Takes::PLAIN).required().lone();
/// Left out where it is absent.
const COOKIE_IF_GIVEN: Slot = Slot::new("a cookie's name", Takes::PLAIN).lone();
const INPUT: Slot = Slot::new("a form field's name", Takes::PLAIN).required().lone();
const META: Slot = Slot::new("a meta element's name", Takes::PLAIN).required().lone();

/// The places that are no JSON pointer.
const PLACES: [&str; 5] = ["header", "cookie", "cookies", "input", "meta"];

/// What a place has that says how it is read.
const READING: [&str; 4] = ["at", "format", "expect", "when"];

const EXPECT: Slot = Slot::new("an expected value", Takes::PLAIN);
const FORMAT: Slot = Slot::new("a time's format", Takes::PLAIN).of(&[
    "seconds",
    "milliseconds",
    "unix_seconds",
    "unix_milliseconds",
    "rfc3339",
]);

impl<'l> Planner<'_, 'l> {
    /// Where an answer holds what, as `site` says.
    pub(super) fn response(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<ResponsePlan> {
        let known = ["access_token", "expires_in", "token_type", "error", "base_url", "pick"];
        let members = self.object(site, "`response`", &known)?;
        let access_token =
            self.required(&members, "access_token").and_then(|site| self.answer_place(site, &POINTER, scope));
        self.is_session = access_token.as_ref().map(|place| matches!(place.at, At::Cookies(_)));
        let mut optional =
            |name| members.get(name).and_then(|site| self.answer_place(site, &OPTIONAL_POINTER, scope));
        let (expires_in, token_type, error) =
            (optional("expires_in"), optional("token_type"), optional("error"));
        let base_url = optional("base_url");
        if let (Some(place), Some(site)) = (&access_token, members.get("access_token")) {
            self.check_certain(site, place, scope);
        }
        for name in ["expires_in", "token_type", "error", "base_url"] {
            self.refuse_session(members.get(name));
        }
        let no_times = [
            ("access_token", &access_token),
            ("token_type", &token_type),
            ("error", &error),
            ("base_url", &base_url),
        ];
        for (name, place) in no_times {
            if place.as_ref().is_some_and(|place| place.format.is_some())
                && let Some(format) = members.get(name).and_then(|place| place.get("format"))
            {
                self.error(format.key_spot(), "only `expires_in` is a time");
            }
        }
        let no_constants =
            [no_times[0], ("expires_in", &expires_in), ("error", &error), ("base_url", &base_url)];
        for (name, place) in no_constants {
            if place.as_ref().is_some_and(|place| place.expect.is_some())
                && let Some(expect) = members.get(name).and_then(|place| place.get("expect"))
            {
                self.error(expect.key_spot(), "`expect` stands at `token_type` and at what is picked only");
            }
        }
        let pick = members.get("pick").map(|site| self.token_values(site, scope)).unwrap_or_default();
        Some(ResponsePlan {
            access_token: access_token?,
            expires_in,
            token_type,
            error,
            base_url,
            pick: pick.into(),
        })
    }

    /// Checks that the token is looked for, whatever the config.
    fn check_certain(&mut self, site: Site<'l>, place: &AnswerPlace, scope: Scope<'_>) {
        let doubtful = place.when.iter().any(|condition| !self.holds(condition, scope.facts));
        if let Some(when) = site.get("when").filter(|_| doubtful) {
            let problem =
                Problem::error(when.key_spot(), "where this does not hold, the answer has no token");
            self.problem(problem.with_help("the `when` of `token` says whether there is one"));
        }
    }

    /// The cookies of a session are a token, and nothing else that is read.
    pub(super) fn refuse_session(&mut self, place: Option<Site<'l>>) {
        let cookies = place.and_then(|place| place.get("at").unwrap_or(place).get("cookies"));
        if let Some(cookies) = cookies {
            let problem =
                Problem::error(cookies.key_spot(), "the cookies of a session are an `access_token`");
            self.problem(problem.with_help("the value of one cookie is `{\"cookie\": …}`"));
        }
    }

    /// What belongs to a token besides.
    fn token_values(&mut self, site: Site<'l>, scope: Scope<'_>) -> Vec<Pick> {
        let picks = self.pick(site, scope);
        if let Some(taken) = site.members().find(|(name, _)| name == "access_token") {
            self.error(taken.1.key_spot(), "`token.access_token` is the token itself");
        }
        self.token_values =
            picks.iter().map(|pick| (pick.name.to_string(), pick.place.when.to_vec())).collect();
        picks
    }

    /// A place, and how what stands there is read.
    pub(super) fn answer_place(
        &mut self,
        site: Site<'l>,
        slot: &Slot,
        scope: Scope<'_>,
    ) -> Option<AnswerPlace> {
        let is_read_somehow = |site: Site<'l>| READING.into_iter().any(|name| site.get(name).is_some());
        if site.kind() != Kind::Object || !is_read_somehow(site) {
            let at = self.at(site, slot, scope)?;
            return Some(AnswerPlace { at, format: None, expect: None, when: Vec::new().into() });
        }
        let members = self.object(site, "a place", &READING)?;
        let when = self.when(members.get("when"), scope);
        let facts = scope.facts_and(&when);
        let scope = scope.with(&facts);
        let at = self.required(&members, "at").and_then(|site| self.at(site, slot, scope));
        let format = members.get("format").and_then(|site| self.template(site, &FORMAT, scope));
        let expect = members.get("expect").and_then(|site| self.template(site, &EXPECT, scope));
        Some(AnswerPlace { at: at?, format, expect, when: when.into() })
    }

    fn at(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<At> {
        if site.kind() != Kind::Object {
            return self.pointer(site, slot, scope).map(At::Pointer);
        }
        let members = self.object(site, "a place", &PLACES)?;
        let none = "a place is a JSON pointer, or one of";
        let (kind, value) = self.one_of(&members, PLACES, none, "a place is one of them")?;
        match kind {
            "header" => self.named(value, &HEADER, Names::Header, scope).map(At::Header),
            "cookie" => self.named(value, &COOKIE, Names::Token, scope).map(At::Cookie),
            "input" => self.named(value, &INPUT, Names::Any, scope).map(At::Input),
            "meta" => self.named(value, &META, Names::Any, scope).map(At::Meta),
            _ => self.cookies(value, scope).map(At::Cookies),
        }
    }

    /// The name of something that an answer has: one of `names`.
    fn named(&mut self, site: Site<'l>, slot: &Slot, names: Names, scope: Scope<'_>) -> Option<Template> {
        let name = self.template(site, slot, scope)?;
        let said = self.said(&name);
        let said = said.as_deref();
        if said == Some("") {
            self.error(site.spot(), format!("{} may not be empty", slot.what));
        } else if let Some(said) = said.filter(|_| names != Names::Any)
            && matches!(header::name_fault(said), Some((Code::HeaderName, _)))
        {
            let message = format!("`{said}` is not {} (RFC 9110 §5.6.2)", slot.what);
            self.error(site.spot(), message);
        }
        Some(name)
    }

    /// The names of cookies.
    fn cookies(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<List<Template>> {
        if site.kind() != Kind::Array {
            let problem = Problem::error(site.spot(), "`cookies` wants an array of names");
            self.problem(problem.with_help("an empty one stands for all cookies that are set for the API"));
            return None;
        }
        let names = site.items();
        Some(names.filter_map(|item| self.named(item, &COOKIE_IF_GIVEN, Names::Token, scope)).collect())
    }

    /// A JSON pointer, or a single field that holds one.
    pub(super) fn pointer(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<Template> {
        let pointer = self.template(site, slot, scope)?;
        let said = self.said(&pointer).filter(|text| pointer::tokens(text).is_none());
        if let Some(text) = said.map(Cow::into_owned) {
            self.error(
                site.spot(),
                match text.starts_with('/') {
                    true => "after `~` in a JSON pointer comes `0` for `~` or `1` for `/` (RFC 6901)",
                    false => "a JSON pointer begins with `/` (RFC 6901)",
                },
            );
        }
        Some(pointer)
    }
}
