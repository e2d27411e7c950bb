//! Where the value of a reference comes from: the environment, a file, a store.
//!
//! It must not know what the value is for.

use std::fmt;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;
use std::pin::Pin;

use authwire_core::Reference;
use authwire_core::secret::without_line_end;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize, Zeroizing};

use crate::file::read_file;

/// The largest file that a `{"file"}` is read from.
const LARGEST_FILE: u64 = 1 << 20;

/// The future of a resolved reference.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = Result<Zeroizing<String>, Unresolved>> + Send + 'a>>;

/// The future of a resolved reference that may be binary.
pub type ResolvingBytes<'a> =
    Pin<Box<dyn Future<Output = Result<Zeroizing<Vec<u8>>, Unresolved>> + Send + 'a>>;

/// Turns a reference into the value that it names.
///
/// A path of `{"file"}` is absolute by the time it comes here, if the connector knows its folder.
pub trait Resolver: Send + Sync {
    /// The value that `reference` names. It is asked for several references at the same time.
    ///
    /// An implementation must not put the value into an error.
    fn resolve<'a>(&'a self, reference: &'a Reference) -> Resolving<'a>;

    /// The bytes that `reference` names, where they need be no text: a PKCS#12 file. The same as [`resolve`](Self::resolve)
    /// where an implementation knows texts only.
    fn resolve_bytes<'a>(&'a self, reference: &'a Reference) -> ResolvingBytes<'a> {
        Box::pin(async move {
            let text = self.resolve(reference).await?;
            Ok(Zeroizing::new(text.as_bytes().to_vec()))
        })
    }

    /// A cheap look at whether the value may have changed since: another number means that it may have. `None` where
    /// there is no telling, or none now: a file that is away or empty is mostly about to be written. Called from async code, no more than once a second, so it must not block for long.
    fn version(&self, reference: &Reference) -> Option<u64> {
        let _ = reference;
        None
    }
}

/// The environment and the file system. It has no store.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings;

impl Resolver for Surroundings {
    fn resolve<'a>(&'a self, reference: &'a Reference) -> Resolving<'a> {
        Box::pin(std::future::ready(match reference {
            Reference::Env(name) => from_environment(reference, name),
            Reference::File(path) => from_file(reference, Path::new(path)),
            Reference::Store(_) => Err(Unresolved::new(
                UnresolvedKind::NoSuchSource,
                reference,
                "there is no secret store here",
                "open a store, or take the value from {\"env\"} or {\"file\"}",
            )),
            _ => Err(Unresolved::new(
                UnresolvedKind::NoSuchSource,
                reference,
                "this source is not known here",
                "use {\"env\"} or {\"file\"}",
            )),
        }))
    }

    fn resolve_bytes<'a>(&'a self, reference: &'a Reference) -> ResolvingBytes<'a> {
        match reference {
            Reference::File(path) => Box::pin(std::future::ready(bytes_of_file(reference, Path::new(path)))),
            _ => Box::pin(async move {
                let text = self.resolve(reference).await?;
                Ok(Zeroizing::new(text.as_bytes().to_vec()))
            }),
        }
    }

    fn version(&self, reference: &Reference) -> Option<u64> {
        let Reference::File(path) = reference else { return None };
        let metadata = std::fs::metadata(path).ok().filter(|metadata| metadata.len() > 0)?;
        let mut hasher = DefaultHasher::new();
        metadata.len().hash(&mut hasher);
        metadata.modified().ok().hash(&mut hasher);
        #[cfg(unix)]
        std::os::unix::fs::MetadataExt::ino(&metadata).hash(&mut hasher);
        Some(hasher.finish())
    }
}

/// What [`Resolver::resolve_bytes`] resolved as a connector would hold it: a text as it is, anything else in Base64.
#[must_use]
pub fn text_or_base64(bytes: Zeroizing<Vec<u8>>) -> Zeroizing<String> {
    match std::str::from_utf8(&bytes) {
        Ok(text) => Zeroizing::new(text.to_owned()),
        Err(_) => Zeroizing::new(STANDARD.encode(&*bytes)),
    }
}

fn from_environment(reference: &Reference, name: &str) -> Result<Zeroizing<String>, Unresolved> {
    let value = match std::env::var(name) {
        Ok(value) => Zeroizing::new(value),
        Err(std::env::VarError::NotPresent) => {
            return Err(Unresolved::new(
                UnresolvedKind::Missing,
                reference,
                format!("the environment variable {name} is not set"),
                format!("set it: export {name}=…"),
            ));
        }
        Err(std::env::VarError::NotUnicode(value)) => {
            value.into_encoded_bytes().zeroize();
            return Err(Unresolved::new(
                UnresolvedKind::NotText,
                reference,
                format!("the environment variable {name} is not UTF-8"),
                "set it to a text",
            ));
        }
    };
    Ok(value)
}

fn from_file(reference: &Reference, path: &Path) -> Result<Zeroizing<String>, Unresolved> {
    let bytes = bytes_of_file(reference, path)?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(Unresolved::new(
            UnresolvedKind::NotText,
            reference,
            format!("the file {} is not UTF-8", path.display()),
            "write the value as a text",
        ));
    };
    Ok(Zeroizing::new(without_line_end(text).to_owned()))
}

fn bytes_of_file(reference: &Reference, path: &Path) -> Result<Zeroizing<Vec<u8>>, Unresolved> {
    let shown = path.display();
    read_file(path, LARGEST_FILE).map_err(|error| {
        let (kind, what) = match error.kind() {
            io::ErrorKind::InvalidInput => {
                let what = format!("{shown} is not a file");
                return Unresolved::new(UnresolvedKind::Failed, reference, what, "name a file");
            }
            io::ErrorKind::FileTooLarge => {
                let what = format!("the file {shown} is larger than 1 MiB");
                let help = "a secret is shorter: check the path";
                return Unresolved::new(UnresolvedKind::TooLarge, reference, what, help);
            }
            io::ErrorKind::NotFound => (UnresolvedKind::Missing, format!("the file {shown} does not exist")),
            io::ErrorKind::PermissionDenied => {
                (UnresolvedKind::Denied, format!("the file {shown} may not be read"))
            }
            _ => (UnresolvedKind::Failed, format!("the file {shown} cannot be read: {error}")),
        };
        Unresolved::new(
            kind,
            reference,
            what,
            "check the path; a relative one starts at the connector file's folder",
        )
    })
}

/// A reference whose value could not be had. Names the place and what to do, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unresolved {
    /// Why, for programs that decide by it.
    pub kind: UnresolvedKind,
    /// The reference.
    pub reference: Reference,
    /// The property that holds it, as the auth type's plan writes it.
    pub field: Option<String>,
    /// What is wrong with it.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Unresolved {
    /// `reference` could not be resolved.
    pub fn new(
        kind: UnresolvedKind,
        reference: &Reference,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { kind, reference: reference.clone(), field: None, message: message.into(), help: help.into() }
    }

    /// The same, naming the property that holds the reference.
    #[must_use]
    pub fn for_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// Why the value of a reference could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnresolvedKind {
    /// There is nothing of that name.
    Missing,
    /// The value is empty, where none may be.
    Empty,
    /// The value is no text.
    NotText,
    /// The value is larger than any secret.
    TooLarge,
    /// It may not be read.
    Denied,
    /// It was not there in time.
    Timeout,
    /// This source is not known here.
    NoSuchSource,
    /// Something else, which the message says.
    Failed,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "`{field}` ({}): {}; {}", self.reference, self.message, self.help),
            None => write!(f, "{}: {}; {}", self.reference, self.message, self.help),
        }
    }
}

impl std::error::Error for Unresolved {}

#[cfg(test)]
mod tests {
    use authwire_core::Reference;

    use super::{Resolver, Surroundings, UnresolvedKind};

    #[tokio::test]
    async fn one_trailing_newline_of_a_file_is_trimmed() {
        let folder = std::env::temp_dir().join(format!("authwire-resolve-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, written, read) in [
            ("one", "s3cret\n", "s3cret"),
            ("two", "s3cret\n\n", "s3cret\n"),
            ("crlf", "s3cret\r\n", "s3cret"),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, written).unwrap();
            let reference = Reference::File(path.display().to_string());
            assert_eq!(Surroundings.resolve(&reference).await.unwrap().as_str(), read, "{name}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn a_value_that_cannot_be_had_is_named_with_what_to_do() {
        let missing = Reference::Env("AUTHWIRE_TEST_NOT_SET".to_owned());
        let error = Surroundings.resolve(&missing).await.unwrap_err();
        assert_eq!(error.kind, UnresolvedKind::Missing);
        assert_eq!(
            error.to_string(),
            "env:AUTHWIRE_TEST_NOT_SET: the environment variable AUTHWIRE_TEST_NOT_SET is not set; \
             set it: export AUTHWIRE_TEST_NOT_SET=…"
        );
        let error = Surroundings.resolve(&Reference::Store("zoom".to_owned())).await.unwrap_err();
        assert!(error.to_string().contains("no secret store"), "{error}");
    }

    #[tokio::test]
    async fn a_program_can_tell_why_a_file_has_no_value() {
        let folder = std::env::temp_dir().join(format!("authwire-why-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("binary"), b"\xff").unwrap();
        std::fs::write(folder.join("large"), vec![b'x'; (1 << 20) + 1]).unwrap();
        for (name, kind) in [
            ("missing", UnresolvedKind::Missing),
            ("binary", UnresolvedKind::NotText),
            ("large", UnresolvedKind::TooLarge),
            (".", UnresolvedKind::Failed),
        ] {
            let reference = Reference::File(folder.join(name).display().to_string());
            assert_eq!(Surroundings.resolve(&reference).await.unwrap_err().kind, kind, "{name}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_changed_file_has_another_version() {
        let path = std::env::temp_dir().join(format!("authwire-version-{}", std::process::id()));
        let reference = Reference::File(path.display().to_string());
        std::fs::write(&path, "one").unwrap();
        let first = Surroundings.version(&reference);
        assert_eq!(first, Surroundings.version(&reference));
        std::fs::write(&path, "three").unwrap();
        assert_ne!(first, Surroundings.version(&reference));
        std::fs::write(&path, "").unwrap();
        assert_eq!(Surroundings.version(&reference), None);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(Surroundings.version(&reference), None);
        assert_eq!(Surroundings.version(&Reference::Env("HOME".to_owned())), None);
    }
}
