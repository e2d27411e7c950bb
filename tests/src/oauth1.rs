//! An API on Flask that oauthlib guards (`tests/servers/oauth1.py`): every request has to be signed by OAuth 1.0.

use crate::clients::{ALICE, User};
use crate::exchange;
use crate::installation;
use crate::server::{self, Server, Socket, StartError, or_fail};

/// A running API. `/two/…` wants the signature of [`OAuth1::CLIENT`] alone, `/three/…` with [`OAuth1::TOKEN`]; both answer 200 and
/// `{"granted", "method", "path"}`, or 401. Below `/oauth` a person gives a client a token: `request_token`, `authorize`,
/// `access_token`.
pub struct OAuth1 {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    _server: Server,
}

impl OAuth1 {
    /// The client's key.
    pub const CLIENT: &str = "client key+1";
    /// The client's shared secret.
    pub const CLIENT_SECRET: &str = "kd94hf&93k/423+kf44 ü";
    /// The token.
    pub const TOKEN: &str = "nnch734d00sl2jdk=";
    /// The token's shared secret.
    pub const TOKEN_SECRET: &str = "pfkkdhi9sl3r4s00%";

    /// Who may log in and agree.
    pub const USER: User = ALICE;

    /// Starts one, which believes nobody who signs by RSA-SHA1.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(OAuth1::try_start(""))
    }

    /// Starts one that knows the client by this public key too, in PEM.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start_with_key(public: &str) -> Self {
        or_fail(OAuth1::try_start(public))
    }

    fn try_start(public: &str) -> Result<Self, StartError> {
        const NAME: &str = "oauth1";
        let mut command = installation::leashed_python_module("gunicorn")?;
        command.args(["--bind", "fd://3", "--no-control-socket", "--graceful-timeout", "1", "--pythonpath"]);
        command.arg(installation::servers()).arg("oauth1:app");
        command.env("OAUTH1_CLIENT", Self::CLIENT).env("OAUTH1_CLIENT_SECRET", Self::CLIENT_SECRET);
        command.env("OAUTH1_CLIENT_KEY", public);
        command.env("OAUTH1_TOKEN", Self::TOKEN).env("OAUTH1_TOKEN_SECRET", Self::TOKEN_SECRET);
        command.env("LOGIN_USERNAME", Self::USER.username).env("LOGIN_PASSWORD", Self::USER.password);
        let socket = Socket::listen(NAME)?;
        let base_url = socket.base_url();
        let server = Server::start_inheriting(NAME, command, socket, server::folder(NAME)?)?;
        Ok(OAuth1 { base_url, _server: server })
    }

    /// Ends every token that was had so far.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn end_tokens(&self) {
        let _ = exchange::send("POST", &format!("{}/test/end_tokens", self.base_url), &[], "").json();
    }
}
