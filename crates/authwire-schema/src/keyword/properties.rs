//! `properties`: names and their schemas.

use authwire_model::list::{Str, sorted};
use authwire_model::table::NodeId;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "properties", vocabulary: Vocabulary::Applicator, holds: Holds::NamedSchemas, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if !schema.is_object(RULE.name, value) {
        return;
    }
    let named: Vec<(Str, NodeId)> = value
        .members()
        .map(|(name, subschema)| ((*name).into(), schema.child(subschema, &[RULE.name, &name])))
        .collect();
    let mut named = sorted(named, |(one, _), (two, _)| (**one).cmp(two));
    // of a duplicate, which is an error already, the first stays
    named.dedup_by(|(one, _), (two, _)| one == two);
    schema.set_properties(|row| row.named = named.into());
}
