//! A token request.

use authwire_core::plan::{Body, ClientAuthentication, RequestPlan, Template};

use super::members::{Clash, rows};
use super::signature;
use super::words::Words;
use crate::docs::markdown::table;

/// A request to the token endpoint.
pub(super) fn request(words: Words<'_>, request: &RequestPlan) -> String {
    // what every token request asks for, unless its headers say otherwise
    let names_it = |name: &Template| name.literal().is_some_and(|name| name.eq_ignore_ascii_case("accept"));
    let mut parts = Vec::new();
    if !request.headers.named.iter().any(|(name, _)| names_it(name)) {
        parts.push(["header: `Accept`".to_owned(), "`application/json`".to_owned()]);
    }
    let mut push = |kind: &str, members| {
        let members = rows(words, members, Clash::Overrides);
        parts.extend(members.into_iter().map(|[name, value]| [format!("{kind}: {name}"), value]));
    };
    push("query parameter", &request.query);
    push("header", &request.headers);
    let body = match &request.body {
        Body::Empty => String::new(),
        Body::Form(members) => {
            push("form", members);
            ", with a form (`application/x-www-form-urlencoded`)".to_owned()
        }
        Body::Json(members) => {
            push("JSON", members);
            ", with a JSON body (`application/json`)".to_owned()
        }
    };
    if let Some(signature) = &request.sign {
        parts.extend(signature::rows(words, signature));
    }
    let mut text = format!("`{}` to {}{body}.\n\n", request.method, words.template(&request.url));
    if !parts.is_empty() {
        text.push_str(&table(["Part", "Value"], &parts));
    }
    if let Some(client) = &request.client_authentication {
        text.push_str(&client_authentication(words, client));
    }
    text
}

fn client_authentication(words: Words<'_>, client: &ClientAuthentication) -> String {
    let mut text = format!("The client (RFC 6749, section 2.3.1) is {}", words.optional(&client.id));
    if let Some(assertion) = &client.assertion {
        text.push_str(&format!(
            ". It proves that by {} (RFC 7523, section 2.2), in the form as `client_assertion`, with \
             `client_assertion_type` and `client_id` beside it.\n\n",
            words.template(assertion)
        ));
        return text;
    }
    if let Some(secret) = &client.secret {
        text.push_str(&format!("; its secret is {}", words.optional(secret)));
    }
    text.push_str(". ");
    if client.secret.is_none() && client.style.is_none() {
        text.push_str("It has no secret: its ID goes in the form.\n\n");
        return text;
    }
    let auto =
        "the `Authorization: Basic` header is tried first, then the form, and what worked is remembered";
    match &client.style {
        Some(style) if style.literal().is_some() => {
            text.push_str(&format!("It is sent in the style {}.", words.template(style)));
        }
        Some(style) => {
            text.push_str(&format!("{} says how it is sent; absent, {auto}.", words.template(style)));
        }
        None => text.push_str(&format!("It is sent as the server takes it: {auto}.")),
    }
    if let (Some(username), Some(password)) = (&client.username, &client.password) {
        text.push_str(&format!(
            " `basic_username_password` sends {} and {} in the header.",
            words.template(username),
            words.template(password)
        ));
    }
    let may_lack = |template| words.optional(template) != words.template(template);
    if client.secret.as_ref().is_none_or(may_lack) {
        text.push_str(" Without a secret the client is public: its ID alone goes in the form.");
    }
    text.push_str("\n\n");
    text
}
