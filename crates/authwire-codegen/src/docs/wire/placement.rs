//! `apply`: what every request gets.

use authwire_core::plan::{Placed, Placement};

use super::members::{Clash, rows};
use super::signature;
use super::words::Words;
use crate::docs::markdown::table;

/// What every request gets, as a table.
pub(super) fn step(words: Words<'_>, placements: &[Placement]) -> String {
    let mut placed: Vec<[String; 3]> = Vec::new();
    for placement in placements {
        let when = words.conditions(&placement.when).unwrap_or_else(|| "always".to_owned());
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
