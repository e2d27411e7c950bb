//! `maxProperties`: the greatest number of members, a whole number from 0.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "maxProperties", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if let Some(count) = schema.count(RULE.name, value) {
        schema.push(Keyword::MaxProperties(count));
    }
}
