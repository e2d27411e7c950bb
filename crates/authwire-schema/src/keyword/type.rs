//! `type`: the name of a JSON type, or an array of such names.

use authwire_model::json::Kind;
use authwire_model::suggest;
use authwire_model::table::{Keyword, Types};

use super::{Holds, Rule, Vocabulary};
use crate::problems::Problem;
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "type", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let types = match value.kind() {
        Kind::Array if !value.value.is_empty() => {
            let mut types = Types(0);
            for item in value.items() {
                let Some(one) = one(schema, item) else { return };
                types = types.union(one);
            }
            types
        }
        _ => match one(schema, value) {
            Some(types) => types,
            None => return,
        },
    };
    schema.push(Keyword::Type(types));
}

fn one<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) -> Option<Types> {
    let Some(name) = value.string() else {
        schema.error(value.spot(), "`type` wants the name of a JSON type, or an array of them");
        return None;
    };
    let known = Types::NAMES.iter().find(|(known, _)| *known == name).map(|(_, types)| *types);
    if known.is_none() {
        let names = Types::NAMES.map(|(known, _)| known);
        let problem = Problem::error(value.spot(), format!("`{name}` is no JSON type"))
            .with_guess(suggest::nearest(&name, names))
            .or_help(Some(format!("the types are {}", names.join(", "))));
        schema.problem(problem);
    }
    known
}
