//! A token request: its headers, its form, its client authentication, its grant.

use std::borrow::Cow;

use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{Body, RequestPlan, Value};
use crate::semantic::header::Sent;
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
        if self.issues.wants(Code::Overrides) {
            let named = request.headers.named.iter().filter_map(|(name, value)| {
                let (name, _) = self.literal(name)?;
                Some((name, self.value_literal(value)))
            });
            let named: Vec<(Cow<'_, str>, Option<String>)> = named.collect();
            let own = named.iter().map(|(name, value)| (&**name, value.as_deref()));
            let content_type = match &request.body {
                Body::Form(_) => Some("application/x-www-form-urlencoded"),
                Body::Json(_) => Some("application/json"),
                Body::Empty => None,
            };
            let always = [("Accept", Some("application/json")), ("Content-Type", content_type)];
            let mut sent = additions.headers.to_vec();
            sent.extend(always.into_iter().chain(own).map(|(name, value)| Sent {
                name,
                value,
                secret: false,
            }));
            self.headers(&request.headers, &sent);
        } else {
            self.headers(&request.headers, additions.headers);
        }
        let id = request.client_authentication.as_ref().map(|client| &client.id);
        self.spread(&request.query, &[], id);
        if let Body::Form(members) | Body::Json(members) = &request.body {
            self.spread(members, additions.form, id);
            self.chosen_names(members, additions.form);
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
