//! `pattern`: a regular expression that a string matches, in the subset that `pattern/` compiles.

use authwire_model::table::Keyword;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "pattern", vocabulary: Vocabulary::Validation, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(source) = schema.string(RULE.name, value) else { return };
    if let Some(mut pattern) = schema.pattern(&source, |at| value.spot_inside(at..at + 1)) {
        let examples = schema.sibling("examples").into_iter().flat_map(Site::items).filter_map(Site::string);
        let example = examples.into_iter().find(|example| pattern.matches(example));
        pattern.example = example.map(|example| example.into_owned().into());
        schema.push(Keyword::Pattern(pattern.into()));
    }
}
