//! Checks that every `default` and every example fulfils the schema it stands in, by what will check
//! the documents themselves.

use authwire_model::json::{Cursor, Kind};
use authwire_model::table::{Registry, Schema};

use crate::compiler::Draft;
use crate::library::IsValid;
use crate::problems::{Problem, Problems};
use crate::source::Site;

/// A sample that is nested deeper is refused: a schema that contains itself would be followed as deep.
const MOST_DEEP: usize = 32;

/// Tells of the samples in `drafts` that break their schema: an error in an auth type, a warning elsewhere.
pub(crate) fn check(
    drafts: &[Draft<'_>],
    schema: &Schema,
    registry: Registry<'_>,
    is_valid: IsValid,
    problems: &mut Problems,
) {
    for (node, draft) in (0..).zip(drafts) {
        if draft.made || draft.broken {
            continue;
        }
        let default = draft.site.get("default").map(|value| ("default", value));
        let examples = draft.site.get("examples").into_iter().flat_map(Site::items);
        for (what, value) in default.into_iter().chain(examples.map(|value| ("example", value))) {
            if !is_nested_at_most(value.value, MOST_DEEP) {
                let message = format!("the {what} is nested more than {MOST_DEEP} deep");
                problems.push(Problem::error(value.spot(), message));
                continue;
            }
            if is_valid(schema, node, registry, value.value) {
                continue;
            }
            let message = format!("the {what} breaks the schema that it stands in");
            let is_auth_type = draft.site.source.root().is_some_and(|root| root.get("x-auth").is_some());
            problems.push(match is_auth_type {
                true => Problem::error(value.spot(), message),
                false => Problem::warning(value.spot(), message),
            });
        }
    }
}

fn is_nested_at_most(value: Cursor<'_>, levels: usize) -> bool {
    match value.kind() {
        Kind::Array | Kind::Object => {
            levels > 0 && value.children().all(|value| is_nested_at_most(value, levels - 1))
        }
        _ => true,
    }
}
