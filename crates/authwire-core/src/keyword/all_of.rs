//! `allOf`: every one holds (Core §10.2.1.1).

use super::{Instance, Sink, Spot};
use crate::finding::Code;
use crate::table::NodeId;

pub(super) fn check<'d, I: Instance<'d>, S: Sink>(nodes: &[NodeId], spot: Spot<'_, I>, sink: &mut S) -> bool {
    let mut valid = true;
    for node in nodes {
        valid &= spot.under::<S>(*node).meaning_never(Code::AllOf).check(sink);
        if S::STOPS && !valid {
            return false;
        }
    }
    valid
}
