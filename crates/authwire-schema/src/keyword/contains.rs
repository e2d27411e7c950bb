//! `contains`: a schema that some items fulfil; `minContains` and `maxContains`: how many. Without `contains` these two say
//! nothing.

use authwire_model::table::{Contains, Keyword};

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "contains", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };
pub(super) const MIN: Rule =
    Rule { name: "minContains", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile: min };
pub(super) const MAX: Rule =
    Rule { name: "maxContains", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile: max };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let node = schema.child(value, &[RULE.name]);
    schema.push(Keyword::Contains(Contains { node, min: 1, max: None }));
}

fn min<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(count) = schema.count(MIN.name, value) else { return };
    match schema.contains() {
        Some(rows) => rows.min = count,
        None => schema.warning(value.key_spot(), "without `contains`, `minContains` says nothing"),
    }
}

fn max<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(count) = schema.count(MAX.name, value) else { return };
    match schema.contains() {
        Some(rows) => rows.max = Some(count),
        None => schema.warning(value.key_spot(), "without `contains`, `maxContains` says nothing"),
    }
}
