//! Nothing may take more than a second for each MiB, by the processor's time: other programs run too.

use std::fs;
use std::time::{Duration, Instant};

/// What any input may take, however short it is.
const START: Duration = Duration::from_millis(200);

/// Runs `work` on an input of so many bytes.
///
/// # Panics
/// If it takes too long.
pub fn hold(bytes: usize, work: impl FnOnce()) {
    let (begun, used) = (Instant::now(), processor_time());
    work();
    let limit = START + Duration::from_secs_f64(bytes as f64 / f64::from(1 << 20));
    // to ask for the processor's time costs more than most inputs do
    if begun.elapsed() > limit {
        let took = processor_time().zip(used).map_or_else(|| begun.elapsed(), |(now, used)| now - used);
        assert!(took <= limit, "{bytes} bytes took {took:?}; {limit:?} is the limit");
    }
}

/// How long this thread has been running; `None` where the system does not say.
#[must_use]
pub fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    #[test]
    fn sleeping_is_free_where_the_system_tells_and_working_is_not() {
        if super::processor_time().is_some() {
            super::hold(0, || std::thread::sleep(Duration::from_millis(400)));
        }
        let work = || {
            // from within the work: what was not yet counted before it may be counted at any time
            let (begun, before) = (Instant::now(), super::processor_time());
            let worked = || match super::processor_time().zip(before) {
                Some((now, before)) => now - before,
                None => begun.elapsed(),
            };
            let mut sum = 0_u64;
            while worked() < 2 * super::START {
                sum = std::hint::black_box(sum.wrapping_add(1));
            }
        };
        assert!(std::panic::catch_unwind(|| super::hold(0, work)).is_err());
    }
}
