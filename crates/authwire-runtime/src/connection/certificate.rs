//! A client certificate with its key (RFC 8446 §4.4.2), out of PEM or PKCS#12 (RFC 7292).
//!
//! No fault repeats any part of a key.

use std::fmt;

use authwire_core::Code;
pub use authwire_core::judge::CertificatePart;
use authwire_core::key::is_pem;
use authwire_core::plan::ConnectionPlan;
use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::der;
use crate::error::Unusable;
use crate::pem::{self, Block};
use crate::template::Scope;
use crate::wiped::WipedBytes;

/// A client certificate with its key, as a transport shows it.
#[derive(Clone)]
pub struct ClientIdentity {
    pem: Zeroizing<Vec<u8>>,
    fingerprint: [u8; 32],
}

impl ClientIdentity {
    /// Reads a certificate, with those that issued it behind it, and its key.
    ///
    /// `certificate` is PEM, or PKCS#12 in Base64, which brings the key; `private_key` is the key in PEM, where it is not
    /// with the certificate; `passphrase` unlocks PKCS#12 and an encrypted key (PKCS#8).
    ///
    /// # Errors
    ///
    /// If one of them cannot be read, or the key is not that of the certificate.
    pub fn read(
        certificate: &str,
        private_key: Option<&str>,
        passphrase: Option<&str>,
    ) -> Result<Self, IdentityFault> {
        let Parts { chain, key } = if is_pem(certificate) {
            Parts::from_pem(certificate, private_key, passphrase)?
        } else {
            Parts::from_pkcs12(certificate, private_key, passphrase)?
        };
        let Some(own) = chain.first() else {
            return Err(IdentityFault::new(
                CertificatePart::Certificate,
                "there is no certificate in it",
                COPY_AGAIN,
            ));
        };
        if !key.fits(own) {
            return Err(IdentityFault::new(
                CertificatePart::PrivateKey,
                "the key is not that of the certificate",
                "give the key that the certificate was issued for, and the certificate before those that issued it",
            ));
        }
        let mut text = WipedBytes::default();
        chain.iter().for_each(|der| write_pem(&mut text, "CERTIFICATE", der));
        write_pem(&mut text, &key.label, &key.der);
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest::digest(&digest::SHA256, &text).as_ref());
        Ok(Self { pem: text.into_zeroizing(), fingerprint })
    }

    /// Certificates and key in PEM. The name is long so that a reviewer sees it.
    #[must_use]
    pub fn expose_pem(&self) -> &[u8] {
        &self.pem
    }

    /// Tells one identity from another: a SHA-256 digest.
    #[must_use]
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientIdentity(redacted)")
    }
}

impl PartialEq for ClientIdentity {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for ClientIdentity {}

const COPY_AGAIN: &str = "copy or export it again, whole";

/// What an identity is made of.
struct Parts {
    chain: Vec<Zeroizing<Vec<u8>>>,
    key: PrivateKey,
}

struct PrivateKey {
    label: String,
    der: Zeroizing<Vec<u8>>,
}

impl Parts {
    fn from_pem(
        certificate: &str,
        private_key: Option<&str>,
        passphrase: Option<&str>,
    ) -> Result<Self, IdentityFault> {
        let blocks = |text: &str, place| {
            pem::read(text)
                .map(|(blocks, _)| blocks)
                .map_err(|_| IdentityFault::new(place, "the PEM text is broken", COPY_AGAIN))
        };
        let (mut chain, mut keys) = (Vec::new(), Vec::new());
        for block in blocks(certificate, CertificatePart::Certificate)? {
            if block.label == "CERTIFICATE" {
                chain.push(block.der);
            } else if block.label.ends_with("PRIVATE KEY") {
                keys.push(block);
            }
        }
        let key = match private_key {
            Some(text) => {
                let blocks = blocks(text, CertificatePart::PrivateKey)?;
                blocks.into_iter().find(|block| block.label.ends_with("PRIVATE KEY"))
            }
            None => keys.pop(),
        };
        let Some(key) = key else {
            return Err(IdentityFault::new(
                CertificatePart::PrivateKey,
                "there is no private key",
                "give it in PEM: `-----BEGIN PRIVATE KEY-----` and so on",
            ));
        };
        Ok(Self { chain, key: PrivateKey::unlock(key, passphrase)? })
    }

    #[cfg(feature = "pkcs12")]
    fn from_pkcs12(
        base64: &str,
        private_key: Option<&str>,
        passphrase: Option<&str>,
    ) -> Result<Self, IdentityFault> {
        use p12_keystore::{KeyStore, Pkcs12ImportPolicy};

        if private_key.is_some() {
            return Err(IdentityFault::new(
                CertificatePart::PrivateKey,
                "PKCS#12 brings its own key",
                "leave the private key out, or give the certificate in PEM",
            ));
        }
        let mut bare = WipedBytes::with_capacity(base64.len());
        base64.split_ascii_whitespace().for_each(|line| bare.push(line.as_bytes()));
        let bytes = STANDARD.decode(&*bare).map(Zeroizing::new).map_err(|_| {
            IdentityFault::new(
                CertificatePart::Certificate,
                "this is neither PEM nor PKCS#12",
                "give `-----BEGIN CERTIFICATE-----` and so on, or a PKCS#12 file (.p12, .pfx)",
            )
        })?;
        let store = KeyStore::from_pkcs12(&bytes, passphrase.unwrap_or_default(), Pkcs12ImportPolicy::Strict)
            .map_err(|_| {
                IdentityFault::new(
                    CertificatePart::Passphrase,
                    "the PKCS#12 file cannot be opened",
                    "check the passphrase, or export the file again",
                )
            })?;
        let Some((_, chain)) = store.private_key_chain() else {
            return Err(IdentityFault::new(
                CertificatePart::Certificate,
                "the PKCS#12 file holds no certificate with a key",
                "export both into it",
            ));
        };
        Ok(Self {
            chain: chain.certs().iter().map(|one| Zeroizing::new(one.as_der().to_vec())).collect(),
            key: PrivateKey {
                label: "PRIVATE KEY".to_owned(),
                der: Zeroizing::new(chain.key().as_der().to_vec()),
            },
        })
    }

    #[cfg(not(feature = "pkcs12"))]
    fn from_pkcs12(_: &str, _: Option<&str>, _: Option<&str>) -> Result<Self, IdentityFault> {
        Err(IdentityFault::new(
            CertificatePart::Certificate,
            "this is no PEM",
            "give `-----BEGIN CERTIFICATE-----` and so on; the feature `pkcs12` reads PKCS#12",
        ))
    }
}

impl PrivateKey {
    fn unlock(block: Block, passphrase: Option<&str>) -> Result<Self, IdentityFault> {
        let Block { label, der, encrypted } = block;
        match (encrypted, passphrase) {
            (false, _) => Ok(Self { label, der }),
            (true, None) => Err(IdentityFault::new(
                CertificatePart::Passphrase,
                "the private key is encrypted",
                "give its passphrase, or decrypt it: openssl pkcs8 -topk8 -nocrypt -in key.pem",
            )),
            (true, Some(passphrase)) => Self::decrypt(&der, passphrase),
        }
    }

    #[cfg(feature = "pkcs12")]
    fn decrypt(der: &[u8], passphrase: &str) -> Result<Self, IdentityFault> {
        if der.is_empty() {
            return Err(IdentityFault::new(
                CertificatePart::PrivateKey,
                "the private key is encrypted in OpenSSL's own old format",
                "convert it: openssl pkcs8 -topk8 -in key.pem",
            ));
        }
        let locked = pkcs8::EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| {
            IdentityFault::new(CertificatePart::PrivateKey, "the private key cannot be read", COPY_AGAIN)
        })?;
        let document = locked.decrypt(passphrase).map_err(|_| {
            IdentityFault::new(
                CertificatePart::Passphrase,
                "the private key cannot be decrypted",
                "check the passphrase",
            )
        })?;
        Ok(Self { label: "PRIVATE KEY".to_owned(), der: Zeroizing::new(document.as_bytes().to_vec()) })
    }

    #[cfg(not(feature = "pkcs12"))]
    fn decrypt(_: &[u8], _: &str) -> Result<Self, IdentityFault> {
        Err(IdentityFault::new(
            CertificatePart::PrivateKey,
            "the private key is encrypted",
            "decrypt it: openssl pkcs8 -topk8 -nocrypt -in key.pem; the feature `pkcs12` decrypts it here",
        ))
    }

    /// Whether it is the key of `certificate`. A kind of key that we do not know is left to the TLS library.
    fn fits(&self, certificate: &[u8]) -> bool {
        let Some(public) = der::public_key(certificate) else { return false };
        let rsa = || RsaKeyPair::from_pkcs8(&self.der).or_else(|_| RsaKeyPair::from_der(&self.der));
        if let Ok(pair) = rsa() {
            return pair.public_key().as_ref() == public;
        }
        for curve in [&ECDSA_P256_SHA256_ASN1_SIGNING, &ECDSA_P384_SHA384_ASN1_SIGNING] {
            if let Ok(pair) = EcdsaKeyPair::from_private_key_der(curve, &self.der) {
                return pair.public_key().as_ref() == public;
            }
        }
        match Ed25519KeyPair::from_pkcs8_maybe_unchecked(&self.der) {
            Ok(pair) => pair.public_key().as_ref() == public,
            Err(_) => true,
        }
    }
}

fn write_pem(text: &mut WipedBytes, label: &str, der: &[u8]) {
    let base64 = Zeroizing::new(STANDARD.encode(der));
    text.push(format!("-----BEGIN {label}-----\n").as_bytes());
    for line in base64.as_bytes().chunks(64) {
        text.push(line);
        text.push(b"\n");
    }
    text.push(format!("-----END {label}-----\n").as_bytes());
}

/// Why a certificate cannot be used. Holds no part of it, nor of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityFault {
    /// What it is about.
    pub part: CertificatePart,
    /// What is wrong.
    pub message: &'static str,
    /// What to do.
    pub help: &'static str,
}

impl IdentityFault {
    fn new(part: CertificatePart, message: &'static str, help: &'static str) -> Self {
        Self { part, message, help }
    }

    /// The same, naming the field that it is about.
    pub(super) fn into_unusable(self, scope: &Scope<'_>, plan: &ConnectionPlan) -> Unusable {
        use authwire_core::plan::{ConnectionAuth, Source};
        let unusable = Unusable::new(Code::Key, self.message).with_help(self.help);
        let ConnectionAuth::ClientCertificate { certificate, private_key, passphrase } = &plan.what else {
            return unusable;
        };
        let template = match self.part {
            CertificatePart::Certificate => Some(certificate),
            CertificatePart::PrivateKey => private_key.as_ref().or(Some(certificate)),
            CertificatePart::Passphrase => passphrase.as_ref().or(Some(certificate)),
        };
        match template.and_then(authwire_core::plan::Template::lone) {
            Some(Source::Field(field)) => scope.blame(unusable, &[field]),
            _ => unusable,
        }
    }
}

impl fmt::Display for IdentityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for IdentityFault {}
