//! oidc-provider: an OpenID Connect provider that is certified, and strict about RFC 6749.

use serde_json::json;

use crate::authority::Authority;
use crate::clients::{Client, User};
use crate::exchange;
use crate::installation;
use crate::journal::Journal;
use crate::server::{Server, StartError, or_fail};
use crate::settings::Settings;

/// A running oidc-provider, which knows everybody in [`clients`](crate::clients).
pub struct Oidc {
    /// `http://127.0.0.1:PORT`; also the issuer.
    pub base_url: String,
    /// The authorization endpoint; wants a code challenge (RFC 7636).
    pub authorization_url: String,
    /// The device authorization endpoint.
    pub device_authorization_url: String,
    /// The token endpoint.
    pub token_url: String,
    /// An API that answers 200 and `{"client", "user", "scope", "method", "body"}` to a live access token, 401 without
    /// one, and with `?scope=NAME` 403 and `insufficient_scope` to one that lacks the scope.
    pub whoami_url: String,
    /// What it was asked so far.
    pub journal: Journal,
    _server: Server,
}

impl Oidc {
    /// Starts one with the default settings.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        Oidc::start_with(&Settings::default())
    }

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start_with(settings: &Settings) -> Self {
        or_fail(Oidc::try_start(settings, None))
    }

    /// Starts one that speaks TLS and asks for client certificates of `authority`. Its journal is out of reach.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start_tls(authority: &Authority) -> Self {
        or_fail(Oidc::try_start(&Settings::default(), Some(authority)))
    }

    fn try_start(settings: &Settings, authority: Option<&Authority>) -> Result<Self, StartError> {
        let mut command = installation::node_program("oidc.mjs")?;
        let mut settings = settings.to_json();
        if let Some(authority) = authority {
            let own = authority.server();
            settings["tls"] =
                json!({"certificate": own.certificate, "key": own.key, "ca": authority.certificate()});
        }
        command.arg(settings.to_string());
        let (server, base_url) = Server::start_reporting("oidc-provider", command)?;
        Ok(Oidc {
            authorization_url: format!("{base_url}/auth"),
            device_authorization_url: format!("{base_url}/device/auth"),
            token_url: format!("{base_url}/token"),
            whoami_url: format!("{base_url}/api/whoami"),
            journal: Journal::of(&base_url),
            base_url,
            _server: server,
        })
    }

    /// A refresh token with every scope, as if the user had agreed in a browser.
    ///
    /// # Panics
    /// If the server gives none.
    #[must_use]
    pub fn refresh_token(&self, client: &Client, user: &User) -> String {
        let query =
            format!("client={}&user={}", exchange::encode(client.id), exchange::encode(user.username));
        let url = format!("{}/test/refresh_token?{query}", self.base_url);
        let answer = exchange::send("POST", &url, &[], "").json();
        answer["refresh_token"].as_str().unwrap_or_else(|| panic!("no refresh token: {answer}")).to_owned()
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
