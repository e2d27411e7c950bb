//! How a token is had, and when it is renewed.

use authwire_core::plan::{RenewOn, Source, Statuses, TokenPlan};

use super::words::Words;
use super::{request, response};

/// How a token is had.
pub(super) fn step(words: Words<'_>, token: &TokenPlan) -> String {
    let mut text = String::new();
    if let Some(when) = words.conditions(&token.when) {
        text.push_str(&format!("Where {when}; else there is no token.\n\n"));
    }
    if let Some(login) = &token.login {
        text.push_str(&super::login::login(words, login));
    }
    for plan in token.steps.iter() {
        let when = words.conditions(&plan.request.when).map(|when| format!("where {when}, "));
        let request = request::request(words, &plan.request);
        text.push_str(&format!("**Before it, {}**: {}{request}", plan.name, when.unwrap_or_default()));
        text.push_str(&response::picked(words, &plan.pick));
    }
    if !token.steps.is_empty() {
        text.push_str("The cookies that these answers set go along with the requests that follow.\n\n");
    }
    let several = token.requests.len() > 1;
    if several {
        text.push_str(
            "The first of these requests is made that applies; where what it presents is refused, the next.\n\n",
        );
    }
    for (number, plan) in (1..).zip(token.requests.iter()) {
        let (lead, first) =
            if several { (format!("**Request {number}**: "), 'w') } else { (String::new(), 'W') };
        let when = words.conditions(&plan.when).map(|when| format!("{first}here {when}, "));
        text.push_str(&format!("{lead}{}{}", when.unwrap_or_default(), request::request(words, plan)));
    }
    if let Some(dpop) = &token.dpop {
        let when = words.conditions(&dpop.when).map_or_else(String::new, |when| format!("Where {when}: "));
        text.push_str(&format!(
            "{when}Each of these requests has a header `DPoP`, a JWT that proves that the key in {} is held (RFC 9449, section \
             5), and the token is bound to that key.\n\n",
            words.template(&dpop.key)
        ));
    }
    text.push_str(&response::response(words, &token.response, &token.keep));
    let renewed = if token.login.is_some() && token.keep.is_empty() {
        "a person has to log in again"
    } else {
        "a new one is obtained, and the request is repeated once"
    };
    text.push_str(&format!(
        "The token is used until shortly before it ends. An API answer with {} says that it is dead: {renewed}.\n\n",
        dead(words, &token.renew_on)
    ));
    text
}

/// What of an API answer says that the token is dead.
fn dead(words: Words<'_>, renew_on: &RenewOn) -> String {
    let mut signs = vec![match &renew_on.status {
        None => "the status `401`".to_owned(),
        Some(Statuses::These(statuses)) => {
            let statuses: Vec<String> = statuses.iter().map(|status| format!("`{status}`")).collect();
            format!("the status {}", statuses.join(" or "))
        }
        Some(Statuses::Field(field)) => {
            let source = Source::Field(*field);
            let default = words.field(source).and_then(|field| field.default.as_ref());
            let default = default.map(|value| format!(" (default {})", crate::docs::kind::literal(value)));
            format!("a status in {}{}", words.source(source), default.unwrap_or_default())
        }
    }];
    if let Some(page) = &renew_on.redirects_to {
        signs.push(format!("a redirect to {} (its query does not count)", words.optional(page)));
    }
    for (name, value) in &renew_on.header {
        signs.push(format!("the header {}: {}", words.template(name), words.optional(value)));
    }
    signs.join(", or with ")
}
