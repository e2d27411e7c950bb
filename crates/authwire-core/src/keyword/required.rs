//! `required`: names that must be there (Validation §6.5.3). One finding for each that is missing.

use super::{Flaw, Instance, Sink, Spot};
use crate::finding::Code;
use crate::json::Kind;
use crate::list::Str;
use crate::suggest::nearest;
use crate::table::{Keyword, Node, NodeId};

pub(super) fn check<'d, I: Instance<'d>, S: Sink>(names: &[Str], spot: &Spot<'_, I>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Object {
        return true;
    }
    let mut valid = true;
    for name in names {
        if spot.instance.get(name).is_none() {
            valid = missing(name, spot, sink, "required");
            if S::STOPS {
                return false;
            }
        }
    }
    valid
}

/// Says that `name` is missing.
pub(super) fn missing<'d, I: Instance<'d>, S: Sink>(
    name: &str,
    spot: &Spot<'_, I>,
    sink: &mut S,
    rule: &str,
) -> bool {
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
    node.keywords.iter().find_map(|row| match row {
        Keyword::Properties(rows) => rows.named(name),
        _ => None,
    })
}
