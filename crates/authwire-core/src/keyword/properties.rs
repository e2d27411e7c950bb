//! `properties`, `patternProperties` and `additionalProperties`: what an object's members are (Core §10.3.2).

use super::required::{MANY, property};
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::{Path, shortened};
use crate::json::Kind;
use crate::list::Str;
use crate::plan::Body;
use crate::suggest::{Known, meant, nearest, question};
use crate::table::{Discriminant, Keyword, Node, NodeId, Properties, Schema};

#[inline(never)]
pub(super) fn check<S: Sink>(rows: &Properties, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let mut valid = true;
    let (mut next, mut seen) = (0, 0);
    for (name, value) in spot.instance.members() {
        let path = Path::Name(spot.path(), &name);
        let mut known = false;
        if let Some(at) = rows.place_from(next, &name) {
            known = true;
            next = at + 1;
            if at < 64 {
                seen |= 1 << at;
            }
            let required = at < 64 && rows.required & (1 << at) != 0;
            let child = spot.child(rows.named[at].1, value, &path).required(required);
            valid &= if child.is_never() {
                spot.flag_key(sink, (&name, value), Code::UnknownField, "properties", || {
                    excluded(spot, &name)
                })
            } else {
                child.check(sink)
            };
        }
        for (pattern, node) in &rows.patterns {
            if pattern.matches(&name) {
                known = true;
                valid &= spot.child(*node, value, &path).check(sink);
            }
        }
        if let Some(node) = rows.additional.filter(|_| !known) {
            let child = spot.child(node, value, &path).as_map_member(&name, spot.title());
            valid &= if child.is_never() {
                spot.flag_key(sink, (&name, value), Code::UnknownField, "additionalProperties", || {
                    let title = |node: NodeId| spot.schema.node(node).title.as_deref();
                    let known = rows.named.iter().map(|(name, node)| Known { name, title: title(*node) });
                    unknown(&known.collect::<Vec<_>>(), spot, &name)
                })
            } else {
                child.check(sink)
            };
        }
        if S::STOPS && !valid {
            return false;
        }
    }
    valid && (!S::STOPS || seen & rows.required == rows.required || spot.instance.kind() != Kind::Object)
}

/// Whether [`check`], where the first violation ends it, looks for each of the names `required` too.
pub(super) fn looks_for(required: &[Str], node: &Node) -> bool {
    node.keywords.iter().any(|row| {
        matches!(row, Keyword::Properties(rows) if rows.required.count_ones() as usize == required.len())
    })
}

/// A member that is known, and for which there is no value.
fn excluded<S: Sink>(spot: &Spot<'_, S>, name: &str) -> Flaw {
    match spot.made_by() {
        Some(other) => {
            Flaw::new(format!("`{name}` may not stand beside `{other}`")).help("keep one of the two")
        }
        None => Flaw::new(format!("`{name}` may not stand here")),
    }
}

/// A member `name` where only those `known` are.
pub(super) fn unknown<S: Sink>(known: &[Known<'_>], spot: &Spot<'_, S>, name: &str) -> Flaw {
    let flaw = Flaw::new(format!("unknown field `{}`", shortened(name)));
    if let Some(branch) = other_branch(spot, name) {
        return flaw.help(branch);
    }
    let near = if spot.instance.len() > MANY {
        nearest(name, known.iter().map(|known| known.name)).into_iter().collect()
    } else {
        let lacking = known.iter().filter(|known| spot.instance.get(known.name).is_none());
        meant(name, &lacking.copied().collect::<Vec<_>>())
    };
    let place = elsewhere(spot, name).or_else(|| below(spot, name));
    let is_open = near.is_empty() && place.is_none();
    let place = place.or_else(|| {
        let types = other_types(spot, name)?;
        Some(format!("`{name}` is a field of {types}; this is `{}`", spot.schema.name))
    });
    let told: Vec<String> =
        [question(&near), place, is_open.then(|| sent_along(spot)).flatten()].into_iter().flatten().collect();
    if !told.is_empty() {
        return flaw.help(told.join("; "));
    }
    if known.is_empty() {
        return flaw.help("no field is known here");
    }
    let names: Vec<String> = known.iter().map(|known| format!("`{}`", known.name)).collect();
    flaw.help(format!("the fields here are {}", names.join(", ")))
}

/// Where the object is an auth config: that `name` is a field of what holds it.
fn elsewhere<S: Sink>(spot: &Spot<'_, S>, name: &str) -> Option<String> {
    let around = spot.around()?;
    let (Path::Name(_, here), true) = (spot.path(), has(around, around.root(), name)) else { return None };
    Some(format!("`{name}` is a field of the file itself: move it out of `{here}`"))
}

/// The member of this object that has a field `name`.
fn below<S: Sink>(spot: &Spot<'_, S>, name: &str) -> Option<String> {
    let rows = spot.node.keywords.iter().filter_map(Keyword::properties);
    let (member, _) = rows.flat_map(|rows| rows.named.iter()).find(|(_, node)| {
        let node = spot.schema.resolved(*node);
        has(spot.schema, node, name)
            || (matches!(*spot.schema.node(node).keywords, [.., Keyword::AuthType])
                && spot.registry.types.iter().any(|schema| knows(schema, schema.root(), name)))
    })?;
    Some(format!("`{name}` belongs in `{member}`"))
}

/// Where the object is an auth config whose plan sends what a map holds with a request for a token: that map.
fn sent_along<S: Sink>(spot: &Spot<'_, S>) -> Option<String> {
    spot.around()?;
    let plan = spot.schema.plan.as_ref()?;
    let spread =
        plan.token.iter().flat_map(|token| &token.requests).find_map(|request| match &request.body {
            Body::Form(members) | Body::Json(members) => members.spreads.first(),
            Body::Empty => None,
        })?;
    let map = &plan.fields.get(usize::from(*spread))?.path;
    Some(format!("what else a request for a token is to carry goes into `{map}`"))
}

/// Where the object is a branch of a union by tag: the branch whose field `name` is.
fn other_branch<S: Sink>(spot: &Spot<'_, S>, name: &str) -> Option<String> {
    let (union, this) = spot.branch_of()?;
    let Discriminant::Tag(tag, values) = &union.by else { return None };
    let named = |branch: usize| values[branch].first().map(super::r#enum::in_words).unwrap_or_default();
    let other = (0..union.branches.len())
        .find(|branch| *branch != this && knows(spot.schema, union.branches[*branch], name))?;
    Some(format!(
        "`{name}` belongs to `{tag}`: `{}`; here it is `{}`: take the field out, or change `{tag}`",
        named(other),
        named(this)
    ))
}

/// The other auth types that have a field `name`.
fn other_types<S: Sink>(spot: &Spot<'_, S>, name: &str) -> Option<String> {
    let is_auth_type = spot.registry.types.iter().any(|schema| schema.name == *spot.schema.name);
    let names: Vec<String> = spot
        .registry
        .types
        .iter()
        .filter(|schema| is_auth_type && knows(schema, schema.root(), name))
        .map(|schema| format!("`{}`", schema.name))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Whether the object of `node` itself has a property `name`.
fn has(schema: &Schema, node: NodeId, name: &str) -> bool {
    property(schema.node(node), name).is_some()
}

/// Whether the object of `node` may have a field `name`.
fn knows(schema: &Schema, node: NodeId, name: &str) -> bool {
    schema.node(schema.resolved(node)).keywords.iter().any(|row| match row {
        Keyword::Properties(rows) => rows.named(name).is_some(),
        Keyword::OneOf(union) | Keyword::AnyOf(union) => {
            union.branches.iter().any(|branch| knows(schema, *branch, name))
        }
        _ => false,
    })
}
