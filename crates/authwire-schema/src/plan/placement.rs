//! Placements: `{when?, header | query | cookie | cookies | form | json | basic | digest | dpop | hmac |
//! oauth1 | aws_sigv4}`, the edits of every request.

use std::borrow::Cow;

use authwire_model::json::Kind;
use authwire_model::plan::{Part, Placed, Placement, SignaturePlan, Template};
use authwire_model::username;

use super::members::{BODY, COOKIES, FORM, HEADER, QUERY};
use super::slot::{Slot, Takes};
use super::{Planner, Scope, alternatives};
use crate::problems::Problem;
use crate::source::Site;

const KINDS: [&str; 12] = [
    "header",
    "query",
    "cookie",
    "cookies",
    "form",
    "json",
    "basic",
    "digest",
    "dpop",
    "hmac",
    "oauth1",
    "aws_sigv4",
];

const SESSION: Slot = Slot::new("a session's cookies", Takes::STRING).required().lone();
/// All that may stand there.
const SESSION_TOKEN: &str = "{token.access_token}";

const USERNAME: Slot = Slot::new("a user name", Takes::WRITTEN);
const PASSWORD: Slot = Slot::new("a password", Takes::WRITTEN);

impl<'l> Planner<'_, 'l> {
    /// The placements at `site`.
    pub(super) fn placements(&mut self, site: Site<'l>) -> Vec<Placement> {
        if site.kind() != Kind::Array {
            self.error(site.spot(), "`apply` wants an array of placements");
            return Vec::new();
        }
        let mut placements = Vec::new();
        let mut alternatives = Vec::new();
        for item in site.items() {
            if let Some((placement, kind)) = self.placement(item) {
                alternatives.push(alternatives::Alternative {
                    site: item,
                    kind,
                    when: placement.when.to_vec(),
                });
                placements.push((item, kind, placement));
            }
        }
        self.check_exhaustive(site, &alternatives, &[]);
        if self.check_exclusive(&alternatives) {
            self.check_clashes(&placements);
        }
        placements.into_iter().map(|(_, _, placement)| placement).collect()
    }

    fn placement(&mut self, site: Site<'l>) -> Option<(Placement, &'static str)> {
        let members = self.object(site, "a placement", &[&["when"], &KINDS[..]].concat())?;
        let when = self.when(members.get("when"), Scope::new(super::Part::Apply, &[]));
        let scope = Scope::new(super::Part::Apply, &when);
        let several = "a placement places one thing: write two placements";
        let (kind, value) = self.one_of(&members, KINDS, "a placement wants one of", several)?;
        let what = match kind {
            "header" => Placed::Header(self.members(value, &HEADER, scope)),
            "query" => Placed::Query(self.members(value, &QUERY, scope)),
            "cookie" => Placed::Cookie(self.members(value, &COOKIES, scope)),
            "form" => Placed::Form(self.members(value, &FORM, scope)),
            "json" => Placed::Json(self.members(value, &BODY, scope)),
            "dpop" => Placed::Signature(self.dpop_placement(value, scope)?),
            "hmac" => Placed::Signature(SignaturePlan::Hmac(self.hmac(value, scope)?)),
            "cookies" => Placed::Cookies(self.session(value, scope)?),
            "digest" => Placed::Signature(self.digest(value, scope)?),
            "oauth1" => Placed::Signature(self.oauth1(value, scope)?),
            "aws_sigv4" => Placed::Signature(self.aws_sigv4(value, scope)?),
            _ => self.basic(value, scope)?,
        };
        Some((Placement { when: when.into(), what }, kind))
    }

    /// `cookies`: those of a session (RFC 6265).
    fn session(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Template> {
        if site.string().as_deref() != Some(SESSION_TOKEN) || self.is_session == Some(false) {
            let message = "a session's cookies are `{token.access_token}`, which `{\"cookies\": […]}` finds";
            let help = "a cookie of another value is a `cookie`";
            self.problem(Problem::error(site.spot(), message).with_help(help));
            return None;
        }
        self.template(site, &SESSION, scope)
    }

    /// A user name, to whose literal parts `objection` may object.
    pub(super) fn username(
        &mut self,
        site: Site<'l>,
        slot: &Slot,
        objection: fn(&str) -> Option<username::Objection>,
        scope: Scope<'_>,
    ) -> Option<Template> {
        let username = self.template(site, slot, scope)?;
        self.check_username(site, &username, objection);
        Some(username)
    }

    /// Checks the literal parts of a user name.
    pub(super) fn check_username(
        &mut self,
        site: Site<'l>,
        username: &Template,
        objection: fn(&str) -> Option<username::Objection>,
    ) {
        let literals = username.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(Cow::Borrowed(&**text)),
            Part::Field(_) => None,
        });
        if let Some((wrong, help)) = literals.chain(self.said(username)).find_map(|text| objection(&text)) {
            self.problem(Problem::error(site.spot(), wrong).with_help(help));
        }
    }

    /// `basic`: `Authorization: Basic` (RFC 7617). Without its user name it is left out; without a password that is empty.
    fn basic(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Placed> {
        let members = self.object(site, "`basic`", &["username", "password"])?;
        let named = self.required(&members, "username");
        let secret = self.required(&members, "password");
        let username = named.and_then(|site| self.username(site, &USERNAME, username::in_basic, scope));
        let password = secret.and_then(|site| self.template(site, &PASSWORD, scope));
        let (username, password) = (username?, password?);
        if password.sources().any(|source| self.is_credential(source)) {
            self.demand_beside(named?, &USERNAME, &password, scope);
        }
        // a key may be the name, and then all that proves anything
        if !username.sources().any(|source| self.is_credential(source)) {
            self.demand_beside(secret?, &PASSWORD, &username, scope);
        }
        Some(Placed::Basic { username, password })
    }

    /// Checks that the template at `site`, which fills `slot`, is there wherever `other` is.
    fn demand_beside(&mut self, site: Site<'l>, slot: &Slot, other: &Template, scope: Scope<'_>) {
        let facts = self.with_present(scope.facts, other.sources());
        let text = site.string().unwrap_or_default();
        let scope = Scope { facts: &facts, ..scope };
        self.demand_text(&text, slot, scope, &|inside| site.spot_inside(inside));
    }
}
