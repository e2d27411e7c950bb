//! httpbin: Basic and Digest, cookies, redirects, and an echo of what came.

use crate::installation;
use crate::server::{self, Server, Socket, StartError, or_fail};

/// A running httpbin. `/basic-auth/USER/PASSWORD` and `/digest-auth/auth/USER/PASSWORD` verify; `/anything` echoes;
/// `/redirect-to?url=…` redirects. Its `/bearer` takes any token, and proves nothing.
pub struct Httpbin {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    _server: Server,
}

impl Httpbin {
    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(Httpbin::try_start())
    }

    fn try_start() -> Result<Self, StartError> {
        const NAME: &str = "httpbin";
        let mut command = installation::leashed_python_module("gunicorn")?;
        command.args(["--bind", "fd://3", "--no-control-socket", "--graceful-timeout", "1"]);
        command.args(["--worker-class", "gthread", "--threads", "4", "httpbin:app"]);
        let socket = Socket::listen(NAME)?;
        let base_url = socket.base_url();
        let server = Server::start_inheriting(NAME, command, socket, server::folder(NAME)?)?;
        Ok(Httpbin { base_url, _server: server })
    }
}
