//! What the derive implements, and what a check answers.

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::__private::{self, Derived, Parse};
#[cfg(feature = "builtin")]
use crate::ConnectorConfig;
use crate::{Config, Report};

/// An auth type: what `#[derive(Connector)]` with `schema = ` makes, and nothing else does.
///
/// The functions are there on the type itself too, without the trait; here they are for code over any auth type:
///
/// ```
/// use std::sync::Arc;
///
/// use authwire::{AuthType, Config, Report};
///
/// /// A config of whatever type, for an engine.
/// fn read<A: AuthType>(bytes: &[u8]) -> Result<Arc<dyn Config>, Report> {
///     Ok(Arc::new(A::from_slice(bytes)?))
/// }
///
/// # #[cfg(feature = "builtin")]
/// assert!(read::<authwire::BearerToken>(br#"{"api_key": {"env": "ACME_TOKEN"}}"#).is_ok());
/// ```
pub trait AuthType: Derived {
    /// Its config: a valid one, always.
    type Config: Config + Parse + Clone + Serialize + DeserializeOwned + 'static;
    /// Its name, as a connector file writes it under `type`.
    const NAME: &'static str;
    /// The text of its schema.
    const SCHEMA: &'static str;

    /// Reads a config in one pass.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn from_slice(bytes: &[u8]) -> Result<Self::Config, Report> {
        __private::from_slice(bytes)
    }

    /// Reads a config, with warnings and notes beside it.
    #[must_use]
    fn check(bytes: &[u8]) -> Checked<Self::Config> {
        __private::check(bytes)
    }

    /// Checks a config in memory: the same verdict and findings, without places.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn validate(value: &serde_json::Value) -> Result<(), Report> {
        __private::validate::<Self::Config>(value)
    }
}

/// A connector file in the program: what `#[derive(Connector)]` with `file = ` makes, and nothing else does.
#[cfg(feature = "builtin")]
pub trait Connector: Derived {
    /// The config of its auth type.
    type Auth: Config + Clone + 'static;
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
