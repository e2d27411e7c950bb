//! `if`, `then`, `else` (Core §10.2.2). A violation of the consequence is reported inside of it.

use super::{Sink, Spot, Verdict};
use crate::finding::Code;
use crate::table::If;

#[inline(never)]
pub(super) fn check<S: Sink>(rows: &If, spot: &Spot<'_>, sink: &mut S) -> bool {
    let consequence = if spot.under::<Verdict>(rows.test).holds() { rows.then } else { rows.otherwise };
    consequence.is_none_or(|node| spot.under::<S>(node).meaning_never(Code::If).check(sink))
}
