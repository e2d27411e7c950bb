//! Which branch of an `anyOf` or `oneOf` was meant, where something tells them apart.

use super::equal::equals;
use super::{Sink, Spot, r#enum, required, r#type};
use crate::interpreter::Path;
use crate::json::Kind;
use crate::table::{Discriminant, Display, Json, Keyword, Types, Union};

/// The branch that was meant.
pub(super) enum Chosen {
    /// This one: no other can hold.
    Branch(usize),
    /// None, and a finding says so.
    None,
    /// Nothing tells them apart here.
    Unknown,
}

pub(super) fn chosen<S: Sink>(union: &Union, spot: &Spot<'_, S>, sink: &mut S, rule: &str) -> Chosen {
    match &union.by {
        Discriminant::None => Chosen::Unknown,
        Discriminant::Type(types) => {
            let of = r#type::of(spot.instance);
            match types.iter().position(|types| types.intersects(of)) {
                Some(branch) => Chosen::Branch(branch),
                None => {
                    let all = types.iter().fold(Types(0), |all, types| all.union(*types));
                    r#type::wrong(all, spot, sink, rule);
                    Chosen::None
                }
            }
        }
        Discriminant::Tag(tag, values) => by_tag(tag, values, spot, sink, rule),
    }
}

fn by_tag<S: Sink>(
    tag: &str,
    values: &[crate::list::List<Json>],
    spot: &Spot<'_, S>,
    sink: &mut S,
    rule: &str,
) -> Chosen {
    if spot.instance.kind() != Kind::Object {
        return Chosen::Unknown;
    }
    let Some(value) = spot.instance.get(tag) else {
        required::missing(tag, spot, sink, rule);
        return Chosen::None;
    };
    if let Some(branch) = values.iter().position(|values| values.iter().any(|known| equals(value, known))) {
        return Chosen::Branch(branch);
    }
    if S::STOPS {
        return Chosen::None;
    }
    let all: Vec<Json> = values.iter().flat_map(|values| values.iter().cloned()).collect();
    let path = Path::Name(spot.path(), tag);
    let title = title_of(spot, tag);
    let spot = spot.member(value, &path).titled(title).displayed(Display::Shown);
    if value.kind() == Kind::String {
        r#enum::wrong(&all, &spot, sink, rule);
    } else {
        r#type::wrong(Types::STRING, &spot, sink, rule);
    }
    Chosen::None
}

/// The title of the tag, as the first branch has it.
fn title_of<'s, S: Sink>(spot: &Spot<'s, S>, tag: &str) -> Option<&'s str> {
    spot.node.keywords.iter().find_map(|row| {
        let (Keyword::OneOf(union) | Keyword::AnyOf(union)) = row else { return None };
        let branch = spot.schema.node(spot.schema.resolved(*union.branches.first()?));
        branch.keywords.iter().find_map(|row| match row {
            Keyword::Properties(rows) => spot.schema.node(rows.named(tag)?).title.as_deref(),
            _ => None,
        })
    })
}
