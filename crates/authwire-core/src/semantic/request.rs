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
        let mut additions = request
            .client_authentication
            .as_ref()
            .map(|client| self.client_authentication(client))
            .unwrap_or_default();
        let named: Vec<Cow<'_, str>> = request
            .headers
            .named
            .iter()
            .filter_map(|(name, _)| self.literal(name))
            .map(|(name, _)| name)
            .collect();
        additions.headers.push(Sent { name: "Accept", secret: false });
        additions.headers.push(Sent { name: "Content-Type", secret: false });
        let mut sent: Vec<Sent<'_>> = additions.headers;
        sent.extend(named.iter().map(|name| Sent { name, secret: false }));
        self.headers(&request.headers, &sent);
        self.spread(&request.query, &[]);
        if let Body::Form(members) | Body::Json(members) = &request.body {
            self.spread(members, &additions.form);
            if let Body::Form(members) = &request.body {
                self.deprecated_grant(members);
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
