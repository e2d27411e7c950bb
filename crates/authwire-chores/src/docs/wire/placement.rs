//! `apply`: what every request gets.

use authwire_core::plan::{Members, Part, Placed, Placement, Source, Template, Value};

use super::members::{Clash, rows};
use super::signature;
use super::words::Words;
use crate::docs::markdown::table;

/// What every request gets, as a table.
pub(super) fn step(words: Words<'_>, placements: &[Placement]) -> String {
    let mut placed: Vec<[String; 3]> = Vec::new();
    for placement in placements {
        let mut conditions = placement.when.to_vec();
        // without a token there is nothing to place
        if let Some(token) = words.plan.token.as_ref().filter(|_| reads_token(&placement.what)) {
            conditions
                .extend(token.when.iter().filter(|condition| !placement.when.contains(condition)).cloned());
        }
        let when = words.conditions(&conditions).unwrap_or_else(|| "always".to_owned());
        let mut push = |kind: &str, members| {
            let members = rows(words, members, Clash::Overrides);
            let shown =
                members.into_iter().map(|[name, value]| [when.clone(), format!("{kind}: {name}"), value]);
            placed.extend(shown);
        };
        match &placement.what {
            Placed::Header(members) => push("header", members),
            Placed::Query(members) => push("query parameter", members),
            Placed::Cookie(members) => push("cookie", members),
            Placed::Form(members) => push("form of the call", members),
            Placed::Json(members) => push("JSON of the call", members),
            Placed::Cookies(session) => placed.push([
                when.clone(),
                "cookies".to_owned(),
                format!("those in {}, as later answers of the API change them", words.optional(session)),
            ]),
            Placed::Basic { username, password } => {
                let value = format!(
                    "`Basic` and the Base64 of {}, a colon and {} (RFC 7617)",
                    words.optional(username),
                    words.optional(password)
                );
                placed.push([when.clone(), "header: `Authorization`".to_owned(), value]);
            }
            Placed::Signature(signature) => {
                let rows = signature::rows(words, signature).into_iter();
                placed.extend(rows.map(|[what, value]| [when.clone(), what, value]));
            }
        }
    }
    format!(
        "{}What the request had under these names before is replaced.\n\n",
        table(["When", "Every request gets", "Value"], &placed)
    )
}

/// Whether what is placed holds the token: without one it is not there.
fn reads_token(placed: &Placed) -> bool {
    match placed {
        Placed::Header(members)
        | Placed::Query(members)
        | Placed::Cookie(members)
        | Placed::Form(members)
        | Placed::Json(members) => members_read_token(members),
        Placed::Basic { username, password } => [username, password].into_iter().any(template_reads_token),
        Placed::Cookies(_) | Placed::Signature(_) => false,
    }
}

fn members_read_token(members: &Members) -> bool {
    !members.named.is_empty() && members.named.iter().all(|(_, value)| value_reads_token(value))
}

fn value_reads_token(value: &Value) -> bool {
    match value {
        Value::Template(template) => template_reads_token(template),
        Value::Pattern { value, .. } | Value::First(value) | Value::Array(value) => {
            value.iter().all(value_reads_token)
        }
        Value::Object(members) => members_read_token(members),
        Value::Literal(_) => false,
    }
}

fn template_reads_token(template: &Template) -> bool {
    let is_of_token = |part: &Part| matches!(part, Part::Field(Source::AccessToken | Source::TokenValue(_)));
    template.parts.iter().any(is_of_token)
}
