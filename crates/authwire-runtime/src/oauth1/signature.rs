//! The signature methods (RFC 5849 §3.4.2 to §3.4.4) and HMAC-SHA256, which is the first with another digest.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{PrivateKey, encode};
use crate::jwt::KeyFault;

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    /// §3.4.2.
    HmacSha1,
    /// As §3.4.2, with SHA-256. No RFC has it, most servers of today do.
    HmacSha256,
    /// §3.4.3: by a private key.
    RsaSha1,
    /// §3.4.4: the secrets themselves, for TLS only.
    Plaintext,
}

impl SignatureMethod {
    /// As `oauth_signature_method` writes it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::RsaSha1 => "RSA-SHA1",
            Self::Plaintext => "PLAINTEXT",
        }
    }

    /// The method that `oauth_signature_method` calls `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::HmacSha1, Self::HmacSha256, Self::RsaSha1, Self::Plaintext]
            .into_iter()
            .find(|method| method.as_str() == name)
    }

    /// The signature of `base_string`, not encoded. With [`SignatureMethod::Plaintext`] it is a secret.
    pub(crate) fn sign(
        self,
        base_string: &str,
        secrets: &Secrets<'_>,
    ) -> Result<Zeroizing<String>, KeyFault> {
        let key = secrets.key();
        let algorithm = match self {
            Self::HmacSha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::HmacSha256 => hmac::HMAC_SHA256,
            Self::RsaSha1 => {
                let key = secrets.private_key.ok_or_else(|| {
                    KeyFault::new(
                        "RSA-SHA1 signs with a private key, and there is none",
                        "give the private key",
                    )
                })?;
                return Ok(Zeroizing::new(STANDARD.encode(key.sign(base_string.as_bytes())?)));
            }
            Self::Plaintext => return Ok(key),
        };
        let key = hmac::Key::new(algorithm, key.as_bytes());
        Ok(Zeroizing::new(STANDARD.encode(hmac::sign(&key, base_string.as_bytes()))))
    }
}

/// The secrets that both sides share, or the key that only one has.
#[derive(Clone, Copy, Default)]
pub(crate) struct Secrets<'a> {
    /// The client's (RFC 5849 §1.1: "client shared-secret"; others call it the consumer's).
    pub(crate) client: &'a str,
    /// The token's, empty if there is none yet.
    pub(crate) token: &'a str,
    /// The client's, for [`SignatureMethod::RsaSha1`].
    pub(crate) private_key: Option<&'a PrivateKey>,
}

impl Secrets<'_> {
    /// Both, encoded, with `&` between them, which is there even if one is empty (§3.4.2).
    fn key(&self) -> Zeroizing<String> {
        let client = Zeroizing::new(encode(self.client.as_bytes()));
        let token = Zeroizing::new(encode(self.token.as_bytes()));
        let mut key = Zeroizing::new(String::with_capacity(client.len() + token.len() + 1));
        key.push_str(&client);
        key.push('&');
        key.push_str(&token);
        key
    }
}

impl std::fmt::Debug for Secrets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}
