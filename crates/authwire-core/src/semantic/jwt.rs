//! `jwt`: which header and claims go with it (RFC 7515, 7519).

use super::key::secret_length;
use super::spread::{Spreads, entries};
use super::{Check, Issue};
use crate::finding::Code;
use crate::key::{KeyEncoding, PEM_IS_NO_SECRET, is_pem, is_weak};
use crate::plan::{FieldId, Jwt, MadeWhere, Names, Template};
use crate::secret_value::wipe;
use crate::slot::Slot;
use crate::table::Json;

impl Check<'_, '_> {
    pub(super) fn jwt(&mut self, jwt: &Jwt) {
        let algorithm = self.literal(&jwt.algorithm).map(|(text, _)| text);
        self.jwt_header(jwt, algorithm.as_deref());
        self.claims(jwt);
        if let Some(algorithm) = algorithm {
            self.key(jwt, &algorithm);
        }
    }

    fn jwt_header(&mut self, jwt: &Jwt, algorithm: Option<&str>) {
        for spread in &jwt.header.spreads {
            let slot = self.slot(*spread);
            let Some((_, alg)) = entries(&slot).into_iter().find(|(name, _)| *name == "alg") else {
                continue;
            };
            if alg.as_deref() != algorithm {
                let pointer = self.place(*spread).member("alg");
                let message = "the header's `alg` must be the `algorithm` that signs";
                self.add(
                    Issue::new(Code::AlgMismatch, pointer, message).help("leave `alg` out: it is added"),
                );
            }
        }
    }

    /// A claim that is made may not be given as well.
    fn claims(&mut self, jwt: &Jwt) {
        let mut spreads = Spreads::new(&jwt.claims, Names::Exact);
        for spread in &jwt.claims.spreads {
            let slot = self.slot(*spread);
            for (name, _) in entries(&slot) {
                if !self.is_made(jwt, name) && spreads.earlier(name).is_none() {
                    continue;
                }
                let pointer = self.place(*spread).member(name);
                let message = format!("the claim `{name}` is made already");
                self.add(Issue::new(Code::ReservedClaim, pointer, message).at_key().help("take it out here"));
            }
            spreads.add(*spread, &slot);
        }
    }

    /// Whether the claim `name` is made.
    fn is_made(&self, jwt: &Jwt, name: &str) -> bool {
        let made = |(claim, made): (&str, MadeWhere<'_>)| {
            claim == name
                && match made {
                    MadeWhere::Always => true,
                    MadeWhere::True(asked) => self.is_true(asked),
                    MadeWhere::Nowhere => false,
                }
        };
        let named = |known: &Template, value| known.literal() == Some(name) && self.value_present(value);
        jwt.made_claims().into_iter().any(made)
            || jwt.claims.named.iter().any(|(known, value)| named(known, value))
    }

    fn is_true(&self, template: &Template) -> bool {
        match template.lone_field() {
            Some(field) => self.equals(field, &Json::Bool(true)),
            None => template.literal() == Some("true"),
        }
    }

    fn key(&mut self, jwt: &Jwt, algorithm: &str) {
        if let Some(encoding) = jwt.key_encoding.as_ref().and_then(Template::lone_field)
            && algorithm != "HS256"
            && self.slot(encoding).is_present()
        {
            let message = format!("the encoding of a secret says nothing beside {algorithm}");
            self.add(self.at(encoding, Code::Conflict, message).help("take it out: it is for HS256 alone"));
        }
        let Some(key) = jwt.key.lone_field() else { return };
        let Slot::String(secret) = self.slot(key) else { return };
        if algorithm != "HS256" {
            return self.judge_key(jwt, key, &secret, algorithm);
        }
        if is_pem(&secret) {
            return self.bad_secret(key, PEM_IS_NO_SECRET);
        }
        // a JWK says by itself how it is written
        let length = match octets(&secret) {
            Some(length) => length,
            None => match secret_length(self.key_encoding(jwt.key_encoding.as_ref()), &secret) {
                Ok(length) => length,
                Err(objection) => return self.bad_secret(key, objection),
            },
        };
        self.judge_key(jwt, key, &secret, algorithm);
        if is_weak(length) {
            let message = "an HS256 secret shorter than 32 bytes can be guessed";
            self.add(self.at(key, Code::WeakKey, message).help("RFC 7518 §3.2 demands 32 bytes or more"));
        }
    }

    /// Whether a literal key can sign is the judge's to say.
    fn judge_key(&mut self, jwt: &Jwt, key: FieldId, secret: &str, algorithm: &str) {
        let encoding = jwt.key_encoding.as_ref().and_then(|encoding| self.literal(encoding));
        let encoding = encoding.map(|(text, _)| text.into_owned());
        self.judge_signing_key(key, secret, algorithm, encoding.as_deref());
    }
}

/// How many bytes the secret in a JWK has (RFC 7518 §6.4), where that is what `text` is. What is wrong with one is the judge's to
/// say.
fn octets(text: &str) -> Option<usize> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut jwk: serde_json::Value = serde_json::from_str(text).ok()?;
    let is_jwk = jwk.get("kty").is_some();
    let secret = jwk.get("k").and_then(serde_json::Value::as_str);
    let length = secret.and_then(|secret| secret_length(KeyEncoding::Base64Url, secret).ok());
    wipe(&mut jwk);
    is_jwk.then(|| length.unwrap_or(text.len()))
}
