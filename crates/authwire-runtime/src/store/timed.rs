//! A store that answers in time, or fails: whoever asks it need not think of one that hangs.

use std::time::Duration;

use zeroize::Zeroizing;

use super::{Entry, StoreError, StoreErrorKind, StoreKey, Storing, TokenStore, Turn};
use crate::clock::{Clock, PATIENCE, within};
use crate::connector::HttpOptions;
use crate::services::Services;

/// Who waits longer for a turn wants to know what for.
const SILENCE: Duration = Duration::from_secs(2);

/// A store that answers in time, or fails.
#[derive(Clone, Copy)]
pub(crate) struct Timed<'s> {
    store: &'s dyn TokenStore,
    clock: &'s dyn Clock,
    http: &'s HttpOptions,
}

impl<'s> Timed<'s> {
    /// The store of `services`, which may take as long as a request, or half a minute.
    pub(crate) fn of(services: &'s Services, http: &'s HttpOptions) -> Self {
        Self { store: &*services.store, clock: &*services.clock, http }
    }

    /// As [`TokenStore::digest`], which waits for nothing.
    pub(crate) fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.store.digest(bytes)
    }

    /// As [`TokenStore::load`].
    pub(crate) async fn load(&self, key: &StoreKey) -> Result<Option<Entry>, StoreError> {
        self.in_time(self.store.load(key)).await
    }

    /// As [`TokenStore::swap`].
    pub(crate) async fn swap(
        &self,
        key: &StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Result<Option<u64>, StoreError> {
        self.in_time(self.store.swap(key, expected, bytes)).await
    }

    /// As [`TokenStore::turn`], for as long as its holder may take. A long wait is told.
    pub(crate) async fn turn(&self, key: &StoreKey) -> Result<Turn, StoreError> {
        let tries = self.http.max_retries.saturating_add(2);
        let limit = self.http.timeout.saturating_mul(tries).max(PATIENCE);
        let mut turn = self.store.turn(key);
        let mut had = within(self.clock, SILENCE, &mut turn).await;
        if had.is_none() {
            tracing::warn!(
                target: "authwire", limit_seconds = limit.as_secs(),
                "another process is obtaining this token, and is waited for"
            );
            had = within(self.clock, limit.saturating_sub(SILENCE), turn).await;
        }
        had.unwrap_or_else(|| {
            let message = "another process has been obtaining this token for too long";
            Err(StoreError::new(StoreErrorKind::Busy, message).with_help("end it, or try again later"))
        })
    }

    async fn in_time<T>(&self, storing: Storing<'_, T>) -> Result<T, StoreError> {
        let limit = self.http.timeout.max(PATIENCE);
        within(self.clock, limit, storing).await.unwrap_or_else(|| {
            let message = format!("it did not answer within {} seconds", limit.as_secs_f64());
            Err(StoreError::new(StoreErrorKind::Timeout, message)
                .with_help("see why it takes so long, or try again later"))
        })
    }
}
