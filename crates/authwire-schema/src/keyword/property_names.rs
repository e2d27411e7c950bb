//! `propertyNames`: a schema that every member's name fulfils.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "propertyNames", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let names = schema.child(value, &[RULE.name]);
    schema.push(Keyword::PropertyNames(names));
}
