//! Token requests: `{when?, method? = POST, url, query?, headers?, form? | json?, client_authentication?, sign?}`.
//!
//! `sign`: `{oauth1 | hmac | aws_sigv4}`, the signature over the request, as `apply` has it over calls.

use authwire_model::plan::{Body, Part as Piece, RequestPlan, SignaturePlan, Template};
use authwire_model::suggest;

use super::grammar::{Members, listed};
use super::members::{BODY, FORM, HEADERS, QUERY};
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

const URL: Slot = Slot::new("a URL", Takes::SHOWN).required();

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// What a request has.
pub(super) const MEMBERS: [&str; 9] =
    ["when", "method", "url", "query", "headers", "form", "json", "client_authentication", "sign"];

/// What signs a request.
const SIGNATURES: [&str; 3] = ["oauth1", "hmac", "aws_sigv4"];

impl<'l> Planner<'_, 'l> {
    /// The request at `site`.
    pub(super) fn request(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<RequestPlan> {
        let members = self.object(site, "a request", &MEMBERS)?;
        self.request_of(&members, scope)
    }

    /// The request that `members` describe.
    pub(super) fn request_of(&mut self, members: &Members<'l>, scope: Scope<'_>) -> Option<RequestPlan> {
        let when = self.when(members.get("when"), scope);
        let facts: Vec<_> = scope.facts.iter().chain(&when).cloned().collect();
        let scope = Scope { facts: &facts, ..scope };
        let method = members.get("method").map_or(Some("POST"), |site| self.method(site));
        let url = self.required(members, "url").and_then(|site| self.url(site, scope));
        let mut of = |name, container| {
            members.get(name).map(|site| self.members(site, container, scope)).unwrap_or_default()
        };
        let (query, headers) = (of("query", &QUERY), of("headers", &HEADERS));
        let body = match (members.get("form"), members.get("json")) {
            (None, None) => Body::Empty,
            (Some(form), None) => Body::Form(self.members(form, &FORM, scope)),
            (form, Some(json)) => {
                if form.is_some() {
                    self.error(json.key_spot(), "a request has one body: `form` or `json`");
                }
                Body::Json(self.members(json, &BODY, scope))
            }
        };
        if let (Some(method @ ("GET" | "HEAD")), Some(body)) =
            (method, members.get("form").or(members.get("json")))
        {
            self.error(body.key_spot(), format!("a {method} request has no body"));
        }
        let client_authentication =
            members.get("client_authentication").and_then(|site| self.client_authentication(site, scope));
        let sign = members.get("sign").and_then(|site| self.sign(site, scope));
        Some(RequestPlan {
            when: when.into(),
            method: method?.into(),
            url: url?,
            query,
            headers,
            body,
            client_authentication,
            sign,
        })
    }

    fn sign(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<SignaturePlan> {
        let members = self.object(site, "`sign`", &SIGNATURES)?;
        let mut given = SIGNATURES.into_iter().filter_map(|kind| Some((kind, members.get(kind)?)));
        let (Some((kind, value)), None) = (given.next(), given.next()) else {
            if !members.may_have_meant(&SIGNATURES) {
                self.error(site.spot(), format!("a request is signed by one of {}", listed(&SIGNATURES)));
            }
            return None;
        };
        match kind {
            "oauth1" => self.oauth1(value, scope),
            "hmac" => self.hmac(value, scope).map(SignaturePlan::Hmac),
            _ => self.aws_sigv4(value, scope),
        }
    }

    fn method(&mut self, site: Site<'l>) -> Option<&'static str> {
        let written = site.string().unwrap_or_default();
        let known = METHODS.into_iter().find(|method| *method == written);
        if known.is_none() {
            let problem = Problem::error(site.spot(), "this is no method that a request can have")
                .with_guess(
                    suggest::nearest(&written, METHODS)
                        .or(METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(&written))),
                )
                .or_help(Some(format!("a method is one of {}", METHODS.join(", "))));
            self.problem(problem);
        }
        known
    }

    /// The URL at `site`.
    pub(super) fn url(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Template> {
        let url = self.template(site, &URL, scope)?;
        let why = match url.parts.first() {
            None => Some("a URL may not be empty"),
            Some(Piece::Literal(text)) => wrong_beginning(text),
            Some(Piece::Field(_)) => None,
        };
        let fragment = |part: &Piece| matches!(part, Piece::Literal(text) if text.contains('#'));
        let fragment = url.parts.iter().any(fragment).then_some("a URL here has no fragment");
        if let Some(why) = why.or(fragment) {
            self.error(site.spot(), why);
        }
        Some(url)
    }
}

/// What is wrong with the beginning of a URL, which is that of `connector.base_url` or an absolute one.
fn wrong_beginning(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let local = |host: &str| {
        let rest = text.strip_prefix("http://").and_then(|rest| rest.strip_prefix(host));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '?']))
    };
    let safe = text.starts_with("https://") || ["localhost", "127.0.0.1", "[::1]"].into_iter().any(local);
    (!safe).then_some("a URL begins with `https://`, with `http://` of a loopback address, or with a field")
}
