//! NTLM over HTTP (MS-NLMP, MS-NTHT), the client's part: NTLMv2 with a message integrity code, and bound to the TLS
//! channel where there is one.
//!
//! `message` reads and writes the three messages, `response` proves who we are, `target_info` is what server and client
//! tell each other beside it. It must not know how requests are sent: whoever does keeps them on one connection.

mod message;
mod response;
mod target_info;

#[cfg(test)]
mod tests;

use std::time::SystemTime;

use aws_lc_rs::error::Unspecified;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

pub(crate) use message::ChallengeFault;
use message::{Authenticate, Challenge, Negotiate};
pub(crate) use response::Account;
use response::Fresh;

/// A handshake that is under way: the first message was made.
pub(crate) struct Handshake {
    negotiate: Vec<u8>,
}

/// What the answer to a challenge is made of beside the challenge.
pub(crate) struct Circumstances<'a> {
    /// Who logs in.
    pub(crate) account: Account<'a>,
    /// What we call our own machine; may be empty.
    pub(crate) workstation: &'a str,
    /// The server's host, as the URL names it.
    pub(crate) host: &'a str,
    /// The certificate that the server showed, in DER (RFC 5929 §4.1).
    pub(crate) certificate: Option<&'a [u8]>,
    /// The time, where the server does not tell its own.
    pub(crate) now: SystemTime,
}

impl Handshake {
    /// A new handshake.
    pub(crate) fn begin() -> Self {
        Self { negotiate: Negotiate.write() }
    }

    /// The value of `Authorization` that asks for a challenge.
    pub(crate) fn ask(&self) -> String {
        format!("NTLM {}", STANDARD.encode(&self.negotiate))
    }

    /// The value of `Authorization` that answers the challenge out of `WWW-Authenticate: NTLM …`.
    pub(crate) fn answer(
        &self,
        challenge: &str,
        circumstances: &Circumstances<'_>,
    ) -> Result<Zeroizing<String>, Fault> {
        self.answer_with(challenge, circumstances, &Fresh::random()?)
    }

    fn answer_with(
        &self,
        challenge: &str,
        circumstances: &Circumstances<'_>,
        fresh: &Fresh,
    ) -> Result<Zeroizing<String>, Fault> {
        let challenge = STANDARD.decode(challenge.trim()).map_err(|_| ChallengeFault::NotBase64)?;
        let read = Challenge::read(&challenge)?;
        let proof = response::prove(&read, circumstances, fresh);
        let answer = Authenticate { challenge: &read, circumstances, proof: &proof };
        let message = answer.write(&[&self.negotiate, &challenge]);
        Ok(Zeroizing::new(format!("NTLM {}", *Zeroizing::new(STANDARD.encode(&*message)))))
    }
}

/// Why a challenge cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The challenge is wrong.
    Challenge(ChallengeFault),
    /// There are no random bytes.
    NoRandomBytes,
}

impl From<ChallengeFault> for Fault {
    fn from(fault: ChallengeFault) -> Self {
        Self::Challenge(fault)
    }
}

impl From<Unspecified> for Fault {
    fn from(_: Unspecified) -> Self {
        Self::NoRandomBytes
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Challenge(fault) => write!(f, "the server's NTLM challenge {fault}"),
            Self::NoRandomBytes => f.write_str("the system has no random bytes to answer with"),
        }
    }
}

impl std::error::Error for Fault {}
