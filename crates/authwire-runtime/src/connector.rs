//! A connector: one API with the way to authenticate to it.
//!
//! It must not know how its auth is applied: that is what the plan of its auth config says.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use authwire_core::slot::Config;
use authwire_core::{Reference, Text, TextMap};

use crate::error::Error;
use crate::made::Named;
use crate::material::Material;
use crate::template::Scope;

/// One API with the way to authenticate to it: a connector file as a value.
#[derive(Debug, Clone)]
pub struct Connector {
    pub(crate) name: String,
    pub(crate) base_url: Text,
    pub(crate) headers: TextMap,
    pub(crate) query: TextMap,
    pub(crate) http: HttpOptions,
    pub(crate) auth: Arc<dyn Config>,
    pub(crate) folder: Option<PathBuf>,
}

impl Connector {
    /// The connector `name` for the API at `base_url`.
    pub fn new(name: impl Into<String>, base_url: impl Into<Text>, auth: Arc<dyn Config>) -> Self {
        Self {
            name: name.into(),
            base_url: base_url.into(),
            headers: TextMap::new(),
            query: TextMap::new(),
            http: HttpOptions::default(),
            auth,
            folder: None,
        }
    }

    /// The same with headers of its own, sent with every call beside what auth adds.
    #[must_use]
    pub fn with_headers(mut self, headers: TextMap) -> Self {
        self.headers = headers;
        self
    }

    /// The same with query parameters of its own, sent with every call beside what auth adds.
    #[must_use]
    pub fn with_query(mut self, query: TextMap) -> Self {
        self.query = query;
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_http(mut self, http: HttpOptions) -> Self {
        self.http = http;
        self
    }

    /// The same with the folder that a relative `{"file"}` or `ca_file` starts at: the connector file's.
    #[must_use]
    pub fn with_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Its name in stores, logs and reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the API is.
    #[must_use]
    pub fn base_url(&self) -> &Text {
        &self.base_url
    }

    /// Its own headers.
    #[must_use]
    pub fn headers(&self) -> &TextMap {
        &self.headers
    }

    /// Its own query parameters.
    #[must_use]
    pub fn query(&self) -> &TextMap {
        &self.query
    }

    /// Its limits.
    #[must_use]
    pub fn http(&self) -> &HttpOptions {
        &self.http
    }

    /// Its auth config.
    #[must_use]
    pub fn auth(&self) -> &Arc<dyn Config> {
        &self.auth
    }

    /// Whether its auth obtains a token, so that a store is of use.
    ///
    /// # Errors
    ///
    /// If its auth type has no plan: nothing can be done with it.
    pub fn obtains_token(&self) -> Result<bool, Error> {
        let material = Material::unresolved(self)?;
        let maker = Named(&material);
        let scope = Scope::bare(&material, &self.name, &maker);
        Ok(material.plan().token.as_ref().is_some_and(|token| scope.holds(&token.when)))
    }

    /// Whether its auth keeps a durable value, such as a rotated refresh token: without a store that outlives the process
    /// the next one begins with a value that is spent.
    #[must_use]
    pub fn keeps_values(&self) -> bool {
        let plan = self.auth.schema().plan.as_ref();
        plan.and_then(|plan| plan.token.as_ref()).is_some_and(|token| !token.keep.is_empty())
    }

    /// The references in it, a relative path as it is written.
    ///
    /// # Errors
    ///
    /// As [`obtains_token`](Self::obtains_token).
    pub fn references(&self) -> Result<Vec<Reference>, Error> {
        Ok(Material::unresolved(self)?.into_references())
    }

    /// The folder that relative paths start at.
    #[must_use]
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_deref()
    }
}

/// How requests are made: the member `http` of a connector file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpOptions {
    /// A PEM file with the certificate of a private CA, trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a request may take as a whole.
    pub timeout: Duration,
    /// How often a request is repeated after 429, 503 or a network error.
    pub max_retries: u32,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            ca_file: None,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            max_retries: 2,
        }
    }
}

impl HttpOptions {
    /// The same with a private CA.
    #[must_use]
    pub fn with_ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// The same with another limit for connecting.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The same with another limit for a whole request.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same with another number of repeats; 0 for none.
    #[must_use]
    pub fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }
}
