//! Proof that the key is held to which a token is bound (RFC 9449): a JWT of its own for each request.
//!
//! It must not know where a token comes from, nor when a server asks for a nonce.

use std::time::SystemTime;

use authwire_core::Code;
use authwire_core::plan::Template;
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method, Uri};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::address::host;
use crate::error::{Error, Unusable};
use crate::jwt::claims::uuid;
use crate::jwt::{Algorithm, Key, KeyEncoding};
use crate::template::Scope;

/// The header that carries a proof.
pub(crate) const HEADER: &str = "dpop";

/// The header in which a server hands out a nonce (§8).
const NONCE: &str = "dpop-nonce";

/// The longest nonce that is sent back.
const LONGEST_NONCE: usize = 1024;

/// Proves that a key is held.
pub(crate) struct Prover {
    key: Key,
    jwk: Value,
}

impl Prover {
    /// The prover whose key `template` reads; `None` where that was not resolved.
    pub(crate) fn read(scope: &Scope<'_>, template: &Template) -> Result<Option<Self>, Error> {
        let text = scope.template(template)?.unwrap_or_default();
        if !text.is_known() {
            return Ok(None);
        }
        let unfit = |message: String, help: String| {
            scope.blame(Unusable::new(Code::Key, message).with_help(help), text.fields())
        };
        let key = Key::read(&text.value(), Algorithm::Es256, KeyEncoding::Utf8)
            .map_err(|fault| unfit(fault.message, fault.help))?;
        let coordinates =
            key.coordinates().map(|(x, y)| (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y)));
        let Some((x, y)) = coordinates else {
            return Err(unfit("the key has no public point".to_owned(), "give a P-256 key".to_owned()).into());
        };
        Ok(Some(Self { key, jwk: json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}) }))
    }

    /// The proof for one request (§4.2), which sends `token` if there is one already.
    pub(crate) fn proof(
        &self,
        method: &Method,
        uri: &Uri,
        now: SystemTime,
        nonce: Option<&str>,
        token: Option<&str>,
    ) -> Result<Zeroizing<String>, Error> {
        let iat = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let scheme = uri.scheme_str().unwrap_or("https");
        let htu = format!("{scheme}://{}{}", host(uri), uri.path());
        let mut claims = json!({"jti": uuid()?, "htm": method.as_str(), "htu": htu, "iat": iat});
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        if let Some(token) = token {
            let hash = digest::digest(&digest::SHA256, token.as_bytes());
            claims["ath"] = URL_SAFE_NO_PAD.encode(hash).into();
        }
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk});
        let mut proof = Zeroizing::new(URL_SAFE_NO_PAD.encode(header.to_string()));
        proof.push('.');
        proof.push_str(&URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature =
            self.key.sign(proof.as_bytes()).map_err(|fault| Unusable::new(Code::Key, fault.message))?;
        proof.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut proof);
        Ok(proof)
    }
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prover(redacted)")
    }
}

/// The nonce that an answer hands out for the next proof.
pub(crate) fn nonce(headers: &HeaderMap) -> Option<String> {
    let nonce = headers.get(NONCE)?.to_str().ok()?;
    (!nonce.is_empty() && nonce.len() <= LONGEST_NONCE).then(|| nonce.to_owned())
}

/// Whether an answer refuses a proof for want of its nonce (§9).
pub(crate) fn wants_nonce(headers: &HeaderMap) -> bool {
    headers
        .get_all(http::header::WWW_AUTHENTICATE)
        .iter()
        .any(|value| value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("use_dpop_nonce")))
}
