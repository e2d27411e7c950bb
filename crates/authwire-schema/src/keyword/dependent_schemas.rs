//! `dependentSchemas`: names, each with what holds of the whole object where it is there.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule {
    name: "dependentSchemas",
    vocabulary: Vocabulary::Applicator,
    holds: Holds::NamedSchemas,
    compile,
};

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if !schema.is_object(RULE.name, value) {
        return;
    }
    let mut rows = Vec::new();
    for (name, needed) in value.members() {
        rows.push(((*name).into(), schema.child_in_place(needed, &[RULE.name, &name])));
    }
    schema.push(Keyword::DependentSchemas(rows.into()));
}
