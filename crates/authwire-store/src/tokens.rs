//! The store as the engine sees it: records by key, compare and swap, exclusive turns.
//!
//! A write waits for the disk, and either may wait for another process: that is done beside the tasks, not in their way.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use authwire_runtime::store::{self, Content, StoreError, StoreKey, Storing, TokenStore, Turn};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use crate::background::in_background;
use crate::database::{Entry, Rows, State};
use crate::store::{Keys, Opened, Store};

/// How long a record that is of no more use is left alone: somebody may have it in hand, by a clock that is off.
const ENDED_LONG_AGO: Duration = Duration::from_secs(86_400);

/// How often such records are looked for: every one is opened for it.
const LOOKED_FOR_EVERY: Duration = Duration::from_secs(3600);

/// The kind of a record.
pub(crate) const TOKEN: &str = "token";

/// The kind of the entry that says when records that are of no more use were looked for last. Nothing is sealed in it.
const LOOKED_FOR: &str = "looked_for";

impl TokenStore for Store {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(hmac::sign(&self.digest_key, bytes).as_ref());
        digest
    }

    /// A damaged record, with none before it that could stand in, is an entry of no bytes: there, but no record.
    fn load<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Option<store::Entry>> {
        let (opened, key) = (Arc::clone(&self.opened), key.clone());
        Box::pin(in_background(move || {
            let found = opened.read(|rows, keys| keys.find(rows, TOKEN, key.as_str()))?;
            Ok(found.map(|found| store::Entry::new(found.version, found.bytes.unwrap_or_default())))
        }))
    }

    fn swap<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Storing<'a, Option<u64>> {
        let (opened, key) = (Arc::clone(&self.opened), key.clone());
        Box::pin(in_background(move || {
            opened.swap(&key, expected, bytes.as_ref().map(|bytes| bytes.as_slice()))
        }))
    }

    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn> {
        Box::pin(self.turns.take(key))
    }
}

/// Removes the records that hold nothing durable, and no token that did not end long ago; unless that was done a while
/// ago.
fn remove_ended(rows: &Rows<'_>, keys: &Keys, now: SystemTime) -> Result<(), StoreError> {
    let last = rows.entry(State::Current, LOOKED_FOR, TOKEN)?;
    // a clock that was ahead does not put it off
    let ago = last.and_then(|last| now.duration_since(last.changed_at).ok());
    if ago.is_some_and(|ago| ago < LOOKED_FOR_EVERY) {
        return Ok(());
    }
    let mark = Entry { name: TOKEN.to_owned(), version: 0, changed_at: now, sealed: Vec::new() };
    rows.replace(State::Current, LOOKED_FOR, &mark)?;
    let since = now.checked_sub(ENDED_LONG_AGO).unwrap_or(SystemTime::UNIX_EPOCH);
    for (entry, bytes) in keys.find_all(rows, TOKEN)? {
        if let Some(Ok(Content::Record(record))) = bytes.map(|bytes| Content::from_bytes(&bytes))
            && record.has_ended(since)
        {
            rows.remove(TOKEN, &entry.name)?;
        }
    }
    Ok(())
}

impl Opened {
    fn swap(
        &self,
        key: &StoreKey,
        expected: Option<u64>,
        bytes: Option<&[u8]>,
    ) -> Result<Option<u64>, StoreError> {
        self.write(|rows, keys| {
            if rows.version(TOKEN, key.as_str())? != expected {
                return Ok(None);
            }
            match bytes {
                Some(bytes) => {
                    if expected.is_none() {
                        // each secret that changes begins another record: the old ones go when a new one comes
                        remove_ended(rows, keys, SystemTime::now())?;
                    }
                    keys.put(rows, TOKEN, key.as_str(), bytes).map(Some)
                }
                None => {
                    rows.remove(TOKEN, key.as_str())?;
                    rows.next_version().map(Some)
                }
            }
        })
    }
}
