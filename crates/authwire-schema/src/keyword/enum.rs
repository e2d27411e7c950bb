//! `enum`: the values allowed.

use authwire_model::json::Kind;
use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "enum", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if value.kind() != Kind::Array {
        schema.error(value.spot(), "`enum` wants an array of values");
        return;
    }
    if value.value.is_empty() {
        schema.warning(value.spot(), "an empty `enum` allows nothing");
    }
    let mut values = Vec::new();
    for item in value.items() {
        let Some(json) = schema.json(item) else { return };
        if values.contains(&json) {
            schema.error(item.spot(), "the value stands in `enum` twice");
        }
        values.push(json);
    }
    schema.push(Keyword::Enum(values.into()));
}
