//! `contains`, `minContains`, `maxContains`: how many items are of a kind (Core §10.3.1.3, Validation §6.4.4 and §6.4.5).

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::json::Kind;
use crate::table::Contains;

#[inline(never)]
pub(super) fn check<S: Sink>(rows: &Contains, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Array {
        return true;
    }
    let of_the_kind = spot.instance.items().enumerate().filter(|(index, item)| {
        spot.silent().child(rows.node, *item, &Path::Index(spot.path(), *index)).holds()
    });
    // enough is known as soon as there is one too many
    let enough = rows.max.map_or(rows.min, |max| max.saturating_add(1).max(rows.min));
    let count = of_the_kind.take(usize::try_from(enough).unwrap_or(usize::MAX)).count() as u64;
    let name = || spot.path().name();
    if count < rows.min {
        spot.flag(sink, Code::Contains, if rows.min == 1 { "contains" } else { "minContains" }, || {
            Flaw::new(match rows.min {
                1 => format!("{} has no item of the kind that it must contain", name()),
                min => format!("{} has {count} items of the kind of which it must contain {min}", name()),
            })
        })
    } else if rows.max.is_some_and(|max| count > max) {
        spot.flag(sink, Code::Contains, "maxContains", || {
            let max = rows.max.unwrap_or_default();
            Flaw::new(format!("{} has more than {max} items of the kind that it may contain", name()))
        })
    } else {
        true
    }
}
