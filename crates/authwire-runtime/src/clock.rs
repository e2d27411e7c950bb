//! The clock: what time it is, and waiting. Injected, so that tests never sleep.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::DATE;

/// The future of a wait.
pub type Sleeping = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time and waits.
pub trait Clock: Send + Sync {
    /// The time by the wall clock: the lifetime of a token goes on while a laptop sleeps.
    fn now(&self) -> SystemTime;

    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> Sleeping;
}

/// The system's clock, with tokio's timers: its `sleep` panics outside of a tokio runtime that has them.
///
/// On Linux its time is that of the kernel's last tick, up to 10 ms ago (`CLOCK_REALTIME_COARSE`, clock_gettime(2)): it is read
/// in a quarter of the time, once for each request that a token goes with, and lifetimes are told in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        #[cfg(target_os = "linux")]
        if let Some(now) = last_tick() {
            return now;
        }
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleeping {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The time of the kernel's last tick, if that was after 1970.
#[cfg(target_os = "linux")]
fn last_tick() -> Option<SystemTime> {
    let tick = nix::time::clock_gettime(nix::time::ClockId::CLOCK_REALTIME_COARSE).ok()?;
    let since = Duration::new(tick.tv_sec().try_into().ok()?, tick.tv_nsec().try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// The whole milliseconds since 1970; 0 before it.
pub(crate) fn unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// How far an answer's clock (`Date`, RFC 9110 §6.6.1) is from ours, where that is worth a word: more than a minute.
pub(crate) fn apart(ours: SystemTime, headers: &HeaderMap) -> Option<Duration> {
    let theirs = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let apart = ours.duration_since(theirs).or_else(|_| theirs.duration_since(ours)).unwrap_or_default();
    (apart > Duration::from_secs(60)).then_some(apart)
}

/// How long a resolver and a store may take at least, however short the API's own timeout is.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Ends with the future's output, or with `None` after `limit`.
pub(crate) async fn within<F: Future>(clock: &dyn Clock, limit: Duration, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    let mut timer = None;
    std::future::poll_fn(move |context| {
        use std::task::Poll;
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        // what is ready at once needs no timer, so no runtime that has one
        timer.get_or_insert_with(|| clock.sleep(limit)).as_mut().poll(context).map(|()| None)
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Clock as _, SystemClock};

    #[test]
    fn the_systems_clock_is_never_ahead_and_late_by_little() {
        let earliest = SystemTime::now() - Duration::from_secs(1);
        let now = SystemClock.now();
        assert!((earliest..=SystemTime::now()).contains(&now), "{now:?}, not since {earliest:?}");
    }
}
