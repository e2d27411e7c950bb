//! `$ref`: another subschema that holds here too, in this document or in another of the library.

use authwire_core::table::Keyword;

use super::{Holds, Rule};
use crate::problems::Problem;
use crate::reference::Target;
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule { name: "$ref", holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(text) = schema.string(RULE.name, value) else { return };
    let reference = match value.reference(&text) {
        Ok(reference) => reference,
        Err(why) => return schema.error(value.spot(), why),
    };
    if reference.target == Target::AuthTypes {
        schema.push(Keyword::AuthType);
        return;
    }
    let target = match schema.library().find(&reference, (value.source.index, value.resource())) {
        Ok(target) => target,
        Err(missing) => {
            let problem = Problem::error(value.spot(), missing.why).or_help(missing.help);
            return schema.problem(problem);
        }
    };
    if !schema.enter(target.0) {
        return schema.broken();
    }
    match schema.library().schema(target, &reference.fragment) {
        Ok(found) => {
            let target = schema.referenced(found);
            schema.push(Keyword::Ref(target));
        }
        Err(why) => schema.error(value.spot(), format!("this points at nothing: {why}")),
    }
}
