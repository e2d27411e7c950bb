//! `jwt`: which header and claims go with it (RFC 7515, 7519).

use super::spread::entries;
use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{FieldId, Jwt, Template};
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
        for spread in &jwt.claims.spreads {
            let slot = self.slot(*spread);
            for (name, _) in entries(&slot) {
                if !self.is_made(jwt, name) {
                    continue;
                }
                let pointer = self.place(*spread).member(name);
                let message = format!("the claim `{name}` is made already");
                self.add(Issue::new(Code::ReservedClaim, pointer, message).at_key().help("take it out here"));
            }
        }
    }

    /// Whether the claim `name` is made.
    fn is_made(&self, jwt: &Jwt, name: &str) -> bool {
        let wanted = |wanted: Option<&Template>| wanted.is_some_and(|wanted: &Template| self.is_true(wanted));
        let always = match name {
            "iat" | "exp" => true,
            "jti" => wanted(jwt.jti.as_ref()),
            "nbf" => wanted(jwt.nbf.as_ref()),
            _ => false,
        };
        let named = |known: &Template, value| known.literal() == Some(name) && self.value_present(value);
        always || jwt.claims.named.iter().any(|(known, value)| named(known, value))
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
        if secret.contains("-----BEGIN ") {
            let message = "a PEM key is not an HS256 secret: anyone with the public key could sign";
            self.add(
                self.at(key, Code::Key, message).help("choose RS256 or ES256, or give the shared secret"),
            );
            return;
        }
        let encoding =
            jwt.key_encoding.as_ref().and_then(|encoding| self.literal(encoding)).map(|(text, _)| text);
        let bytes = match encoding.as_deref() {
            Some("hex") => secret.len() / 2,
            Some("base64" | "base64url") => secret.trim_end_matches('=').len() * 3 / 4,
            _ => secret.len(),
        };
        // a JWK says by itself how it is written
        let bytes = octets(&secret).unwrap_or(bytes);
        self.judge_key(jwt, key, &secret, algorithm);
        if bytes < 32 {
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

/// How many bytes the secret in a JWK has (RFC 7518 §6.4), where that is what `text` is.
fn octets(text: &str) -> Option<usize> {
    let mut jwk: serde_json::Value = serde_json::from_str(text.trim()).ok()?;
    let secret = jwk.get("kty").filter(|kty| *kty == "oct").and_then(|_| jwk.get("k")?.as_str());
    let octets = secret.map(|secret| secret.trim_end_matches('=').len() * 3 / 4);
    wipe(&mut jwk);
    octets
}
