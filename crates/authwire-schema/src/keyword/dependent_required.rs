//! `dependentRequired`: names, each with the names of the members that it needs.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "dependentRequired", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if !schema.is_object(RULE.name, value) {
        return;
    }
    let mut rows = Vec::new();
    for (name, needs) in value.members() {
        if let Some(needs) = schema.names(RULE.name, needs) {
            rows.push(((*name).into(), needs.into()));
        }
    }
    schema.push(Keyword::DependentRequired(rows.into()));
}
