//! `enum`: a value is one of a list (Validation §6.1.2).

use super::equal::equals;
use super::min_length::{empty, is_empty};
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::suggest::{Known, meant, question};
use crate::table::Json;

#[inline(never)]
pub(super) fn check<S: Sink>(values: &[Json], spot: &Spot<'_, S>, sink: &mut S) -> bool {
    values.iter().any(|value| equals(spot.instance, value)) || wrong(values, spot, sink, "enum")
}

/// Says that the value is none of `values`.
pub(super) fn wrong<S: Sink>(values: &[Json], spot: &Spot<'_, S>, sink: &mut S, rule: &str) -> bool {
    if !S::STOPS && is_empty(spot) {
        return empty(spot, sink, rule);
    }
    spot.flag(sink, Code::Enum, rule, || {
        let list: Vec<String> = values.iter().map(|value| format!("`{}`", in_words(value))).collect();
        let shown = spot.shown().unwrap_or_else(|| "the value".to_owned());
        let text = spot.instance.string().unwrap_or_default();
        let known = values.iter().filter_map(Json::as_str).map(|name| Known { name, title: None });
        let help = question(&meant(&text, &known.collect::<Vec<_>>()));
        Flaw::new(format!(
            "{shown} is not a value of {}: it is one of {}",
            spot.path().name(),
            list.join(", ")
        ))
        .maybe_help(help)
    })
}

/// A value of a schema, for a message.
pub(super) fn in_words(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
