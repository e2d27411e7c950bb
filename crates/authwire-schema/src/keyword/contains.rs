//! `contains`: a schema that at least one item fulfils.

use authwire_core::table::Keyword;

use super::{Holds, Rule};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule { name: "contains", holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let wanted = schema.child(value, &[RULE.name]);
    schema.push(Keyword::Contains(wanted));
}
