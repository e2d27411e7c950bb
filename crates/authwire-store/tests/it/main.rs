//! The store as its users see it: what lasts, what is refused, what is never believed.

mod damage;
mod keys;
mod lasting;
mod making;
mod turns;

use std::path::PathBuf;

use authwire_store::{KeySource, Store};

/// A folder that goes with its test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The store's file.
    fn path(&self) -> PathBuf {
        self.file("store.db")
    }

    /// The key beside it.
    fn beside(&self) -> KeySource {
        KeySource::BesideStore(self.file("store.db.key"))
    }

    fn open(&self) -> Store {
        Store::open(self.path(), self.beside()).expect("it opens")
    }
}

fn secret(store: &Store, name: &str) -> Option<String> {
    store.secret(name).expect("it is read").map(|value| value.to_string())
}
