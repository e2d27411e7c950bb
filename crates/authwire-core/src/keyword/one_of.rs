//! `oneOf`: exactly one holds (Core §10.2.1.3).

use super::evaluated::is_left;
use super::union::{Chosen, chosen, demanded};
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::table::Union;

#[inline(never)]
pub(super) fn check<'s, S: Sink>(union: &'s Union, spot: &Spot<'s, S>, sink: &mut S) -> bool {
    if is_left(spot) {
        return true;
    }
    match chosen(union, spot, sink, "oneOf") {
        Chosen::Branch(branch) => spot.as_branch(union, branch).check(sink),
        Chosen::None => false,
        Chosen::Unknown => {
            let holding =
                union.branches.iter().filter(|branch| spot.silent().under(**branch).holds()).count();
            holding == 1 || spot.flag(sink, Code::OneOf, "oneOf", || flaw(union, spot, holding))
        }
    }
}

fn flaw<S: Sink>(union: &Union, spot: &Spot<'_, S>, holding: usize) -> Flaw {
    let name = spot.path().name();
    let count = if holding == 0 { "none" } else { "more than one" };
    match demanded(union, spot.schema) {
        Some(names) => {
            Flaw::new(format!("{name} must have exactly one of {}; it has {count}", names.join(", ")))
        }
        None => Flaw::new(format!(
            "{name} must be exactly one of its {} alternatives; it is {count}",
            union.branches.len()
        )),
    }
}
