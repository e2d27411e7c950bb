//! From a connector file, read and valid, to a connector that can be used.
//!
//! It must not know which auth type the file has.

use std::sync::Arc;
use std::time::Duration;

use authwire::ConnectorConfig;
use authwire_core::plan::FieldId;
use authwire_core::slot::{Config, Slot, Slots};
use authwire_core::table::Schema;

#[cfg(feature = "reqwest")]
use crate::Client;
use crate::{Connector, HttpOptions};

impl From<ConnectorConfig> for Connector {
    fn from(config: ConnectorConfig) -> Self {
        let mut http = HttpOptions::default();
        if let Some(options) = config.http() {
            http = http
                .with_connect_timeout(Duration::from_secs_f64(options.connect_timeout_seconds()))
                .with_timeout(Duration::from_secs_f64(options.timeout_seconds()))
                .with_max_retries(u32::from(options.max_retries()));
            if let Some(path) = options.ca_file() {
                http = http.with_ca_file(path);
            }
        }
        let (name, base_url) = (config.name().to_owned(), config.base_url().clone());
        let (headers, query) = (config.headers().cloned(), config.query().cloned());
        Self::new(name, base_url, Arc::new(Held(config)))
            .with_headers(headers.unwrap_or_default())
            .with_query(query.unwrap_or_default())
            .with_http(http)
    }
}

impl Connector {
    /// The connector of an embedded file: `#[derive(authwire::Connector)]` with `file = `.
    #[must_use]
    pub fn embedded<C: authwire::Connector>() -> Self {
        Self::from(C::config().clone())
    }
}

#[cfg(feature = "reqwest")]
impl Client {
    /// A client of an embedded connector file, with the standard services.
    ///
    /// # Errors
    ///
    /// If the connector's CA file cannot be read.
    pub fn embedded<C: authwire::Connector>() -> Result<Self, crate::Error> {
        Self::new(Connector::embedded::<C>())
    }
}

/// The auth config, where it stands: nothing secret is copied out of the file's config.
#[derive(Debug)]
struct Held(ConnectorConfig);

impl Slots for Held {
    fn slot(&self, field: FieldId) -> Slot<'_> {
        self.0.auth_config().as_config().slot(field)
    }
}

impl Config for Held {
    fn schema(&self) -> &Schema {
        self.0.auth_config().as_config().schema()
    }
}
