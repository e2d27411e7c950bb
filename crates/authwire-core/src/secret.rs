//! A secret: a value that is never shown.

use std::fmt;

use zeroize::Zeroizing;

use crate::reference::Reference;

/// A secret of a config: a literal, wiped from memory when it is dropped, or a reference to where it is kept.
///
/// ```
/// use authwire_core::{Reference, Secret};
///
/// let literal = Secret::literal("hunter2");
/// assert_eq!(format!("{literal:?}"), "Secret(redacted)");
/// assert_eq!(literal.expose_literal(), Some("hunter2"));
///
/// let kept = Secret::reference(Reference::Env("API_KEY".to_owned()));
/// assert_eq!(format!("{kept:?}"), "Secret(env:API_KEY)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Kept);

#[derive(Clone, PartialEq, Eq)]
enum Kept {
    Here(Zeroizing<String>),
    Elsewhere(Reference),
}

/// A secret as it was read from a file or a pipe, without the line end that an editor or `echo` puts behind it: one
/// `\n` or `\r\n`, and no more.
///
/// ```
/// use authwire_core::secret::without_line_end;
///
/// assert_eq!(without_line_end("hunter2\r\n"), "hunter2");
/// assert_eq!(without_line_end("hunter2\n\n"), "hunter2\n");
/// assert_eq!(without_line_end("hunter2\r"), "hunter2\r");
/// ```
#[must_use]
pub fn without_line_end(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line))
}

impl Secret {
    /// A secret that stands in the config itself.
    pub fn literal(value: impl Into<String>) -> Self {
        Self(Kept::Here(Zeroizing::new(value.into())))
    }

    /// A secret that is kept elsewhere.
    #[must_use]
    pub fn reference(reference: Reference) -> Self {
        Self(Kept::Elsewhere(reference))
    }

    /// Where it is kept, if not in the config itself.
    #[must_use]
    pub fn as_reference(&self) -> Option<&Reference> {
        match &self.0 {
            Kept::Here(_) => None,
            Kept::Elsewhere(reference) => Some(reference),
        }
    }

    /// The literal value. The name is long so that a reviewer sees it.
    #[must_use]
    pub fn expose_literal(&self) -> Option<&str> {
        match &self.0 {
            Kept::Here(value) => Some(value),
            Kept::Elsewhere(_) => None,
        }
    }
}

impl From<Reference> for Secret {
    fn from(reference: Reference) -> Self {
        Self::reference(reference)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::Here(_) => f.write_str("Secret(redacted)"),
            Kept::Elsewhere(reference) => write!(f, "Secret({reference})"),
        }
    }
}
