//! `unevaluatedProperties`: what holds of the members that nothing else here spoke of (Core §11.3).

use super::evaluated::{Part, is_evaluated};
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::json::Kind;
use crate::table::NodeId;

#[inline(never)]
pub(super) fn check<S: Sink>(node: NodeId, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Object {
        return true;
    }
    let mut valid = true;
    for (name, value) in spot.instance.members() {
        if is_evaluated(spot.silent(), &Part::Member(&name), true) {
            continue;
        }
        let path = Path::Name(spot.path(), &name);
        let child = spot.child(node, value, &path);
        valid &= if child.is_never() {
            spot.flag_key(sink, (&name, value), Code::UnknownField, "unevaluatedProperties", || {
                Flaw::new(format!("unknown field `{name}`"))
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
