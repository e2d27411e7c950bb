//! `x-auth`: the plan, at the root of an auth type. What is in it is read by `plan/`, once the shape is known.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "x-auth", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if !schema.is_root() {
        schema.error(value.key_spot(), "`x-auth` stands at the root of an auth type only");
    }
}
