//! What tells the branches of a union apart: their types, or a property whose values differ. Both are proofs: a value
//! can fulfil no branch but the one that is told.

use authwire_model::table::{Discriminant, Json, Keyword, NodeId, Types};

use crate::shape::Shape;

/// What tells the branches of a union at `node` apart.
pub(crate) fn discriminant(shape: Shape<'_>, node: NodeId, branches: &[NodeId]) -> Discriminant {
    by_type(shape, branches).or_else(|| by_tag(shape, node, branches)).unwrap_or(Discriminant::None)
}

fn by_type(shape: Shape<'_>, branches: &[NodeId]) -> Option<Discriminant> {
    let mut all = Types(0);
    let mut types = Vec::new();
    for branch in branches {
        let one = shape.types(*branch);
        if one.0 == 0 || all.intersects(one) {
            return None;
        }
        all = all.union(one);
        types.push(one);
    }
    Some(Discriminant::Type(types.into()))
}

fn by_tag(shape: Shape<'_>, node: NodeId, branches: &[NodeId]) -> Option<Discriminant> {
    // a branch says nothing about a value that is no object: only objects may come here
    let objects = |node: NodeId| shape.types(node) == Types::OBJECT;
    let own_type = |row: &Keyword| matches!(row, Keyword::Type(Types::OBJECT));
    if !shape.rows(node).iter().any(own_type) && !branches.iter().all(|branch| objects(*branch)) {
        return None;
    }
    let (first, _) = branches.split_first()?;
    let mut names: Vec<&str> = shape.properties(*first).into_iter().map(|(name, _)| name).collect();
    names.dedup();
    names.into_iter().find_map(|name| {
        let values = branches.iter().map(|branch| tags(shape, *branch, name)).collect::<Option<Vec<_>>>()?;
        let disjoint = values.iter().enumerate().all(|(index, one)| {
            values[..index].iter().all(|two| one.iter().all(|value| !two.contains(value)))
        });
        let rows = |values: Vec<&Json>| values.into_iter().cloned().collect();
        disjoint.then(|| Discriminant::Tag(name.into(), values.into_iter().map(rows).collect()))
    })
}

/// The values of the property `name` in a branch that requires it, if they are listed and plain.
fn tags<'s>(shape: Shape<'s>, branch: NodeId, name: &str) -> Option<Vec<&'s Json>> {
    let values = shape.values_of(branch, &[name])?;
    let plain = |value: &&Json| !matches!(value, Json::Array(_) | Json::Object(_));
    (shape.requires(branch, name) && !values.is_empty() && values.iter().all(plain)).then_some(values)
}
