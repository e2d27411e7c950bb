//! A token request: its headers, its form, its client authentication, its grant.

use super::beside::Place;
use super::header::{Holds, Sent};
use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{Body, FieldKind, RequestPlan, Template, Value};
use crate::table::Display;

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
        let signed_headers = signed(self, Place::Header);
        let signed_query = signed(self, Place::Query);
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
        if let Some((url, field)) = self.written(&request.url)
            && self.field(field).is_some_and(|field| field.kind != FieldKind::Url)
            && let Some(Err(fault)) = self.judge.map(|judge| judge.url(&url))
        {
            self.add(self.at(field, Code::Url, format!("this URL cannot be used: {fault}")));
        }
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
