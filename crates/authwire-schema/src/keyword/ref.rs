//! `$ref`: another subschema that holds here too, in this document or in another of the library.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::problems::Problem;
use crate::reference::{Fragment, Target};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule { name: "$ref", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if let Some((found, _)) = target(schema, RULE.name, value) {
        schema.refer(found);
    }
}

/// What the reference `value` of `keyword` points at, and how it says so; `None` where that is no one schema.
pub(super) fn target<'l>(
    schema: &mut Subschema<'_, 'l>,
    keyword: &str,
    value: Site<'l>,
) -> Option<(Site<'l>, Fragment)> {
    let text = schema.string(keyword, value)?;
    let reference = match value.reference(&text) {
        Ok(reference) => reference,
        Err(why) => {
            schema.error(value.spot(), why);
            return None;
        }
    };
    if reference.target == Target::AuthTypes {
        if schema.is_of_auth_type() {
            schema.error_with_help(
                value.spot(),
                "`authwire:auth` does not stand in auth types",
                "it is any auth type of the folder, this one too, so that it would lead back here without end: refer to what \
                 you mean by its path or its `$id`",
            );
            return None;
        }
        schema.push(Keyword::AuthType);
        return None;
    }
    let target = match schema.library().find(&reference, (value.source.index, value.resource())) {
        Ok(target) => target,
        Err(missing) => {
            schema.problem(Problem::error(value.spot(), missing.why).or_help(missing.help));
            return None;
        }
    };
    if !schema.enter(target.0) {
        schema.broken();
        return None;
    }
    match schema.library().schema(target, &reference.fragment) {
        Ok(found) => Some((found, reference.fragment)),
        Err(why) => {
            schema.error(value.spot(), format!("this points at nothing: {why}"));
            None
        }
    }
}
