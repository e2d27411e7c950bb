//! A login application on Flask (`tests/servers/login.py`): sessions in a cookie that Flask signs.

use crate::clients::{User, ZOE};
use crate::exchange;
use crate::installation;
use crate::server::{self, Server, Socket, StartError, or_fail};

/// A running login application. `/login` takes [`Login::USER`] as a form or as JSON and sets the cookie `session`; `/whoami`
/// answers 200 and `{"user"}` within a session, 401 without one; `/digest` the same to an answered Digest challenge.
pub struct Login {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    _server: Server,
}

impl Login {
    /// Who may log in.
    pub const USER: User = ZOE;

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(Login::try_start())
    }

    fn try_start() -> Result<Self, StartError> {
        const NAME: &str = "login";
        let mut command = installation::leashed_python_module("gunicorn")?;
        command.args(["--bind", "fd://3", "--no-control-socket", "--graceful-timeout", "1", "--pythonpath"]);
        command.arg(installation::servers()).arg("login:app");
        command.env("LOGIN_USERNAME", Self::USER.username).env("LOGIN_PASSWORD", Self::USER.password);
        let socket = Socket::listen(NAME)?;
        let base_url = socket.base_url();
        let server = Server::start_inheriting(NAME, command, socket, server::folder(NAME)?)?;
        Ok(Login { base_url, _server: server })
    }

    /// Ends every session that was begun so far.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn end_sessions(&self) {
        let _ = exchange::send("POST", &format!("{}/test/end_sessions", self.base_url), &[], "").json();
    }
}
