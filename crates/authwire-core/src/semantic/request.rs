//! A token request: its headers, its form, its client authentication, its grant.

use super::header::{Holds, Sent};
use super::{Check, Issue};
use crate::finding::Code;
use crate::header::{NAME_HELP, name_fault};
use crate::plan::{
    AnswerPlace, At, Body, FieldKind, ParameterLocation, Part, RequestPlan, ResponsePlan, Source, Template,
    Value,
};
use crate::table::Display;

/// In place of the connector's own, to judge what comes behind it.
const SOME_BASE_URL: &str = "https://api.example";

impl Check<'_, '_> {
    pub(super) fn request(&mut self, request: &RequestPlan) {
        if !self.holds(&request.when) {
            return;
        }
        if let Some(signature) = &request.sign {
            self.signature(signature);
        }
        let additions = request
            .client_authentication
            .as_ref()
            .map(|client| self.client_authentication(client))
            .unwrap_or_default();
        let signed = |check: &Self, place| match &request.sign {
            Some(signature) => check.signed(place, signature),
            None => Vec::new(),
        };
        let signed_headers = signed(self, ParameterLocation::Header);
        let signed_query = signed(self, ParameterLocation::Query);
        let content_type = match &request.body {
            Body::Form(_) => Some("application/x-www-form-urlencoded"),
            Body::Json(_) => Some("application/json"),
            Body::Empty => None,
        };
        let sent = || {
            // what the plan says of them comes first
            let named = |wanted: &str| {
                let is_it =
                    |name: &Template| name.literal().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
                request.headers.named.iter().any(|(name, _)| is_it(name))
            };
            let usual = [("Accept", Some("application/json")), ("Content-Type", content_type)];
            let usual = usual.into_iter().filter(|(name, _)| !named(name));
            let usual = usual.map(|(name, value)| Sent { name, holds: Holds::Usual(value) });
            let signed = signed_headers.iter().map(|name| Sent::secret(name));
            additions.headers.iter().copied().chain(signed).chain(usual).collect()
        };
        self.headers(&request.headers, &sent);
        self.composed_url(&request.url);
        let id = request.client_authentication.as_ref().map(|client| &client.id);
        self.parameters_beside(&request.query, &signed_query);
        if let Body::Form(members) | Body::Json(members) = &request.body {
            self.parameters(members, additions.form, id);
        }
        if let Body::Form(members) = &request.body
            && self.issues.wants(Code::DeprecatedGrant)
        {
            self.deprecated_grant(members);
        }
    }

    /// A URL that is made of a property, which is judged by itself where it is one.
    fn composed_url(&mut self, url: &Template) {
        let is_url = |field| self.field(field).is_some_and(|field| field.kind == FieldKind::Url);
        let Some(judge) = self.judge.filter(|_| !url.lone_field().is_some_and(is_url)) else { return };
        let mut text = String::new();
        let mut made_of = None;
        for part in &url.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Field(Source::Field(field)) => {
                    let Some(value) = self.text(*field) else { return };
                    text.push_str(&value);
                    made_of = made_of.or(Some(*field).filter(|field| self.slot(*field).is_present()));
                }
                // which is judged where it stands
                Part::Field(Source::BaseUrl) => text.push_str(SOME_BASE_URL),
                Part::Field(_) => return,
            }
        }
        if let (Some(field), Err(fault)) = (made_of, judge.url(&text)) {
            self.add(self.at(field, Code::Url, format!("this URL cannot be used: {fault}")));
        }
    }

    /// The names of headers and cookies in an answer.
    pub(super) fn answer(&mut self, response: &ResponsePlan) {
        let ResponsePlan { access_token, expires_in, token_type, error, base_url, pick } = response;
        let optional = [expires_in, token_type, error, base_url];
        let places = [access_token].into_iter().chain(optional.into_iter().flatten());
        places.chain(pick.iter().map(|pick| &pick.place)).for_each(|place| self.answer_place(place));
    }

    pub(super) fn answer_place(&mut self, place: &AnswerPlace) {
        if !self.holds(&place.when) {
            return;
        }
        let names = match &place.at {
            At::Header(name) | At::Cookie(name) => std::slice::from_ref(name),
            At::Cookies(names) => names,
            At::Pointer(_) | At::Input(_) | At::Meta(_) => return,
        };
        for name in names {
            // one that may not be set may well be read
            if let Some((text, field)) = self.written(name)
                && let Some((Code::HeaderName, message)) = name_fault(&text)
            {
                self.add(self.at(field, Code::HeaderName, message).help(NAME_HELP));
            }
        }
    }

    fn deprecated_grant(&mut self, members: &crate::plan::Members) {
        let password = |value: &Value| match value {
            Value::Template(template) => template.literal() == Some("password"),
            Value::First(values) => values.iter().any(
                |value| matches!(value, Value::Template(template) if template.literal() == Some("password")),
            ),
            _ => false,
        };
        if members.named.iter().any(|(name, value)| name.literal() == Some("grant_type") && password(value)) {
            let message = format!("`{}` uses the password grant, which is deprecated", self.name);
            let mut issue = Issue::new(Code::DeprecatedGrant, format!("{}/type", self.prefix), message)
                .help("RFC 9700 §2.4: prefer another grant where the system offers one");
            issue.display = Display::Shown;
            self.add(issue);
        }
    }
}
