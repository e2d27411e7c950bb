//! `exclusiveMaximum`: a number is less than so much (Validation §6.2.3).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::number::Number;

/// Whether the keyword holds.
pub(crate) fn holds(bound: Number, number: Number) -> bool {
    number < bound
}

#[inline(never)]
pub(super) fn check<S: Sink>(bound: Number, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let Some(number) = spot.instance.number() else { return true };
    holds(bound, number)
        || spot.flag(sink, Code::ExclusiveMaximum, "exclusiveMaximum", || {
            Flaw::new(format!("{} must be less than {bound}", spot.path().name()))
        })
}
