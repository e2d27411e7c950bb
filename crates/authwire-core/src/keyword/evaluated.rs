//! Which parts of a value keywords spoke of: what `unevaluatedProperties` and `unevaluatedItems` ask (Core §11). Only they
//! ask, once for a value, so that schemas that have neither pay nothing.

use super::{Sink, Spot, Verdict, check};
use crate::interpreter::Path;
use crate::json::Kind;
use crate::table::{Keyword, NodeId, Properties};

/// Which parts of a value are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    /// The members of an object.
    Members,
    /// The items of an array.
    Items,
}

impl Parts {
    /// Whether `row` speaks of all that nothing else spoke of.
    fn rest(self, row: &Keyword) -> Option<NodeId> {
        match (self, row) {
            (Self::Members, Keyword::UnevaluatedProperties(node))
            | (Self::Items, Keyword::UnevaluatedItems(node)) => Some(*node),
            _ => None,
        }
    }
}

/// For each part of a value whether it was spoken of.
type Spoken = Vec<bool>;

/// The parts of the value at `spot` that its node, or another that holds of the same value, speaks of. What the node's own
/// rows say of the rest does not count, for it is one of them that asks.
#[inline(never)]
pub(super) fn spoken_of<S: Sink>(spot: &Spot<'_, S>, parts: Parts) -> Spoken {
    let spot = &spot.silent();
    let mut spoken = vec![false; spot.instance.len()];
    for row in spot.node.keywords.iter().filter(|row| parts.rest(row).is_none()) {
        match row {
            // those who end at the first violation come here only where all that stands before holds
            Keyword::Ref(_) | Keyword::AllOf(_) | Keyword::DependentSchemas(_) if !S::STOPS => {
                applied(row, spot, &mut |node| {
                    either(*spot, node, parts, &mut spoken);
                    true
                });
            }
            Keyword::If(rows) if !S::STOPS => {
                let holds = either(*spot, rows.test, parts, &mut spoken);
                let next = if holds { rows.then } else { rows.otherwise };
                next.map(|node| either(*spot, node, parts, &mut spoken));
            }
            _ => {
                hear(row, spot, parts, true, &mut spoken);
            }
        }
    }
    spoken
}

/// Gives `to` the nodes that `row` applies to the same value in any case, until one is enough.
fn applied(row: &Keyword, spot: &Spot<'_, Verdict>, to: &mut dyn FnMut(NodeId) -> bool) -> bool {
    match row {
        Keyword::Ref(node) => to(*node),
        Keyword::AllOf(nodes) => nodes.iter().all(|node| to(*node)),
        Keyword::DependentSchemas(needs) => {
            needs.iter().all(|(name, node)| spot.instance.get(name).is_none() || to(*node))
        }
        _ => true,
    }
}

/// What `node` speaks of, if it holds: what does not hold speaks of nothing. Returns whether it does.
fn either(spot: Spot<'_, Verdict>, node: NodeId, parts: Parts, spoken: &mut Spoken) -> bool {
    let mut heard = vec![false; spoken.len()];
    let holds = all(spot.under(node), parts, false, &mut heard);
    if holds {
        spoken.iter_mut().zip(heard).for_each(|(spoken, heard)| *spoken |= heard);
    }
    holds
}

/// What the node of `spot` speaks of. Returns whether it holds, which is not looked at where it is `known`.
fn all(spot: Spot<'_, Verdict>, parts: Parts, known: bool, spoken: &mut Spoken) -> bool {
    if !spot.node.keywords.iter().any(|row| parts.rest(row).is_some()) {
        return spot.node.keywords.iter().all(|row| hear(row, &spot, parts, known, spoken));
    }
    // the rest is what is left of this node's own, whatever was heard elsewhere; all of it was spoken of in the end
    let mut own = vec![false; spoken.len()];
    let others = spot.node.keywords.iter().filter(|row| parts.rest(row).is_none());
    let holds = known || others.into_iter().all(|row| hear(row, &spot, parts, known, &mut own));
    let rest = spot.node.keywords.iter().filter_map(|row| parts.rest(row));
    let holds = holds && (known || rest.into_iter().all(|node| rest_holds(&spot, node, parts, &own)));
    let is_of_kind = spot.instance.kind() == if parts == Parts::Members { Kind::Object } else { Kind::Array };
    if holds && is_of_kind {
        spoken.fill(true);
    }
    holds
}

fn rest_holds(spot: &Spot<'_, Verdict>, node: NodeId, parts: Parts, spoken: &Spoken) -> bool {
    match parts {
        Parts::Members => spot.instance.members().zip(spoken).all(|((name, value), spoken)| {
            *spoken || spot.child(node, value, &Path::Name(spot.path(), &name)).holds()
        }),
        Parts::Items => spot.instance.items().enumerate().zip(spoken).all(|((index, item), spoken)| {
            *spoken || spot.child(node, item, &Path::Index(spot.path(), index)).holds()
        }),
    }
}

/// What `row` speaks of. Returns whether it holds, which is not looked at where it is `known`.
fn hear<'s>(
    row: &'s Keyword,
    spot: &Spot<'s, Verdict>,
    parts: Parts,
    known: bool,
    spoken: &mut Spoken,
) -> bool {
    match row {
        Keyword::Ref(_) | Keyword::AllOf(_) | Keyword::DependentSchemas(_) => {
            applied(row, spot, &mut |node| all(spot.under(node), parts, known, spoken))
        }
        Keyword::AnyOf(union) | Keyword::OneOf(union) => {
            let mut holding = 0;
            for branch in &union.branches {
                holding += usize::from(either(*spot, *branch, parts, spoken));
            }
            known || holding == 1 || (holding > 1 && matches!(row, Keyword::AnyOf(_)))
        }
        Keyword::If(rows) => {
            let next = if either(*spot, rows.test, parts, spoken) { rows.then } else { rows.otherwise };
            next.is_none_or(|node| all(spot.under(node), parts, known, spoken))
        }
        Keyword::Properties(rows) if parts == Parts::Members => {
            for ((name, _), spoken) in spot.instance.members().zip(spoken) {
                *spoken |= speaks_of(rows, &name);
            }
            known || check(row, spot, &mut Verdict)
        }
        Keyword::Items(rows) if parts == Parts::Items => {
            let said = if rows.rest.is_some() { spoken.len() } else { rows.prefix.len() };
            spoken.iter_mut().take(said).for_each(|spoken| *spoken = true);
            known || check(row, spot, &mut Verdict)
        }
        Keyword::Contains(rows) if parts == Parts::Items => {
            for ((index, item), spoken) in spot.instance.items().enumerate().zip(spoken) {
                *spoken |= spot.child(rows.node, item, &Path::Index(spot.path(), index)).holds();
            }
            known || check(row, spot, &mut Verdict)
        }
        _ => known || check(row, spot, &mut Verdict),
    }
}

fn speaks_of(rows: &Properties, name: &str) -> bool {
    rows.named(name).is_some()
        || rows.additional.is_some()
        || rows.patterns.iter().any(|(pattern, _)| pattern.matches(name))
}
