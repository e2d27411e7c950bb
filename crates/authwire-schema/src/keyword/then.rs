//! `then`: what else holds where `if` holds.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "then", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let consequence = schema.child_in_place(value, &[RULE.name]);
    match schema.condition() {
        Some(condition) => condition.then = Some(consequence),
        None => schema.warning(value.key_spot(), "`then` without `if` says nothing"),
    }
}
