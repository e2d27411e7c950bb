//! Work that waits, beside the tasks of an async runtime.

use authwire_runtime::store::{StoreError, StoreErrorKind};

/// Does `work` on a thread that may wait, where there is a runtime that has some. It is done to its end though nobody waits any more.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return work() };
    match runtime.spawn_blocking(work).await {
        Ok(done) => done,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => {
                Err(StoreError::new(StoreErrorKind::Other, "the runtime ended before the store was asked"))
            }
        },
    }
}
