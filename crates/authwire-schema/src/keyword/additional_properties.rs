//! `additionalProperties`: a schema for the members that neither `properties` nor `patternProperties` names.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "additionalProperties", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let additional = schema.child(value, &[RULE.name]);
    schema.set_properties(|row| row.additional = Some(additional));
}
