//! PostgreSQL, with an empty database.

use std::fmt;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::authority::Authority;
use crate::installation;
use crate::server::{self, Server, StartError, or_fail};

const NAME: &str = "postgres";

/// A running server. It listens on a socket in its folder; [`start_tls`](Self::start_tls) makes it listen on a port too.
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    _server: Server,
}

impl Postgres {
    /// The superuser.
    pub const USER: &str = "authwire";
    /// Its password.
    pub const PASSWORD: &str = "pg-c4nary/?&:@ü";
    /// The same as a URL has it.
    pub const PASSWORD_ENCODED: &str = "pg-c4nary%2F%3F%26%3A%40%C3%BC";

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(Self::try_start(5432, None))
    }

    /// Starts one that listens on a port too, and demands TLS there.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start_tls(authority: &Authority) -> Self {
        // it takes no port of the system's choice: one that was free a moment ago is taken by somebody else sometimes
        let mut last = None;
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
            let port = port.expect("the system has a port").port();
            match Self::try_start(port, Some(authority)) {
                Ok(started) => return started,
                Err(error) => last = Some(error),
            }
        }
        or_fail(Err(last.expect("it was tried")))
    }

    fn try_start(port: u16, tls: Option<&Authority>) -> Result<Self, StartError> {
        let programs = installation::postgres()?;
        let directory = server::folder(NAME)?;
        let folder = directory.path().to_owned();
        fs::write(folder.join("password"), Self::PASSWORD).map_err(StartError::io(NAME))?;
        let mut command = Command::new("sh");
        command
            .arg(installation::servers().join("postgres.sh"))
            .arg(programs)
            .arg(&folder)
            .arg(port.to_string());
        if let Some(authority) = tls {
            let own = authority.server();
            command.arg(&own.certificate).arg(&own.key);
        }
        let (server, _) = Server::start_reporting_in(NAME, command, directory)?;
        Ok(Self { folder, port, _server: server })
    }

    /// The URL of its database, over the socket.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "postgres://{}:{}@{}:{}/postgres",
            Self::USER,
            Self::PASSWORD_ENCODED,
            encoded(&self.folder),
            self.port
        )
    }

    /// The URL of its database, over the port, with these parameters.
    #[must_use]
    pub fn url_of_port(&self, host: &str, parameters: impl fmt::Display) -> String {
        format!(
            "postgres://{}:{}@{host}:{}/postgres?{parameters}",
            Self::USER,
            Self::PASSWORD_ENCODED,
            self.port
        )
    }

    /// Runs SQL, and returns what it answers: a line for a row.
    ///
    /// # Panics
    /// If the server refuses it.
    #[must_use]
    pub fn sql(&self, statement: &str) -> String {
        let program = installation::postgres().expect("it runs").join("psql");
        let run = Command::new(program)
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .args([
                "--host".as_ref(),
                self.folder.as_os_str(),
                "--port".as_ref(),
                self.port.to_string().as_ref(),
            ])
            .args(["--username", Self::USER, "--dbname", "postgres", "--command", statement])
            .env("PGPASSWORD", Self::PASSWORD)
            .output()
            .expect("psql runs");
        assert!(run.status.success(), "{statement}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8_lossy(&run.stdout).trim().to_owned()
    }
}

/// A path as the host of a URL.
fn encoded(path: &Path) -> String {
    path.to_str().expect("a folder for tests is text").replace('%', "%25").replace('/', "%2F")
}
