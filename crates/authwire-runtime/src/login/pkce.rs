//! Proof Key for Code Exchange (RFC 7636), with S256, the one method worth having (RFC 9700 §2.1.1).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::random;

/// A code verifier (RFC 7636 §4.1): a secret of one authorization.
pub(crate) struct Verifier(Zeroizing<String>);

impl Verifier {
    /// A fresh one: 43 characters out of 256 random bits, as §7.1 recommends.
    pub(crate) fn fresh() -> Result<Self, Error> {
        random_text().map(Self)
    }

    /// What the token request sends as `code_verifier`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the authorization request sends as `code_challenge` (§4.2).
    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.0.as_bytes()))
    }

    #[cfg(test)]
    pub(crate) fn from_text(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier(redacted)")
    }
}

/// 256 random bits in the Base64 of URLs: for verifiers, and for a `state` or `nonce` that nobody guesses.
pub(crate) fn random_text() -> Result<Zeroizing<String>, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    random::fill(bytes.as_mut_slice())?;
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::Verifier;

    /// RFC 7636, Appendix B.
    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        let verifier = Verifier::from_text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_is_fresh_well_formed_and_never_shown() {
        let (one, other) = (Verifier::fresh().expect("random"), Verifier::fresh().expect("random"));
        assert_ne!(one.as_str(), other.as_str());
        assert_eq!(one.as_str().len(), 43);
        assert!(one.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(format!("{one:?}"), "Verifier(redacted)");
    }
}
