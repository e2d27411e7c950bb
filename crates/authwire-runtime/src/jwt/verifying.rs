//! Keys to check signatures with: the public half, or the secret of HS256.

use std::fmt;

use authwire_core::key::is_pem;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use aws_lc_rs::{hmac, rsa};

use super::jwk::{self, Jwk};
use super::key::{mismatch, not_p256};
use super::{Algorithm, Key, KeyEncoding, KeyFault};
use crate::pem;

/// A key to check signatures with.
#[derive(Clone)]
pub struct VerifyingKey(Verifying);

#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "few, and short-lived")]
enum Verifying {
    Hmac(hmac::Key),
    /// PKCS#1 or SubjectPublicKeyInfo.
    Rsa(Vec<u8>),
    RsaParts(rsa::PublicKeyComponents<Vec<u8>>),
    /// SubjectPublicKeyInfo, or an uncompressed point.
    Ec(Vec<u8>),
}

impl VerifyingKey {
    pub(super) fn hmac(key: hmac::Key) -> Self {
        Self(Verifying::Hmac(key))
    }

    pub(super) fn rsa(public: &[u8]) -> Self {
        Self(Verifying::Rsa(public.to_vec()))
    }

    pub(super) fn ec(public: &[u8]) -> Self {
        Self(Verifying::Ec(public.to_vec()))
    }

    /// Reads a key for `algorithm`: a public key (PEM or JWK), or as [`Key::read`] does.
    ///
    /// # Errors
    ///
    /// If it does not fit or is none.
    pub fn read(text: &str, algorithm: Algorithm, encoding: KeyEncoding) -> Result<Self, KeyFault> {
        if algorithm == Algorithm::Hs256 {
            return Ok(Key::read(text, algorithm, encoding)?.verifying_key());
        }
        if jwk::is_set(text) {
            return Err(KeyFault::new(
                "this is a set of keys (JWKS)",
                "give the one that its `kid` names: jq '.keys[0]' FILE",
            ));
        }
        if let Some(jwk) = jwk::read(text).filter(|jwk| jwk.text("d").is_none()) {
            jwk.demand_fit(algorithm)?;
            return Self::from_jwk(&jwk, algorithm);
        }
        if jwk::read(text).is_none() && !is_pem(text) {
            return Err(KeyFault::new(
                "this is neither a PEM key nor a JWK",
                "give the public key: `-----BEGIN PUBLIC KEY-----` and so on, or its JWK",
            ));
        }
        let blocks = if is_pem(text) { pem::read(text).map(|(blocks, _)| blocks) } else { Ok(Vec::new()) };
        for block in blocks.iter().flatten() {
            if block.label.ends_with("PUBLIC KEY") {
                return Self::from_public(&block.der, algorithm);
            }
            if block.label == "CERTIFICATE" {
                return Err(KeyFault::new(
                    "this PEM holds a certificate",
                    "take its public key out: openssl x509 -in FILE -noout -pubkey",
                ));
            }
        }
        Ok(Key::read(text, algorithm, encoding)?.verifying_key())
    }

    /// The algorithm that it checks.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            Verifying::Hmac(_) => Algorithm::Hs256,
            Verifying::Rsa(_) | Verifying::RsaParts(_) => Algorithm::Rs256,
            Verifying::Ec(_) => Algorithm::Es256,
        }
    }

    /// Whether `signature` is one of `message`.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Verifying::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Verifying::Rsa(der) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).verify(message, signature).is_ok()
            }
            Verifying::RsaParts(parts) => {
                parts.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            Verifying::Ec(der) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, der).verify(message, signature).is_ok()
            }
        }
    }

    fn from_public(der: &[u8], algorithm: Algorithm) -> Result<Self, KeyFault> {
        let (fits, key) = match algorithm {
            Algorithm::Es256 => {
                (ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, der), Verifying::Ec(der.to_vec()))
            }
            _ => (ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der), Verifying::Rsa(der.to_vec())),
        };
        fits.map(|_| Self(key)).map_err(|_| mismatch("this public key", algorithm))
    }

    fn from_jwk(jwk: &Jwk, algorithm: Algorithm) -> Result<Self, KeyFault> {
        match (jwk.kty(), algorithm) {
            (Some("RSA"), Algorithm::Rs256) => {
                let (n, e) = (jwk.bytes("n")?.to_vec(), jwk.bytes("e")?.to_vec());
                Ok(Self(Verifying::RsaParts(rsa::PublicKeyComponents { n, e })))
            }
            (Some("EC"), Algorithm::Es256) if jwk.text("crv") == Some("P-256") => {
                let mut point = vec![4];
                point.extend_from_slice(&jwk.padded("x", 32)?);
                point.extend_from_slice(&jwk.padded("y", 32)?);
                Ok(Self(Verifying::Ec(point)))
            }
            (Some("EC"), Algorithm::Es256) => Err(not_p256()),
            _ => Err(mismatch(&jwk.described(), algorithm)),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm())
    }
}
