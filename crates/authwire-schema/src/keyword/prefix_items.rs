//! `prefixItems`: a schema for each of the first items.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "prefixItems", vocabulary: Vocabulary::Applicator, holds: Holds::Schemas, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if let Some(prefix) = schema.schemas(RULE.name, value) {
        schema.set_items(|row| row.prefix = prefix.into());
    }
}
