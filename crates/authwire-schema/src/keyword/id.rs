//! `$id`: the URI that names a document, or opens a resource of its own inside of one (Core §8.2.1). `authwire:…` is for
//! Authwire's own.

use super::{Holds, Rule, Vocabulary};
use crate::reference::{self, OWN};
use crate::resource::Resource;
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule { name: "$id", vocabulary: Vocabulary::Any, holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(id) = schema.string(RULE.name, value) else { return };
    let source = value.source;
    let absolute = reference::scheme(&id).is_some() && !id.contains('#');
    if source.builtin && schema.is_root() {
        let own = format!("{OWN}{}", source.name);
        if id != own {
            schema.error(value.spot(), format!("the `$id` of this document is `{own}`"));
        }
    } else if id.starts_with(OWN) {
        let same = |file: &authwire_schemas::File| schema.is_root() && file.text == source.text();
        if !authwire_schemas::FILES.iter().any(same) {
            schema.error_with_help(
                value.spot(),
                format!("ids that begin with `{OWN}` belong to Authwire's own schemas"),
                "take an id of your own, or leave `$id` out",
            );
        }
    } else if schema.is_root() {
        if !absolute {
            schema.error(value.spot(), "`$id` wants an absolute URI without a fragment");
        }
    } else if let Some(resource) = schema.opens() {
        let named = |other: &&Resource| other.uri == resource.uri;
        let first = source.resources.iter().find(named);
        if first.is_some_and(|first| first.span != resource.span) {
            let uri = resource.uri.as_deref().unwrap_or_default();
            schema.error(value.spot(), format!("this document has the id `{uri}` twice"));
        }
    } else {
        schema.error_with_help(
            value.spot(),
            "`$id` wants an absolute URI without a fragment, or a path relative to the `$id` around it",
            "to name a subschema within its document use `$anchor`",
        );
    }
}
