//! `patternProperties`: patterns of names, and the schemas of the members whose names match.

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule {
    name: "patternProperties",
    vocabulary: Vocabulary::Applicator,
    holds: Holds::NamedSchemas,
    compile,
};

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if !schema.is_object(RULE.name, value) {
        return;
    }
    let mut patterns = Vec::new();
    for (name, subschema) in value.members() {
        let child = schema.child(subschema, &[RULE.name, &name]);
        if let Some(pattern) = schema.pattern(&name, |_| subschema.key_spot()) {
            patterns.push((pattern, child));
        }
    }
    schema.set_properties(|row| row.patterns = patterns.into());
}
