//! `dependentRequired`: a name that needs others (Validation §6.5.4). Reported at the property that has the need.

use super::required::property;
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::list::{List, Str};

#[inline(never)]
pub(super) fn check<S: Sink>(needs: &[(Str, List<Str>)], spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let mut valid = true;
    for (name, needed) in needs {
        let Some(value) = spot.instance.get(name) else { continue };
        for other in needed {
            if spot.instance.get(other).is_none() {
                let path = Path::Name(spot.path(), name);
                let title =
                    property(spot.node, name).and_then(|node| spot.schema.node(node).title.as_deref());
                valid = spot.member(value, &path).titled(title).flag(
                    sink,
                    Code::DependentRequired,
                    "dependentRequired",
                    || {
                        Flaw::new(format!("`{name}` needs `{other}`, which is missing"))
                            .help(format!("add `{other}`, or take `{name}` out"))
                    },
                );
                if S::STOPS {
                    return false;
                }
            }
        }
    }
    valid
}
