//! Keys made for one test, and a signer and verifier of JWTs that nobody here wrote: OpenSSL makes, jose signs.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use crate::installation;
use crate::server::{StartError, or_fail};

const NAME: &str = "openssl";

/// How a JWT is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 3] = [Algorithm::Hs256, Algorithm::Rs256, Algorithm::Es256];

    /// The name in the `alg` header (RFC 7518 §3.1).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Hs256 => "HS256",
            Algorithm::Rs256 => "RS256",
            Algorithm::Es256 => "ES256",
        }
    }
}

/// A private key (PKCS#8) and its public key (SPKI), both as PEM.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// The private key.
    pub private: String,
    /// The public key.
    pub public: String,
}

/// One key for each algorithm.
#[derive(Clone, Debug)]
pub struct SigningKeys {
    /// The secret of HS256: 64 hexadecimal digits, to be used as text.
    pub hs256: String,
    /// RSA, 2048 bits.
    pub rs256: KeyPair,
    /// EC, P-256.
    pub es256: KeyPair,
}

impl SigningKeys {
    /// Makes new ones.
    ///
    /// # Panics
    /// If OpenSSL can't; the message says why.
    #[must_use]
    #[track_caller]
    pub fn generate() -> Self {
        or_fail(SigningKeys::try_generate())
    }

    fn try_generate() -> Result<Self, StartError> {
        Ok(SigningKeys {
            hs256: openssl(&["rand", "-hex", "32"], "")?.trim().to_owned(),
            rs256: key_pair(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])?,
            es256: key_pair(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])?,
        })
    }

    /// What signs: a private key as PEM, or the secret.
    #[must_use]
    pub fn signing_key(&self, algorithm: Algorithm) -> &str {
        match algorithm {
            Algorithm::Hs256 => &self.hs256,
            Algorithm::Rs256 => &self.rs256.private,
            Algorithm::Es256 => &self.es256.private,
        }
    }

    /// What verifies: a public key as PEM, or the secret.
    #[must_use]
    pub fn verification_key(&self, algorithm: Algorithm) -> &str {
        match algorithm {
            Algorithm::Hs256 => &self.hs256,
            Algorithm::Rs256 => &self.rs256.public,
            Algorithm::Es256 => &self.es256.public,
        }
    }

    /// By the name of the algorithm.
    pub(crate) fn verification_keys(&self) -> Value {
        let entry =
            |algorithm: Algorithm| (algorithm.name().to_owned(), self.verification_key(algorithm).into());
        Value::Object(Algorithm::ALL.into_iter().map(entry).collect::<Map<_, _>>())
    }

    /// A JWT with these claims, signed by jose.
    ///
    /// # Panics
    /// If jose can't; the message says why.
    #[must_use]
    #[track_caller]
    pub fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        let header = json!({"alg": algorithm.name()});
        let order = json!({"key": self.signing_key(algorithm), "header": header, "claims": claims});
        jose("sign", &order).unwrap_or_else(|reason| panic!("jose did not sign: {reason}"))
    }

    /// The claims of a JWT, if jose finds that one of these keys signed it, that it is valid now, has an issuer, and is
    /// for this audience; else what jose has against it.
    ///
    /// # Errors
    /// What jose has against the token.
    pub fn verify(&self, token: &str, audience: &str) -> Result<Value, String> {
        let order = json!({"token": token, "keys": self.verification_keys(), "audience": [audience]});
        let claims = jose("verify", &order)?;
        serde_json::from_str(&claims).map_err(|error| error.to_string())
    }
}

fn key_pair(kind: &[&str]) -> Result<KeyPair, StartError> {
    let private = openssl(&[&["genpkey"], kind].concat(), "")?;
    let public = openssl(&["pkey", "-pubout"], &private)?;
    Ok(KeyPair { private, public })
}

fn openssl(arguments: &[&str], input: &str) -> Result<String, StartError> {
    let mut command = Command::new(installation::debian_program(NAME)?);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(StartError::io(NAME))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(StartError::io(NAME))?;
    }
    let output = child.wait_with_output().map_err(StartError::io(NAME))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(StartError::Io { server: NAME, source: io::Error::other(reason) });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn jose(action: &str, order: &Value) -> Result<String, String> {
    let mut command = installation::node_program("jwt.mjs").map_err(|error| error.to_string())?;
    let output = command.args([action, &order.to_string()]).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
