//! `format`: what a string is meant to be. Asserts nothing; says what of a value may be shown, and what it is for.

use authwire_model::suggest;

use super::{Holds, Rule, Vocabulary};
use crate::problems::Problem;
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "format", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

/// The formats of draft 2020-12.
pub(crate) const STANDARD: &[&str] = &[
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Authwire's own: what the value is for, so that it may be shown.
pub(crate) const OWN: &[&str] = &["header-name", "name", "parameter-name", "scope", "value-pattern"];

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(format) = schema.string(RULE.name, value) else { return };
    if STANDARD.contains(&&*format) || OWN.contains(&&*format) {
        schema.note().format = Some(format.into_owned());
    } else {
        let guess = suggest::nearest(&format, STANDARD.iter().chain(OWN).copied());
        let problem = Problem::error(value.spot(), format!("the format `{format}` is not known"));
        schema.problem(problem.with_guess(guess));
    }
}
