//! `maxItems` (Validation §6.4.1).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::json::Kind;

#[inline(never)]
pub(super) fn check<S: Sink>(bound: u64, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    spot.instance.kind() != Kind::Array
        || spot.instance.len() as u64 <= bound
        || spot.flag(sink, Code::MaxItems, "maxItems", || {
            Flaw::new(format!("{} has more items than the {bound} that it may have", spot.path().name()))
        })
}
