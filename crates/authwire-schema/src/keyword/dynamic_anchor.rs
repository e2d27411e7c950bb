//! `$dynamicAnchor`: an anchor that a `$dynamicRef` finds in the outermost resource that has it (Core §8.2.2).

use super::{Holds, Rule, Vocabulary, anchor};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "$dynamicAnchor", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    anchor::check(schema, RULE.name, value);
}
