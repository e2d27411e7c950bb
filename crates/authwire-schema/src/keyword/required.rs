//! `required`: the names of members that must be there.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "required", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    match schema.names(RULE.name, value) {
        Some(names) if !names.is_empty() => schema.push(Keyword::Required(names.into())),
        _ => {}
    }
}
