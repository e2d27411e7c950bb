//! Exclusive turns among all who share a store, under a lock that dies with its holder.
//!
//! Of a store in a file it is a lock of the operating system on a file for each key. The files stay, empty: one that is
//! taken away while somebody waits for it would be two. Of a store on a server it is a lock of the server's, held by a
//! connection of its own.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use authwire_runtime::store::{StoreError, StoreErrorKind, StoreKey, Turn};

#[cfg(feature = "postgres")]
use crate::database::postgres::{Server, TurnSession};
use crate::file;
use crate::location::{Location, Place};

/// How long to wait before the next try. Nobody waits long: a turn is as long as one token request.
const WAIT_MILLIS: std::ops::Range<u64> = 5..25;

/// Where turns are taken.
#[derive(Debug, Clone)]
pub(crate) enum Turns {
    /// In a folder.
    Folder(PathBuf),
    #[cfg(feature = "postgres")]
    Server(Server),
}

impl Turns {
    /// The turns of the store at `location`.
    pub(crate) fn of(location: &Location) -> Self {
        match &location.0 {
            Place::File(path) => Self::Folder(file::beside(path, ".turns")),
            #[cfg(feature = "postgres")]
            Place::Server(server) => Self::Server(server.clone()),
        }
    }

    /// Waits for the turn under `key`. Whoever goes away while waiting holds nothing.
    pub(crate) async fn take(&self, key: &StoreKey) -> Result<Turn, StoreError> {
        match self {
            Self::Folder(folder) => {
                let file = open(folder, key.as_str())?;
                while !is_taken(&file)? {
                    tokio::time::sleep(Duration::from_millis(fastrand::u64(WAIT_MILLIS))).await;
                }
                Ok(Turn::new(file))
            }
            #[cfg(feature = "postgres")]
            Self::Server(server) => TurnSession::wait(server, key.as_str()).await,
        }
    }

    /// Waits for the turn `name`, blocking the thread.
    pub(crate) fn take_blocking(&self, name: &str) -> Result<Turn, StoreError> {
        match self {
            Self::Folder(folder) => {
                let file = open(folder, name)?;
                file.lock().map_err(|error| unlocked(&error))?;
                Ok(Turn::new(file))
            }
            #[cfg(feature = "postgres")]
            Self::Server(server) => TurnSession::wait_blocking(server, name),
        }
    }
}

fn open(folder: &Path, name: &str) -> Result<File, StoreError> {
    file::make_folder(folder)?;
    let path = folder.join(name);
    file::open_lock(&path).map_err(|error| file::unmade(&path, &error))
}

fn is_taken(file: &File) -> Result<bool, StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(unlocked(&error)),
    }
}

fn unlocked(error: &std::io::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Other, format!("the file system gives no lock: {error}"))
        .with_help("keep the store on a disk of this machine")
}
