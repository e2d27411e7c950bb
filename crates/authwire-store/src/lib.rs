//! A sealed store: secrets by name, and tokens that outlive the process.
//!
//! ```no_run
//! use std::sync::Arc;
//! use authwire_store::{KeySource, Store, StoredSecrets};
//!
//! # fn main() -> Result<(), authwire_runtime::store::StoreError> {
//! let path = Store::default_path().expect("a home folder");
//! let store = Arc::new(Store::open(&path, KeySource::from_environment(&path))?);
//! store.set_secret("zoom", "s3cr3t")?;
//! let secrets = StoredSecrets::new(Arc::clone(&store)); // resolves {"store": "zoom"}
//! # let _ = secrets;
//! # Ok(()) }
//! ```
//!
//! It is a database (`database`): one file of SQLite's or, with the feature `postgres`, a server that machines share (its URL
//! is a [`Location`] too). Every value in it is sealed (`seal`) and bound to the store, its kind, its name
//! and its version, so that nothing can be moved, swapped or rolled back singly without being noticed. The data key that
//! seals them is itself sealed by the master key (`key`), which lies elsewhere or, at the least, in another file.
//! Processes take turns by a lock (`turns`) of the operating system or of the server, which dies with its holder.
//!
//! What it keeps is durable when a call returns. What is damaged is never believed: the last good state stands in for it
//! where there is one.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

mod background;
mod database;
mod file;
mod key;
mod location;
mod rekey;
mod resolver;
mod seal;
mod status;
mod store;
mod tokens;
mod turns;

pub use key::{KeySource, MasterKey};
pub use location::Location;
pub use resolver::StoredSecrets;
pub use status::{RecordStatus, Status};
pub use store::{Secret, Store};
