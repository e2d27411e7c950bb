//! `allOf`: every one holds (Core §10.2.1.1).

use super::evaluated::is_left;
use super::{Sink, Spot};
use crate::finding::Code;
use crate::table::NodeId;

#[inline(never)]
pub(super) fn check<S: Sink>(nodes: &[NodeId], spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if is_left(spot) {
        return true;
    }
    let mut valid = true;
    for node in nodes {
        valid &= spot.under(*node).meaning_never(Code::AllOf).check(sink);
        if S::STOPS && !valid {
            return false;
        }
    }
    valid
}
