//! What a person's login sends, by each way that there is.

use authwire_core::plan::{LoginPlan, LoginValue, TokenPlan};
use http::Method;

use super::planned::Planned;
use super::{Purpose, explain_token};
use crate::error::Error;
use crate::members::{self, Names};
use crate::phrase::Phrase;
use crate::template::Scope;
use crate::token::request;

/// The requests of `login`, each way with the token request that ends it.
pub(super) fn explain(
    scope: &Scope<'_>,
    login: &LoginPlan,
    token: &TokenPlan,
    requests: &mut Vec<Planned>,
) -> Result<(), Error> {
    let secret = |value: LoginValue| {
        (value, Phrase::unknown(format!("<{}>", value.as_str().replace('_', " "))).into_secret())
    };
    let ends = |brought: &[(LoginValue, Phrase)], when: &str, requests: &mut Vec<Planned>| {
        let after = Scope { login: brought, ..*scope };
        let ending = token.requests.iter().find(|plan| after.holds(&plan.when) && !scope.holds(&plan.when));
        ending.map_or(Ok(()), |plan| explain_token(&after, plan, Some(when.to_owned()), requests))
    };
    if let Some(plan) = login.authorization.as_ref().filter(|plan| scope.holds(&plan.when)) {
        let redirect_uri = match &plan.redirect_uri {
            Some(template) => scope.template(template)?,
            None => None,
        };
        let redirect_uri = redirect_uri.unwrap_or_else(|| {
            let mut uri = Phrase::clear("http://127.0.0.1:");
            uri.push(Phrase::unknown("<port>"));
            uri.push(Phrase::clear("/callback"));
            uri
        });
        if let Some(request) = &plan.temporary {
            let brought = [(LoginValue::RedirectUri, redirect_uri.clone())];
            let at = requests.len();
            explain_token(&Scope { login: &brought, ..*scope }, request, Some("first".to_owned()), requests)?;
            requests.iter_mut().skip(at).for_each(|request| request.purpose = Purpose::Login);
        }
        let url = scope.template(&plan.url)?.unwrap_or_default();
        let mut request = Planned::new(Purpose::Login, &Method::GET, url);
        request.when = Some("once, in a person's browser".to_owned());
        let (made, brought): (Vec<(&str, Phrase)>, Vec<LoginValue>) = match plan.temporary {
            Some(_) => (
                vec![("oauth_token", Phrase::unknown("<token>"))],
                vec![LoginValue::Verifier, LoginValue::Token, LoginValue::TokenSecret],
            ),
            None => (
                vec![
                    ("redirect_uri", redirect_uri.clone()),
                    ("state", Phrase::unknown("<state>")),
                    ("code_challenge", Phrase::unknown("<code challenge>")),
                    ("code_challenge_method", Phrase::clear("S256")),
                ],
                vec![LoginValue::Code, LoginValue::CodeVerifier],
            ),
        };
        if plan.temporary.is_none() {
            request.query.push(("response_type".to_owned(), Phrase::clear("code")));
        }
        for member in members::texts(scope, &plan.query, Names::Exact)? {
            request.query.push((member.name, member.value));
        }
        request.query.extend(made.into_iter().map(|(name, value)| (name.to_owned(), value)));
        requests.push(request);
        let mut brought: Vec<(LoginValue, Phrase)> = brought.into_iter().map(secret).collect();
        brought.push((LoginValue::RedirectUri, redirect_uri));
        ends(&brought, "when the browser comes back", requests)?;
    }
    if let Some(plan) = login.device.as_ref().filter(|plan| scope.holds(&plan.when)) {
        let draft = request::draft(scope, plan, None)?;
        let when = "instead, for a person on another device".to_owned();
        requests.push(Planned { purpose: Purpose::Login, ..Planned::of_draft(draft, Some(when)) });
        ends(&[secret(LoginValue::DeviceCode)], "again and again, until the person is done", requests)?;
    }
    Ok(())
}
