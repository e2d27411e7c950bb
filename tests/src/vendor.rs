//! Made-up vendors on Flask (`tests/servers/vendor.py`), each with an auth of its own that no built-in type has.

use crate::clients::{User, ZOE};
use crate::exchange;
use crate::installation;
use crate::server::{self, Server, Socket, StartError, or_fail};

/// The vendors' APIs, each below a path of its own. The program says what they take; it refuses whatever is wrong.
pub struct Vendor {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    _server: Server,
}

impl Vendor {
    /// Who may log in, wherever somebody logs in.
    pub const USER: User = ZOE;

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(Vendor::try_start())
    }

    fn try_start() -> Result<Self, StartError> {
        const NAME: &str = "vendor";
        let mut command = installation::leashed_python_module("gunicorn")?;
        command.args(["--bind", "fd://3", "--no-control-socket", "--graceful-timeout", "1", "--pythonpath"]);
        command.arg(installation::servers()).arg("vendor:app");
        command.env("LOGIN_USERNAME", Self::USER.username).env("LOGIN_PASSWORD", Self::USER.password);
        let socket = Socket::listen(NAME)?;
        let base_url = socket.base_url();
        let server = Server::start_inheriting(NAME, command, socket, server::folder(NAME)?)?;
        Ok(Vendor { base_url, _server: server })
    }

    /// Ends every session that was begun so far.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn end_sessions(&self) {
        let _ = exchange::send("POST", &format!("{}/test/end_sessions", self.base_url), &[], "").json();
    }
}
