//! The last word on what no table can say: whether a URL can be used, a key sign, a certificate be shown.
//!
//! Here it is asked for; who has it is handed in.

use std::fmt;

/// The last word on values that no table can judge. `authwire-runtime` has one that knows URLs, keys and certificates.
///
/// No verdict repeats any part of what was judged.
pub trait Judge {
    /// Whether a URL can be used. One that its pattern refuses is asked for too: the judge knows the reason.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    fn url(&self, url: &str) -> Result<(), String>;

    /// The same of a base URL, which has no query besides.
    ///
    /// # Errors
    /// As of [`Judge::url`].
    fn base_url(&self, url: &str) -> Result<(), String> {
        self.url(url)
    }

    /// Whether a key can sign by `algorithm` (RFC 7518 §3.1); `encoding` is how an HS256 secret is written. Returns what had to
    /// be repaired before it could be read, each as a sentence without its subject's name.
    ///
    /// # Errors
    /// Why it can't.
    fn signing_key(
        &self,
        key: &str,
        algorithm: &str,
        encoding: Option<&str>,
    ) -> Result<Vec<String>, KeyFault> {
        let _ = (key, algorithm, encoding);
        Ok(Vec::new())
    }

    /// Whether a client certificate can be shown: with its key where that is given apart, unlocked with the passphrase.
    ///
    /// # Errors
    /// Why it can't, and which of the three it is about.
    fn client_certificate(
        &self,
        certificate: &str,
        private_key: Option<&str>,
        passphrase: Option<&str>,
    ) -> Result<(), (CertificatePart, KeyFault)> {
        let _ = (certificate, private_key, passphrase);
        Ok(())
    }
}

/// Why a key cannot be used. Holds no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl KeyFault {
    /// A fault.
    #[must_use]
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for KeyFault {}

/// A part of a client certificate as a connector gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificatePart {
    /// The certificate.
    Certificate,
    /// The private key.
    PrivateKey,
    /// The passphrase.
    Passphrase,
}
