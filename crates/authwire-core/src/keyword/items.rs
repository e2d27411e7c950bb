//! `prefixItems` and `items`: what an array's items are (Core §10.3.1).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::table::Items;

#[inline(never)]
pub(super) fn check<S: Sink>(rows: &Items, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let mut valid = true;
    for (index, item) in spot.instance.items().enumerate() {
        let Some(node) = rows.prefix.get(index).copied().or(rows.rest) else { break };
        let path = Path::Index(spot.path(), index);
        let child = spot.child(node, item, &path);
        let holds = if child.is_never() {
            let many = rows.prefix.len();
            child.flag(sink, Code::Items, "", || {
                Flaw::new(format!("{} may have {many} items and no more", spot.path().name()))
            })
        } else {
            child.check(sink)
        };
        valid &= holds;
        if S::STOPS && !valid {
            return false;
        }
    }
    valid
}
