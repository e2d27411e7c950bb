//! A JWT taken apart (RFC 7515 §5.2).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{Algorithm, VerifyingKey};

/// A JWT taken apart. Nothing of it was verified.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded {
    /// Its header.
    pub header: Value,
    /// Its claims.
    pub claims: Value,
}

/// Takes a JWT apart. Verifies nothing.
///
/// # Errors
///
/// If it is none.
pub fn decode(token: &str) -> Result<Decoded, DecodeError> {
    let mut parts = token.trim().split('.');
    let (Some(header), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DecodeError::Parts);
    };
    let part = |text: &str| -> Option<Value> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok().filter(Value::is_object)
    };
    Ok(Decoded {
        header: part(header).ok_or(DecodeError::Header)?,
        claims: part(claims).ok_or(DecodeError::Claims)?,
    })
}

/// Checks the signature of a JWT. Times and audience are the caller's to check.
///
/// # Errors
///
/// If it is no JWT, was signed with another algorithm than the key's, or with another key, or has critical header parameters.
pub fn verify(token: &str, key: &VerifyingKey) -> Result<Decoded, VerifyError> {
    let token = token.trim();
    let decoded = decode(token).map_err(VerifyError::Decode)?;
    let alg = decoded.header.get("alg").and_then(Value::as_str).and_then(Algorithm::named);
    // the key says which algorithm counts, never the token (RFC 8725 §3.1)
    if alg != Some(key.algorithm()) {
        return Err(VerifyError::Algorithm { expected: key.algorithm() });
    }
    // who does not know what is critical must refuse it, and nothing that may be is known here (RFC 7515 §4.1.11)
    if decoded.header.get("crit").is_some() {
        return Err(VerifyError::Critical);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Decode(DecodeError::Parts))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| VerifyError::Signature)?;
    if key.verifies(message.as_bytes(), &signature) { Ok(decoded) } else { Err(VerifyError::Signature) }
}

/// Why a text is no JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// It has not three parts.
    Parts,
    /// Its header is no JSON object in Base64.
    Header,
    /// Its claims are no JSON object in Base64.
    Claims,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parts => "a JWT has three parts with a dot between",
            Self::Header => "the first part is no JSON object in the Base64 of URLs",
            Self::Claims => "the second part is no JSON object in the Base64 of URLs",
        })
    }
}

impl std::error::Error for DecodeError {}

/// Why a JWT is not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// It is none.
    Decode(DecodeError),
    /// Its `alg` is not the one that the key is for.
    Algorithm {
        /// The key's.
        expected: Algorithm,
    },
    /// Its header has parameters that have to be understood (`crit`, RFC 7515 §4.1.11).
    Critical,
    /// The signature is not this key's.
    Signature,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => error.fmt(f),
            Self::Algorithm { expected } => {
                write!(f, "the token is not signed with {expected}, which the key is for")
            }
            Self::Critical => f.write_str(
                "the token's header has critical parameters (`crit`), which have to be understood and are not",
            ),
            Self::Signature => f.write_str("the signature was not made with this key"),
        }
    }
}

impl std::error::Error for VerifyError {}
