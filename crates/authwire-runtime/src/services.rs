//! What the engine needs from outside: a transport, a resolver, a clock, a token store.

use std::fmt;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::resolve::{Resolver, Surroundings};
use crate::store::{MemoryStore, TokenStore};
use crate::transport::Transport;

/// What the engine needs from outside.
#[derive(Clone)]
pub struct Services {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Arc<dyn TokenStore>,
}

impl Services {
    /// The given transport, the system's clock, references out of the environment and files, tokens in memory.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            resolver: Arc::new(Surroundings),
            clock: Arc::new(SystemClock),
            store: Arc::new(MemoryStore::new()),
        }
    }

    /// A transport on reqwest with the limits and the private CA of `connector`; all else as [`Services::new`].
    ///
    /// # Errors
    ///
    /// If the CA file cannot be read.
    #[cfg(feature = "reqwest")]
    pub fn standard(connector: &crate::Connector) -> Result<Self, crate::Error> {
        let transport = crate::transport::ReqwestTransport::new(connector)?;
        Ok(Self::new(Arc::new(transport)))
    }

    /// The same with another resolver.
    #[must_use]
    pub fn with_resolver(mut self, resolver: Arc<dyn Resolver>) -> Self {
        self.resolver = resolver;
        self
    }

    /// The same with another token store.
    #[must_use]
    pub fn with_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = store;
        self
    }

    /// The same with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}
