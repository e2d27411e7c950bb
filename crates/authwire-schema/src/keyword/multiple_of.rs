//! `multipleOf`: a number above 0.

use authwire_model::number::Number;
use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "multipleOf", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    match schema.number(RULE.name, value) {
        Some(step) if step > Number::Unsigned(0) => schema.push(Keyword::MultipleOf(step)),
        Some(_) => schema.error(value.spot(), "`multipleOf` wants a number above 0"),
        None => {}
    }
}
