//! `uniqueItems`: `true` if no item may stand twice.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "uniqueItems", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if schema.boolean(RULE.name, value) == Some(true) {
        schema.push(Keyword::UniqueItems);
    }
}
