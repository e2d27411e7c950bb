//! `keep`: `{NAME: {initial?, from}}`, what outlives the process: its value until an answer brings another, and where
//! in an answer that stands.

use authwire_model::json::Kind;
use authwire_model::plan::Keep;

use super::response::POINTER;
use super::slot::{Slot, Takes};
use super::{Part, Planner, Scope};
use crate::source::Site;

const INITIAL: Slot = Slot::new("the first value", Takes::STRING).not_empty();

/// What says nothing of what is kept, and why.
const UNREAD: [(&str, &str); 2] = [
    ("format", "only `expires_in` is a time"),
    ("expect", "`expect` stands at `token_type` and at what is picked only"),
];

/// What is known of something that is kept.
pub(super) struct Known {
    pub(super) name: String,
    /// Whether it may have a value from the beginning.
    pub(super) has_initial: bool,
    /// Whether it always has.
    pub(super) is_certain: bool,
}

impl Known {
    pub(super) fn new(name: String) -> Self {
        Self { name, has_initial: false, is_certain: false }
    }
}

impl<'l> Planner<'_, 'l> {
    /// What is kept, as `site` says.
    pub(super) fn keep(&mut self, site: Site<'l>, scope: Scope<'_>) -> Vec<Keep> {
        if site.kind() != Kind::Object {
            self.error(site.spot(), "`keep` wants an object: names and what is kept");
            return Vec::new();
        }
        let mut kept = Vec::new();
        for (index, (name, value)) in site.members().enumerate() {
            if !self.may_be_called(&name, index, value) {
                continue;
            }
            let Some(members) = self.object(value, "what is kept", &["initial", "from"]) else { continue };
            let first = Scope { part: Part::Beginning, ..scope };
            let initial = members.get("initial").and_then(|site| self.template(site, &INITIAL, first));
            let certain = initial.as_ref().is_some_and(|initial| self.is_filled(initial, scope));
            if let Some(known) = self.kept.get_mut(index) {
                known.has_initial = members.get("initial").is_some();
                known.is_certain = certain;
            }
            let place = self.required(&members, "from");
            let from = place.and_then(|site| self.answer_place(site, &POINTER, scope));
            self.refuse_session(place);
            for (name, why) in UNREAD {
                if let Some(site) = place.and_then(|place| place.get(name)) {
                    self.error(site.key_spot(), why);
                }
            }
            if let Some(from) = from {
                kept.push(Keep { name: (*name).into(), initial, from });
            }
        }
        kept
    }
}
