//! `connection`: `{when?, client_certificate | ntlm}`, what the connection itself proves.

use authwire_model::plan::{ConnectionAuth, ConnectionPlan, Source, Template};
use authwire_model::username::Objection;

use super::slot::{Slot, Takes};
use super::{Part, Planner, Scope};
use crate::source::Site;

const KINDS: [&str; 2] = ["client_certificate", "ntlm"];

const CERTIFICATE: Slot = Slot::new("a client certificate", Takes::STRING).required().lone();
const PRIVATE_KEY: Slot = Slot::new("a private key", Takes::STRING).not_empty().lone();
const PASSPHRASE: Slot = Slot::new("a passphrase", Takes::STRING).lone();

const USERNAME: Slot = Slot::new("a user name", Takes::WRITTEN).required();
const PASSWORD: Slot = Slot::new("a password", Takes::WRITTEN).required().or_empty();
const DOMAIN: Slot = Slot::new("a domain", Takes::SHOWN);
const WORKSTATION: Slot = Slot::new("a workstation", Takes::SHOWN);

impl<'l> Planner<'_, 'l> {
    /// What the connection proves, as `site` says.
    pub(super) fn connection(&mut self, site: Site<'l>) -> Option<ConnectionPlan> {
        let members = self.object(site, "`connection`", &["when", "client_certificate", "ntlm"])?;
        let when = self.when(members.get("when"), Scope::new(Part::Connection, &[]));
        let scope = Scope::new(Part::Connection, &when);
        let none = "`connection` wants one of";
        let (kind, value) = self.one_of(&members, KINDS, none, "a connection proves one thing")?;
        let what = match kind {
            "client_certificate" => self.client_certificate(value, scope)?,
            _ => self.ntlm(value, scope)?,
        };
        Some(ConnectionPlan { when: when.into(), what })
    }

    /// `client_certificate` (RFC 8446 §4.4.2, RFC 8705).
    fn client_certificate(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<ConnectionAuth> {
        let known = ["certificate", "private_key", "passphrase"];
        let members = self.object(site, "`client_certificate`", &known)?;
        let certificate = self.required(&members, "certificate");
        let certificate = certificate.and_then(|site| self.field(site, &CERTIFICATE, scope));
        if let Some(Source::Field(field)) = certificate.as_ref().and_then(Template::lone)
            && let Some(property) = self.fields.get_mut(usize::from(field))
        {
            // PKCS#12
            property.field.may_be_binary = true;
        }
        let mut optional = |name, slot| members.get(name).and_then(|site| self.field(site, slot, scope));
        let private_key = optional("private_key", &PRIVATE_KEY);
        let passphrase = optional("passphrase", &PASSPHRASE);
        Some(ConnectionAuth::ClientCertificate { certificate: certificate?, private_key, passphrase })
    }

    /// `ntlm` (MS-NLMP).
    fn ntlm(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<ConnectionAuth> {
        let members = self.object(site, "`ntlm`", &["username", "password", "domain", "workstation"])?;
        let username = self.required(&members, "username");
        let password = self.required(&members, "password");
        let username = username.and_then(|site| self.username(site, &USERNAME, in_ntlm, scope));
        let password = password.and_then(|site| self.template(site, &PASSWORD, scope));
        let mut optional = |name, slot| members.get(name).and_then(|site| self.template(site, slot, scope));
        let (domain, workstation) = (optional("domain", &DOMAIN), optional("workstation", &WORKSTATION));
        Some(ConnectionAuth::Ntlm { username: username?, password: password?, domain, workstation })
    }
}

/// What is said against `name` in NTLM (MS-NLMP §2.2.1.3).
fn in_ntlm(name: &str) -> Option<Objection> {
    let wrong = "an NTLM user name holds no domain: `\\` is a character of the name";
    name.contains('\\').then_some((wrong, "put what is before the `\\` into `domain`"))
}
