//! `apply`: what every request gets.

use authwire_core::plan::{Placed, Placement};

use super::members::{Clash, rows};
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
            Placed::Basic { username, password } => {
                let value = format!(
                    "`Basic` and the Base64 of {}, a colon and {} (RFC 7617)",
                    words.optional(username),
                    words.optional(password)
                );
                placed.push([when.clone(), "header: `Authorization`".to_owned(), value]);
            }
        }
    }
    format!(
        "{}What the request had under these names before is replaced.\n\n",
        table(["When", "Every request gets", "Value"], &placed)
    )
}
