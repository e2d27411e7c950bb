//! `$defs`: names and schemas that a `$ref` may point at.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "$defs", vocabulary: Vocabulary::Any, holds: Holds::NamedSchemas, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if !schema.is_object(RULE.name, value) {
        return;
    }
    for (name, definition) in value.members() {
        schema.definition(definition, &[RULE.name, &name]);
    }
}
