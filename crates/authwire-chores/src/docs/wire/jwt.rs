//! The primitive `jwt`.

use authwire_core::plan::{Jwt, Template};

use super::members::{Clash, rows};
use super::words::Words;
use crate::docs::markdown::table;

/// How a JWT is made.
pub(super) fn step(words: Words<'_>, jwt: &Jwt) -> String {
    let mut text = format!(
        "A signed JWT (RFC 7519): by the algorithm in {}, with the key in {}",
        words.template(&jwt.algorithm),
        words.template(&jwt.key)
    );
    if let Some(encoding) = &jwt.key_encoding {
        text.push_str(&format!("; {} says how an HS256 secret is written", words.optional(encoding)));
    }
    text.push_str(".\n\n");
    let mut parts: Vec<[String; 2]> = vec![["header `alg`".to_owned(), words.template(&jwt.algorithm)]];
    parts.extend(
        rows(words, &jwt.header, Clash::Refused)
            .into_iter()
            .map(|[name, value]| [format!("header {name}"), value]),
    );
    parts.push(["claim `iat`".to_owned(), "now".to_owned()]);
    parts.push([
        "claim `exp`".to_owned(),
        format!("now and {} seconds", words.template(&jwt.lifetime_seconds)),
    ]);
    let mut push = |claim: &str, what: &str, template: &Option<Template>| {
        if let Some(template) = template {
            let when = words.optional(template);
            parts.push([format!("claim `{claim}`"), format!("{what}, where {when} says so")]);
        }
    };
    push("nbf", "now", &jwt.nbf);
    push("jti", "a fresh UUID", &jwt.jti);
    parts.extend(
        rows(words, &jwt.claims, Clash::Refused)
            .into_iter()
            .map(|[name, value]| [format!("claim {name}"), value]),
    );
    text.push_str(&table(["Part", "Value"], &parts));
    text.push_str("In token requests it is fresh each time; sent itself, it is used again until shortly before it ends.\n\n");
    text
}
