//! `dependentSchemas`: what holds of the whole object where a name is there (Core §10.2.2.4). Reported inside of it.

use super::evaluated::is_left;
use super::{Sink, Spot};
use crate::finding::Code;
use crate::list::Str;
use crate::table::NodeId;

#[inline(never)]
pub(super) fn check<'s, S: Sink>(needs: &'s [(Str, NodeId)], spot: &Spot<'s, S>, sink: &mut S) -> bool {
    if is_left(spot) {
        return true;
    }
    let mut valid = true;
    for (name, node) in needs {
        if spot.instance.get(name).is_none() {
            continue;
        }
        let spot = spot.under(*node).meaning_never(Code::DependentRequired).beside(name);
        valid &= spot.check(sink);
        if S::STOPS && !valid {
            return false;
        }
    }
    valid
}
