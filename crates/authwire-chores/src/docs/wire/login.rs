//! How a person logs in.

use authwire_core::plan::{AuthorizationPlan, LoginPlan};

use super::members::{Clash, rows};
use super::request;
use super::words::Words;
use crate::docs::markdown::table;

/// How a person logs in, once.
pub(super) fn login(words: Words<'_>, login: &LoginPlan) -> String {
    let mut text =
        "A person logs in once, with `authwire login`; what that brings is kept in the store.\n\n".to_owned();
    if let Some(plan) = &login.authorization {
        text.push_str(&authorization(words, plan));
    }
    if let Some(plan) = &login.device {
        let when = words.conditions(&plan.when).map(|when| format!(" where {when},")).unwrap_or_default();
        text.push_str(&format!(
            "**On another device** (`--device`; RFC 8628):{when} {}The answer says what to type in where; until \
             that is done the token request is repeated.\n\n",
            request::request(words, plan)
        ));
    }
    text
}

fn authorization(words: Words<'_>, plan: &AuthorizationPlan) -> String {
    let when = words.conditions(&plan.when).map(|when| format!(" where {when},")).unwrap_or_default();
    let url = words.template(&plan.url);
    let mut text = match &plan.temporary {
        Some(request) => format!(
            "**In a browser** (RFC 5849, section 2):{when} temporary credentials are asked for first, by {}The browser is \
             then sent to {url}, and comes back with a verifier.\n\n",
            request::request(words, request)
        ),
        None => format!(
            "**In a browser** (RFC 6749, section 4.1, with PKCE, RFC 7636):{when} it is sent to {url}, and comes back with \
             a code.\n\n"
        ),
    };
    let mut parts: Vec<[String; 2]> = rows(words, &plan.query, Clash::Overrides)
        .into_iter()
        .map(|[name, value]| [format!("query parameter: {name}"), value])
        .collect();
    let back = plan.redirect_uri.as_ref().map_or_else(
        || "a loopback address".to_owned(),
        |uri| format!("{}; absent, a loopback address (RFC 8252, section 7.3)", words.template(uri)),
    );
    let made: &[(&str, &str)] = match plan.temporary {
        Some(_) => {
            &[("oauth_token", "the token of the temporary credentials, compared with what comes back")]
        }
        None => &[
            ("response_type", "`code`"),
            ("redirect_uri", &back),
            ("state", "made anew each time, and compared with what comes back"),
            ("code_challenge", "the SHA-256 of a verifier made anew each time"),
            ("code_challenge_method", "`S256`"),
        ],
    };
    for (name, value) in made {
        parts.push([format!("query parameter: `{name}`"), (*value).to_owned()]);
    }
    text.push_str(&table(["Part", "Value"], &parts));
    if plan.temporary.is_some() {
        text.push_str(&format!("It comes back to {back}.\n\n"));
    }
    if let Some(issuer) = &plan.issuer {
        text.push_str(&format!(
            "An `iss` that comes back must be {} (RFC 9207).\n\n",
            words.optional(issuer)
        ));
    }
    text
}
