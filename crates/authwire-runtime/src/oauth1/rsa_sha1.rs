//! RSA-SHA1 (RFC 5849 §3.4.3): the client's private key signs, and no secret is shared.
//!
//! The one place for `rsa`: aws-lc-rs, which signs everything else, signs nothing with SHA-1.

#[cfg(feature = "rsa-sha1")]
use rsa::{Pkcs1v15Sign, pkcs1::DecodeRsaPrivateKey as _, pkcs8::DecodePrivateKey as _};

#[cfg(feature = "rsa-sha1")]
use aws_lc_rs::digest;

use crate::jwt::KeyFault;

/// What says in a signature that a digest is one of SHA-1 (RFC 8017 §9.2, note 1).
#[cfg(feature = "rsa-sha1")]
const SHA1: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

/// A private key that signs with SHA-1.
pub(crate) struct PrivateKey {
    #[cfg(feature = "rsa-sha1")]
    key: rsa::PrivateKey,
    #[cfg(not(feature = "rsa-sha1"))]
    never: std::convert::Infallible,
}

impl PrivateKey {
    /// Reads a PEM key (PKCS#8 or PKCS#1), which has been found to be one that signs by RSA.
    #[cfg(feature = "rsa-sha1")]
    pub(crate) fn read(text: &str) -> Result<Self, KeyFault> {
        let unreadable = || {
            KeyFault::new("this is no RSA key in PEM", "give one: `-----BEGIN PRIVATE KEY-----` and so on")
        };
        let (blocks, _) = crate::pem::read(text).map_err(|_| unreadable())?;
        let block =
            blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")).ok_or_else(unreadable)?;
        let key = match block.label.as_str() {
            "RSA PRIVATE KEY" => rsa::PrivateKey::from_pkcs1_der(&block.der).ok(),
            _ => rsa::PrivateKey::from_pkcs8_der(&block.der).ok(),
        };
        Ok(Self { key: key.ok_or_else(unreadable)? })
    }

    /// There is none where RSA-SHA1 was left out.
    #[cfg(not(feature = "rsa-sha1"))]
    pub(crate) fn read(_: &str) -> Result<Self, KeyFault> {
        Err(KeyFault::new(
            "this program was built without RSA-SHA1",
            "enable the feature `rsa-sha1` of authwire-runtime",
        ))
    }

    /// The signature of `message`, which blinding keeps from telling the key by the time that it takes.
    #[cfg(feature = "rsa-sha1")]
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, message);
        let padding = Pkcs1v15Sign { hash_len: Some(digest::SHA1_OUTPUT_LEN), prefix: SHA1.into() };
        self.key
            .sign(padding, digest.as_ref())
            .map_err(|_| KeyFault::new("the key cannot sign", "make a new one"))
    }

    /// Nobody has such a key.
    #[cfg(not(feature = "rsa-sha1"))]
    pub(crate) fn sign(&self, _: &[u8]) -> Result<Vec<u8>, KeyFault> {
        match self.never {}
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(redacted)")
    }
}
