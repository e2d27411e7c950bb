//! What a person's login sends, by each way that there is.

use authwire_core::plan::{LoginPlan, LoginValue, TokenPlan};
use http::Method;

use super::{ExplainedBody, ExplainedRequest, Purpose, explain_token, push_pair, show};
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
    requests: &mut Vec<ExplainedRequest>,
) -> Result<(), Error> {
    let secret = |value: LoginValue| {
        (value, Phrase::unknown(format!("<{}>", value.as_str().replace('_', " "))).into_secret())
    };
    let ends = |brought: &[(LoginValue, Phrase)], when: &str, requests: &mut Vec<ExplainedRequest>| {
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
        let mut url = scope.template(&plan.url)?.unwrap_or_default().shown();
        push_pair(&mut url, "response_type", &Phrase::clear("code"));
        for member in members::texts(scope, &plan.query, Names::Exact)? {
            push_pair(&mut url, &member.name, &member.value);
        }
        push_pair(&mut url, "redirect_uri", &redirect_uri);
        for name in ["state", "code_challenge"] {
            push_pair(&mut url, name, &Phrase::unknown(format!("<{}>", name.replace('_', " "))));
        }
        push_pair(&mut url, "code_challenge_method", &Phrase::clear("S256"));
        requests.push(ExplainedRequest {
            purpose: Purpose::Login,
            when: Some("once, in a person's browser".to_owned()),
            method: Method::GET.to_string(),
            url,
            headers: Vec::new(),
            body: ExplainedBody::None,
        });
        let brought = [
            secret(LoginValue::Code),
            secret(LoginValue::CodeVerifier),
            (LoginValue::RedirectUri, redirect_uri),
        ];
        ends(&brought, "when the browser comes back", requests)?;
    }
    if let Some(plan) = login.device.as_ref().filter(|plan| scope.holds(&plan.when)) {
        let draft = request::draft(scope, plan, None)?;
        let when = "instead, for a person on another device".to_owned();
        requests.push(ExplainedRequest { purpose: Purpose::Login, ..show(&draft, Some(when)) });
        ends(&[secret(LoginValue::DeviceCode)], "again and again, until the person is done", requests)?;
    }
    Ok(())
}
