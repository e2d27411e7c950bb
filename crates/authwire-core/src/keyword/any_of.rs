//! `anyOf`: one or more hold (Core §10.2.1.2).

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
    match chosen(union, spot, sink, "anyOf") {
        Chosen::Branch(branch) => spot.as_branch(union, branch).check(sink),
        Chosen::None => false,
        Chosen::Unknown => {
            union.branches.iter().any(|branch| spot.silent().under(*branch).holds())
                || spot.flag(sink, Code::AnyOf, "anyOf", || {
                    Flaw::new(match demanded(union, spot.schema) {
                        Some(names) => format!("one of {} is missing", names.join(", ")),
                        None => format!(
                            "{} is none of its {} alternatives",
                            spot.path().name(),
                            union.branches.len()
                        ),
                    })
                })
        }
    }
}
