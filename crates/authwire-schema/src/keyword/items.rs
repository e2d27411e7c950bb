//! `items`: a schema for every item, or for those behind `prefixItems`.

use authwire_model::json::Kind;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "items", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if value.kind() == Kind::Array {
        schema.error_with_help(
            value.spot(),
            "`items` wants one schema",
            "for a schema per item use `prefixItems`",
        );
        return;
    }
    let rest = schema.child(value, &[RULE.name]);
    schema.set_items(|row| row.rest = Some(rest));
}
