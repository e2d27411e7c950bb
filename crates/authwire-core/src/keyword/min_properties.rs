//! `minProperties` (Validation §6.5.2).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::json::Kind;

#[inline(never)]
pub(super) fn check<S: Sink>(bound: u64, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    spot.instance.kind() != Kind::Object
        || spot.instance.len() as u64 >= bound
        || spot.flag(sink, Code::MinProperties, "minProperties", || {
            Flaw::new(format!(
                "{} has fewer members than the {bound} that it must have at least",
                spot.path().name()
            ))
        })
}
