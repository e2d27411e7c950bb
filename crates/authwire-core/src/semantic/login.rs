//! A person's login: what the authorization request carries.

use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{AuthorizationPlan, LoginPlan};
use crate::slot::Slot;

impl Check<'_, '_> {
    pub(super) fn login(&mut self, login: &LoginPlan) {
        if let Some(authorization) = login.authorization.as_ref().filter(|plan| self.holds(&plan.when)) {
            self.authorization(authorization);
        }
        if let Some(request) = &login.device {
            self.request(request);
        }
    }

    /// No parameter stands there twice (RFC 6749 §3.1), and none of those that protect the login is anybody else's.
    fn authorization(&mut self, plan: &AuthorizationPlan) {
        if let Some(request) = &plan.temporary {
            self.request(request);
        }
        if let Some((url, field)) = self.written(&plan.url)
            && let Some(name) = made_parameter(&url, plan.parameters())
        {
            let message = format!("the query of this URL has `{name}`, which every login makes anew");
            let issue = self.at(field, Code::Conflict, message);
            self.add(issue.help(format!("take `{name}` out of the URL")));
        }
        let made = plan.parameters();
        for spread in &plan.query.spreads {
            let Slot::Map(entries) = self.slot(*spread) else { continue };
            for (name, _) in entries.iter().filter(|(name, _)| made.contains(name)) {
                let message = format!("`{name}` is made anew for every login: it may not be set here");
                let pointer = self.place(*spread).member(name);
                let help = "take it out; a redirect URI has a field of its own";
                self.add(Issue::new(Code::Conflict, pointer, message).at_key().help(help));
            }
        }
        self.parameters(&plan.query, &[], None);
    }
}

fn made_parameter<'u>(url: &'u str, made: &[&str]) -> Option<&'u str> {
    let (_, query) = url.split_once('?')?;
    query
        .split('&')
        .map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
        .find(|name| made.contains(name))
}
