//! Whether a keyword spoke of a part of a value: what `unevaluatedProperties` and `unevaluatedItems` ask (Core §11). Asked
//! part by part, so that schemas that have neither pay nothing.

use super::{Instance, Spot, Verdict};
use crate::interpreter::Path;
use crate::table::{Keyword, NodeId};

/// A part of a value.
pub(super) enum Part<'p> {
    /// The member of this name.
    Member(&'p str),
    /// An item, and where it stands.
    Item(usize, Instance<'p>),
}

/// Whether a row of the node, or of one that holds of the same value, speaks of the part; `own`: rows of the node itself
/// that speak of whatever is left do not count, for it is one of them that asks.
pub(super) fn is_evaluated(spot: Spot<'_, Verdict>, part: &Part<'_>, own: bool) -> bool {
    // what does not hold speaks of nothing
    let below = |node: NodeId| {
        let spot = spot.under(node);
        spot.holds() && is_evaluated(spot, part, false)
    };
    spot.node.keywords.iter().any(|row| match (row, part) {
        (Keyword::Properties(rows), Part::Member(name)) => {
            rows.named(name).is_some()
                || rows.additional.is_some()
                || rows.patterns.iter().any(|(pattern, _)| pattern.matches(name))
        }
        (Keyword::Items(rows), Part::Item(index, _)) => *index < rows.prefix.len() || rows.rest.is_some(),
        (Keyword::Contains(rows), Part::Item(index, item)) => {
            spot.child(rows.node, *item, &Path::Index(spot.path(), *index)).holds()
        }
        (Keyword::UnevaluatedProperties(_), Part::Member(_))
        | (Keyword::UnevaluatedItems(_), Part::Item(..)) => !own,
        (Keyword::Ref(node), _) => below(*node),
        (Keyword::AllOf(nodes), _) => nodes.iter().any(|node| below(*node)),
        (Keyword::AnyOf(union) | Keyword::OneOf(union), _) => union.branches.iter().any(|node| below(*node)),
        (Keyword::If(rows), _) => {
            if spot.under(rows.test).holds() {
                is_evaluated(spot.under(rows.test), part, false) || rows.then.is_some_and(below)
            } else {
                rows.otherwise.is_some_and(below)
            }
        }
        (Keyword::DependentSchemas(needs), _) => {
            needs.iter().any(|(name, node)| spot.instance.get(name).is_some() && below(*node))
        }
        _ => false,
    })
}
