//! How a command that obtains tokens ends, by itself or by a signal: never between a token request and its answer. The
//! server may have put a new refresh token in the place of the old one by then, and only the answer says which.

use std::sync::{Arc, Mutex, PoisonError};

use authwire_runtime::Authenticator;

use crate::outcome::Failure;

/// What obtains tokens while a command works.
#[derive(Clone, Default)]
pub(crate) struct Watched(Arc<Mutex<Vec<Authenticator>>>);

impl Watched {
    /// Adds one.
    pub(crate) fn add(&self, authenticator: &Authenticator) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(authenticator.clone());
    }

    /// Waits until none of them obtains a token.
    async fn settled(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for authenticator in all {
            authenticator.settled().await;
        }
    }
}

impl From<&Authenticator> for Watched {
    fn from(authenticator: &Authenticator) -> Self {
        let watched = Self::default();
        watched.add(authenticator);
        watched
    }
}

/// Runs `work`, in which what is `watched` obtains tokens, and waits until none is being obtained. So does Ctrl-C; a
/// second one does not.
pub(crate) fn see_through<T>(
    watched: &Watched,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    #[cfg(unix)]
    let _signals = signals::Signals::wait_for(watched.clone())
        .map_err(|error| Failure::not_run(format!("signals cannot be waited for: {error}")))?;
    wait_for(async {
        let done = work.await;
        watched.settled().await;
        done
    })
}

/// Runs what has to wait for others. Only commands that need it start a runtime: it costs time.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::not_run(format!("no runtime could be started: {error}")))?.block_on(work)
}

#[cfg(unix)]
mod signals {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::JoinHandle;
    use std::time::Duration;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::{self, Handle};
    use signal_hook::{flag, low_level};

    use super::{Watched, wait_for};
    use crate::outcome::say;

    /// What asks a program to end.
    const ENDS: [i32; 2] = [SIGINT, SIGTERM];

    /// An end that takes longer says what it waits for.
    const SILENCE: Duration = Duration::from_millis(200);

    /// Waits for signals in a thread of its own, since the work may be busy writing; until it is dropped.
    pub(super) struct Signals {
        handle: Handle,
        thread: Option<JoinHandle<()>>,
    }

    impl Signals {
        pub(super) fn wait_for(watched: Watched) -> io::Result<Self> {
            let came = Arc::new(AtomicBool::new(false));
            for signal in ENDS {
                // the second one does what it always does
                flag::register_conditional_default(signal, Arc::clone(&came))?;
            }
            let mut signals = iterator::Signals::new(ENDS)?;
            let handle = signals.handle();
            let thread = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    came.store(true, Ordering::SeqCst);
                    see_out(&watched);
                    // the process is gone behind this
                    let _ = low_level::emulate_default_handler(signal);
                }
            })?;
            Ok(Self { handle, thread: Some(thread) })
        }
    }

    impl Drop for Signals {
        fn drop(&mut self) {
            self.handle.close();
            // whom a signal came for does not come back from there: the work that is done meanwhile ends by it too
            let _ = self.thread.take().map(JoinHandle::join);
        }
    }

    /// Waits until no token is being obtained.
    fn see_out(watched: &Watched) {
        let waited = wait_for(async {
            if tokio::time::timeout(SILENCE, watched.settled()).await.is_err() {
                say(
                    "a token request is under way: its answer is waited for, since it may replace the refresh token",
                );
                watched.settled().await;
            }
            Ok(())
        });
        // without a runtime there is nothing to wait with
        drop(waited);
    }
}
