//! `digest`, `oauth1` and `aws_sigv4`: signatures over a request.

use authwire_model::plan::{AwsSigv4Plan, Oauth1Plan, SignaturePlan, Template};
use authwire_model::username;

use super::grammar::Members;
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::source::Site;

const CLIENT_KEY: Slot = Slot::new("a client's key", Takes::WRITTEN).required();
const SECRET: Slot = Slot::new("a shared secret", Takes::WRITTEN);
const TOKEN: Slot = Slot::new("a token", Takes::WRITTEN);
const PRIVATE_KEY: Slot = Slot::new("a private key", Takes::STRING).not_empty();
const METHOD: Slot = Slot::new("a signature method", Takes::PLAIN).required().of(&[
    "HMAC-SHA1",
    "HMAC-SHA256",
    "RSA-SHA1",
    "PLAINTEXT",
]);
const CALLBACK: Slot = Slot::new("a callback", Takes::SHOWN).not_empty();
const VERIFIER: Slot = Slot::new("a verifier", Takes::WRITTEN).not_empty();
const REALM: Slot = Slot::new("a realm", Takes::SHOWN);
const PLACE: Slot = Slot::new("a place", Takes::PLAIN).required().of(&["header", "query", "body"]);

const USERNAME: Slot = Slot::new("a user name", Takes::WRITTEN).required().or_empty();
const PASSWORD: Slot = Slot::new("a password", Takes::WRITTEN).required().or_empty();

const ACCESS_KEY_ID: Slot = Slot::new("an access key's id", Takes::WRITTEN).required();
const SECRET_ACCESS_KEY: Slot = Slot::new("a secret access key", Takes::WRITTEN).required();
const SESSION_TOKEN: Slot = Slot::new("a session token", Takes::WRITTEN);
const REGION: Slot = Slot::new("a region", Takes::SHOWN).required();
const SERVICE: Slot = Slot::new("a service", Takes::SHOWN).required();

impl<'l> Planner<'_, 'l> {
    /// `oauth1` (RFC 5849).
    pub(super) fn oauth1(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<SignaturePlan> {
        let known = [
            "client_key",
            "client_secret",
            "token",
            "token_secret",
            "private_key",
            "signature_method",
            "callback",
            "verifier",
            "realm",
            "placement",
        ];
        let members = self.object(site, "`oauth1`", &known)?;
        let required =
            ["client_key", "signature_method", "placement"].map(|name| self.required(&members, name));
        let [client_key, signature_method, placement] = required;
        let client_key = client_key.and_then(|site| self.template(site, &CLIENT_KEY, scope));
        let signature_method = signature_method.and_then(|site| self.template(site, &METHOD, scope));
        let placement = placement.and_then(|site| self.template(site, &PLACE, scope));
        let mut optional = |name, slot| members.get(name).and_then(|site| self.template(site, slot, scope));
        let (client_secret, token) = (optional("client_secret", &SECRET), optional("token", &TOKEN));
        let (token_secret, realm) = (optional("token_secret", &SECRET), optional("realm", &REALM));
        let private_key = optional("private_key", &PRIVATE_KEY);
        let (callback, verifier) = (optional("callback", &CALLBACK), optional("verifier", &VERIFIER));
        if let (Some(method), Some(site)) = (&signature_method, members.get("signature_method")) {
            let has_token = token.as_ref().is_some_and(|token| self.is_filled(token, scope));
            self.check_signs(site, method, has_token, &members);
        }
        Some(SignaturePlan::Oauth1(Oauth1Plan {
            client_key: client_key?,
            client_secret,
            token,
            token_secret,
            private_key,
            signature_method: signature_method?,
            callback,
            verifier,
            realm,
            placement: placement?,
        }))
    }

    /// Checks that a method, as far as the plan says which it is, has what it signs with (RFC 5849 §3.4).
    fn check_signs(&mut self, site: Site<'l>, method: &Template, has_token: bool, members: &Members<'l>) {
        let needs = match method.literal() {
            None => return,
            Some("RSA-SHA1") => [Some("private_key"), None],
            Some(_) => [Some("client_secret"), has_token.then_some("token_secret")],
        };
        for name in needs.into_iter().flatten().filter(|name| members.get(name).is_none()) {
            self.error(site.spot(), format!("this method signs with a `{name}`"));
        }
    }

    /// `digest` (RFC 7616).
    pub(super) fn digest(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<SignaturePlan> {
        let members = self.object(site, "`digest`", &["username", "password"])?;
        let username = self.required(&members, "username");
        let password = self.required(&members, "password");
        let username = username.and_then(|site| self.username(site, &USERNAME, username::in_digest, scope));
        let password = password.and_then(|site| self.template(site, &PASSWORD, scope));
        Some(SignaturePlan::Digest { username: username?, password: password? })
    }

    /// `aws_sigv4` (AWS Signature Version 4).
    pub(super) fn aws_sigv4(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<SignaturePlan> {
        let known = ["access_key_id", "secret_access_key", "session_token", "region", "service"];
        let members = self.object(site, "`aws_sigv4`", &known)?;
        let slots = [
            ("access_key_id", &ACCESS_KEY_ID),
            ("secret_access_key", &SECRET_ACCESS_KEY),
            ("region", &REGION),
            ("service", &SERVICE),
        ];
        let [access_key_id, secret_access_key, region, service] = slots.map(|(name, slot)| {
            self.required(&members, name).and_then(|site| self.template(site, slot, scope))
        });
        let session_token =
            members.get("session_token").and_then(|site| self.template(site, &SESSION_TOKEN, scope));
        Some(SignaturePlan::AwsSigv4(AwsSigv4Plan {
            access_key_id: access_key_id?,
            secret_access_key: secret_access_key?,
            session_token,
            region: region?,
            service: service?,
        }))
    }
}
