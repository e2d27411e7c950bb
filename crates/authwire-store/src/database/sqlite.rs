//! The database in a file of SQLite's.

use std::path::{Path, PathBuf};
use std::time::Duration;

use authwire_runtime::store::{StoreError, StoreErrorKind};
use rusqlite::types::{ToSqlOutput, Value as Held, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, TransactionBehavior, params_from_iter};

use super::{Cell, FORMAT, PATIENCE, Row, Rows, Transaction, Value};
use crate::file;

/// `Awst`, so that `file` and we know our own.
const APPLICATION_ID: i64 = 0x4177_7374;

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

/// An open file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    connection: Connection,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
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
    pub(super) fn write_ahead(&self) -> Result<(), StoreError> {
        let set = self.connection.execute_batch("PRAGMA journal_mode = WAL;");
        set.map_err(|error| told(&self.path, &error))
    }

    pub(super) fn read<T>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction(TransactionBehavior::Deferred, |within| work(&Rows(within)))
    }

    /// As `read`, without waiting for another process.
    pub(super) fn peek<T>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.be_patient(Duration::ZERO)?;
        let peeked = self.read(work);
        self.be_patient(PATIENCE)?;
        peeked
    }

    /// Waits for another process as long as that from now on.
    fn be_patient(&self, patience: Duration) -> Result<(), StoreError> {
        self.connection.busy_timeout(patience).map_err(|error| told(&self.path, &error))
    }

    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction(TransactionBehavior::Immediate, |within| work(&Rows(within)))
    }

    pub(super) fn size(&self) -> Result<u64, StoreError> {
        std::fs::metadata(&self.path)
            .map(|metadata| metadata.len())
            .map_err(|error| file::unread(&self.path, &error))
    }

    pub(super) fn tidy(&self) {
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    }

    fn transaction<T>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Within<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Self { path, connection } = self;
        let told = |error: rusqlite::Error| told(path, &error);
        let transaction = connection.transaction_with_behavior(behavior).map_err(told)?;
        let done = work(&Within { path, transaction: &transaction })?;
        transaction.commit().map_err(told)?;
        Ok(done)
    }

    /// Refuses a file that is neither a store nor empty.
    fn demand_ours(&mut self) -> Result<(), StoreError> {
        // in one transaction: another process may be making the tables
        let (application, format, tables) =
            self.transaction(TransactionBehavior::Deferred, |within| within.marks())?;
        let shown = self.path.display();
        match (application, format) {
            (0, 0) if tables == 0 => Ok(()),
            (APPLICATION_ID, FORMAT) => Ok(()),
            (APPLICATION_ID, _) => Err(StoreError::new(
                StoreErrorKind::OtherVersion,
                format!("`{shown}` was written by another version (format {format})"),
            )
            .with_help("use the version of authwire that wrote it, or a newer one")),
            _ => Err(StoreError::new(
                StoreErrorKind::Damaged,
                format!("`{shown}` is a database, but no store of authwire's"),
            )
            .with_help("name another file, one that is not there yet will do")),
        }
    }
}

/// The file within a transaction. One that is dropped without a commit leaves nothing behind.
struct Within<'t> {
    path: &'t Path,
    transaction: &'t rusqlite::Transaction<'t>,
}

impl Within<'_> {
    /// Whose file it is, the version of its tables, and how often those were changed.
    fn marks(&self) -> Result<(i64, i64, i64), StoreError> {
        let mark = |name| {
            let read = self.transaction.pragma_query_value(None, name, |row| row.get(0));
            read.map_err(|error| self.told(&error))
        };
        Ok((mark("application_id")?, mark("user_version")?, mark("schema_version")?))
    }

    fn told(&self, error: &rusqlite::Error) -> StoreError {
        told(self.path, error)
    }
}

impl Transaction for Within<'_> {
    fn change(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let changed = self.transaction.execute(statement, params_from_iter(values));
        changed.map(|rows| rows as u64).map_err(|error| self.told(&error))
    }

    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.transaction.prepare(statement)?;
            let columns = statement.column_count();
            let rows = statement.query_map(params_from_iter(values), |row| {
                let cell = |column| row.get(column).map(|held: Held| Cell::from(held));
                (0..columns).map(cell).collect::<Result<_, _>>().map(Row)
            })?;
            rows.collect()
        };
        read().map_err(|error| self.told(&error))
    }

    fn is_made(&self) -> Result<bool, StoreError> {
        let found = self.query("SELECT 1 FROM sqlite_schema WHERE name = 'store'", &[])?;
        Ok(!found.is_empty())
    }

    fn make_tables(&self) -> Result<(), StoreError> {
        let make = || {
            self.transaction.execute_batch(TABLES)?;
            self.transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            self.transaction.pragma_update(None, "user_version", FORMAT)
        };
        make().map_err(|error| self.told(&error))
    }

    fn damaged(&self) -> StoreError {
        damaged(self.path)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Integer(integer) => ValueRef::Integer(*integer),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<Held> for Cell {
    fn from(held: Held) -> Self {
        match held {
            Held::Text(text) => Self::Text(text),
            Held::Integer(integer) => Self::Integer(integer),
            Held::Blob(bytes) => Self::Bytes(bytes),
            Held::Null | Held::Real(_) => Self::Other,
        }
    }
}

/// What an error of SQLite's means here.
fn told(path: &Path, error: &rusqlite::Error) -> StoreError {
    let shown = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::new(
            StoreErrorKind::Busy,
            format!("`{shown}` is being written to by another process, for too long"),
        )
        .with_help("end that process, or try again later"),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => damaged(path),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::new(StoreErrorKind::Denied, format!("`{shown}` may not be written to"))
                .with_help("it and its folder have to be yours to write")
        }
        Some(ErrorCode::DiskFull) => {
            StoreError::new(StoreErrorKind::Full, format!("there is no room left on the disk of `{shown}`"))
        }
        _ => StoreError::new(StoreErrorKind::Other, format!("`{shown}` cannot be used: {error}")),
    }
}

fn damaged(path: &Path) -> StoreError {
    StoreError::new(StoreErrorKind::Damaged, format!("`{}` is damaged, or no store at all", path.display())).with_help(
        "put a copy from before in its place; without one move it away, set the secrets again and sign in again",
    )
}
