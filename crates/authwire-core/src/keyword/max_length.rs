//! `maxLength`: a text has at most so many characters (Validation §6.3.1).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;

/// Whether the keyword holds.
pub(crate) fn holds(bound: u64, text: &str) -> bool {
    text.len() as u64 <= bound || text.chars().count() as u64 <= bound
}

#[inline(never)]
pub(super) fn check<S: Sink>(bound: u64, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let Some(text) = spot.instance.string() else { return true };
    holds(bound, &text)
        || spot.flag(sink, Code::MaxLength, "maxLength", || {
            Flaw::new(format!("{} is longer than {bound} characters", spot.path().name()))
        })
}
