//! The database: which rows there are. It knows nothing of what is sealed in them.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use authwire_runtime::store::StoreError;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, Transaction, TransactionBehavior};

use crate::file;

/// `Awst`, so that `file` and we know our own.
const APPLICATION_ID: i64 = 0x4177_7374;

/// The version of the tables.
const FORMAT: i64 = 1;

/// How long to wait for another process's transaction. One takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

const TABLES: &str = "
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  generation INTEGER NOT NULL,
  versions INTEGER NOT NULL,
  data_key BLOB NOT NULL,
  digest_key BLOB NOT NULL
) STRICT;
CREATE TABLE entry (
  kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL, sealed BLOB NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE former (
  kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL, sealed BLOB NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
";

/// An open database.
#[derive(Debug)]
pub(crate) struct Database {
    path: PathBuf,
    connection: Connection,
}

/// What there is one of.
#[derive(Debug)]
pub(crate) struct Header {
    /// Random, so that no entry can be moved to another store.
    pub(crate) id: Vec<u8>,
    /// Another one with each change of keys.
    pub(crate) generation: u64,
    /// The data key, sealed by the master key.
    pub(crate) data_key: Vec<u8>,
    /// The key of digests, sealed by the data key.
    pub(crate) digest_key: Vec<u8>,
}

/// A sealed value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) version: u64,
    pub(crate) changed_at: SystemTime,
    pub(crate) sealed: Vec<u8>,
}

/// Which of the two states of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// What was put last.
    Current,
    /// What was put before that: it stands in where the last is damaged.
    Former,
}

impl State {
    fn table(self) -> &'static str {
        match self {
            Self::Current => "entry",
            Self::Former => "former",
        }
    }
}

impl Database {
    /// Opens the file, which is made where it is missing. Its tables are made by the first transaction that writes.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        file::make_folder_of(path)?;
        file::make(path)?;
        file::demand_private(path)?;
        let told = |error: rusqlite::Error| told(path, &error);
        let connection = Connection::open(path).map_err(told)?;
        connection.busy_timeout(PATIENCE).map_err(told)?;
        connection
            .execute_batch(
                "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
            )
            .map_err(told)?;
        let mut database = Self { path: path.to_owned(), connection };
        database.demand_ours()?;
        Ok(database)
    }

    /// Makes readers and a writer not wait for each other. Kept in the file: once is enough, and by one process at a time.
    pub(crate) fn write_ahead(&self) -> Result<(), StoreError> {
        let set = self.connection.execute_batch("PRAGMA journal_mode = WAL;");
        set.map_err(|error| told(&self.path, &error))
    }

    /// A transaction that reads.
    pub(crate) fn read<T>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.transaction(TransactionBehavior::Deferred, work)
    }

    /// A transaction that writes. What it wrote is on the disk when this returns.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.transaction(TransactionBehavior::Immediate, work)
    }

    /// Takes what was overwritten off the disk, as far as others let it.
    pub(crate) fn tidy(&self) {
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    }

    fn transaction<T>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Rows<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let Self { path, connection } = self;
        let done =
            connection.transaction_with_behavior(behavior).map_err(Fault::from).and_then(|transaction| {
                let done = work(&Rows(&transaction))?;
                transaction.commit()?;
                Ok(done)
            });
        done.map_err(|fault| match fault {
            Fault::Database(error) => told(path, &error),
            Fault::Told(error) => error,
        })
    }

    /// Refuses a file that is neither a store nor empty.
    fn demand_ours(&mut self) -> Result<(), StoreError> {
        // in one transaction: another process may be making the tables
        let (application, format, tables) = self.read(|rows| rows.marks())?;
        let shown = self.path.display();
        match (application, format) {
            (0, 0) if tables == 0 => Ok(()),
            (APPLICATION_ID, FORMAT) => Ok(()),
            (APPLICATION_ID, _) => {
                Err(StoreError::new(format!("`{shown}` was written by another version (format {format})"))
                    .with_help("use the version of authwire that wrote it, or a newer one"))
            }
            _ => Err(StoreError::new(format!("`{shown}` is a database, but no store of authwire's"))
                .with_help("name another file, one that is not there yet will do")),
        }
    }
}

/// Why a transaction was given up: nothing of it is kept.
#[derive(Debug)]
pub(crate) enum Fault {
    Database(rusqlite::Error),
    Told(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

/// The rows as a transaction sees them.
pub(crate) struct Rows<'t>(&'t Transaction<'t>);

impl Rows<'_> {
    /// Whose file it is, the version of its tables, and how often those were changed.
    fn marks(&self) -> Result<(i64, i64, i64), Fault> {
        let mark = |name| self.0.pragma_query_value(None, name, |row| row.get(0));
        Ok((mark("application_id")?, mark("user_version")?, mark("schema_version")?))
    }

    /// The header; `None` of a store that is being made.
    pub(crate) fn header(&self) -> Result<Option<Header>, Fault> {
        let is_there: i64 =
            self.0
                .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'store'", [], |row| row.get(0))?;
        if is_there == 0 {
            return Ok(None);
        }
        let header = self.0.query_row("SELECT id, generation, data_key, digest_key FROM store", [], |row| {
            Ok(Header {
                id: row.get(0)?,
                generation: number(row, 1)?,
                data_key: row.get(2)?,
                digest_key: row.get(3)?,
            })
        });
        Ok(Some(header?))
    }

    /// Makes the tables of a new store.
    pub(crate) fn make_tables(&self, header: &Header) -> Result<(), Fault> {
        self.0.execute_batch(TABLES)?;
        self.0.pragma_update(None, "application_id", APPLICATION_ID)?;
        self.0.pragma_update(None, "user_version", FORMAT)?;
        self.0.execute(
            "INSERT INTO store (one, id, generation, versions, data_key, digest_key) VALUES (1, ?, ?, 0, ?, ?)",
            (&header.id, signed(header.generation), &header.data_key, &header.digest_key),
        )?;
        Ok(())
    }

    /// Puts other keys in the place of the old ones.
    pub(crate) fn set_keys(&self, header: &Header) -> Result<(), Fault> {
        self.0.execute(
            "UPDATE store SET generation = ?, data_key = ?, digest_key = ?",
            (signed(header.generation), &header.data_key, &header.digest_key),
        )?;
        Ok(())
    }

    /// A version that no entry has had.
    pub(crate) fn next_version(&self) -> Result<u64, Fault> {
        let next = "UPDATE store SET versions = versions + 1 RETURNING versions";
        Ok(self.0.query_row(next, [], |row| number(row, 0))?)
    }

    /// The entry `name` of a kind.
    pub(crate) fn entry(&self, state: State, kind: &str, name: &str) -> Result<Option<Entry>, Fault> {
        let query = format!(
            "SELECT name, version, changed_at, sealed FROM {} WHERE kind = ? AND name = ?",
            state.table()
        );
        Ok(self.0.prepare(&query)?.query_row((kind, name), entry).optional()?)
    }

    /// The version of the entry `name` of a kind.
    pub(crate) fn version(&self, kind: &str, name: &str) -> Result<Option<u64>, Fault> {
        let query = "SELECT version FROM entry WHERE kind = ? AND name = ?";
        Ok(self.0.prepare(query)?.query_row((kind, name), |row| number(row, 0)).optional()?)
    }

    /// Every entry of a kind, by name.
    pub(crate) fn entries(&self, state: State, kind: &str) -> Result<Vec<Entry>, Fault> {
        let query = format!(
            "SELECT name, version, changed_at, sealed FROM {} WHERE kind = ? ORDER BY name",
            state.table()
        );
        let mut statement = self.0.prepare(&query)?;
        Ok(statement.query_map([kind], entry)?.collect::<Result<_, _>>()?)
    }

    /// Puts an entry in the place of the last one, which stays as the former.
    pub(crate) fn put(&self, kind: &str, entry: &Entry) -> Result<(), Fault> {
        self.0.execute(
            "INSERT OR REPLACE INTO former SELECT * FROM entry WHERE kind = ? AND name = ?",
            (kind, &entry.name),
        )?;
        self.replace(State::Current, kind, entry)
    }

    /// Puts an entry in the place of the one in the same state.
    pub(crate) fn replace(&self, state: State, kind: &str, entry: &Entry) -> Result<(), Fault> {
        let insert = format!(
            "INSERT OR REPLACE INTO {} (kind, name, version, changed_at, sealed) VALUES (?, ?, ?, ?, ?)",
            state.table()
        );
        let changed_at = signed(unix_millis(entry.changed_at));
        self.0.execute(&insert, (kind, &entry.name, signed(entry.version), changed_at, &entry.sealed))?;
        Ok(())
    }

    /// Removes an entry in both its states. Returns whether there was one.
    pub(crate) fn remove(&self, kind: &str, name: &str) -> Result<bool, Fault> {
        self.0.execute("DELETE FROM former WHERE kind = ? AND name = ?", (kind, name))?;
        Ok(self.0.execute("DELETE FROM entry WHERE kind = ? AND name = ?", (kind, name))? > 0)
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let changed_at = Duration::from_millis(number(row, 2)?);
    Ok(Entry {
        name: row.get(0)?,
        version: number(row, 1)?,
        changed_at: SystemTime::UNIX_EPOCH.checked_add(changed_at).unwrap_or(SystemTime::UNIX_EPOCH),
        sealed: row.get(3)?,
    })
}

/// SQLite's integers have a sign; ours do not.
fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let signed: i64 = row.get(column)?;
    u64::try_from(signed).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, signed))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// What a database's error means here.
fn told(path: &Path, error: &rusqlite::Error) -> StoreError {
    let shown = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::new(format!("`{shown}` is being written to by another process, for too long"))
                .with_help("end that process, or try again later")
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::new(format!("`{shown}` is damaged, or no store at all")).with_help(
                "put a copy from before in its place; without one move it away, set the secrets again and sign in again",
            )
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::new(format!("`{shown}` may not be written to"))
                .with_help("it and its folder have to be yours to write")
        }
        Some(ErrorCode::DiskFull) => StoreError::new(format!("there is no room left on the disk of `{shown}`")),
        _ => StoreError::new(format!("`{shown}` cannot be used: {error}")),
    }
}
