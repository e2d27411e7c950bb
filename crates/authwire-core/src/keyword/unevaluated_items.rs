//! `unevaluatedItems`: what holds of the items that nothing else here spoke of (Core §11.2).

use super::evaluated::{Parts, spoken_of};
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::json::Kind;
use crate::table::NodeId;

#[inline(never)]
pub(super) fn check<S: Sink>(node: NodeId, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Array {
        return true;
    }
    let mut valid = true;
    let Some(spoken) = spoken_of(spot, Parts::Items) else { return false };
    for (index, item) in spot.instance.items().enumerate() {
        if spoken[index] {
            continue;
        }
        let path = Path::Index(spot.path(), index);
        let child = spot.child(node, item, &path);
        valid &= if child.is_never() {
            child.flag(sink, Code::Items, "", || {
                Flaw::new(format!("{} of {} may not stand here", path.name(), spot.path().name()))
            })
        } else {
            child.check(sink)
        };
        if S::STOPS && !valid {
            return false;
        }
    }
    valid
}
