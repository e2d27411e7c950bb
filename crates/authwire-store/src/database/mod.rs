//! The database: which rows there are. It knows nothing of what is sealed in them.
//!
//! What is said in SQL stands here, once, in what both databases speak. [`sqlite`] and [`postgres`] say how a statement is
//! run there, how a transaction begins, how the tables are made, and what an error means.

#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod sqlite;

use std::path::Path;
use std::time::{Duration, SystemTime};

use authwire_runtime::store::StoreError;

#[cfg(feature = "postgres")]
use self::postgres::Postgres;
use self::sqlite::Sqlite;

/// The version of the tables.
const FORMAT: i64 = 1;

/// How long to wait for another process's transaction. One takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open database.
#[derive(Debug)]
pub(crate) enum Database {
    /// A file of SQLite's.
    Sqlite(Sqlite),
    /// A PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(Postgres),
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
    pub(crate) fn open_file(path: &Path) -> Result<Self, StoreError> {
        Sqlite::open(path).map(Self::Sqlite)
    }

    /// Connects to a server. The tables are made by the first transaction that writes.
    #[cfg(feature = "postgres")]
    pub(crate) fn connect(server: &postgres::Server) -> Result<Self, StoreError> {
        Postgres::connect(server).map(Self::Postgres)
    }

    /// What is done once, before the tables are made.
    pub(crate) fn make_ready(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(database) => database.write_ahead(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }

    /// A transaction that reads: one state of everything.
    pub(crate) fn read<T: Send>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(database) => database.read(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.read(work),
        }
    }

    /// As [`read`](Self::read), without waiting for another process: what a file cannot say at once is an error, of the kind
    /// [`StoreErrorKind::Busy`].
    pub(crate) fn peek<T: Send>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(database) => database.peek(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.read(work),
        }
    }

    /// A transaction that writes, one at a time. What it wrote is on the disk when this returns.
    pub(crate) fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(database) => database.write(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.write(work),
        }
    }

    /// How many bytes it takes.
    pub(crate) fn size(&mut self) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(database) => database.size(),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.size(),
        }
    }

    /// Takes what was overwritten off the disk, as far as others let it.
    pub(crate) fn tidy(&self) {
        match self {
            Self::Sqlite(database) => database.tidy(),
            // what is overwritten there goes with the server's next vacuum
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {}
        }
    }
}

/// A transaction of either database.
trait Transaction {
    /// Runs a statement. Returns how many rows it changed.
    fn change(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Runs a query. Returns its rows.
    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError>;

    /// Whether there are tables.
    fn is_made(&self) -> Result<bool, StoreError>;

    /// Makes the tables.
    fn make_tables(&self) -> Result<(), StoreError>;

    /// What is told where a row holds something else than this program writes.
    fn damaged(&self) -> StoreError;
}

/// What a statement is given. The first is `$1`; where they are first named they come in order, as SQLite counts.
#[derive(Debug, Clone, Copy)]
enum Value<'v> {
    Text(&'v str),
    Integer(i64),
    Bytes(&'v [u8]),
}

/// A row of a query's answer.
#[derive(Debug)]
struct Row(Vec<Cell>);

/// What a row holds in one place.
#[derive(Debug)]
enum Cell {
    Text(String),
    Integer(i64),
    Bytes(Vec<u8>),
    Other,
}

/// The rows as a transaction sees them.
pub(crate) struct Rows<'t>(&'t dyn Transaction);

impl Rows<'_> {
    /// The header; `None` of a store that is being made.
    pub(crate) fn header(&self) -> Result<Option<Header>, StoreError> {
        if !self.0.is_made()? {
            return Ok(None);
        }
        let rows = self.0.query("SELECT id, generation, data_key, digest_key FROM store", &[])?;
        match rows.into_iter().next().map(|row| <[Cell; 4]>::try_from(row.0)) {
            Some(Ok(
                [Cell::Bytes(id), Cell::Integer(generation), Cell::Bytes(data_key), Cell::Bytes(digest_key)],
            )) => Ok(Some(Header { id, generation: self.unsigned(generation)?, data_key, digest_key })),
            _ => Err(self.0.damaged()),
        }
    }

    /// Makes the tables of a new store.
    pub(crate) fn make_tables(&self, header: &Header) -> Result<(), StoreError> {
        self.0.make_tables()?;
        let insert = "INSERT INTO store (one, id, generation, versions, data_key, digest_key) VALUES (1, $1, $2, 0, $3, $4)";
        self.0.change(
            insert,
            &[
                Value::Bytes(&header.id),
                Value::Integer(signed(header.generation)),
                Value::Bytes(&header.data_key),
                Value::Bytes(&header.digest_key),
            ],
        )?;
        Ok(())
    }

    /// Puts other keys in the place of the old ones.
    pub(crate) fn set_keys(&self, header: &Header) -> Result<(), StoreError> {
        self.0.change(
            "UPDATE store SET generation = $1, data_key = $2, digest_key = $3",
            &[
                Value::Integer(signed(header.generation)),
                Value::Bytes(&header.data_key),
                Value::Bytes(&header.digest_key),
            ],
        )?;
        Ok(())
    }

    /// A version that no entry has had.
    pub(crate) fn next_version(&self) -> Result<u64, StoreError> {
        let next = "UPDATE store SET versions = versions + 1 RETURNING versions";
        self.number(next, &[])?.ok_or_else(|| self.0.damaged())
    }

    /// The entry `name` of a kind.
    pub(crate) fn entry(&self, state: State, kind: &str, name: &str) -> Result<Option<Entry>, StoreError> {
        let query = format!(
            "SELECT name, version, changed_at, sealed FROM {} WHERE kind = $1 AND name = $2",
            state.table()
        );
        let rows = self.0.query(&query, &[Value::Text(kind), Value::Text(name)])?;
        rows.into_iter().next().map(|row| self.to_entry(row)).transpose()
    }

    /// The version of the entry `name` of a kind.
    pub(crate) fn version(&self, kind: &str, name: &str) -> Result<Option<u64>, StoreError> {
        let query = "SELECT version FROM entry WHERE kind = $1 AND name = $2";
        self.number(query, &[Value::Text(kind), Value::Text(name)])
    }

    /// Every entry of a kind, by name.
    pub(crate) fn entries(&self, state: State, kind: &str) -> Result<Vec<Entry>, StoreError> {
        let query = format!(
            "SELECT name, version, changed_at, sealed FROM {} WHERE kind = $1 ORDER BY name",
            state.table()
        );
        let rows = self.0.query(&query, &[Value::Text(kind)])?;
        rows.into_iter().map(|row| self.to_entry(row)).collect()
    }

    /// Puts an entry in the place of the last one, which stays as the former.
    pub(crate) fn put(&self, kind: &str, entry: &Entry) -> Result<(), StoreError> {
        let keep =
            format!("INSERT INTO former SELECT * FROM entry WHERE kind = $1 AND name = $2 {REPLACING}");
        self.0.change(&keep, &[Value::Text(kind), Value::Text(&entry.name)])?;
        self.replace(State::Current, kind, entry)
    }

    /// Puts an entry in the place of the one in the same state.
    pub(crate) fn replace(&self, state: State, kind: &str, entry: &Entry) -> Result<(), StoreError> {
        let insert = format!(
            "INSERT INTO {} (kind, name, version, changed_at, sealed) VALUES ($1, $2, $3, $4, $5) {REPLACING}",
            state.table()
        );
        let values = [
            Value::Text(kind),
            Value::Text(&entry.name),
            Value::Integer(signed(entry.version)),
            Value::Integer(signed(unix_millis(entry.changed_at))),
            Value::Bytes(&entry.sealed),
        ];
        self.0.change(&insert, &values).map(drop)
    }

    /// Removes an entry in both its states. Returns whether there was one.
    pub(crate) fn remove(&self, kind: &str, name: &str) -> Result<bool, StoreError> {
        let of = [Value::Text(kind), Value::Text(name)];
        self.0.change("DELETE FROM former WHERE kind = $1 AND name = $2", &of)?;
        Ok(self.0.change("DELETE FROM entry WHERE kind = $1 AND name = $2", &of)? > 0)
    }

    /// The number that a query answers; `None` where it finds no row.
    fn number(&self, query: &str, values: &[Value<'_>]) -> Result<Option<u64>, StoreError> {
        let Some(row) = self.0.query(query, values)?.into_iter().next() else { return Ok(None) };
        match row.0.as_slice() {
            [Cell::Integer(number)] => self.unsigned(*number).map(Some),
            _ => Err(self.0.damaged()),
        }
    }

    fn to_entry(&self, row: Row) -> Result<Entry, StoreError> {
        match <[Cell; 4]>::try_from(row.0) {
            Ok(
                [Cell::Text(name), Cell::Integer(version), Cell::Integer(changed_at), Cell::Bytes(sealed)],
            ) => {
                let changed_at = Duration::from_millis(self.unsigned(changed_at)?);
                Ok(Entry {
                    name,
                    version: self.unsigned(version)?,
                    changed_at: SystemTime::UNIX_EPOCH
                        .checked_add(changed_at)
                        .unwrap_or(SystemTime::UNIX_EPOCH),
                    sealed,
                })
            }
            _ => Err(self.0.damaged()),
        }
    }

    /// The databases' integers have a sign; ours do not.
    fn unsigned(&self, number: i64) -> Result<u64, StoreError> {
        u64::try_from(number).map_err(|_| self.0.damaged())
    }
}

/// Where an entry is there already, it is replaced.
const REPLACING: &str = "ON CONFLICT (kind, name) DO UPDATE \
    SET version = excluded.version, changed_at = excluded.changed_at, sealed = excluded.sealed";

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
