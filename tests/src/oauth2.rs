//! node-oauth2-server: plain OAuth 2.0, with the quirks that many servers have.

use crate::exchange;
use crate::installation;
use crate::journal::Journal;
use crate::server::{Server, StartError, or_fail};
use crate::settings::Settings;

/// A running node-oauth2-server, which knows everybody in [`clients`](crate::clients). Unlike [`Oidc`](crate::Oidc), it
/// takes ids and secrets in Basic as they are, and answers a client that shows itself in the wrong way with 403 and an
/// empty body.
pub struct OAuth2 {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    /// The token endpoint: client credentials, password, refresh.
    pub token_url: String,
    /// An API that answers 200 and `{"client", "user", "scope", "method", "body"}` to a live access token, and 401
    /// without one.
    pub whoami_url: String,
    /// What it was asked so far.
    pub journal: Journal,
    _server: Server,
}

impl OAuth2 {
    /// Starts one with the default settings.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        OAuth2::start_with(&Settings::default())
    }

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start_with(settings: &Settings) -> Self {
        or_fail(OAuth2::try_start(settings))
    }

    fn try_start(settings: &Settings) -> Result<Self, StartError> {
        let mut command = installation::node_program("oauth2.mjs")?;
        command.arg(settings.to_json().to_string());
        let (server, base_url) = Server::start_reporting("node-oauth2-server", command)?;
        Ok(OAuth2 {
            token_url: format!("{base_url}/token"),
            whoami_url: format!("{base_url}/api/whoami"),
            journal: Journal::of(&base_url),
            base_url,
            _server: server,
        })
    }

    /// Makes every access token that it gave out worthless at once.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn revoke_access_tokens(&self) {
        let _ =
            exchange::send("POST", &format!("{}/test/revoke_access_tokens", self.base_url), &[], "").json();
    }
}
