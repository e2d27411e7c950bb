//! `anyOf`: schemas of which at least one holds. What tells them apart is found out when all rows stand (`union.rs`).

use authwire_model::table::{Discriminant, Keyword, Union};

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "anyOf", vocabulary: Vocabulary::Applicator, holds: Holds::Schemas, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if let Some(branches) = schema.branches(RULE.name, value) {
        let union = Union { branches: branches.into(), by: Discriminant::None };
        schema.push(Keyword::AnyOf(union.into()));
    }
}
