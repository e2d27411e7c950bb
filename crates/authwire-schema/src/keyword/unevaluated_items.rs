//! `unevaluatedItems`: what holds of the items that nothing else speaks of.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "unevaluatedItems", vocabulary: Vocabulary::Unevaluated, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let rest = schema.child(value, &[RULE.name]);
    schema.push(Keyword::UnevaluatedItems(rest));
}
