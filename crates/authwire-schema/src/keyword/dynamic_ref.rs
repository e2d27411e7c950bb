//! `$dynamicRef`: as `$ref`; but where that leads to a `$dynamicAnchor`, the outermost one of that name on the way here is
//! meant (Core §8.2.3.2). Which one that is, is known here: see `scope.rs`.

use super::{Holds, Rule, Vocabulary, r#ref};
use crate::reference::Fragment;
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "$dynamicRef", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if schema.is_of_auth_type() {
        return schema.error_with_help(
            value.key_spot(),
            "`$dynamicRef` does not stand in auth types",
            "editors get the schema as one document, which it would mean something else in: use `$ref`",
        );
    }
    let Some((found, fragment)) = r#ref::target(schema, RULE.name, value) else { return };
    let found = match fragment {
        Fragment::Anchor(name) if found.has_dynamic_anchor(&name) => schema.outermost(&name).unwrap_or(found),
        _ => found,
    };
    schema.refer(found);
}
