//! What of a value may be shown, and its title: said by the node, or by what it refers to.

use authwire_model::list::Str;
use authwire_model::table::{Display, NodeId, Types};

use crate::keyword::OWN_FORMATS;
use crate::shape::Shape;

/// What of a value under `node` may be shown.
pub(crate) fn display(shape: Shape<'_>, node: NodeId) -> Display {
    if shape.chain(node).any(|node| shape.note(node).is_some_and(|note| note.write_only)) {
        return Display::Secret;
    }
    if let Some(said) = by_format(shape, node) {
        return said;
    }
    let alternatives = shape.alternatives(node);
    if !alternatives.is_empty() && shape.values(node).is_none() {
        // a reference is shown by whoever shows references; what the others agree on holds
        let others = alternatives.iter().filter(|one| !shape.is_reference(**one));
        let said: Vec<Display> = others.map(|one| display(shape, *one)).collect();
        return match said.first() {
            _ if said.contains(&Display::Secret) => Display::Secret,
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
    let format = shape.chain(node).find_map(|node| shape.note(node)?.format.as_deref())?;
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
