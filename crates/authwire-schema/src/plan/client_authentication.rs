//! `client_authentication`: `{style?, id, secret?, username?, password?}`, how a client proves who it is
//! (RFC 6749 §2.3). Without `style`: Basic first, then the request body. Without its `id` it is left out.

use authwire_core::plan::ClientAuthentication;

use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::source::Site;

const STYLE: Slot =
    Slot::new("a style", Takes::PLAIN).of(&["basic", "basic_raw", "request_body", "basic_username_password"]);
const ID: Slot = Slot::new("a client's id", Takes::SHOWN);
const SECRET: Slot = Slot::new("a client's secret", Takes::STRING);
const USERNAME: Slot = Slot::new("a user name", Takes::SHOWN);
const PASSWORD: Slot = Slot::new("a password", Takes::STRING);

impl<'l> Planner<'_, 'l> {
    /// The client authentication at `site`.
    pub(super) fn client_authentication(
        &mut self,
        site: Site<'l>,
        scope: Scope<'_>,
    ) -> Option<ClientAuthentication> {
        let known = ["style", "id", "secret", "username", "password"];
        let members = self.object(site, "`client_authentication`", &known)?;
        let id = self.required(&members, "id").and_then(|site| self.template(site, &ID, scope));
        let mut optional = |name, slot| members.get(name).and_then(|site| self.template(site, slot, scope));
        let style = optional("style", &STYLE);
        let secret = optional("secret", &SECRET);
        let username = optional("username", &USERNAME);
        let password = optional("password", &PASSWORD);
        Some(ClientAuthentication { style, id: id?, secret, username, password })
    }
}
