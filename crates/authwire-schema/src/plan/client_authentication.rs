//! `client_authentication`: `{id, style?, secret?, username?, password?}` or `{id, assertion}`, how a client proves who it
//! is (RFC 6749 §2.3, RFC 7521 §4.2). Without `style`: Basic first, then the request body. Without its `id` it is left out.

use authwire_model::plan::{ClientAuthentication, Template};
use authwire_model::username;

use super::grammar::Members;
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

const STYLE: Slot =
    Slot::new("a style", Takes::PLAIN).of(&["basic", "basic_raw", "request_body", "basic_username_password"]);
const ID: Slot = Slot::new("a client's id", Takes::WRITTEN).not_empty();
const SECRET: Slot = Slot::new("a client's secret", Takes::STRING);
const USERNAME: Slot = Slot::new("a user name", Takes::WRITTEN);
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
        let client = ClientAuthentication { style, id: id?, secret, username, password, assertion };
        self.check_client(&client, &members);
        Some(client)
    }

    /// Checks that the style has what it sends, as far as the plan says which it is.
    fn check_client(&mut self, client: &ClientAuthentication, members: &Members<'l>) {
        for (name, other) in [("username", "password"), ("password", "username")] {
            if let (Some(one), None) = (members.get(name), members.get(other)) {
                self.error(one.key_spot(), format!("`{name}` wants `{other}` beside it"));
            }
        }
        let Some(site) = members.get("style") else { return };
        let style = client.style.as_ref().and_then(Template::literal);
        let has_user = style == Some("basic_username_password") && members.get("username").is_some();
        if matches!(style, Some("basic" | "basic_raw" | "basic_username_password"))
            && members.get("secret").is_none()
            && !has_user
        {
            let help = "a public client has no style: it sends its id in the body";
            self.problem(Problem::error(site.spot(), "this style wants a `secret`").with_help(help));
        }
        let named = match style {
            Some("basic_username_password") if has_user => {
                members.get("username").zip(client.username.as_ref())
            }
            Some("basic_raw" | "basic_username_password") => members.get("id").zip(Some(&client.id)),
            _ => None,
        };
        if let Some((site, username)) = named {
            self.check_username(site, username, username::in_basic);
        }
    }
}
