//! Samba's `ntlm_auth` behind a small HTTP server: NTLMv2 only, each connection on its own.

use serde_json::json;

use crate::exchange;
use crate::installation;
use crate::server::{Server, StartError, or_fail};

/// A running server that lets [`Ntlm::USERNAME`] in. `/whoami` answers 200 and `{"user", "method", "body"}` to a
/// connection that proved whose it is, and 401 to any other.
pub struct Ntlm {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    _server: Server,
}

impl Ntlm {
    /// The account.
    pub const USERNAME: &str = "svc-integration";
    /// Its password, which no code page but Unicode holds.
    pub const PASSWORD: &str = "pä:ss wörd%20€";
    /// Its domain.
    pub const DOMAIN: &str = "ACME";

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(Ntlm::try_start())
    }

    fn try_start() -> Result<Self, StartError> {
        installation::debian_program("ntlm_auth")?;
        let mut command = installation::node_program("ntlm.mjs")?;
        let account = json!({"username": Self::USERNAME, "password": Self::PASSWORD, "domain": Self::DOMAIN});
        command.arg(account.to_string());
        let (server, base_url) = Server::start_reporting("ntlm", command)?;
        Ok(Ntlm { base_url, _server: server })
    }

    /// How many handshakes came to their end so far.
    ///
    /// # Panics
    /// If the server does not answer.
    #[must_use]
    pub fn handshakes(&self) -> u64 {
        let counts = exchange::get(&format!("{}/test/counts", self.base_url), &[]).json();
        counts["handshakes"].as_u64().unwrap_or_else(|| panic!("no number: {counts}"))
    }
}
