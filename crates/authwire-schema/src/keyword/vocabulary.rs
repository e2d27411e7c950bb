//! `$vocabulary`: what the schemas of a metaschema are written in (Core §8.1.2). A keyword whose vocabulary is not listed
//! there asserts nothing in them.

use super::{Holds, Rule};
use crate::library::Library;
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule =
    Rule { name: "$vocabulary", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

/// What the names of the draft's vocabularies begin with.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/vocab/";

/// Those that are read. `format-assertion` is not: a format asserts nothing.
const KNOWN: &[&str] =
    &["core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content"];

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if schema.opens().is_none() {
        schema.error(value.key_spot(), "`$vocabulary` stands at the root of a metaschema");
    } else if schema.is_object(RULE.name, value) {
        for (_, required) in value.members() {
            schema.boolean(RULE.name, required);
        }
    }
}

/// The `$vocabulary` of the metaschema that the schema at `site` names; `None` where that is the draft's, or none of the
/// draft.
pub(crate) fn of<'l>(site: Site<'l>, library: &'l Library) -> Option<Site<'l>> {
    let uri = site.source.resources.get(site.resource())?.metaschema.as_deref()?;
    let vocabularies = library.root_of(uri)?.get(RULE.name)?;
    vocabularies.get(&format!("{DRAFT}core")).and(Some(vocabularies))
}

/// Tells, at the `$schema` at `value`, of vocabularies that have to be understood and are not.
pub(super) fn check<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>, vocabularies: Site<'l>) {
    for (uri, required) in vocabularies.members() {
        let known = uri.strip_prefix(DRAFT).is_some_and(|name| KNOWN.contains(&name));
        if !known && required.value.boolean() == Some(true) {
            schema.error_with_help(
                value.spot(),
                format!("this metaschema requires the vocabulary `{uri}`, which is not supported"),
                "a vocabulary that may be ignored is listed with `false`",
            );
        }
    }
}

/// The vocabulary of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// `applicator` (Core §10).
    Applicator,
    /// `unevaluated` (Core §11).
    Unevaluated,
    /// `validation` (Validation §6).
    Validation,
    /// Of the core, ours, or of one that asserts nothing anyway.
    Any,
}

/// Whether `vocabularies` has `vocabulary`.
pub(crate) fn has(vocabularies: Site<'_>, vocabulary: Vocabulary) -> bool {
    let name = match vocabulary {
        Vocabulary::Applicator => "applicator",
        Vocabulary::Unevaluated => "unevaluated",
        Vocabulary::Validation => "validation",
        Vocabulary::Any => return true,
    };
    vocabularies.get(&format!("{DRAFT}{name}")).is_some()
}
