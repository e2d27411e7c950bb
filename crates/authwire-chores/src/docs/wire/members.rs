//! Named values and spreads, as rows of a table.

use authwire_core::plan::{Members, Source, Template, Value};

use super::words::Words;

/// What happens where a spread names what stands there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// It takes the place, but never of a secret.
    Overrides,
    /// It is refused.
    Refused,
}

/// The rows of `members`: what is sent under which name. Names inside of JSON objects are joined by dots.
pub(super) fn rows(words: Words<'_>, members: &Members, clash: Clash) -> Vec<[String; 2]> {
    let mut rows = Vec::new();
    write(words, members, clash, "", &mut rows);
    rows
}

fn write(words: Words<'_>, members: &Members, clash: Clash, path: &str, rows: &mut Vec<[String; 2]>) {
    for (name, value) in members.named.iter() {
        let name = name_of(words, name, path);
        match value {
            Value::Object(members) => write(words, members, clash, &name, rows),
            value => rows.push([name, words.value(value)]),
        }
    }
    for spread in members.spreads.iter() {
        let source = words.source(Source::Field(*spread));
        let rule = match clash {
            Clash::Overrides => "takes the place of a namesake, unless that carries a secret",
            Clash::Refused => "may not name what is made already",
        };
        let inside = if path.is_empty() { String::new() } else { format!("{path}: ") };
        rows.push([format!("{inside}every name in {source}"), format!("its value there; {rule}")]);
    }
}

fn name_of(words: Words<'_>, name: &Template, path: &str) -> String {
    let own = match name.lone() {
        Some(_) => format!("the name in {}", words.name(name)),
        None => words.template(name),
    };
    if path.is_empty() { own } else { format!("{path} / {own}") }
}
