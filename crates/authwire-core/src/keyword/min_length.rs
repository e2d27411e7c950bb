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
        || spot.flag(sink, Code::MinLength, "minLength", || {
            if text.is_empty() {
                Flaw::new(format!("{} is empty", spot.path().name()))
                    .help("an empty text is never a value: leave the field out, or fill it in")
            } else {
                Flaw::new(format!("{} is shorter than {bound} characters", spot.path().name()))
            }
        })
}
