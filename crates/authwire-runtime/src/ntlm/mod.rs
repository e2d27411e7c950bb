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

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use zeroize::Zeroizing;

pub(crate) use message::ChallengeFault;
use message::{Authenticate, Challenge, Negotiate};
pub(crate) use response::Account;
use response::Fresh;

use crate::error::Error;
use crate::refusal::Refusal;

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
    ) -> Result<Zeroizing<String>, Error> {
        let fresh = Fresh::random()?;
        self.answer_with(challenge, circumstances, &fresh).map_err(|fault| {
            let message = format!("the server's NTLM challenge {fault}");
            Error::Refused(Refusal { status: StatusCode::UNAUTHORIZED, message })
        })
    }

    fn answer_with(
        &self,
        challenge: &str,
        circumstances: &Circumstances<'_>,
        fresh: &Fresh,
    ) -> Result<Zeroizing<String>, ChallengeFault> {
        let challenge = STANDARD.decode(challenge.trim()).map_err(|_| ChallengeFault::NotBase64)?;
        let read = Challenge::read(&challenge)?;
        let proof = response::prove(&read, circumstances, fresh);
        let answer = Authenticate { challenge: &read, circumstances, proof: &proof };
        let message = answer.write(&[&self.negotiate, &challenge]);
        Ok(Zeroizing::new(format!("NTLM {}", *Zeroizing::new(STANDARD.encode(&*message)))))
    }
}
