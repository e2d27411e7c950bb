//! `allOf`: schemas that all hold.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "allOf", vocabulary: Vocabulary::Applicator, holds: Holds::Schemas, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if let Some(branches) = schema.branches(RULE.name, value) {
        schema.push(Keyword::AllOf(branches.into()));
    }
}
