//! `client_authentication`: `{id, style?, secret?, username?, password?}` or `{id, assertion}`, how a client proves who it
//! is (RFC 6749 §2.3, RFC 7521 §4.2). Without `style`: Basic first, then the request body. Without its `id` it is left out.

use authwire_model::plan::ClientAuthentication;

use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::source::Site;

const STYLE: Slot =
    Slot::new("a style", Takes::PLAIN).of(&["basic", "basic_raw", "request_body", "basic_username_password"]);
const ID: Slot = Slot::new("a client's id", Takes::SHOWN);
const SECRET: Slot = Slot::new("a client's secret", Takes::STRING);
const USERNAME: Slot = Slot::new("a user name", Takes::SHOWN);
const PASSWORD: Slot = Slot::new("a password", Takes::STRING);
const ASSERTION: Slot = Slot::new("a client's assertion", Takes::STRING).required();

/// What has no place beside an assertion, which proves everything alone.
const BESIDE_NO_ASSERTION: [&str; 4] = ["style", "secret", "username", "password"];

impl<'l> Planner<'_, 'l> {
    /// The client authentication at `site`.
    pub(super) fn client_authentication(
        &mut self,
        site: Site<'l>,
        scope: Scope<'_>,
    ) -> Option<ClientAuthentication> {
        let known = ["style", "id", "secret", "username", "password", "assertion"];
        let members = self.object(site, "`client_authentication`", &known)?;
        if members.get("assertion").is_some() {
            for other in BESIDE_NO_ASSERTION.into_iter().filter_map(|name| members.get(name)) {
                self.error(
                    other.key_spot(),
                    "an assertion proves who the client is, and nothing goes beside it",
                );
            }
        }
        let id = self.required(&members, "id").and_then(|site| self.template(site, &ID, scope));
        let mut optional = |name, slot| members.get(name).and_then(|site| self.template(site, slot, scope));
        let style = optional("style", &STYLE);
        let secret = optional("secret", &SECRET);
        let username = optional("username", &USERNAME);
        let password = optional("password", &PASSWORD);
        let assertion = optional("assertion", &ASSERTION);
        Some(ClientAuthentication { style, id: id?, secret, username, password, assertion })
    }
}
