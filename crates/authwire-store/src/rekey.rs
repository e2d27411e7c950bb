//! Another master key: everything is sealed anew in one transaction, so that it survives a kill at any point.
//!
//! A key that lies in a file beside the store cannot change in the same instant as the store does. So the new one is
//! written to a second file first, and takes the first one's place afterwards; whoever opens the store in between tries
//! both.

use authwire_runtime::store::{StoreError, StoreErrorKind};

use crate::database::{Entry, Rows, State};
use crate::key::{self, KeySource, MasterKey};
use crate::seal::{SealingKey, Unopened};
use crate::store::{Inner, Keys, Store};

/// Every kind of entry there is.
const KINDS: [&str; 2] = [crate::store::SECRET, crate::tokens::TOKEN];

impl Store {
    /// Seals everything anew, under new keys. The master key is then the one that `to` names; a file beside the store is
    /// given a new one. Other processes go on: they read the keys again.
    ///
    /// A kill at any point leaves a store that opens, with the old master key or with the new one.
    ///
    /// # Errors
    ///
    /// If the new key cannot be read or written, or the store cannot be written to: the old key then still counts.
    pub fn rekey(&self, to: KeySource) -> Result<(), StoreError> {
        let _turn = self.turns.take_blocking("rekey")?;
        // brings to its end what was cut short before
        self.opened.read(|_, _| Ok(()))?;
        let mut inner = self.opened.lock();
        match &to {
            KeySource::BesideStore(path) => {
                let (key, next) = key::make_next(path)?;
                inner.reseal(&key)?;
                key::put_next(&next, path)?;
            }
            source => inner.reseal(&source.read()?)?,
        }
        inner.source = to;
        inner.database.tidy();
        Ok(())
    }
}

impl Inner {
    fn reseal(&mut self, master: &MasterKey) -> Result<(), StoreError> {
        let unmade = |Unopened| StoreError::new(StoreErrorKind::Other, "the system gives no random bytes");
        let data = SealingKey::random().map_err(unmade)?;
        let Self { database, keys, .. } = self;
        let new = Keys { generation: keys.generation + 1, id: keys.id.clone(), data };
        database.write(|rows| {
            let header = rows.header()?.filter(|header| header.generation == keys.generation);
            let header = header.ok_or_else(|| {
                StoreError::new(StoreErrorKind::Conflict, "the store was given another key meanwhile")
            })?;
            let damaged =
                |Unopened| StoreError::new(StoreErrorKind::Damaged, "the store's own keys are damaged");
            let digest_key = keys.open_digest_key(&header).map_err(damaged)?;
            for kind in KINDS {
                for state in [State::Current, State::Former] {
                    for entry in rows.entries(state, kind)? {
                        reseal(rows, state, kind, entry, keys, &new)?;
                    }
                }
            }
            rows.set_keys(&new.seal_header(master, &digest_key).map_err(damaged)?)
        })?;
        self.keys = new;
        Ok(())
    }
}

/// What is damaged stays so, and is told as such by whoever asks for it.
fn reseal(
    rows: &Rows<'_>,
    state: State,
    kind: &str,
    entry: Entry,
    old: &Keys,
    new: &Keys,
) -> Result<(), StoreError> {
    let Ok(bytes) = old.open_entry(kind, &entry) else { return Ok(()) };
    let sealed = new.seal_entry(kind, &entry.name, entry.version, &bytes)?;
    rows.replace(state, kind, &Entry { sealed, ..entry })
}
