//! `unevaluatedProperties`: what holds of the members that nothing else here spoke of (Core §11.3).

use std::collections::HashSet;

use super::evaluated::{Parts, spoken_of};
use super::{Sink, Spot, properties};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::json::Kind;
use crate::suggest::Known;
use crate::table::{Keyword, NodeId};

#[inline(never)]
pub(super) fn check<S: Sink>(node: NodeId, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Object {
        return true;
    }
    let mut valid = true;
    let Some(spoken) = spoken_of(spot, Parts::Members) else { return false };
    for ((name, value), spoken) in spot.instance.members().zip(spoken) {
        if spoken {
            continue;
        }
        let path = Path::Name(spot.path(), &name);
        let child = spot.child(node, value, &path);
        valid &= if child.is_never() {
            spot.flag_key(sink, (&name, value), Code::UnknownField, "unevaluatedProperties", || {
                let known: Vec<Known<'_>> =
                    named(spot).into_iter().map(|name| Known { name, title: None }).collect();
                properties::unknown(&known, spot, &name)
            })
        } else {
            child.check(sink)
        };
        if S::STOPS && !valid {
            return false;
        }
    }
    valid
}

/// The names that the node, or another of the same value, knows.
fn named<'s, S: Sink>(spot: &Spot<'s, S>) -> Vec<&'s str> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    let mut open = vec![spot.node];
    while let Some(node) = open.pop() {
        if !seen.insert(std::ptr::from_ref(node)) {
            continue;
        }
        let mut add = |id: &NodeId| open.push(spot.schema.node(*id));
        for row in &node.keywords {
            match row {
                Keyword::Properties(rows) => {
                    let known = rows.named.iter().filter(|(_, node)| !is_never(spot, *node));
                    names.extend(known.map(|(name, _)| &**name));
                }
                Keyword::Ref(node) => add(node),
                Keyword::AllOf(nodes) => nodes.iter().for_each(&mut add),
                Keyword::AnyOf(union) | Keyword::OneOf(union) => union.branches.iter().for_each(&mut add),
                Keyword::If(rows) => {
                    [Some(rows.test), rows.then, rows.otherwise].iter().flatten().for_each(&mut add)
                }
                Keyword::DependentSchemas(needs) => needs.iter().for_each(|(_, node)| add(node)),
                _ => {}
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn is_never<S: Sink>(spot: &Spot<'_, S>, node: NodeId) -> bool {
    matches!(*spot.schema.node(spot.schema.resolved(node)).keywords, [Keyword::Never])
}
