//! A reference: where a value is kept that does not stand in the connector file.

use std::fmt;

/// Where a value is kept. Names a place, never a value, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reference {
    /// `{"env": NAME}`: an environment variable.
    Env(String),
    /// `{"file": PATH}`: a file, absolute or relative to the connector file's folder; one trailing newline is trimmed.
    File(String),
    /// `{"store": KEY}`: a key of the secret store.
    Store(String),
}

impl Reference {
    /// The sources, as a connector file writes them.
    pub const SOURCES: [&'static str; 3] = ["env", "file", "store"];

    /// The reference with the source `source` (`env`, `file` or `store`), if there is such a source.
    #[must_use]
    pub fn new(source: &str, name: impl Into<String>) -> Option<Self> {
        let at = Self::SOURCES.iter().position(|known| *known == source)?;
        Self::at(at, name)
    }

    /// The reference whose source is that of [`SOURCES`](Self::SOURCES) at `index`, if there is one.
    #[must_use]
    pub fn at(index: usize, name: impl Into<String>) -> Option<Self> {
        match index {
            0 => Some(Self::Env(name.into())),
            1 => Some(Self::File(name.into())),
            2 => Some(Self::Store(name.into())),
            _ => None,
        }
    }

    /// Its source: `env`, `file` or `store`.
    #[must_use]
    pub fn source(&self) -> &'static str {
        match self {
            Self::Env(_) => "env",
            Self::File(_) => "file",
            Self::Store(_) => "store",
        }
    }

    /// The variable's name, the path or the key.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Env(name) | Self::File(name) | Self::Store(name) => name,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source(), self.name())
    }
}
