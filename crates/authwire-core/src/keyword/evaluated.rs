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
    /// What has them.
    fn kind(self) -> Kind {
        match self {
            Self::Members => Kind::Object,
            Self::Items => Kind::Array,
        }
    }

    /// Which parts `row` asks for; such rows are the last of a node.
    fn asked_by(row: &Keyword) -> Option<Self> {
        match row {
            Keyword::UnevaluatedProperties(_) => Some(Self::Members),
            Keyword::UnevaluatedItems(_) => Some(Self::Items),
            _ => None,
        }
    }

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

/// Whether the check of a row that applies nodes to the same value is left to [`spoken_of`], which looks at all that they
/// apply: twice at each level would be a million times at twenty.
#[inline]
pub(super) fn is_left<S: Sink>(spot: &Spot<'_, S>) -> bool {
    S::STOPS
        && spot.node.keywords.iter().rev().map_while(Parts::asked_by).any(|parts| {
            // a node may ask of both kinds
            parts.kind() == spot.instance.kind()
        })
}

/// The parts of the value at `spot` that its node, or another that holds of the same value, speaks of. What the node's own
/// rows say of the rest does not count, for it is one of them that asks. `None` if a row that was
/// left does not hold.
#[inline(never)]
pub(super) fn spoken_of<S: Sink>(spot: &Spot<'_, S>, parts: Parts) -> Option<Spoken> {
    let spot = &spot.silent();
    let mut spoken = vec![false; spot.instance.len()];
    for row in spot.node.keywords.iter().filter(|row| parts.rest(row).is_none()) {
        match row {
            row if S::STOPS && is_applied(row) => {
                if !hear(row, spot, parts, &mut spoken) {
                    return None;
                }
            }
            Keyword::AnyOf(union) | Keyword::OneOf(union) => {
                for branch in &union.branches {
                    either(*spot, *branch, parts, &mut spoken);
                }
            }
            Keyword::If(rows) => {
                let next =
                    if either(*spot, rows.test, parts, &mut spoken) { rows.then } else { rows.otherwise };
                next.map(|node| either(*spot, node, parts, &mut spoken));
            }
            row if is_applied(row) => {
                applied(row, spot, &mut |node| {
                    either(*spot, node, parts, &mut spoken);
                    true
                });
            }
            row => mark(row, spot, parts, &mut spoken),
        }
    }
    Some(spoken)
}

/// Whether `row` applies nodes to the same value.
fn is_applied(row: &Keyword) -> bool {
    matches!(
        row,
        Keyword::Ref(_)
            | Keyword::AllOf(_)
            | Keyword::AnyOf(_)
            | Keyword::OneOf(_)
            | Keyword::If(_)
            | Keyword::DependentSchemas(_)
    )
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
    let holds = all(spot.under(node), parts, &mut heard);
    if holds {
        spoken.iter_mut().zip(heard).for_each(|(spoken, heard)| *spoken |= heard);
    }
    holds
}

/// What the node of `spot` speaks of. Returns whether it holds.
fn all(spot: Spot<'_, Verdict>, parts: Parts, spoken: &mut Spoken) -> bool {
    if !spot.node.keywords.iter().any(|row| parts.rest(row).is_some()) {
        return spot.node.keywords.iter().all(|row| hear(row, &spot, parts, spoken));
    }
    // the rest is what is left of this node's own, whatever was heard elsewhere; all of it was spoken of in the end
    let mut own = vec![false; spoken.len()];
    let mut others = spot.node.keywords.iter().filter(|row| parts.rest(row).is_none());
    let mut rest = spot.node.keywords.iter().filter_map(|row| parts.rest(row));
    let holds = others.all(|row| hear(row, &spot, parts, &mut own))
        && rest.all(|node| rest_holds(&spot, node, parts, &own));
    if holds && spot.instance.kind() == parts.kind() {
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

/// What `row` speaks of. Returns whether it holds.
fn hear<'s>(row: &'s Keyword, spot: &Spot<'s, Verdict>, parts: Parts, spoken: &mut Spoken) -> bool {
    match row {
        Keyword::AnyOf(union) | Keyword::OneOf(union) => {
            let mut holding = 0;
            for branch in &union.branches {
                holding += usize::from(either(*spot, *branch, parts, spoken));
            }
            holding == 1 || (holding > 1 && matches!(row, Keyword::AnyOf(_)))
        }
        Keyword::If(rows) => {
            let next = if either(*spot, rows.test, parts, spoken) { rows.then } else { rows.otherwise };
            next.is_none_or(|node| all(spot.under(node), parts, spoken))
        }
        row if is_applied(row) => applied(row, spot, &mut |node| all(spot.under(node), parts, spoken)),
        row => {
            mark(row, spot, parts, spoken);
            check(row, spot, &mut Verdict)
        }
    }
}

/// What `row` speaks of by itself.
fn mark(row: &Keyword, spot: &Spot<'_, Verdict>, parts: Parts, spoken: &mut Spoken) {
    match row {
        Keyword::Properties(rows) if parts == Parts::Members => {
            for ((name, _), spoken) in spot.instance.members().zip(spoken) {
                *spoken |= speaks_of(rows, &name);
            }
        }
        Keyword::Items(rows) if parts == Parts::Items => {
            let said = if rows.rest.is_some() { spoken.len() } else { rows.prefix.len() };
            spoken.iter_mut().take(said).for_each(|spoken| *spoken = true);
        }
        Keyword::Contains(rows) if parts == Parts::Items => {
            for ((index, item), spoken) in spot.instance.items().enumerate().zip(spoken) {
                *spoken |= spot.child(rows.node, item, &Path::Index(spot.path(), index)).holds();
            }
        }
        _ => {}
    }
}

fn speaks_of(rows: &Properties, name: &str) -> bool {
    rows.named(name).is_some()
        || rows.additional.is_some()
        || rows.patterns.iter().any(|(pattern, _)| pattern.matches(name))
}
