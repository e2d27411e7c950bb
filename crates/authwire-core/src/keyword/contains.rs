//! `contains`: at least one item is of a kind (Core §10.3.1.3).

use super::{Flaw, Instance, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::json::Kind;
use crate::table::NodeId;

pub(super) fn check<'d, I: Instance<'d>, S: Sink>(node: NodeId, spot: &Spot<'_, I>, sink: &mut S) -> bool {
    spot.instance.kind() != Kind::Array
        || spot
            .instance
            .items()
            .enumerate()
            .any(|(index, item)| spot.child(node, item, &Path::Index(spot.path, index)).holds())
        || spot.flag(sink, Code::Contains, "contains", || {
            Flaw::new(format!("{} has no item of the kind that it must contain", spot.path.name()))
        })
}
