//! Exclusive turns among processes: a lock of the operating system on a file for each key.
//!
//! The lock dies with its holder, however it ends. The files stay, empty: one that is taken away while somebody waits for
//! it would be two.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use authwire_runtime::store::{StoreError, StoreKey, Turn};

use crate::file;

/// How long to wait before the next try. Nobody waits long: a turn is as long as one token request.
const WAIT_MILLIS: std::ops::Range<u64> = 5..25;

/// The folder of the turns.
#[derive(Debug, Clone)]
pub(crate) struct Turns(PathBuf);

impl Turns {
    /// The turns of the store at `path`.
    pub(crate) fn of(path: &Path) -> Self {
        Self(file::beside(path, ".turns"))
    }

    /// Waits for the turn under `key`.
    pub(crate) async fn take(&self, key: &StoreKey) -> Result<Turn, StoreError> {
        let file = self.open(key.as_str())?;
        loop {
            if is_taken(&file)? {
                return Ok(Turn::new(file));
            }
            tokio::time::sleep(Duration::from_millis(fastrand::u64(WAIT_MILLIS))).await;
        }
    }

    /// Waits for the turn `name`, blocking the thread.
    pub(crate) fn take_blocking(&self, name: &str) -> Result<Turn, StoreError> {
        let file = self.open(name)?;
        file.lock().map_err(|error| unlocked(&error))?;
        Ok(Turn::new(file))
    }

    fn open(&self, name: &str) -> Result<File, StoreError> {
        file::make_folder(&self.0)?;
        let path = self.0.join(name);
        file::open_lock(&path).map_err(|error| file::unmade(&path, &error))
    }
}

fn is_taken(file: &File) -> Result<bool, StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(unlocked(&error)),
    }
}

fn unlocked(error: &std::io::Error) -> StoreError {
    StoreError::new(format!("the file system gives no lock: {error}"))
        .with_help("keep the store on a disk of this machine")
}
