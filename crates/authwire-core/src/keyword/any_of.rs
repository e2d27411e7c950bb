//! `anyOf`: one or more hold (Core §10.2.1.2).

use super::union::{Chosen, chosen};
use super::{Flaw, Sink, Spot, Verdict};
use crate::finding::Code;
use crate::table::Union;

#[inline(never)]
pub(super) fn check<S: Sink>(union: &Union, spot: &Spot<'_>, sink: &mut S) -> bool {
    match chosen(union, spot, sink, "anyOf") {
        Chosen::Branch(branch) => spot.as_branch::<S>(union, branch).check(sink),
        Chosen::None => false,
        Chosen::Unknown => {
            union.branches.iter().any(|branch| spot.under::<Verdict>(*branch).holds())
                || spot.flag(sink, Code::AnyOf, "anyOf", || {
                    Flaw::new(format!(
                        "{} is none of its {} alternatives",
                        spot.path.name(),
                        union.branches.len()
                    ))
                })
        }
    }
}
