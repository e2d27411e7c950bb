//! `not`: a schema that does not hold.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "not", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let excluded = schema.child(value, &[RULE.name]);
    schema.push(Keyword::Not(excluded));
}
