//! The protocol parameters of a request (RFC 5849 §3.1), signed, and the three places for them (§3.5).

use std::time::SystemTime;

use http::{Method, Uri};
use zeroize::Zeroizing;

use super::{Secrets, SignatureMethod, base_string, encode};
use crate::error::Error;
use crate::jwt::KeyFault;
use crate::{hex, random};

/// What makes a request one of its kind (§3.3).
#[derive(Debug, Clone)]
pub(crate) struct Nonce {
    /// Seconds since 1970.
    pub(crate) timestamp: u64,
    /// A text that no other request of that second has.
    pub(crate) nonce: String,
}

impl Nonce {
    /// A fresh one: 128 random bits.
    pub(crate) fn fresh(now: SystemTime) -> Result<Self, Error> {
        let mut bytes = [0; 16];
        random::fill(&mut bytes)?;
        let timestamp = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok(Self { timestamp, nonce: hex::encode(&bytes) })
    }
}

/// The protocol parameters, with the signature as the last.
pub(crate) struct Parameters(Vec<(String, Zeroizing<String>)>);

impl Parameters {
    /// Those that come to what is given.
    pub(crate) const ADDED: [&'static str; 4] =
        ["oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature"];

    /// Signs a request. `given` are `oauth_consumer_key`, and as the case may be `oauth_token`, `oauth_callback`,
    /// `oauth_verifier`. `oauth_version` is left out, as it may be (§3.1).
    pub(crate) fn signed(
        (method, uri, form): (&Method, &Uri, Option<&str>),
        given: &[(&str, &str)],
        nonce: &Nonce,
        signature_method: SignatureMethod,
        secrets: &Secrets<'_>,
    ) -> Result<Self, KeyFault> {
        let timestamp = nonce.timestamp.to_string();
        let mut parameters = given.to_vec();
        let [method_name, timestamp_name, nonce_name, signature_name] = Self::ADDED;
        parameters.push((method_name, signature_method.as_str()));
        parameters.push((timestamp_name, &timestamp));
        parameters.push((nonce_name, &nonce.nonce));
        let signature = signature_method.sign(&base_string(method, uri, form, &parameters), secrets)?;
        let mut signed: Vec<_> = parameters
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Zeroizing::new(value.to_owned())))
            .collect();
        signed.push((signature_name.to_owned(), signature));
        Ok(Self(signed))
    }

    /// The value of `Authorization` (§3.5.1).
    pub(crate) fn header(&self, realm: Option<&str>) -> Zeroizing<String> {
        let realm = realm.map(|realm| {
            // a quoted string (RFC 9110 §5.6.4), unlike the others
            Zeroizing::new(format!("realm=\"{}\"", realm.replace('\\', "\\\\").replace('"', "\\\"")))
        });
        let parameters = self.encoded(|name, value| format!("{name}=\"{value}\""));
        let all: Vec<&str> = realm.iter().chain(&parameters).map(|parameter| parameter.as_str()).collect();
        Zeroizing::new(format!("OAuth {}", all.join(", ")))
    }

    /// To be appended to a form (§3.5.2) or to a query (§3.5.3), after what is there and a `&`.
    pub(crate) fn pairs(&self) -> Zeroizing<String> {
        let parameters = self.encoded(|name, value| format!("{name}={value}"));
        let all: Vec<&str> = parameters.iter().map(|parameter| parameter.as_str()).collect();
        Zeroizing::new(all.join("&"))
    }

    fn encoded(&self, write: impl Fn(&str, &str) -> String) -> Vec<Zeroizing<String>> {
        self.0
            .iter()
            .map(|(name, value)| {
                let value = Zeroizing::new(encode(value.as_bytes()));
                Zeroizing::new(write(&encode(name.as_bytes()), &value))
            })
            .collect()
    }
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parameters(redacted)")
    }
}
