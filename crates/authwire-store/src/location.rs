//! Where a store is: a file of this machine, or a database server.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use authwire_runtime::store::{StoreError, StoreErrorKind};

#[cfg(feature = "postgres")]
use crate::database::postgres::Server;

/// Where a store is. What it shows holds no password.
#[derive(Clone)]
pub struct Location(pub(crate) Place);

#[derive(Clone)]
pub(crate) enum Place {
    File(PathBuf),
    #[cfg(feature = "postgres")]
    Server(Server),
}

impl Location {
    /// Reads what names a store: a URL (`postgres://USER@HOST/DATABASE`), or else the path of a file.
    ///
    /// # Errors
    ///
    /// If it is a URL of another kind, or one that cannot be read. Its password is not repeated.
    pub fn parse(named: impl AsRef<OsStr>) -> Result<Self, StoreError> {
        let named = named.as_ref();
        match named.to_str().and_then(|text| Some((text.split_once("://")?.0, text))) {
            #[cfg(feature = "postgres")]
            Some(("postgres" | "postgresql", url)) => Server::parse(url).map(Place::Server).map(Self),
            #[cfg(not(feature = "postgres"))]
            Some((scheme @ ("postgres" | "postgresql"), _)) => Err(StoreError::new(
                StoreErrorKind::Other,
                format!("a store at `{scheme}://…` is not in this build"),
            )
            .with_help("build with the feature `postgres`, or name a file")),
            Some((scheme, _)) => Err(StoreError::new(
                StoreErrorKind::Other,
                format!("a store at `{scheme}://…` is not known here"),
            )
            .with_help(
                "a store is a file on this machine, or a PostgreSQL server: postgres://USER@HOST/DATABASE",
            )),
            None => Ok(PathBuf::from(named).into()),
        }
    }

    /// The path, of a store in a file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Place::File(path) => Some(path),
            #[cfg(feature = "postgres")]
            Place::Server(_) => None,
        }
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self(Place::File(path))
    }
}

impl From<&PathBuf> for Location {
    fn from(path: &PathBuf) -> Self {
        path.clone().into()
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Self {
        path.to_owned().into()
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "postgres")]
            Place::Server(server) => write!(f, "{server}"),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}
