//! The primitive `jwt`: JSON Web Tokens, signed (RFC 7515, 7518, 7519).
//!
//! [`Key`] reads keys however they come, [`decode`] looks into a token, [`verify`] checks its signature. What a plan puts
//! into a token is drafted in `claims`. It must not know what a token is for.

pub(crate) mod claims;
mod decoded;
mod jwk;
mod key;
mod verifying;

use std::fmt;

pub use crate::pem::Repair;
pub use decoded::{DecodeError, Decoded, VerifyError, decode, verify};
pub(crate) use key::decode as decode_secret;
pub use key::{Key, KeyEncoding, KeyFault};
pub use verifying::VerifyingKey;

/// The algorithms that a JWT is signed with (RFC 7518 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// As `alg` writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    /// The algorithm that `alg` calls `name`, if it is one of ours.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Hs256, Self::Rs256, Self::Es256].into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
