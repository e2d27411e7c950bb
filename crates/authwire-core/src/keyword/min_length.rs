//! `minLength`: a text has at least so many characters (Validation §6.3.2).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;

/// Whether the keyword holds.
pub(crate) fn holds(bound: u64, text: &str) -> bool {
    // a character is at least one byte and at most four
    let bytes = text.len() as u64;
    bytes >= bound.saturating_mul(4)
        || (bytes >= bound && (bound <= 1 || text.chars().count() as u64 >= bound))
}

#[inline(never)]
pub(super) fn check<S: Sink>(bound: u64, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let Some(text) = spot.instance.string() else { return true };
    holds(bound, &text)
        || match text.is_empty() {
            true => empty(spot, sink, "minLength"),
            false => spot.flag(sink, Code::MinLength, "minLength", || {
                Flaw::new(format!("{} is shorter than {bound} characters", spot.path().name()))
            }),
        }
}

/// Whether the value is an empty text: what that breaks is one mistake, whichever keyword says so.
pub(super) fn is_empty<S: Sink>(spot: &Spot<'_, S>) -> bool {
    spot.instance.string().is_some_and(|text| text.is_empty())
}

/// Says that the value is an empty text.
#[inline(never)]
pub(super) fn empty<S: Sink>(spot: &Spot<'_, S>, sink: &mut S, rule: &str) -> bool {
    spot.flag(sink, Code::MinLength, rule, || {
        Flaw::new(format!("{} is empty", spot.path().name())).help(match spot.is_required() {
            true => "an empty text is never a value, and the field is required: fill it in",
            false => "an empty text is never a value: leave the field out, or fill it in",
        })
    })
}
