//! `oauth1`: what a signature method signs with (RFC 5849 §3.4).

use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{FieldId, Template};
use crate::slot::Slot;

impl Check<'_, '_> {
    /// `shared` are the secrets: whose, whether there is somebody to have it, and the secret itself.
    pub(super) fn oauth1(
        &mut self,
        method: &Template,
        private_key: Option<&Template>,
        shared: [(&str, bool, Option<&Template>); 2],
    ) {
        let Some((name, field)) = self.literal(method) else { return };
        let by_key = name == "RSA-SHA1";
        let name = name.into_owned();
        let has_key = private_key.is_some_and(|key| self.present(key));
        let at = |check: &mut Self, message: String, help: &str| {
            // a default stands nowhere in the file
            let issue = match field.filter(|field| check.slot(*field).is_present()) {
                Some(field) => check.at(field, Code::Conflict, message),
                None => Issue::new(Code::Conflict, check.prefix, message),
            };
            check.add(issue.help(help));
        };
        if by_key && !has_key {
            at(self, format!("`{name}` signs with a private key, and there is none"), "give the private key");
        }
        if !by_key && let Some(field) = private_key.and_then(Template::lone_field).filter(|_| has_key) {
            let message = format!("a private key signs nothing by `{name}`");
            let issue = self.at(field, Code::Conflict, message);
            self.add(issue.help("take it out, or sign by `RSA-SHA1`"));
        }
        for (whose, wanted, secret) in shared.into_iter().filter(|_| !by_key) {
            if wanted && !secret.is_some_and(|secret| self.present(secret)) {
                let message = format!("`{name}` signs with the {whose}'s secret, and there is none");
                at(self, message, "give the secret, or sign by `RSA-SHA1` with a private key");
            }
        }
        if let Some(field) = private_key.and_then(Template::lone_field).filter(|_| by_key) {
            self.rsa_key(field);
        }
    }

    /// As for RS256: the same key, the same length.
    fn rsa_key(&mut self, field: FieldId) {
        if !self.plan.is_secret(field) {
            return;
        }
        let Slot::String(key) = self.slot(field) else { return };
        self.judge_signing_key(field, &key, "RS256", None);
    }
}
