//! `if`: a schema that decides between `then` and `else`.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "if", vocabulary: Vocabulary::Applicator, holds: Holds::Schema, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let test = schema.child(value, &[RULE.name]);
    schema.push_if(test);
}
