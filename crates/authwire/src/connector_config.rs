//! Reading connector files.

use authwire_core::checker;
use authwire_core::judge::Judge;
use authwire_core::read::Loaded;
use authwire_core::semantic;
use authwire_core::table::{Registry, Schema};

use crate::__private::{MaybeJudge, Parse as _, Readable, read, refused, settle};
use crate::{AuthConfig, Checked, ConnectorConfig, Report};

impl Readable for ConnectorConfig {
    fn read_whole(bytes: &[u8]) -> Result<Self, Report> {
        Self::from_slice(bytes)
    }
}

impl ConnectorConfig {
    /// Reads a connector file in one pass.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Report> {
        match read::<Self>(bytes, &[]) {
            Ok(config) if !config.has_semantic_errors() => Ok(config),
            _ => Err(refused(Self::report(bytes, &[], None))),
        }
    }

    /// Reads a connector file, with warnings and notes beside it.
    #[must_use]
    pub fn check(bytes: &[u8]) -> Checked<Self> {
        Self::check_with(bytes, &[], None)
    }

    /// The same, with auth types that were loaded at run time, and with the last word of a judge.
    #[must_use]
    pub fn check_with(bytes: &[u8], loaded: Loaded<'_>, judge: Option<&dyn Judge>) -> Checked<Self> {
        settle(read(bytes, loaded), Self::report(bytes, loaded, judge))
    }

    /// Checks a connector file in memory.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn validate(value: &serde_json::Value) -> Result<(), Report> {
        checker::verdict(Self::SCHEMA, Registry { types: AuthConfig::BUILTIN }, value)
    }

    /// The compiled schema of a connector file.
    #[must_use]
    pub fn tables() -> &'static Schema {
        Self::SCHEMA
    }

    fn report(bytes: &[u8], loaded: Loaded<'_>, judge: MaybeJudge<'_>) -> Report {
        if loaded.is_empty() {
            return checker::report(Self::SCHEMA, Registry { types: AuthConfig::BUILTIN }, bytes, judge);
        }
        let types: Vec<&Schema> = AuthConfig::BUILTIN
            .iter()
            .copied()
            .chain(loaded.iter().map(std::convert::AsRef::as_ref))
            .collect();
        checker::report(Self::SCHEMA, Registry { types: &types }, bytes, judge)
    }

    fn has_semantic_errors(&self) -> bool {
        semantic::has_errors(self.auth_config().as_config()) || semantic::has_connector_errors(self.headers())
    }
}
