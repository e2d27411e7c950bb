//! JSON Web Keys (RFC 7517, RFC 7518 §6).

use authwire_core::secret_value::wipe;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::{Algorithm, KeyFault};

/// A JWK, wiped when it is dropped.
pub(super) struct Jwk(Value);

impl Jwk {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn kty(&self) -> Option<&str> {
        self.text("kty")
    }

    /// What it says of itself has to fit (RFC 7517 §4.2, §4.4): a key that is for something else is no key for this.
    pub(super) fn demand_fit(&self, algorithm: Algorithm) -> Result<(), KeyFault> {
        if self.text("alg").is_some_and(|alg| alg != algorithm.to_string()) {
            let help = "give the key for this algorithm, or choose the algorithm of the key";
            return Err(KeyFault::new(format!("the JWK's `alg` is not {algorithm}"), help));
        }
        if self.text("use").is_some_and(|of| of != "sig") {
            return Err(KeyFault::new("the JWK's `use` is not `sig`", "give a key that is for signatures"));
        }
        Ok(())
    }

    /// What it is, in words. A type that RFC 7518 does not know is not repeated: it may be anything, a secret included.
    pub(super) fn described(&self) -> String {
        match self.kty() {
            Some(known @ ("EC" | "RSA" | "oct" | "OKP")) => format!("a JWK of the type `{known}`"),
            _ => "a JWK of an unknown type".to_owned(),
        }
    }

    pub(super) fn bytes(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let text = self.text(name).ok_or_else(|| {
            let help = match name {
                "d" | "k" => "give the private key",
                _ => "export the key with all its members",
            };
            KeyFault::new(format!("the JWK has no `{name}`"), help)
        })?;
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| {
            KeyFault::new(format!("`{name}` of the JWK is no Base64 of URLs"), "export the key again")
        })?;
        Ok(Zeroizing::new(bytes))
    }

    /// As [`Jwk::bytes`], with zeros before it up to `length`: some leave them out.
    pub(super) fn padded(&self, name: &str, length: usize) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let bytes = self.bytes(name)?;
        let mut padded = Zeroizing::new(vec![0; length.saturating_sub(bytes.len())]);
        padded.extend_from_slice(&bytes);
        Ok(padded)
    }
}

impl Drop for Jwk {
    fn drop(&mut self) {
        if let Value::Object(members) = &mut self.0 {
            for value in members.values_mut() {
                if let Value::String(text) = value {
                    text.zeroize();
                }
            }
        }
    }
}

/// Whether `text` is a set of JWKs (RFC 7517 §5).
pub(super) fn is_set(text: &str) -> bool {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return false };
    let is_set = value.get("keys").is_some_and(Value::is_array);
    wipe(&mut value);
    is_set
}

/// The JWK that `text` is, if it is one.
pub(super) fn read(text: &str) -> Option<Jwk> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    serde_json::from_str::<Value>(text).ok().filter(|value| value.get("kty").is_some()).map(Jwk)
}
