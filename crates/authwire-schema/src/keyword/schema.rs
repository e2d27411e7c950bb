//! `$schema`: the draft, at the root of a document or of a resource in it. There is one that Authwire reads, 2020-12: the
//! draft's own metaschema, or one that the library has, with a `$vocabulary`.

use super::{Holds, Rule, Vocabulary, vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "$schema", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

/// The draft's URI.
pub(crate) const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(draft) = schema.string(RULE.name, value) else { return };
    if schema.opens().is_none() {
        schema.error(value.key_spot(), "`$schema` stands at the root of a document, or beside an `$id`");
    } else if draft.trim_end_matches('#') != DRAFT {
        match schema.vocabularies(value) {
            Some(vocabularies) => vocabulary::check(schema, value, vocabularies),
            None => schema.error_with_help(
                value.spot(),
                "this draft of JSON Schema is not supported",
                format!("write `{DRAFT}`"),
            ),
        }
    }
}
