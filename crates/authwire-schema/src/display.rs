//! What of a value may be shown, and its title: said by the node, or by what it refers to. That it is a secret is said by
//! whatever applies to the same value.

use authwire_model::list::Str;
use authwire_model::table::{Display, Keyword, NodeId, Types};

use crate::keyword::OWN_FORMATS;
use crate::shape::Shape;

/// What nodes are secrets: those that say so, and those of whose branches one may.
pub(crate) struct Secrets(Vec<bool>);

impl Secrets {
    /// Those of `shape`.
    pub(crate) fn of(shape: Shape<'_>) -> Self {
        let ids = || 0..NodeId::try_from(shape.nodes.len()).unwrap_or_default();
        let mut above: Vec<Vec<NodeId>> = vec![Vec::new(); shape.nodes.len()];
        let mut open: Vec<NodeId> = Vec::new();
        for node in ids() {
            branches(shape, node, &mut |branch| {
                if let Some(above) = above.get_mut(branch as usize) {
                    above.push(node);
                }
            });
            if shape.note(node).is_some_and(|note| note.write_only) {
                open.push(node);
            }
        }
        let mut secrets = vec![false; shape.nodes.len()];
        while let Some(node) = open.pop() {
            if let Some(secret) = secrets.get_mut(node as usize)
                && !std::mem::replace(secret, true)
            {
                open.append(&mut above[node as usize]);
            }
        }
        Self(secrets)
    }

    fn has(&self, node: NodeId) -> bool {
        self.0.get(node as usize).copied().unwrap_or_default()
    }
}

/// Gives `to` the nodes that the rows of `node` apply to the same value.
fn branches(shape: Shape<'_>, node: NodeId, to: &mut impl FnMut(NodeId)) {
    for row in shape.rows(node) {
        row.each_in_place(to);
        if let Keyword::If(condition) = row {
            to(condition.test);
        }
    }
}

/// What of a value under `node` may be shown.
pub(crate) fn display(shape: Shape<'_>, secrets: &Secrets, node: NodeId) -> Display {
    if secrets.has(node) {
        return Display::Secret;
    }
    if let Some(said) = by_format(shape, node) {
        return said;
    }
    let alternatives = shape.alternatives(node);
    if !alternatives.is_empty() && shape.values(node).is_none() {
        // a reference is shown by whoever shows references; what the others agree on holds
        let others = alternatives.iter().filter(|one| !shape.is_reference(**one));
        let said: Vec<Display> = others.map(|one| display(shape, secrets, *one)).collect();
        return match said.first() {
            Some(first) if said.iter().all(|other| other == first) => *first,
            _ => Display::Masked,
        };
    }
    let types = shape.types(node);
    let plain = Types::NUMBER.union(Types::BOOLEAN).union(Types::NULL);
    // where nothing is allowed, what stands there may be anything: a misspelt secret, too
    let listed = shape.values(node).is_some_and(|values| !values.is_empty());
    match listed || (types.0 != 0 && plain.contains(types)) {
        true => Display::Shown,
        false => Display::Masked,
    }
}

fn by_format(shape: Shape<'_>, node: NodeId) -> Option<Display> {
    let format = shape.line(node).find_map(|node| shape.note(node)?.format.as_deref())?;
    match format {
        "uri" => Some(Display::Origin),
        own if OWN_FORMATS.contains(&own) => Some(Display::Shown),
        _ => None,
    }
}

/// The title of `node`, or of what its `$ref` points at.
pub(crate) fn title(shape: Shape<'_>, node: NodeId) -> Option<Str> {
    shape.chain(node).find_map(|node| shape.nodes.get(node as usize)?.title.clone())
}
