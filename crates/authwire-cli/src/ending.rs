//! How a command that obtains tokens ends, by itself or by a signal: never between a token request and its answer. The
//! server may have put a new refresh token in the place of the old one by then, and only the answer says which.

use authwire_runtime::Authenticator;

use crate::outcome::Failure;

/// Runs `work`, which obtains tokens with `authenticators`, and waits until none is being obtained. So does Ctrl-C; a
/// second one does not.
pub(crate) fn see_through<T>(
    authenticators: &[&Authenticator],
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let authenticators: Vec<Authenticator> = authenticators.iter().copied().cloned().collect();
    #[cfg(unix)]
    let _watch = signals::Watch::begin(authenticators.clone())
        .map_err(|error| Failure::not_run(format!("signals cannot be waited for: {error}")))?;
    wait_for(async {
        let done = work.await;
        settled(&authenticators).await;
        done
    })
}

/// Runs what has to wait for others. Only commands that need it start a runtime: it costs time.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::not_run(format!("no runtime could be started: {error}")))?.block_on(work)
}

async fn settled(authenticators: &[Authenticator]) {
    for authenticator in authenticators {
        authenticator.settled().await;
    }
}

#[cfg(unix)]
mod signals {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use authwire_runtime::Authenticator;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::{Handle, Signals};
    use signal_hook::{flag, low_level};

    use super::{settled, wait_for};
    use crate::outcome::say;

    /// What asks a program to end.
    const ENDS: [i32; 2] = [SIGINT, SIGTERM];

    /// An end that takes longer says what it waits for.
    const SILENCE: Duration = Duration::from_millis(200);

    /// Waits for signals in a thread of its own: the work may be busy writing. Ends when it is dropped.
    pub(super) struct Watch(Handle);

    impl Watch {
        pub(super) fn begin(authenticators: Vec<Authenticator>) -> io::Result<Self> {
            let ends = Arc::new(AtomicBool::new(false));
            for signal in ENDS {
                // the second one does what it always does
                flag::register_conditional_default(signal, Arc::clone(&ends))?;
            }
            let mut signals = Signals::new(ENDS)?;
            let handle = signals.handle();
            std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    ends.store(true, Ordering::SeqCst);
                    see_out(&authenticators);
                    // the process is gone behind this
                    let _ = low_level::emulate_default_handler(signal);
                }
            })?;
            Ok(Self(handle))
        }
    }

    impl Drop for Watch {
        fn drop(&mut self) {
            self.0.close();
        }
    }

    /// Waits until no token is being obtained.
    fn see_out(authenticators: &[Authenticator]) {
        let waited = wait_for(async {
            if tokio::time::timeout(SILENCE, settled(authenticators)).await.is_err() {
                say(
                    "a token request is under way: its answer is waited for, since it may replace the refresh token",
                );
                settled(authenticators).await;
            }
            Ok(())
        });
        // without a runtime there is nothing to wait with
        drop(waited);
    }
}
