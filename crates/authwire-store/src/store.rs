//! The store: opened with its master key, shared by threads and processes.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::SystemTime;

use authwire_runtime::store::{StoreError, StoreErrorKind};
use aws_lc_rs::{hmac, rand};
use zeroize::Zeroizing;

use crate::database::{Database, Entry, Header, Rows, State};
use crate::key::{self, KeySource, MasterKey};
use crate::location::{Location, Place as At};
use crate::seal::{Place, SealingKey, Unopened};
use crate::turns::Turns;

/// The kind of a secret.
pub(crate) const SECRET: &str = "secret";

/// A store: secrets by name, and the records of tokens. Cheap to share behind an `Arc`.
pub struct Store {
    pub(crate) opened: Arc<Opened>,
    pub(crate) turns: Turns,
    /// The same through every change of keys, so that what it found before it finds again.
    pub(crate) digest_key: hmac::Key,
}

/// The database, opened.
pub(crate) struct Opened {
    location: Location,
    inner: Mutex<Inner>,
}

/// What one thread at a time works with.
pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) source: KeySource,
    pub(crate) keys: Keys,
}

/// A secret of the store. The value itself comes from [`Store::secret`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Secret {
    /// Its name: what `{"store": NAME}` says.
    pub name: String,
    /// When it was set last.
    pub changed_at: SystemTime,
    /// What is there is damaged, with nothing before it that could stand in: set it again.
    pub damaged: bool,
}

impl Store {
    /// The store in the user's data folder, which `XDG_DATA_HOME` may name; `None` where there is none.
    #[must_use]
    pub fn default_path() -> Option<PathBuf> {
        let folder =
            |variable| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        let data = folder("XDG_DATA_HOME").or_else(|| {
            let home = folder(if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" })?;
            Some(match () {
                () if cfg!(windows) => home,
                () if cfg!(target_os = "macos") => home.join("Library/Application Support"),
                () => home.join(".local/share"),
            })
        })?;
        Some(data.join("authwire").join("store.db"))
    }

    /// Opens the store at `location`, which is made where it is missing. A file and its folder are made for their owner
    /// alone; on a server it is the schema `authwire` of the database.
    ///
    /// # Errors
    ///
    /// If the file or the key's file is open to others, the key is another, the file is damaged or no store, or the server
    /// cannot be reached or lets nobody in.
    pub fn open(location: impl Into<Location>, source: KeySource) -> Result<Self, StoreError> {
        let location = location.into();
        let mut database = location.open()?;
        let header = match database.read(|rows| rows.header())? {
            Some(header) => header,
            None => {
                let _turn = Turns::of(&location).take_blocking("make")?;
                make(&mut database, &source)?
            }
        };
        Self::with(location, database, &header, source)
    }

    /// Opens the store at `location`; `None` if there is none yet.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_existing(
        location: impl Into<Location>,
        source: KeySource,
    ) -> Result<Option<Self>, StoreError> {
        let location = location.into();
        if location.path().is_some_and(|path| !path.exists()) {
            return Ok(None);
        }
        let mut database = location.open()?;
        let header = database.read(|rows| rows.header())?;
        header.map(|header| Self::with(location, database, &header, source)).transpose()
    }

    fn with(
        location: Location,
        database: Database,
        header: &Header,
        source: KeySource,
    ) -> Result<Self, StoreError> {
        let turns = Turns::of(&location);
        let keys = Keys::open(&location, header, &source)?;
        let digest_key = keys.open_digest_key(header).map_err(|_| damaged(&location))?;
        let digest_key = hmac::Key::new(hmac::HMAC_SHA256, &digest_key);
        let inner = Mutex::new(Inner { database, source, keys });
        Ok(Self { opened: Arc::new(Opened { location, inner }), turns, digest_key })
    }

    /// Where it is.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.opened.location
    }

    /// Whether a look into it takes no time to speak of.
    pub(crate) fn is_near(&self) -> bool {
        self.location().path().is_some()
    }

    /// The secret `name`; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or what is there is damaged and nothing before it can stand in.
    pub fn secret(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        let found = self.opened.read(|rows, keys| keys.find(rows, SECRET, name))?;
        let Some(found) = found else { return Ok(None) };
        let damaged = || {
            StoreError::new(StoreErrorKind::Damaged, format!("the secret `{name}` is damaged"))
                .with_help(format!("set it again: authwire secret set {name}"))
        };
        let bytes = found.bytes.ok_or_else(damaged)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// The version of the secret `name`: another one each time that it is set.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn secret_version(&self, name: &str) -> Result<Option<u64>, StoreError> {
        self.opened.read(|rows, _| rows.version(SECRET, name))
    }

    /// As [`secret_version`](Self::secret_version), without waiting for anybody; `None` while somebody has the database.
    pub(crate) fn peek_version(&self, name: &str) -> Option<Result<Option<u64>, StoreError>> {
        let mut inner = match self.opened.inner.try_lock() {
            Ok(inner) => inner,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        match inner.database.peek(|rows| rows.version(SECRET, name)) {
            Err(error) if error.kind == StoreErrorKind::Busy => None,
            peeked => Some(peeked),
        }
    }

    /// Sets the secret `name`. It is durable when this returns.
    ///
    /// # Errors
    ///
    /// If the name is not made of 1 to 128 ASCII letters, digits, `_`, `.` and `-`; if the store cannot be written to.
    pub fn set_secret(&self, name: &str, value: &str) -> Result<(), StoreError> {
        Self::check_name(name)?;
        self.opened.write(|rows, keys| keys.put(rows, SECRET, name, value.as_bytes()).map(drop))
    }

    /// Whether a secret can have this name.
    ///
    /// # Errors
    ///
    /// If it cannot.
    pub fn check_name(name: &str) -> Result<(), StoreError> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        if (1..=128).contains(&name.len()) && name.bytes().all(is_name) {
            return Ok(());
        }
        Err(StoreError::new(StoreErrorKind::Other, format!("`{name}` cannot be the name of a secret"))
            .with_help("a name has 1 to 128 letters, digits, `_`, `.` and `-`"))
    }

    /// Removes the secret `name`. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn remove_secret(&self, name: &str) -> Result<bool, StoreError> {
        self.opened.write(|rows, _| rows.remove(SECRET, name))
    }

    /// The secrets, by name, without their values.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn secrets(&self) -> Result<Vec<Secret>, StoreError> {
        let found = self.opened.read(|rows, keys| keys.find_all(rows, SECRET))?;
        let secret = |(entry, bytes): (Entry, Option<Zeroizing<Vec<u8>>>)| Secret {
            name: entry.name,
            changed_at: entry.changed_at,
            damaged: bytes.is_none(),
        };
        Ok(found.into_iter().map(secret).collect())
    }
}

impl Location {
    fn open(&self) -> Result<Database, StoreError> {
        match &self.0 {
            At::File(path) => Database::open_file(path),
            #[cfg(feature = "postgres")]
            At::Server(server) => Database::connect(server),
        }
    }
}

impl Opened {
    /// A transaction that reads, with the keys of the time.
    pub(crate) fn read<T: Send>(
        &self,
        work: impl FnOnce(&Rows<'_>, &Keys) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let mut inner = self.lock();
        let Inner { database, source, keys } = &mut *inner;
        database.read(|rows| {
            keys.keep_up(&self.location, rows, source)?;
            work(rows, keys)
        })
    }

    /// A transaction that writes, with the keys of the time. What it wrote is on the disk when this returns.
    pub(crate) fn write<T: Send>(
        &self,
        work: impl FnOnce(&Rows<'_>, &Keys) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let mut inner = self.lock();
        let Inner { database, source, keys } = &mut *inner;
        database.write(|rows| {
            keys.keep_up(&self.location, rows, source)?;
            work(rows, keys)
        })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        // a transaction that was not committed left nothing behind
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("location", self.location()).finish_non_exhaustive()
    }
}

/// Makes the tables and keys of a new store, unless whoever had the turn before made them.
fn make(database: &mut Database, source: &KeySource) -> Result<Header, StoreError> {
    database.make_ready()?;
    let unmade = |_| StoreError::new(StoreErrorKind::Other, "the system gives no random bytes");
    let master = source.read_or_make()?;
    let data = SealingKey::random().map_err(unmade)?;
    let digest = SealingKey::random().map_err(unmade)?;
    let mut id = vec![0; 16];
    rand::fill(&mut id).map_err(|_| unmade(Unopened))?;
    let header = Keys { generation: 1, id, data }.seal_header(&master, digest.bytes()).map_err(unmade)?;
    database.write(|rows| match rows.header()? {
        Some(header) => Ok(header),
        None => {
            rows.make_tables(&header)?;
            Ok(header)
        }
    })
}

/// The keys of one generation.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) generation: u64,
    pub(crate) id: Vec<u8>,
    pub(crate) data: SealingKey,
}

/// What was found under a name.
pub(crate) struct Found {
    pub(crate) version: u64,
    /// What was put there last or, if that is damaged, before; `None` if both are.
    pub(crate) bytes: Option<Zeroizing<Vec<u8>>>,
}

impl Keys {
    /// Opens the data key with the master key. A change of keys that was cut short is brought to its end.
    fn open(location: &Location, header: &Header, source: &KeySource) -> Result<Self, StoreError> {
        let read = match source {
            KeySource::BesideStore(file) => key::read_finishing(file, |key| unsealed(header, key)),
            source => source.read().map(|key| unsealed(header, &key)),
        };
        match read? {
            Some(data) => Ok(Self { generation: header.generation, id: header.id.clone(), data }),
            None => Err(StoreError::new(
                StoreErrorKind::WrongKey,
                format!("`{location}` cannot be opened with this master key ({source})"),
            )
                .with_help("it was made, or last rekeyed, with another: name that one by AUTHWIRE_KEY or AUTHWIRE_KEY_FILE")),
        }
    }

    /// Reads the keys again where they have changed.
    fn keep_up(
        &mut self,
        location: &Location,
        rows: &Rows<'_>,
        source: &KeySource,
    ) -> Result<(), StoreError> {
        let header = rows.header()?.ok_or_else(|| damaged(location))?;
        if header.generation != self.generation || header.id != self.id {
            *self = Self::open(location, &header, source)?;
        }
        Ok(())
    }

    /// The header that says these keys.
    pub(crate) fn seal_header(&self, master: &MasterKey, digest_key: &[u8]) -> Result<Header, Unopened> {
        Ok(Header {
            generation: self.generation,
            data_key: SealingKey::new(master.bytes())?
                .seal(place(&self.id, self.generation, "data_key"), self.data.bytes())?,
            digest_key: self.data.seal(place(&self.id, self.generation, "digest_key"), digest_key)?,
            id: self.id.clone(),
        })
    }

    /// The key of digests.
    pub(crate) fn open_digest_key(&self, header: &Header) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        self.data.open(place(&self.id, self.generation, "digest_key"), &header.digest_key)
    }

    /// What is kept under a name.
    pub(crate) fn find(&self, rows: &Rows<'_>, kind: &str, name: &str) -> Result<Option<Found>, StoreError> {
        let Some(entry) = rows.entry(State::Current, kind, name)? else { return Ok(None) };
        let bytes = match self.open_entry(kind, &entry) {
            Ok(bytes) => Some(bytes),
            Err(Unopened) => self.stand_in(rows, kind, name)?,
        };
        Ok(Some(Found { version: entry.version, bytes }))
    }

    /// Everything of a kind.
    #[expect(clippy::type_complexity, reason = "an entry with what is sealed in it, where it opens")]
    pub(crate) fn find_all(
        &self,
        rows: &Rows<'_>,
        kind: &str,
    ) -> Result<Vec<(Entry, Option<Zeroizing<Vec<u8>>>)>, StoreError> {
        let opened = |entry: Entry| {
            let bytes = match self.open_entry(kind, &entry) {
                Ok(bytes) => Some(bytes),
                Err(Unopened) => self.stand_in(rows, kind, &entry.name)?,
            };
            Ok((entry, bytes))
        };
        rows.entries(State::Current, kind)?.into_iter().map(opened).collect()
    }

    /// Keeps `bytes` under a name. Returns their version.
    pub(crate) fn put(
        &self,
        rows: &Rows<'_>,
        kind: &str,
        name: &str,
        bytes: &[u8],
    ) -> Result<u64, StoreError> {
        let version = rows.next_version()?;
        let sealed = self.seal_entry(kind, name, version, bytes)?;
        let entry = Entry { name: name.to_owned(), version, changed_at: SystemTime::now(), sealed };
        rows.put(kind, &entry)?;
        Ok(version)
    }

    pub(crate) fn seal_entry(
        &self,
        kind: &str,
        name: &str,
        version: u64,
        bytes: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let place = Place { store: &self.id, kind, name, version };
        self.data
            .seal(place, bytes)
            .map_err(|Unopened| StoreError::new(StoreErrorKind::Other, "a value could not be sealed"))
    }

    pub(crate) fn open_entry(&self, kind: &str, entry: &Entry) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let place = Place { store: &self.id, kind, name: &entry.name, version: entry.version };
        self.data.open(place, &entry.sealed)
    }

    /// The last good state of what is damaged.
    fn stand_in(
        &self,
        rows: &Rows<'_>,
        kind: &str,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let former = rows.entry(State::Former, kind, name)?;
        let opened = former.and_then(|former| self.open_entry(kind, &former).ok());
        let what = if opened.is_some() { "the one before stands in" } else { "nothing can stand in" };
        tracing::warn!(target: "authwire", kind, name, "an entry of the store is damaged: {what}");
        Ok(opened)
    }
}

/// The data key, if the master key opens it.
fn unsealed(header: &Header, master: &MasterKey) -> Option<SealingKey> {
    let master = SealingKey::new(master.bytes()).ok()?;
    let opened = master.open(place(&header.id, header.generation, "data_key"), &header.data_key).ok()?;
    SealingKey::new(opened.as_slice().try_into().ok()?).ok()
}

/// Where a key of a generation is sealed for.
fn place<'p>(id: &'p [u8], generation: u64, name: &'p str) -> Place<'p> {
    Place { store: id, kind: "key", name, version: generation }
}

fn damaged(location: &Location) -> StoreError {
    StoreError::new(StoreErrorKind::Damaged, format!("`{location}` is damaged"))
        .with_help("put a copy from before in its place; without one move it away, set the secrets again and sign in again")
}
