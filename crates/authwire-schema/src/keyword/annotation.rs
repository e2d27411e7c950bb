//! The keywords that assert nothing and take a plain value: words, hints, `default` and `examples`. That defaults and
//! examples fulfil their own schema is checked when all rows stand (`samples.rs`).

use authwire_model::json::Kind;

use super::{Holds, Rule, Vocabulary};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const COMMENT: Rule =
    Rule { name: "$comment", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: comment };
pub(super) const TITLE: Rule =
    Rule { name: "title", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: title };
pub(super) const DESCRIPTION: Rule =
    Rule { name: "description", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: description };
pub(super) const DEFAULT: Rule =
    Rule { name: "default", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: default };
pub(super) const EXAMPLES: Rule =
    Rule { name: "examples", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: examples };
pub(super) const DEPRECATED: Rule =
    Rule { name: "deprecated", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: deprecated };
pub(super) const READ_ONLY: Rule =
    Rule { name: "readOnly", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: read_only };
pub(super) const WRITE_ONLY: Rule =
    Rule { name: "writeOnly", vocabulary: Vocabulary::Any, holds: Holds::Data, compile: write_only };

fn comment<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.note().comment = schema.string(COMMENT.name, value).map(Into::into);
}

fn title<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if let Some(title) = schema.string(TITLE.name, value) {
        schema.set_title(&title);
    }
}

fn description<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.note().description = schema.string(DESCRIPTION.name, value).map(Into::into);
}

fn default<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.note().default = schema.json(value);
}

fn examples<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    if value.kind() == Kind::Array {
        schema.note().examples = value.items().filter_map(|item| schema.json(item)).collect();
    } else {
        schema.error(value.spot(), "`examples` wants an array");
    }
}

fn deprecated<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.note().deprecated = schema.boolean(DEPRECATED.name, value) == Some(true);
}

fn read_only<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.note().read_only = schema.boolean(READ_ONLY.name, value) == Some(true);
}

fn write_only<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    schema.note().write_only = schema.boolean(WRITE_ONLY.name, value) == Some(true);
}
