//! `propertyNames`: what names members may have (Core §10.3.2.4).

use std::borrow::Cow;

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::{Path, is_valid};
use crate::table::NodeId;

#[inline(never)]
pub(super) fn check<S: Sink>(node: NodeId, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let mut valid = true;
    for (name, value) in spot.instance.members() {
        let text = serde_json::Value::String(Cow::into_owned(name.clone()));
        if !is_valid(spot.schema, node, spot.registry, &text) {
            valid = spot.flag_key(sink, (&name, value), Code::PropertyNames, "propertyNames", || {
                Flaw::new(format!("{} is no name that may stand here", Path::Name(spot.path(), &name).name()))
            });
            if S::STOPS {
                return false;
            }
        }
    }
    valid
}
