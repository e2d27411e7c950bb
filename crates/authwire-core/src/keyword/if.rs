//! `if`, `then`, `else` (Core §10.2.2). A violation of the consequence is reported inside of it.

use super::evaluated::is_left;
use super::{Sink, Spot};
use crate::finding::Code;
use crate::table::If;

#[inline(never)]
pub(super) fn check<S: Sink>(rows: &If, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if is_left(spot) {
        return true;
    }
    let consequence = if spot.silent().under(rows.test).holds() { rows.then } else { rows.otherwise };
    consequence.is_none_or(|node| spot.under(node).meaning_never(Code::If).check(sink))
}
