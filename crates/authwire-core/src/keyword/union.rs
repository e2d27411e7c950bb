//! Which branch of an `anyOf` or `oneOf` was meant, where something tells them apart.

use super::equal::equals;
use super::{Instance, Sink, Spot, r#enum, required, r#type};
use crate::interpreter::Path;
use crate::json::Kind;
use crate::list::List;
use crate::table::{Discriminant, Display, Json, Keyword, Node, Types, Union};

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

fn by_tag<S: Sink>(tag: &str, values: &[List<Json>], spot: &Spot<'_, S>, sink: &mut S, rule: &str) -> Chosen {
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
    unknown(tag, value, values, spot, sink, rule);
    Chosen::None
}

/// Says that `value` is no value that the tag `tag` may have.
#[inline(never)]
fn unknown<S: Sink>(
    tag: &str,
    value: Instance<'_>,
    values: &[List<Json>],
    spot: &Spot<'_, S>,
    sink: &mut S,
    rule: &str,
) {
    let all: Vec<Json> = values.iter().flat_map(|values| values.iter().cloned()).collect();
    let types = all.iter().map(type_of).fold(Types(0), Types::union);
    let path = Path::Name(spot.path(), tag);
    let title = tags(spot, tag).next().and_then(|tag| tag.title.as_deref());
    let secret = tags(spot, tag).any(|tag| tag.display == Display::Secret);
    let display = if secret { Display::Secret } else { Display::Shown };
    let spot = spot.member(value, &path).titled(title).displayed(display);
    if types.intersects(r#type::of(value)) {
        r#enum::wrong(&all, &spot, sink, rule);
    } else {
        r#type::wrong(types, &spot, sink, rule);
    }
}

/// The types of a tag's value; of a number both, as of one that is written in another way.
fn type_of(value: &Json) -> Types {
    match value {
        Json::Null => Types::NULL,
        Json::Bool(_) => Types::BOOLEAN,
        Json::Number(_) => Types::NUMBER,
        Json::String(_) => Types::STRING,
        Json::Array(_) => Types::ARRAY,
        Json::Object(_) => Types::OBJECT,
    }
}

/// The nodes of the tag, as the branches have it.
fn tags<'s, S: Sink>(spot: &Spot<'s, S>, tag: &str) -> impl Iterator<Item = &'s Node> {
    let schema = spot.schema;
    let unions = spot.node.keywords.iter().filter_map(Keyword::union);
    let branches =
        unions.flat_map(|union| &union.branches).map(|branch| schema.node(schema.resolved(*branch)));
    branches.flat_map(|branch| &branch.keywords).filter_map(move |row| {
        let node = row.properties()?.named(tag)?;
        Some(schema.node(node))
    })
}
