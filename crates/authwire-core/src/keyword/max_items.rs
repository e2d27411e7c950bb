//! `maxItems` (Validation §6.4.1).

use super::{Flaw, Instance, Sink, Spot};
use crate::finding::Code;
use crate::json::Kind;

pub(super) fn check<'d, I: Instance<'d>, S: Sink>(bound: u64, spot: &Spot<'_, I>, sink: &mut S) -> bool {
    spot.instance.kind() != Kind::Array
        || spot.instance.len() as u64 <= bound
        || spot.flag(sink, Code::MaxItems, "maxItems", || {
            Flaw::new(format!("{} has more items than the {bound} that it may have", spot.path.name()))
        })
}
