//! Which branch of an `anyOf` or `oneOf` was meant, where something tells them apart.

use std::collections::HashSet;

use super::equal::equals;
use super::{Instance, Sink, Spot, r#enum, required, r#type};
use crate::finding::Code;
use crate::interpreter::{Found, Path, key};
use crate::json::Kind;
use crate::list::List;
use crate::table::{Discriminant, Display, Json, Keyword, Node, NodeId, Schema, Types, Union};

/// The branch that was meant.
pub(super) enum Chosen {
    /// This one: no other can hold.
    Branch(usize),
    /// None, and a finding says so.
    None,
    /// Nothing tells them apart here.
    Unknown,
}

/// The names that each branch wants, where that is all that each of them says: the common case of one that nothing tells
/// apart.
pub(super) fn demanded(union: &Union, schema: &Schema) -> Option<Vec<String>> {
    let names = |branch: &NodeId| match &*schema.node(schema.resolved(*branch)).keywords {
        [Keyword::Required(names)] => {
            Some(names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and "))
        }
        _ => None,
    };
    union.branches.iter().map(names).collect()
}

pub(super) fn chosen<'s, S: Sink>(union: &'s Union, spot: &Spot<'s, S>, sink: &mut S, rule: &str) -> Chosen {
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
        Discriminant::Tag(tag, values) => by_tag(union, (tag, values), spot, sink, rule),
    }
}

fn by_tag<'s, S: Sink>(
    union: &'s Union,
    (tag, values): (&str, &[List<Json>]),
    spot: &Spot<'s, S>,
    sink: &mut S,
    rule: &str,
) -> Chosen {
    if spot.instance.kind() != Kind::Object {
        return Chosen::Unknown;
    }
    let Some(value) = spot.instance.get(tag) else {
        if !S::STOPS {
            let values = values.iter().flat_map(|values| values.iter());
            let values: Vec<String> = values.map(|value| format!("`{}`", r#enum::in_words(value))).collect();
            let help = format!("it is one of {}", values.join(", "));
            required::missing_one(tag, spot, sink, rule, Some(help));
            in_every_branch(union, tag, spot, sink);
        }
        return Chosen::None;
    };
    if let Some(branch) = values.iter().position(|values| values.iter().any(|known| equals(value, known))) {
        return Chosen::Branch(branch);
    }
    if S::STOPS {
        return Chosen::None;
    }
    unknown(tag, value, values, spot, sink, rule);
    in_every_branch(union, tag, spot, sink);
    Chosen::None
}

/// Tells what is wrong whichever branch was meant: what is found in each of them, but of the tag itself, of which that is
/// told already.
#[inline(never)]
fn in_every_branch<'s, S: Sink>(union: &'s Union, tag: &str, spot: &Spot<'s, S>, sink: &mut S) {
    let mut common: Option<Vec<Found>> = None;
    for branch in 0..union.branches.len() {
        let check = |apart: &mut S| {
            spot.as_branch(union, branch).check(apart);
        };
        let Some(found) = sink.apart(check) else { return };
        common = Some(match common {
            None => found,
            Some(mut common) => {
                let keys: HashSet<String> = found.iter().map(|found| key(&found.finding)).collect();
                common.retain(|found| keys.contains(&key(&found.finding)));
                common
            }
        });
    }
    let (at, missing) = (Path::Name(spot.path(), tag).pointer(), format!("`{tag}`"));
    for found in common.unwrap_or_default() {
        let Found { finding, .. } = &found;
        let is_of_tag = finding.pointer == at
            || (finding.code == Code::Required && finding.message.starts_with(&missing));
        if !is_of_tag {
            sink.take(found);
        }
    }
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
