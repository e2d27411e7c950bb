//! `$anchor`: a name by which a `$ref` finds a subschema: `#name` (Core §8.2.2).

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "$anchor", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    check(schema, RULE.name, value);
}

/// Tells what is wrong with the name that `keyword` gives.
pub(super) fn check<'l>(schema: &mut Subschema<'_, 'l>, keyword: &str, value: Site<'l>) {
    let Some(name) = schema.string(keyword, value) else { return };
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !first || !bytes.all(rest) {
        schema.error(value.spot(), "an anchor is a letter or `_`, then letters, digits, `-`, `_` and `.`");
    }
    if !schema.is_anchored(&name) {
        schema.error(value.spot(), format!("another subschema has the anchor `{name}`"));
    }
}
