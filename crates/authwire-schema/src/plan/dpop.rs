//! `dpop` (RFC 9449): of `token` `{when?, key}`, what token requests prove; as a placement `{key, token}`, what calls do.

use authwire_model::plan::{DpopPlan, SignaturePlan};

use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::source::Site;

const KEY: Slot = Slot::new("a key", Takes::STRING).required().lone();
const TOKEN: Slot = Slot::new("a token", Takes::STRING).required();

impl<'l> Planner<'_, 'l> {
    /// What token requests prove, as `site` says.
    pub(super) fn dpop(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<DpopPlan> {
        let members = self.object(site, "`dpop`", &["when", "key"])?;
        let when = self.when(members.get("when"), scope);
        let facts = scope.facts_and(&when);
        let scope = scope.with(&facts);
        let key = self.required(&members, "key").and_then(|site| self.field(site, &KEY, scope));
        Some(DpopPlan { when: when.into(), key: key? })
    }

    /// The token with its proof, as `site` says.
    pub(super) fn dpop_placement(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<SignaturePlan> {
        let members = self.object(site, "`dpop`", &["key", "token"])?;
        let [key, token] = ["key", "token"].map(|name| self.required(&members, name));
        let key = key.and_then(|site| self.field(site, &KEY, scope));
        let token = token.and_then(|site| self.template(site, &TOKEN, scope));
        Some(SignaturePlan::Dpop { key: key?, token: token? })
    }
}
