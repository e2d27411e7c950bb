//! The token store: what outlives a request, and in some stores the process.
//!
//! - [`TokenStore`] is what a store can do; it keeps bytes and knows nothing of tokens.
//! - [`Record`] is what the engine keeps there, beside how a client authenticates: [`Content`] is either.
//! - [`MemoryStore`] keeps records while the program runs.

mod content;
mod memory;
mod record;
mod timed;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use zeroize::Zeroizing;

pub use content::Content;
pub use memory::MemoryStore;
pub use record::{KeptValue, Record, RecordFault, StoredToken, TokenValue};
pub(crate) use timed::Timed;

use crate::hex;

/// The future of a store's answer.
pub type Storing<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps records: load, compare and swap, and an exclusive turn.
///
/// A store that outlives the process seals what it is given, binds it to key and version, and returns from a swap only
/// when the record is durable.
pub trait TokenStore: Send + Sync {
    /// A digest of `bytes` under a key of the store's own: it tells whether a secret changed, and nothing else of it.
    fn digest(&self, bytes: &[u8]) -> [u8; 32];

    /// What is kept under `key`. What is damaged is an entry of no bytes: it is there, but no record, and may be replaced.
    fn load<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Option<Entry>>;

    /// Replaces what is kept under `key` by `bytes` (`None`: by nothing), if its version is still `expected` (`None`:
    /// if there is nothing). Returns the new version; `None` if somebody else was first.
    fn swap<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Storing<'a, Option<u64>>;

    /// Waits for the exclusive turn under `key`, among everybody who shares the store. It ends when the [`Turn`] is
    /// dropped, or when its holder dies.
    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn>;
}

/// The key of a record: a digest, so that it shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(String);

impl StoreKey {
    /// The key that a digest makes.
    #[must_use]
    pub fn from_digest(digest: &[u8; 32]) -> Self {
        Self(hex::encode(digest))
    }

    /// The key as a store writes it: 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept under a key.
#[derive(Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Another one with each swap.
    pub version: u64,
    /// What was put there.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl Entry {
    /// An entry.
    #[must_use]
    pub fn new(version: u64, bytes: Zeroizing<Vec<u8>>) -> Self {
        Self { version, bytes }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry(version {}, redacted)", self.version)
    }
}

/// An exclusive turn. It ends when this is dropped.
pub struct Turn(#[expect(dead_code, reason = "held for its drop")] Box<dyn Send + Sync>);

impl Turn {
    /// A turn that ends when `guard` is dropped.
    #[must_use]
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turn")
    }
}

/// The store does not do what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreError {
    /// What kind of fault it is, for programs that decide by it.
    pub kind: StoreErrorKind,
    /// What is wrong; never a value that is kept.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl StoreError {
    /// What is wrong, without any value that is kept.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None }
    }

    /// The same with what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// What kind of fault a store has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// What is kept is damaged, or is no store at all.
    Damaged,
    /// Another version of the program wrote it.
    OtherVersion,
    /// The master key is missing, is none, or is another one than the store's.
    WrongKey,
    /// The system or the server does not let this user do it; or a file is open to others, which it must not be.
    Denied,
    /// The server is not reached.
    Unreachable,
    /// Somebody else has been at it for too long.
    Busy,
    /// It did not answer in time.
    Timeout,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// There is no room left.
    Full,
    /// Something else, which the message says.
    Other,
}

impl StoreErrorKind {
    /// Whether it may go better the next time, without anybody doing anything.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy | Self::Timeout | Self::Conflict)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.help {
            Some(help) => write!(f, "{}; {help}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for StoreError {}
