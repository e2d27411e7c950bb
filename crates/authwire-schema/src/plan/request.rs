//! Token requests: `{when?, method? = POST, url, query?, headers?, form? | json?, client_authentication?, sign?}`.
//!
//! `sign`: `{oauth1 | hmac | aws_sigv4}`, the signature over the request, as `apply` has it over calls.

use std::net::Ipv6Addr;

use authwire_model::loopback::is_loopback;
use authwire_model::plan::{
    Body, ClientAuthentication, FieldKind, Names, Oauth1Plan, Part as Piece, RequestPlan, SignaturePlan,
    Source, Template,
};
use authwire_model::suggest;

use super::grammar::Members;
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
        let facts = scope.facts_and(&when);
        let scope = scope.with(&facts);
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
        let mut adds = Adds::default();
        if let Some(client) = &client_authentication {
            adds = self.adds(client, scope);
            self.check_beside(adds, method, members);
        }
        let sign = members.get("sign").and_then(|site| self.sign(site, scope));
        let request = RequestPlan {
            when: when.into(),
            method: method?.into(),
            url: url?,
            query,
            headers,
            body,
            client_authentication,
            sign,
        };
        self.check_signed_body(&request, members);
        self.check_signed(&request, members, members.get("client_authentication").filter(|_| adds.header));
        Some(request)
    }

    /// Checks that a signature that goes into the body has a form to go into.
    fn check_signed_body(&mut self, request: &RequestPlan, members: &Members<'l>) {
        let Some(SignaturePlan::Oauth1(Oauth1Plan { placement, .. })) = &request.sign else { return };
        let is_form = !matches!(&*request.method, "GET" | "HEAD") && !matches!(request.body, Body::Json(_));
        if let Some(sign) = members.get("sign").filter(|_| placement.literal() == Some("body") && !is_form) {
            let problem =
                Problem::error(sign.key_spot(), "this request has no form, which this signature goes into");
            self.problem(problem.with_help("place it in the header or in the query"));
        }
    }

    /// What client authentication adds to a request, as far as the plan says which.
    fn adds(&self, client: &ClientAuthentication, scope: Scope<'_>) -> Adds {
        let id = self.is_filled(&client.id, scope);
        if client.assertion.is_some() {
            return Adds { header: false, parameter: Some("client_assertion"), body: true, id };
        }
        let secret = client.secret.as_ref().is_some_and(|secret| self.is_filled(secret, scope));
        let (header, body) = match client.style.as_ref().map(Template::literal) {
            Some(Some("basic" | "basic_raw")) => (true, false),
            Some(Some("basic_username_password")) => (true, true),
            Some(Some("request_body")) => (false, true),
            Some(_) => (false, false),
            // without a style either may be tried; a public client names itself in the body
            None => (secret, true),
        };
        let parameter = (body && (secret || client.style.is_some())).then_some("client_secret");
        // where either may be tried, a request without a body has the header
        let always = client.style.is_some() || !secret;
        Adds { header, parameter, body: body && always, id: id && body }
    }

    /// Checks that a request leaves the client authentication what that sets.
    fn check_beside(&mut self, adds: Adds, method: Option<&str>, members: &Members<'l>) {
        let named = |container: &str, wanted: &str| {
            let names = if container == "headers" { Names::AnyCase } else { Names::Exact };
            let mut named = members.get(container)?.members();
            named.find(|(name, _)| names.are_same(name, wanted)).map(|(_, value)| value)
        };
        let mut clashes = Vec::new();
        if adds.header {
            clashes.extend(named("headers", "Authorization").map(|value| (value, "Authorization")));
        }
        if let Some(parameter) = adds.parameter {
            let values = [named("form", parameter), named("json", parameter)];
            clashes.extend(values.into_iter().flatten().map(|value| (value, parameter)));
        }
        if adds.id {
            // the very same may be said twice
            let id = members.get("client_authentication").and_then(|site| site.get("id")?.string());
            let values = [named("form", "client_id"), named("json", "client_id")];
            let others = values.into_iter().flatten().filter(|value| value.string() != id);
            clashes.extend(others.map(|value| (value, "client_id")));
        }
        for (value, name) in clashes {
            let problem =
                Problem::error(value.key_spot(), format!("`{name}` is set by `client_authentication`"));
            self.problem(problem.with_help("leave one of the two out"));
        }
        if let (Some(method @ ("GET" | "HEAD")), Some(site)) = (method, members.get("client_authentication"))
            && adds.body
        {
            let message =
                format!("a {method} request has no body, which this client authentication goes into");
            let help = "the style `basic` goes into a header, and takes a secret";
            self.problem(Problem::error(site.key_spot(), message).with_help(help));
        }
    }

    fn sign(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<SignaturePlan> {
        let members = self.object(site, "`sign`", &SIGNATURES)?;
        let none = "a request is signed by one of";
        let (kind, value) = self.one_of(&members, SIGNATURES, none, "a request is signed once")?;
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
            Some(Piece::Literal(text)) => wrong_beginning(text).or_else(|| wrong_address(&url.parts)),
            Some(Piece::Field(source)) => (!self.may_begin(*source)).then_some(BEGINNING),
            None => None,
        };
        let fragment = |part: &Piece| matches!(part, Piece::Literal(text) if text.contains('#'));
        let fragment = url.parts.iter().any(fragment).then_some("a URL here has no fragment");
        if let Some(why) = why.or(fragment) {
            self.error(site.spot(), why);
        }
        Some(url)
    }

    /// Whether a URL may begin with `source`.
    fn may_begin(&self, source: Source) -> bool {
        match self.property_of(source) {
            Some(property) => !matches!(property.field.kind, FieldKind::Boolean | FieldKind::Number),
            None => source != Source::ConnectorName,
        }
    }
}

/// What client authentication adds to a request.
#[derive(Debug, Clone, Copy, Default)]
struct Adds {
    /// Whether it adds the header `Authorization`.
    header: bool,
    /// The parameter that carries the proof, if it adds one.
    parameter: Option<&'static str>,
    /// Whether it always adds parameters to the body.
    body: bool,
    /// Whether the client's id is always among these.
    id: bool,
}

/// How a URL begins.
const BEGINNING: &str =
    "a URL begins with `https://`, with `http://` of a loopback address, or with a field that holds one";

/// What is wrong with the beginning of a URL, which is that of `connector.base_url` or an absolute one.
fn wrong_beginning(text: &str) -> Option<&'static str> {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    let is_safe = match &*scheme.to_ascii_lowercase() {
        "https" => true,
        "http" => is_loopback(host_and_port(authority).0),
        _ => false,
    };
    (!is_safe).then_some(BEGINNING)
}

/// What is wrong with the address in a URL that begins well, as far as it stands in the plan.
fn wrong_address(parts: &[Piece]) -> Option<&'static str> {
    let illegal = |part: &Piece| {
        let illegal = |it: char| it.is_whitespace() || it.is_control() || it == '\\';
        matches!(part, Piece::Literal(text) if text.contains(illegal))
    };
    if parts.iter().any(illegal) {
        return Some("a URL holds no white space and no `\\`");
    }
    let (mut authority, mut is_whole) = (String::new(), true);
    for (at, part) in parts.iter().enumerate() {
        let Piece::Literal(text) = part else {
            is_whole = false;
            continue;
        };
        let text = if at == 0 { text.split_once("://").map_or("", |(_, rest)| rest) } else { text };
        let end = text.find(['/', '?', '#']);
        authority.push_str(&text[..end.unwrap_or(text.len())]);
        if end.is_some() {
            break;
        }
    }
    if authority.contains('@') {
        return Some("a URL here names no user");
    }
    (is_whole && !is_host(&authority))
        .then_some("this is no host, with its port from 0 to 65535 if it has one")
}

/// Whether `authority` is a host, and a port if there is one (RFC 3986 §3.2).
fn is_host(authority: &str) -> bool {
    let (host, port) = host_and_port(authority);
    let is_port = |port: &str| {
        port.is_empty() || port.bytes().all(|it| it.is_ascii_digit()) && port.parse::<u16>().is_ok()
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_name = !host.is_empty() && !host.contains(['<', '>', '[', ']', '^', '|', '%']);
    address.map_or(is_name, |address| address.parse::<Ipv6Addr>().is_ok())
        && port.strip_prefix(':').or(port.is_empty().then_some("")).is_some_and(is_port)
}

/// What is the host in `authority`, and what comes after it.
fn host_and_port(authority: &str) -> (&str, &str) {
    // the colons of an address in brackets are its own
    let from = authority.find(']').unwrap_or(0);
    let end = authority[from..].find(':').map_or(authority.len(), |at| from + at);
    authority.split_at(end)
}
