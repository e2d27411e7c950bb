//! `required`: names that must be there (Validation §6.5.3). One finding for each that is missing.

use super::{Flaw, Instance, Sink, Spot, properties};
use crate::finding::Code;
use crate::json::Kind;
use crate::list::Str;
use crate::suggest::{Known, meant, nearest};
use crate::table::{Keyword, Node, NodeId};

/// Of an object of more members than this only what is nearest to a name is looked for.
pub(super) const MANY: usize = 64;

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
    missing_one(name, spot, sink, rule, None)
}

/// The same, with this help where nothing stands there that it may be.
pub(super) fn missing_one<S: Sink>(
    name: &str,
    spot: &Spot<'_, S>,
    sink: &mut S,
    rule: &str,
    help: Option<String>,
) -> bool {
    spot.flag(sink, Code::Required, rule, || {
        let title = property(spot.node, name).and_then(|node| spot.schema.node(node).title.as_deref());
        let title =
            title.filter(|title| !title.eq_ignore_ascii_case(name)).map(|title| format!(" ({title})"));
        let near = near(name, spot).map(|near| format!("`{near}` stands here: did you mean `{name}`?"));
        Flaw::new(format!("`{name}`{} is missing", title.unwrap_or_default())).maybe_help(near.or(help))
    })
}

/// The unknown member that may be `name`.
fn near<S: Sink>(name: &str, spot: &Spot<'_, S>) -> Option<String> {
    let members: Vec<_> = spot.instance.members().map(|(name, _)| name).collect();
    let mut unknown = members.iter().map(|name| &**name).filter(|near| property(spot.node, near).is_none());
    if members.len() > MANY {
        return nearest(name, unknown).map(str::to_owned);
    }
    let title = property(spot.node, name).and_then(|node| spot.schema.node(node).title.as_deref());
    let alone = Known { name, title };
    // one that may be it, of all that are lacking
    let may_be = unknown.clone().any(|near| !meant(near, &[alone]).is_empty());
    let lacking = if may_be { known(spot) } else { Vec::new() };
    if lacking.is_empty() {
        return nearest(name, unknown).map(str::to_owned);
    }
    unknown.find(|near| meant(near, &lacking) == [name]).map(str::to_owned)
}

/// The properties of an object that it has not.
fn known<'s, S: Sink>(spot: &Spot<'s, S>) -> Vec<Known<'s>> {
    let rows = spot.node.keywords.iter().filter_map(Keyword::properties);
    let named = rows.flat_map(|rows| rows.named.iter());
    let lacking = named.filter(|(name, _)| spot.instance.get(name).is_none());
    lacking.map(|(name, node)| Known { name, title: spot.schema.node(*node).title.as_deref() }).collect()
}

/// The node of the property `name`.
pub(super) fn property(node: &Node, name: &str) -> Option<NodeId> {
    node.keywords.iter().find_map(|row| row.properties()?.named(name))
}
