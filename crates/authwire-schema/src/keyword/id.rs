//! `$id`: the absolute URI that names a document, at its root. `authwire:…` is for Authwire's own.

use super::{Holds, Rule};
use crate::reference::{self, OWN};
use crate::source::Site;
use crate::subschema::Subschema;

pub(super) const RULE: Rule = Rule { name: "$id", holds: Holds::Data, compile };

fn compile<'l>(schema: &mut Subschema<'_, 'l>, value: Site<'l>) {
    let Some(id) = schema.string(RULE.name, value) else { return };
    let source = value.source;
    if !schema.is_root() {
        schema.error(value.key_spot(), "`$id` stands at the root of a document only");
    } else if source.builtin {
        let own = format!("{OWN}{}", source.name);
        if id != own {
            schema.error(value.spot(), format!("the `$id` of this document is `{own}`"));
        }
    } else if id.starts_with(OWN) {
        let same = |file: &authwire_schemas::File| file.text == source.text();
        if !authwire_schemas::FILES.iter().any(same) {
            schema.error_with_help(
                value.spot(),
                format!("ids that begin with `{OWN}` belong to Authwire's own schemas"),
                "take an id of your own, or leave `$id` out",
            );
        }
    } else if reference::scheme(&id).is_none() || id.contains('#') {
        schema.error(value.spot(), "`$id` wants an absolute URI without a fragment");
    }
}
