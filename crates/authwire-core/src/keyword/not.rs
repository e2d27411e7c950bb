//! `not`: it does not hold (Core §10.2.1.4).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::table::NodeId;

#[inline(never)]
pub(super) fn check<S: Sink>(node: NodeId, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    !spot.silent().under(node).holds()
        || spot.flag(sink, Code::Not, "not", || {
            Flaw::new(format!("{} is a value that is excluded", spot.path().name()))
        })
}
