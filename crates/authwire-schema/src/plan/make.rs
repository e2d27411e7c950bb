//! `make`: `{NAME: {jwt: …}}`, what is made afresh.

use authwire_model::json::Kind;
use authwire_model::plan::{Made, Make};

use super::{Part, Planner, Scope};
use crate::source::Site;

impl<'l> Planner<'_, 'l> {
    /// What is made, as `site` says.
    pub(super) fn make(&mut self, site: Site<'l>) -> Vec<Make> {
        if site.kind() != Kind::Object {
            self.error(site.spot(), "`make` wants an object: names and what is made");
            return Vec::new();
        }
        let scope = Scope::new(Part::Make, &[]);
        let mut made = Vec::new();
        for (index, (name, value)) in site.members().enumerate() {
            if !self.may_be_called(&name, index, value) {
                continue;
            }
            let Some(members) = self.object(value, "what is made", &["jwt"]) else { continue };
            let jwt = self.required(&members, "jwt").and_then(|site| self.jwt(site, scope));
            made.extend(jwt.map(|jwt| Make { name: (*name).into(), what: Made::Jwt(jwt) }));
        }
        made
    }
}
