//! What is in a store, without any value.

use std::time::SystemTime;

use authwire_runtime::store::{Content, Record, StoreError};

use crate::location::Location;
use crate::store::{Secret, Store};
use crate::tokens::TOKEN;

/// What is in a store.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Status {
    /// Where it is.
    pub location: Location,
    /// Its size in bytes.
    pub size: u64,
    /// Where its master key comes from, in words.
    pub key: String,
    /// The secrets, by name.
    pub secrets: Vec<Secret>,
    /// The records of tokens, by connector.
    pub records: Vec<RecordStatus>,
    /// How many entries are damaged, with nothing before them that could stand in, or are not known here: what a later
    /// version wrote.
    pub damaged: usize,
}

/// What a record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordStatus {
    /// The connector that used it last.
    pub connector: String,
    /// The durable values, such as a rotated refresh token: their names, and since when they are kept.
    pub kept: Vec<(String, SystemTime)>,
    /// When each token was obtained, and when it ends.
    pub tokens: Vec<(SystemTime, Option<SystemTime>)>,
}

impl Store {
    /// What is in it.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn status(&self) -> Result<Status, StoreError> {
        let secrets = self.secrets()?;
        let entries = self.opened.read(|rows, keys| keys.find_all(rows, TOKEN))?;
        let mut damaged = secrets.iter().filter(|secret| secret.damaged).count();
        let mut records = Vec::new();
        for (_, bytes) in entries {
            match bytes.map(|bytes| Content::from_bytes(&bytes)) {
                Some(Ok(Content::Record(record))) => records.push(RecordStatus::of(&record)),
                // how a client authenticates is not listed
                Some(Ok(_)) => {}
                Some(Err(_)) | None => damaged += 1,
            }
        }
        records.sort_by(|one, other| one.connector.cmp(&other.connector));
        let (size, key) = {
            let mut inner = self.opened.lock();
            (inner.database.size()?, inner.source.to_string())
        };
        Ok(Status { location: self.location().clone(), size, key, secrets, records, damaged })
    }
}

impl RecordStatus {
    fn of(record: &Record) -> Self {
        Self {
            connector: record.connector.clone(),
            kept: record.kept.iter().map(|kept| (kept.name.clone(), kept.kept_at)).collect(),
            tokens: record.tokens.iter().map(|token| (token.obtained_at, token.expires_at)).collect(),
        }
    }
}
