//! What the derive implements, and what a check answers.

#[cfg(feature = "builtin")]
use crate::ConnectorConfig;
use crate::Report;

/// An auth type: what `#[derive(Connector)]` with `schema = ` makes.
pub trait AuthType {
    /// Its config: a valid one, always.
    type Config;
    /// Its name, as a connector file writes it under `type`.
    const NAME: &'static str;
    /// The text of its schema.
    const SCHEMA: &'static str;
}

/// A connector file in the program: what `#[derive(Connector)]` with `file = ` makes.
#[cfg(feature = "builtin")]
pub trait Connector {
    /// The config of its auth type.
    type Auth;
    /// The text of the file.
    const FILE: &'static str;

    /// The connector, as its file says.
    fn config() -> &'static ConnectorConfig;
}

/// A config, if the document was valid, and everything that was found: errors, warnings and notes.
#[derive(Debug, Clone)]
pub struct Checked<C> {
    /// The config; `None` if a finding is an error.
    pub config: Option<C>,
    /// What was found.
    pub report: Report,
}
