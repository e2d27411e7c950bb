//! `required`: names that must be there (Validation §6.5.3). One finding for each that is missing.

use super::{Flaw, Instance, Sink, Spot, properties};
use crate::finding::Code;
use crate::json::Kind;
use crate::list::Str;
use crate::suggest::nearest;
use crate::table::{Node, NodeId};

#[inline(never)]
pub(super) fn check<S: Sink>(names: &[Str], spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Object || (S::STOPS && properties::looks_for(names, spot.node)) {
        return true;
    }
    let mut valid = true;
    let absent = absent(names, spot.instance);
    for (at, name) in names.iter().enumerate() {
        let is_absent = match absent {
            Some(absent) => absent & 1 << at != 0,
            None => spot.instance.get(name).is_none(),
        };
        if is_absent {
            valid = missing(name, spot, sink, "required");
            if S::STOPS {
                return false;
            }
        }
    }
    valid
}

/// Which of a few names no member of a small object has, by their bits: one look at each member, whatever is wanted.
fn absent(names: &[Str], object: Instance<'_>) -> Option<u64> {
    if names.len() > 8 || object.len() > 64 {
        return None;
    }
    let mut absent = (1 << names.len()) - 1;
    for (member, _) in object.members() {
        for (at, name) in names.iter().enumerate() {
            if **name == *member {
                absent &= !(1 << at);
            }
        }
        if absent == 0 {
            break;
        }
    }
    Some(absent)
}

/// Says that `name` is missing.
pub(super) fn missing<S: Sink>(name: &str, spot: &Spot<'_, S>, sink: &mut S, rule: &str) -> bool {
    spot.flag(sink, Code::Required, rule, || {
        let title = property(spot.node, name).and_then(|node| spot.schema.node(node).title.as_deref());
        let title =
            title.filter(|title| !title.eq_ignore_ascii_case(name)).map(|title| format!(" ({title})"));
        let members: Vec<_> = spot.instance.members().map(|(name, _)| name).collect();
        let near = nearest(
            name,
            members.iter().map(|name| &**name).filter(|near| property(spot.node, near).is_none()),
        );
        Flaw::new(format!("`{name}`{} is missing", title.unwrap_or_default()))
            .maybe_help(near.map(|near| format!("`{near}` stands here: did you mean `{name}`?")))
    })
}

fn property(node: &Node, name: &str) -> Option<NodeId> {
    node.keywords.iter().find_map(|row| row.properties()?.named(name))
}
