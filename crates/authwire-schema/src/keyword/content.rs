//! `contentEncoding`, `contentMediaType`, `contentSchema`: what a string holds (Validation §8). They assert nothing.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const ENCODING: Rule =
    Rule { name: "contentEncoding", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: encoding };
pub(super) const MEDIA_TYPE: Rule =
    Rule { name: "contentMediaType", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: media_type };
pub(super) const SCHEMA: Rule = Rule {
    name: "contentSchema",
    vocabulary: Vocabulary::Any,
    holds: Holds::Schema,
    compile: content_schema,
};

fn encoding<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.string(ENCODING.name, value);
}

fn media_type<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.string(MEDIA_TYPE.name, value);
}

fn content_schema<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.definition(value, &[SCHEMA.name]);
}
