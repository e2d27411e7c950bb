//! The master key: the one secret that opens the store, and where it comes from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use authwire_runtime::store::{StoreError, StoreErrorKind};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::{Zeroize as _, Zeroizing};

use crate::file;
use crate::location::Location;

/// The variable that holds a master key.
const VARIABLE: &str = "AUTHWIRE_KEY";
/// The variable that names a file with one.
const FILE_VARIABLE: &str = "AUTHWIRE_KEY_FILE";

/// The most that is read of a key's file: a key has 64 characters at most, and white space around it.
const LONGEST: usize = 1 << 12;

/// How to make a key, for those who have none.
const MAKE_ONE: &str =
    "a master key is 32 random bytes in Base64 or hexadecimal digits: openssl rand -base64 32";

/// A master key: 256 bits. Wiped when it is dropped.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new random key.
    ///
    /// # Errors
    ///
    /// If the system has no random bytes.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(&mut *bytes)
            .map_err(|_| StoreError::new(StoreErrorKind::Other, "the system gives no random bytes"))?;
        Ok(Self(bytes))
    }

    /// Reads a key: 32 bytes in Base64 (standard or URL-safe) or in 64 hexadecimal digits; white space around it is
    /// left out.
    ///
    /// # Errors
    ///
    /// If the text is no such key. It is not repeated.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        let bytes = from_hexadecimal(text)
            .or_else(|| STANDARD.decode(text).ok())
            .or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
            .map(Zeroizing::new);
        let key: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.as_slice().try_into().ok());
        match key {
            Some(mut key) => {
                let kept = Self(Zeroizing::new(key));
                key.zeroize();
                Ok(kept)
            }
            None => {
                Err(StoreError::new(StoreErrorKind::WrongKey, "this is no master key").with_help(MAKE_ONE))
            }
        }
    }

    /// The key as [`parse`](Self::parse) reads it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(*self.0))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}

/// Where a master key comes from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum KeySource {
    /// A key that the program has.
    Given(MasterKey),
    /// The environment variable `AUTHWIRE_KEY`.
    Variable,
    /// A file that somebody made. Others may not read it.
    File(PathBuf),
    /// A file beside the store, made with it: `<store>.key`.
    BesideStore(PathBuf),
}

impl KeySource {
    /// `AUTHWIRE_KEY` if that is set, else the file that `AUTHWIRE_KEY_FILE` names, else a file beside `store`. A store on a
    /// server has none beside it: without either it does not open.
    #[must_use]
    pub fn from_environment(store: impl Into<Location>) -> Self {
        let named = |variable| std::env::var_os(variable).filter(|value| !value.is_empty());
        if named(VARIABLE).is_some() {
            return Self::Variable;
        }
        match named(FILE_VARIABLE) {
            Some(path) => Self::File(path.into()),
            None => match store.into().path() {
                Some(path) => Self::beside(path),
                None => Self::Variable,
            },
        }
    }

    /// The file beside `store`, whatever the environment says.
    #[must_use]
    pub fn beside(store: &Path) -> Self {
        Self::BesideStore(file::beside(store, ".key"))
    }

    /// The key.
    pub(crate) fn read(&self) -> Result<MasterKey, StoreError> {
        match self {
            Self::Given(key) => Ok(key.clone()),
            Self::Variable => {
                let text = std::env::var(VARIABLE).map(Zeroizing::new).map_err(|_| {
                    StoreError::new(
                        StoreErrorKind::WrongKey,
                        format!("the store's master key is missing: {VARIABLE} is not set, or no text"),
                    )
                    .with_help(format!("set {VARIABLE} or {FILE_VARIABLE}; {MAKE_ONE}"))
                })?;
                parse_of(VARIABLE, &text)
            }
            Self::File(path) | Self::BesideStore(path) => read_file(path),
        }
    }

    /// The key of a store that is being made: the file beside it is made with it.
    pub(crate) fn read_or_make(&self) -> Result<MasterKey, StoreError> {
        let Self::BesideStore(path) = self else { return self.read() };
        let key = MasterKey::random()?;
        match write_file(path, &key) {
            Ok(()) => Ok(key),
            // whoever was making this store died before it had, or another store has the same key
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.read(),
            Err(error) => Err(file::unmade(path, &error)),
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("the program's own"),
            Self::Variable => f.write_str(VARIABLE),
            Self::File(path) => write!(f, "{} ({FILE_VARIABLE})", path.display()),
            Self::BesideStore(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Writes a new file with a key, for us alone.
fn write_file(path: &Path, key: &MasterKey) -> io::Result<()> {
    let mut text = key.to_text();
    text.push('\n');
    file::write_new(path, text.as_bytes())
}

/// Reads the key beside a store that `opens` with it. Where only the next one does, that takes its place.
pub(crate) fn read_finishing<T>(
    path: &Path,
    opens: impl Fn(&MasterKey) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let source = KeySource::BesideStore(path.to_owned());
    let read = source.read();
    if let Ok(key) = &read
        && let Some(opened) = opens(key)
    {
        return Ok(Some(opened));
    }
    let next = next(path);
    if let Ok(key) = KeySource::File(next.clone()).read()
        && let Some(opened) = opens(&key)
    {
        put_next(&next, path)?;
        return Ok(Some(opened));
    }
    // meanwhile the change may have come to its end
    source.read().or(read).map(|key| opens(&key))
}

/// Writes the key that is to take the place of the one beside a store, and returns it with its place.
pub(crate) fn make_next(path: &Path) -> Result<(MasterKey, PathBuf), StoreError> {
    let (key, next) = (MasterKey::random()?, next(path));
    // one that an earlier change left, and that opens nothing
    let removed = match std::fs::remove_file(&next) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    removed.and_then(|()| write_file(&next, &key)).map_err(|error| file::unmade(&next, &error))?;
    Ok((key, next))
}

/// Puts the next key in the place of the one beside its store.
pub(crate) fn put_next(next: &Path, path: &Path) -> Result<(), StoreError> {
    match file::rename(next, path) {
        // whoever opened the store meanwhile did it
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.exists() => Ok(()),
        other => other.map_err(|error| file::unmade(path, &error)),
    }
}

/// Where the next key waits for its store.
fn next(path: &Path) -> PathBuf {
    file::beside(path, ".new")
}

fn parse_of(what: &str, text: &str) -> Result<MasterKey, StoreError> {
    MasterKey::parse(text).map_err(|_| {
        StoreError::new(StoreErrorKind::WrongKey, format!("{what} holds no master key")).with_help(MAKE_ONE)
    })
}

fn read_file(path: &Path) -> Result<MasterKey, StoreError> {
    file::demand_private(path).map_err(|mut error| {
        if path.exists() {
            return error;
        }
        error.kind = StoreErrorKind::WrongKey;
        error.with_help("the store cannot be opened without its master key: put the file back")
    })?;
    let mut text = Zeroizing::new(String::with_capacity(LONGEST));
    // a pipe is fine: it is how some managers of secrets hand out a key
    let file = File::open(path).map_err(|error| file::unread(path, &error))?;
    let read = file.take(LONGEST as u64).read_to_string(&mut text);
    read.map_err(|error| file::unread(path, &error))?;
    parse_of(&format!("`{}`", path.display()), &text)
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::MasterKey;

    #[test]
    fn a_key_is_read_in_each_of_its_forms() {
        let key = MasterKey::parse(&"fb".repeat(32)).unwrap();
        for text in [
            &*key.to_text(),
            " +/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=\n",
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
        ] {
            assert_eq!(MasterKey::parse(text).unwrap().bytes(), &[0xfb; 32], "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_not_repeated() {
        for text in ["", "correct horse battery staple", "c2hvcnQ=", &"g".repeat(64)] {
            let error = MasterKey::parse(text).unwrap_err();
            assert!(error.to_string().contains("openssl rand"), "{error}");
            assert!(text.is_empty() || !error.to_string().contains(text));
        }
        assert_eq!(format!("{:?}", MasterKey::random().unwrap()), "MasterKey(redacted)");
    }
}
