//! Token answers: `{access_token, expires_in?, token_type?, error?}`, each a place: a JSON pointer, `{header}`,
//! `{cookie}` or `{at: place, format?, expect?, when?}`.

use authwire_core::json::Kind;
use authwire_core::place;
use authwire_core::plan::{AnswerPlace, At, ResponsePlan, Template};

use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::source::Site;

/// Where in a body something stands.
pub(super) const POINTER: Slot = Slot::new("a JSON pointer", Takes::PLAIN).required().lone();

/// Where in a body something may stand.
const OPTIONAL_POINTER: Slot = Slot::new("a JSON pointer", Takes::PLAIN).lone();

const HEADER: Slot = Slot::new("a header's name", Takes::PLAIN).required().lone();
const COOKIE: Slot = Slot::new("a cookie's name", Takes::PLAIN).required().lone();
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
        let known = ["access_token", "expires_in", "token_type", "error"];
        let members = self.object(site, "`response`", &known)?;
        let access_token =
            self.required(&members, "access_token").and_then(|site| self.answer_place(site, &POINTER, scope));
        let mut optional =
            |name| members.get(name).and_then(|site| self.answer_place(site, &OPTIONAL_POINTER, scope));
        let (expires_in, token_type, error) =
            (optional("expires_in"), optional("token_type"), optional("error"));
        let times = [("access_token", &access_token), ("token_type", &token_type), ("error", &error)];
        for (name, place) in times {
            if place.as_ref().is_some_and(|place| place.format.is_some())
                && let Some(format) = members.get(name).and_then(|place| place.get("format"))
            {
                self.error(format.key_spot(), "only `expires_in` is a time");
            }
        }
        Some(ResponsePlan { access_token: access_token?, expires_in, token_type, error })
    }

    fn answer_place(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<AnswerPlace> {
        if site.kind() != Kind::Object || site.get("at").is_none() {
            let at = self.at(site, slot, scope)?;
            return Some(AnswerPlace { at, format: None, expect: None, when: Vec::new().into() });
        }
        let members = self.object(site, "a place", &["at", "format", "expect", "when"])?;
        let when = self.when(members.get("when"), scope);
        let facts: Vec<_> = scope.facts.iter().chain(&when).cloned().collect();
        let scope = Scope { facts: &facts, ..scope };
        let at = members.get("at").and_then(|site| self.at(site, slot, scope));
        let format = members.get("format").and_then(|site| self.template(site, &FORMAT, scope));
        let expect = members.get("expect").and_then(|site| self.template(site, &EXPECT, scope));
        Some(AnswerPlace { at: at?, format, expect, when: when.into() })
    }

    fn at(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<At> {
        if site.kind() != Kind::Object {
            return self.pointer(site, slot, scope).map(At::Pointer);
        }
        let members = self.object(site, "a place", &["header", "cookie"])?;
        match (members.get("header"), members.get("cookie")) {
            (Some(header), None) => self.template(header, &HEADER, scope).map(At::Header),
            (None, Some(cookie)) => self.template(cookie, &COOKIE, scope).map(At::Cookie),
            _ if members.may_have_meant(&["header", "cookie"]) => None,
            _ => {
                self.error(site.spot(), "a place is a JSON pointer, `{\"header\": …}` or `{\"cookie\": …}`");
                None
            }
        }
    }

    /// A JSON pointer, or a single field that holds one.
    pub(super) fn pointer(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<Template> {
        let pointer = self.template(site, slot, scope)?;
        if pointer.literal().is_some_and(|pointer| place::tokens(pointer).is_none()) {
            self.error(site.spot(), "a JSON pointer begins with `/` (RFC 6901)");
        }
        Some(pointer)
    }
}
