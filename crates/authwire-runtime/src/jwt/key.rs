//! Keys to sign with: PEM (PKCS#8, PKCS#1, SEC 1), JWK (RFC 7517), or the secret of HS256.
//!
//! No fault repeats any part of a key.

use std::fmt;

pub use authwire_core::judge::KeyFault;
pub use authwire_core::key::KeyEncoding;
use authwire_core::key::{PEM_IS_NO_SECRET, is_pem, is_weak};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use aws_lc_rs::{hmac, rsa};
use zeroize::Zeroizing;

use super::jwk::{self, Jwk};
use super::{Algorithm, VerifyingKey};
use crate::pem::{self, PemFault, Repair};

/// A key to sign with.
pub struct Key {
    kind: Kind,
    repairs: Vec<Repair>,
    weak: bool,
}

#[expect(clippy::large_enum_variant, reason = "one per connector, and never moved once it is made")]
enum Kind {
    Hmac(hmac::Key),
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// The bytes of a shared secret.
pub(crate) fn decode(encoding: KeyEncoding, text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    encoding.decode(text).map(Zeroizing::new).map_err(|(message, help)| KeyFault::new(message, help))
}

impl Key {
    /// Reads a key for `algorithm`. `encoding` is how an HS256 secret is written.
    ///
    /// # Errors
    ///
    /// If it does not fit, is too short, or is none.
    pub fn read(text: &str, algorithm: Algorithm, encoding: KeyEncoding) -> Result<Self, KeyFault> {
        let jwk = jwk::read(text);
        if let Some(jwk) = &jwk {
            jwk.demand_fit(algorithm)?;
        }
        match algorithm {
            Algorithm::Hs256 => Self::secret(text, jwk, encoding),
            Algorithm::Rs256 | Algorithm::Es256 => match jwk {
                Some(jwk) => Self::from_jwk(&jwk, algorithm),
                None => Self::from_pem(text, algorithm),
            },
        }
    }

    /// The algorithm that it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.kind {
            Kind::Hmac(_) => Algorithm::Hs256,
            Kind::Rsa(_) => Algorithm::Rs256,
            Kind::Ec(_) => Algorithm::Es256,
        }
    }

    /// The public point of a P-256 key.
    pub(crate) fn coordinates(&self) -> Option<(&[u8], &[u8])> {
        match &self.kind {
            // uncompressed (SEC 1 §2.3.3)
            Kind::Ec(key) => {
                key.public_key().as_ref().strip_prefix(&[4]).and_then(|point| point.split_at_checked(32))
            }
            _ => None,
        }
    }

    /// What had to be repaired before it could be read.
    #[must_use]
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// Whether it is shorter than its algorithm wants: an HS256 secret under 32 bytes (RFC 7518 §3.2).
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.weak
    }

    /// The key that checks what this one signed.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        match &self.kind {
            Kind::Hmac(key) => VerifyingKey::hmac(key.clone()),
            Kind::Rsa(key) => VerifyingKey::rsa(key.public_key().as_ref()),
            Kind::Ec(key) => VerifyingKey::ec(key.public_key().as_ref()),
        }
    }

    /// Signs `message`.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let failed = |_| KeyFault::new("the key cannot sign", "make a new one");
        match &self.kind {
            Kind::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Kind::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Kind::Ec(key) => Ok(key.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec()),
        }
    }

    fn new(kind: Kind) -> Self {
        Self { kind, repairs: Vec::new(), weak: false }
    }

    fn secret(text: &str, jwk: Option<Jwk>, encoding: KeyEncoding) -> Result<Self, KeyFault> {
        if is_pem(text) {
            // an attacker who knows the public key could sign with it (node-jsonwebtoken#517)
            let (message, help) = PEM_IS_NO_SECRET;
            return Err(KeyFault::new(message, help));
        }
        let bytes = match jwk {
            Some(jwk) if jwk.kty() == Some("oct") => jwk.bytes("k")?,
            // the same as in PEM
            Some(jwk) => return Err(mismatch(&jwk.described(), Algorithm::Hs256)),
            None => decode(encoding, text)?,
        };
        if bytes.is_empty() {
            return Err(KeyFault::new("the secret is empty", "give the shared secret"));
        }
        let weak = is_weak(bytes.len());
        Ok(Self { weak, ..Self::new(Kind::Hmac(hmac::Key::new(hmac::HMAC_SHA256, &bytes))) })
    }

    fn from_pem(text: &str, algorithm: Algorithm) -> Result<Self, KeyFault> {
        if !is_pem(text) {
            return Err(KeyFault::new(
                "this is neither a PEM key nor a JWK",
                format!("{algorithm} signs with a private key: `-----BEGIN PRIVATE KEY-----` and so on"),
            ));
        }
        let (blocks, repairs) = pem::read(text).map_err(|fault| match fault {
            PemFault::NoEnd => {
                KeyFault::new("the PEM key has no end", "copy it with its last line, `-----END …-----`")
            }
            PemFault::NoBase64 => {
                KeyFault::new("the PEM key holds something that is not Base64", "copy it again, whole")
            }
        })?;
        let private = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY"));
        let Some(block) = private else {
            return Err(KeyFault::new(
                "this PEM holds a public key or a certificate",
                "give the private key: `-----BEGIN PRIVATE KEY-----` and so on",
            ));
        };
        if block.encrypted {
            return Err(KeyFault::new(
                "the key is encrypted with a passphrase",
                "decrypt it: openssl pkcs8 -topk8 -nocrypt -in key.pem",
            ));
        }
        if block.label == "OPENSSH PRIVATE KEY" {
            return Err(KeyFault::new("this is a key for SSH", "convert it: ssh-keygen -p -m PEM -f key"));
        }
        let kind = match (block.label.as_str(), algorithm) {
            ("RSA PRIVATE KEY", Algorithm::Rs256) => rsa_key(&block.der, RsaKeyPair::from_der)?,
            ("PRIVATE KEY", Algorithm::Rs256) => rsa_key(&block.der, RsaKeyPair::from_pkcs8)?,
            ("EC PRIVATE KEY" | "PRIVATE KEY", Algorithm::Es256) => ec_key(&block.der)?,
            (label @ ("RSA PRIVATE KEY" | "EC PRIVATE KEY" | "DSA PRIVATE KEY"), _) => {
                return Err(mismatch(&format!("`{label}`"), algorithm));
            }
            // its label may be anything
            _ => return Err(mismatch("this kind of key", algorithm)),
        };
        Ok(Self { repairs, ..Self::new(kind) })
    }

    fn from_jwk(jwk: &Jwk, algorithm: Algorithm) -> Result<Self, KeyFault> {
        let kind = match (jwk.kty(), algorithm) {
            (Some("RSA"), Algorithm::Rs256) => {
                let (n, e) = (jwk.bytes("n")?, jwk.bytes("e")?);
                let unsigned =
                    |bytes: &[u8]| bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
                let components = rsa::KeyPairComponents {
                    public_key: rsa::PublicKeyComponents { n: unsigned(&n), e: unsigned(&e) },
                    d: jwk.bytes("d")?,
                    p: jwk.bytes("p")?,
                    q: jwk.bytes("q")?,
                    dP: jwk.bytes("dp")?,
                    dQ: jwk.bytes("dq")?,
                    qInv: jwk.bytes("qi")?,
                };
                let bits = components.public_key.n.len() * 8;
                Kind::Rsa(RsaKeyPair::from_components(&components).map_err(|_| bad_rsa(Some(bits)))?)
            }
            (Some("EC"), Algorithm::Es256) => {
                if jwk.text("crv") != Some("P-256") {
                    return Err(not_p256());
                }
                let mut point = vec![4];
                point.extend_from_slice(&jwk.padded("x", 32)?);
                point.extend_from_slice(&jwk.padded("y", 32)?);
                let private = jwk.padded("d", 32)?;
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    &private,
                    &point,
                );
                Kind::Ec(pair.map_err(|_| {
                    KeyFault::new("the members of the JWK do not fit together", "export the key again")
                })?)
            }
            _ => return Err(mismatch(&jwk.described(), algorithm)),
        };
        Ok(Self::new(kind))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, redacted)", self.algorithm())
    }
}

fn rsa_key(
    der: &[u8],
    read: fn(&[u8]) -> Result<RsaKeyPair, aws_lc_rs::error::KeyRejected>,
) -> Result<Kind, KeyFault> {
    match read(der) {
        Ok(key) => Ok(Kind::Rsa(key)),
        Err(error) if error.to_string().contains("TooSmall") => Err(bad_rsa(Some(0))),
        Err(_) if EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der).is_ok() => {
            Err(mismatch("an EC key", Algorithm::Rs256))
        }
        Err(_) => Err(bad_rsa(None)),
    }
}

fn ec_key(der: &[u8]) -> Result<Kind, KeyFault> {
    match EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
        Ok(key) => Ok(Kind::Ec(key)),
        Err(_) if RsaKeyPair::from_pkcs8(der).is_ok() => Err(mismatch("an RSA key", Algorithm::Es256)),
        Err(_) => Err(not_p256()),
    }
}

fn bad_rsa(bits: Option<usize>) -> KeyFault {
    match bits {
        Some(bits) if bits < 2048 => KeyFault::new(
            "the RSA key is shorter than 2048 bits",
            "make a longer one: shorter keys can be broken (RFC 7518 §3.3)",
        ),
        _ => KeyFault::new("the RSA key cannot be read", "copy or export it again, whole"),
    }
}

pub(super) fn not_p256() -> KeyFault {
    KeyFault::new("this is not an EC key on the curve P-256", "ES256 needs P-256 (prime256v1, secp256r1)")
}

pub(super) fn mismatch(what: &str, algorithm: Algorithm) -> KeyFault {
    let needs = match algorithm {
        Algorithm::Rs256 => "an RSA key",
        Algorithm::Es256 => "an EC key on P-256",
        Algorithm::Hs256 => "a shared secret",
    };
    KeyFault::new(format!("{what} cannot sign {algorithm}"), format!("{algorithm} needs {needs}"))
}
