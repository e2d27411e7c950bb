//! The answer to a challenge: `Authorization: Digest` (RFC 7616 §3.4).

use aws_lc_rs::digest;
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::{Algorithm, Challenge};
use crate::error::Error;
use crate::{hex, random};

/// Who logs in. Both are digested as UTF-8, as `charset="UTF-8"` asks for, and as most servers without it do.
#[derive(Clone, Copy)]
pub(crate) struct User<'a> {
    pub(crate) name: &'a str,
    pub(crate) password: &'a str,
}

impl std::fmt::Debug for User<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("User(redacted)")
    }
}

/// A challenge that is being answered, request by request, until the server sends another.
#[derive(Debug)]
pub(crate) struct Session {
    challenge: Challenge,
    /// One for the whole session: `-sess` digests it into the key (§3.4.2).
    cnonce: String,
    count: u32,
}

impl Session {
    /// A session with a fresh client nonce.
    pub(crate) fn new(challenge: Challenge) -> Result<Self, Error> {
        let mut bytes = [0; 16];
        random::fill(&mut bytes)?;
        Ok(Self::with_cnonce(challenge, hex::encode(&bytes)))
    }

    pub(super) fn with_cnonce(challenge: Challenge, cnonce: String) -> Self {
        Self { challenge, cnonce, count: 0 }
    }

    /// The value of `Authorization` for the next request. `target` is what stands in the request line.
    pub(crate) fn authorize(&mut self, user: User<'_>, method: &str, target: &str) -> Zeroizing<String> {
        // a server counts in 32 bits (§3.4)
        self.count = self.count.wrapping_add(1);
        let count = format!("{:08x}", self.count);
        let Challenge { algorithm, realm, nonce, .. } = &self.challenge;
        let digest = |parts: &[&str]| algorithm.digest(parts);
        let mut key = digest(&[user.name, realm, user.password]);
        if self.challenge.session {
            key = digest(&[&key, nonce, &self.cnonce]);
        }
        let request = digest(&[method, target]);
        let response = if self.challenge.qop {
            digest(&[&key, nonce, &count, &self.cnonce, "auth", &request])
        } else {
            digest(&[&key, nonce, &request])
        };
        let mut header = Zeroizing::new("Digest ".to_owned());
        header.push_str(&self.username(user.name));
        for (name, value) in
            [("realm", realm.as_str()), ("nonce", nonce), ("uri", target), ("response", &response)]
        {
            header.push_str(&format!(", {name}={}", quoted(value)));
        }
        if let Some(name) = &self.challenge.algorithm_name {
            header.push_str(&format!(", algorithm={name}"));
        }
        if let Some(opaque) = &self.challenge.opaque {
            header.push_str(&format!(", opaque={}", quoted(opaque)));
        }
        if self.challenge.qop {
            header.push_str(&format!(", qop=auth, nc={count}"));
        }
        if self.challenge.qop || self.challenge.session {
            header.push_str(&format!(", cnonce={}", quoted(&self.cnonce)));
        }
        if self.challenge.userhash {
            header.push_str(", userhash=true");
        }
        header
    }

    fn username(&self, name: &str) -> String {
        if self.challenge.userhash {
            let hashed = self.challenge.algorithm.digest(&[name, &self.challenge.realm]);
            return format!("username={}", quoted(&hashed));
        }
        if name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return format!("username={}", quoted(name));
        }
        // RFC 8187 §3.2, for what a quoted string does not hold
        let encoded = crate::percent::query(name);
        format!("username*=UTF-8''{encoded}")
    }
}

impl Algorithm {
    /// The digest of `parts` with `:` between them, in hexadecimal digits.
    fn digest(self, parts: &[&str]) -> Zeroizing<String> {
        let text = Zeroizing::new(parts.join(":"));
        let sha = |algorithm| hex::encode(digest::digest(algorithm, text.as_bytes()).as_ref());
        Zeroizing::new(match self {
            Self::Sha512_256 => sha(&digest::SHA512_256),
            Self::Sha256 => sha(&digest::SHA256),
            Self::Md5 => hex::encode(&Md5::digest(text.as_bytes())),
        })
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
