//! The database on a PostgreSQL server: one that several machines share.
//!
//! The client waits for its connection, which a thread of an async runtime may not: whatever it does is done on a thread
//! of its own (`apart`). Next to the way to the server that costs nothing.

use std::cell::{Cell, RefCell};
use std::env;
use std::error::Error;
use std::fmt;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use authwire_core::loopback::is_loopback;
use authwire_runtime::store::{StoreError, StoreErrorKind, Turn};
use aws_lc_rs::digest::{SHA256, digest};
use postgres::config::{Host, SslMode};
use postgres::error::SqlState;
use postgres::types::{ToSql, Type};
use postgres::{Client, Config, NoTls};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{Cell as Held, FORMAT, PATIENCE, Row, Rows, Transaction, Value};
use crate::background::in_background;

/// The variable with the password, where the URL has none; `psql` reads it too.
const PASSWORD_VARIABLE: &str = "PGPASSWORD";

const PASSWORD_HELP: &str =
    "see that user and password are right: in the URL, each percent-encoded, or the password in PGPASSWORD";

/// How long the way to the server may take.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long a connection may say nothing before the system asks whether the server is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How a session begins. What is committed is on the server's disk, also where its default is not to wait for that.
const SESSION: &str = "
SET search_path = authwire;
SET statement_timeout = '30s';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
";

/// How the session of a turn begins: it may be held for long, and if this machine is gone the server knows within half
/// a minute.
const TURN: &str = "
SET lock_timeout = '1s';
SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout';
SET tcp_keepalives_idle = 10;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 4;
";

const TABLES: &str = r#"
CREATE TABLE store (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  format BIGINT NOT NULL DEFAULT 1,
  id BYTEA NOT NULL,
  generation BIGINT NOT NULL,
  versions BIGINT NOT NULL,
  data_key BYTEA NOT NULL,
  digest_key BYTEA NOT NULL
);
CREATE TABLE entry (
  kind TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (kind, name)
);
CREATE TABLE former (LIKE entry INCLUDING ALL);
"#;

/// A database of a server, out of a URL. It shows no password.
#[derive(Clone)]
pub(crate) struct Server {
    config: Arc<Config>,
    /// A file with the certificates that are trusted instead of the system's.
    roots: Option<Arc<Path>>,
}

impl Server {
    /// Reads a URL as libpq has them. TLS is demanded, unless the server is on this machine or the URL says
    /// `sslmode=disable`; its certificate is always verified.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let unread = |why: &str| {
            StoreError::new(StoreErrorKind::Other, format!("the URL of the store cannot be read: {why}"))
                .with_help("it is like this: postgres://USER:PASSWORD@HOST:5432/DATABASE")
        };
        let (base, parameters) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut others) = (None, None, Vec::new());
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", value)) => mode = Some(ssl_mode(value)?),
                Some(("sslrootcert", path)) => {
                    let path = percent_encoding::percent_decode_str(path).decode_utf8();
                    let path = path.map_err(|_| unread("`sslrootcert` is no text"))?;
                    roots = Some(Arc::from(Path::new(&*path)));
                }
                _ => others.push(parameter),
            }
        }
        let mut config = Config::from_str(&format!("{base}?{}", others.join("&")))
            .map_err(|error| unread(&cause(&error)))?;
        if config.get_hosts().is_empty() {
            return Err(unread("it names no host"));
        }
        let near = config.get_hosts().iter().all(is_here);
        config.ssl_mode(mode.unwrap_or(if near { SslMode::Disable } else { SslMode::Require }));
        if config.get_password().is_none()
            && let Ok(password) = env::var(PASSWORD_VARIABLE)
        {
            config.password(password);
        }
        if config.get_application_name().is_none() {
            config.application_name("authwire");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTING);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE);
        }
        config.keepalives_idle(KEEPALIVE);
        Ok(Self { config: Arc::new(config), roots })
    }

    /// A session that begins with `settings` too.
    fn open(&self, settings: &str) -> Result<Box<Client>, StoreError> {
        let connected = if self.config.get_ssl_mode() == SslMode::Disable {
            self.config.connect(NoTls)
        } else {
            self.config.connect(MakeRustlsConnect::new(self.tls()?))
        };
        let mut client = connected.map_err(|error| self.told(&error))?;
        client.batch_execute(&format!("{SESSION}{settings}")).map_err(|error| self.told(&error))?;
        Ok(Box::new(client))
    }

    /// Begins a transaction: in the session that was kept or, if the server ended that meanwhile, in a new one.
    fn begin(&self, kept: Option<Box<Client>>, begin: &str) -> Result<Box<Client>, StoreError> {
        if let Some(mut client) = kept {
            match client.batch_execute(begin) {
                Ok(()) => return Ok(client),
                Err(error) if !is_lost(&client, &error) => return Err(self.told(&error)),
                Err(error) => {
                    tracing::debug!(target: "authwire", %error, "the store's server ended the connection");
                }
            }
        }
        let mut client = self.open("")?;
        client.batch_execute(begin).map_err(|error| self.told(&error))?;
        Ok(client)
    }

    fn tls(&self) -> Result<ClientConfig, StoreError> {
        let unusable = |error: &dyn fmt::Display| {
            StoreError::new(
                StoreErrorKind::Unreachable,
                format!("no TLS connection to `{self}` can be made: {error}"),
            )
        };
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?;
        let builder = match &self.roots {
            Some(path) => builder.with_root_certificates(read_roots(path)?),
            None => builder.with_platform_verifier().map_err(|error| unusable(&error))?,
        };
        Ok(builder.with_no_client_auth())
    }

    /// What an error of the client or the server means here. Its details may repeat values, so it is the message alone.
    fn told(&self, error: &postgres::Error) -> StoreError {
        let Some(code) = error.code() else {
            if cause(error) == "password missing" {
                return StoreError::new(StoreErrorKind::Denied, format!("`{self}` needs a password"))
                    .with_help(PASSWORD_HELP);
            }
            return StoreError::new(StoreErrorKind::Unreachable, format!("`{self}` cannot be reached: {}", cause(error)))
                .with_help("see that the server runs, that its name and port are right, and that it speaks TLS if it is not on this machine");
        };
        let message = error.as_db_error().map_or("", |error| error.message());
        if [SqlState::QUERY_CANCELED, SqlState::LOCK_NOT_AVAILABLE].contains(code) {
            return StoreError::new(
                StoreErrorKind::Busy,
                format!("`{self}` is being written to by another process, for too long"),
            )
            .with_help("end that process, or try again later");
        }
        let (kind, help) = if [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION]
            .contains(code)
        {
            (StoreErrorKind::Denied, Some(PASSWORD_HELP))
        } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
            (
                StoreErrorKind::Denied,
                Some(
                    "let this user have a schema of its own in the database: CREATE SCHEMA authwire AUTHORIZATION …",
                ),
            )
        } else if *code == SqlState::DISK_FULL {
            (StoreErrorKind::Full, None)
        } else {
            (StoreErrorKind::Other, None)
        };
        let told = StoreError::new(kind, format!("`{self}` refuses: {message} ({})", code.code()));
        match help {
            Some(help) => told.with_help(help),
            None => told,
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (at, host) in self.config.get_hosts().iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            let ports = self.config.get_ports();
            if let Some(port) = ports.get(at).or_else(|| ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        match self.config.get_dbname().or_else(|| self.config.get_user()) {
            Some(database) => write!(f, "/{database}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self})")
    }
}

/// A database that was connected to.
#[derive(Debug)]
pub(crate) struct Postgres {
    server: Server,
    session: Session,
    /// Whether there are tables, as far as we know.
    made: bool,
}

impl Postgres {
    pub(super) fn connect(server: &Server) -> Result<Self, StoreError> {
        let client = apart(|| server.open(""))?;
        Ok(Self { server: server.clone(), session: Session(Some(client)), made: false })
    }

    pub(super) fn read<T: Send>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        self.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", |within| work(&Rows(within)))
    }

    pub(super) fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({})",
            lock_of("transaction")
        );
        self.transaction(&begin, |within| work(&Rows(within)))
    }

    pub(super) fn size(&mut self) -> Result<u64, StoreError> {
        const SIZE: &str = "SELECT (pg_total_relation_size('store') + pg_total_relation_size('entry') \
            + pg_total_relation_size('former'))::bigint";
        self.read(|rows| rows.number(SIZE, &[]).map(Option::unwrap_or_default))
    }

    fn transaction<T: Send>(
        &mut self,
        begin: &str,
        work: impl FnOnce(&Within<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let Self { server, session, made } = self;
        apart(|| {
            // kept again when it is in no transaction any more: if `work` panics it is not
            let client = RefCell::new(server.begin(session.0.take(), begin)?);
            let seen = Cell::new(*made);
            let done = work(&Within { server, client: &client, made: &seen });
            let mut client = client.into_inner();
            let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
            match (client.batch_execute(end), done) {
                (Ok(()), done) => {
                    session.0 = Some(client);
                    *made = seen.get() && done.is_ok();
                    done
                }
                (Err(_), Err(error)) => Err(error),
                (Err(error), Ok(_)) => Err(server.told(&error)),
            }
        })
    }
}

/// The server within a transaction.
struct Within<'t> {
    server: &'t Server,
    client: &'t RefCell<Box<Client>>,
    made: &'t Cell<bool>,
}

impl Transaction for Within<'_> {
    fn change(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let changed = self.client.borrow_mut().execute_typed(statement, &typed(values));
        changed.map_err(|error| self.server.told(&error))
    }

    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let rows = self.client.borrow_mut().query_typed(statement, &typed(values));
        let rows: Result<_, _> = rows.and_then(|rows| rows.iter().map(to_row).collect());
        rows.map_err(|error| self.server.told(&error))
    }

    /// Once they are known to be there it asks no more. Tables of another version are refused.
    fn is_made(&self) -> Result<bool, StoreError> {
        if self.made.get() {
            return Ok(true);
        }
        if self.query("SELECT 1 WHERE to_regclass('authwire.store') IS NOT NULL", &[])?.is_empty() {
            return Ok(false);
        }
        let format = Rows(self).number("SELECT format FROM store", &[])?;
        match format.map(i64::try_from) {
            Some(Ok(FORMAT)) => {
                self.made.set(true);
                Ok(true)
            }
            Some(_) => Err(StoreError::new(
                StoreErrorKind::OtherVersion,
                format!(
                    "`{}` was written by another version (format {})",
                    self.server,
                    format.unwrap_or_default()
                ),
            )
            .with_help("use the version of authwire that wrote it, or a newer one")),
            None => Err(self.damaged()),
        }
    }

    fn make_tables(&self) -> Result<(), StoreError> {
        // a user who may not make schemas may have been given this one
        let schema = self.query("SELECT 1 WHERE to_regnamespace('authwire') IS NOT NULL", &[])?;
        let schema = if schema.is_empty() { "CREATE SCHEMA authwire;" } else { "" };
        let made = self.client.borrow_mut().batch_execute(&format!("{schema}{TABLES}"));
        made.map_err(|error| self.server.told(&error))
    }

    fn damaged(&self) -> StoreError {
        StoreError::new(StoreErrorKind::Damaged, format!("the tables of `{}` are damaged", self.server))
            .with_help("put a copy from before in their place; without one drop the schema `authwire`, set the secrets again and sign in again")
    }
}

fn typed<'v>(values: &'v [Value<'v>]) -> Vec<(&'v (dyn ToSql + Sync), Type)> {
    let typed = |value: &'v Value<'v>| match value {
        Value::Text(text) => (text as &(dyn ToSql + Sync), Type::TEXT),
        Value::Integer(integer) => (integer as _, Type::INT8),
        Value::Bytes(bytes) => (bytes as _, Type::BYTEA),
    };
    values.iter().map(typed).collect()
}

fn to_row(row: &postgres::Row) -> Result<Row, postgres::Error> {
    let cell = |(at, column): (usize, &postgres::Column)| match *column.type_() {
        Type::TEXT => row.try_get(at).map(Held::Text),
        Type::INT8 => row.try_get(at).map(Held::Integer),
        Type::BYTEA => row.try_get(at).map(Held::Bytes),
        _ => Ok(Held::Other),
    };
    row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>().map(Row)
}

/// A session for one turn: a lock of the server's, which goes with its holder.
#[derive(Debug)]
pub(crate) struct TurnSession {
    session: Session,
    server: Server,
    lock: i64,
}

impl TurnSession {
    /// Waits for the turn `name`. Whoever goes away while waiting holds nothing, a second later at the most.
    pub(crate) async fn wait(server: &Server, name: &str) -> Result<Turn, StoreError> {
        let (server, name) = (server.clone(), name.to_owned());
        let mut session = in_background(move || Self::open(&server, &name)).await?;
        loop {
            let tried = in_background(move || session.try_take().map(|taken| (taken, session))).await?;
            if tried.0 {
                return Ok(tried.1.into_turn());
            }
            session = tried.1;
        }
    }

    /// Waits for the turn `name`, blocking the thread.
    pub(crate) fn wait_blocking(server: &Server, name: &str) -> Result<Turn, StoreError> {
        let mut session = Self::open(server, name)?;
        while !session.try_take()? {}
        Ok(session.into_turn())
    }

    fn open(server: &Server, name: &str) -> Result<Self, StoreError> {
        let client = apart(|| server.open(TURN))?;
        Ok(Self { session: Session(Some(client)), server: server.clone(), lock: lock_of(name) })
    }

    /// Waits for a second. Returns whether the turn was taken.
    fn try_take(&mut self) -> Result<bool, StoreError> {
        let Self { session, server, lock } = self;
        let Some(client) = &mut session.0 else {
            return Err(StoreError::new(StoreErrorKind::Unreachable, "the turn's session has ended"));
        };
        let taken = apart(|| client.batch_execute(&format!("SELECT pg_advisory_lock({lock})")));
        match taken {
            Ok(()) => Ok(true),
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(false),
            Err(error) => Err(server.told(&error)),
        }
    }

    fn into_turn(self) -> Turn {
        Turn::new(Mutex::new(self.session))
    }
}

/// A connection that may be dropped anywhere.
struct Session(Option<Box<Client>>);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            // it says goodbye and waits for the answer, for which nobody else has to wait
            let _ = thread::Builder::new().spawn(move || drop(client));
        }
    }
}

/// Does `work` on a thread of its own, and waits for it.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| match scope.spawn(work).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// The number under which the server keeps a lock.
fn lock_of(name: &str) -> i64 {
    let digest = digest(&SHA256, format!("authwire store {name}").as_bytes());
    digest.as_ref().iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// What is behind an error, in its own words.
fn cause(error: &postgres::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Whether the session is of no use any more.
fn is_lost(client: &Client, error: &postgres::Error) -> bool {
    client.is_closed()
        || error.is_closed()
        || error.code().is_some_and(|code| {
            [SqlState::ADMIN_SHUTDOWN, SqlState::IDLE_SESSION_TIMEOUT, SqlState::CRASH_SHUTDOWN]
                .contains(code)
        })
}

/// Whether a host is this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => is_loopback(name),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn ssl_mode(value: &str) -> Result<SslMode, StoreError> {
    match value {
        "disable" => Ok(SslMode::Disable),
        // a certificate is verified in each of them
        "require" | "verify-ca" | "verify-full" => Ok(SslMode::Require),
        "allow" | "prefer" => Err(StoreError::new(
            StoreErrorKind::Other,
            format!("`sslmode={value}` lets anyone on the network path switch TLS off"),
        )
        .with_help("say `sslmode=require`, or `sslmode=disable` where the network is your own")),
        _ => Err(StoreError::new(
            StoreErrorKind::Other,
            "the URL of the store has an `sslmode` that is not known",
        )
        .with_help("say `sslmode=require` or `sslmode=disable`")),
    }
}

fn read_roots(path: &Path) -> Result<RootCertStore, StoreError> {
    let unread = |why: &dyn fmt::Display| {
        StoreError::new(
            StoreErrorKind::Other,
            format!("`{}`, which `sslrootcert` names, cannot be read: {why}", path.display()),
        )
        .with_help("it is a PEM file with the certificate of the authority that the server's was issued by")
    };
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unread(&error))?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate.map_err(|error| unread(&error))?).map_err(|error| unread(&error))?;
    }
    if roots.is_empty() {
        return Err(unread(&"there is no certificate in it"));
    }
    Ok(roots)
}
