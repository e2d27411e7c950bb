//! Progress of long work, on stderr, where a person looks on.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Work that takes less time shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the line changes.
const EVERY: Duration = Duration::from_millis(100);

/// A line on stderr that says how far the work is.
#[derive(Debug)]
pub(crate) struct Progress {
    verb: &'static str,
    things: &'static str,
    total: usize,
    next: Instant,
    shown: bool,
    terminal: bool,
}

impl Progress {
    /// Work on `total` files: `checked 3 of 10 files`.
    pub(crate) fn new(total: usize) -> Self {
        Self::of("checked", "files", total)
    }

    /// Work on `total` things: `tested 3 of 10 connectors`.
    pub(crate) fn of(verb: &'static str, things: &'static str, total: usize) -> Self {
        let terminal = total > 1 && io::stderr().is_terminal();
        Self { verb, things, total, next: Instant::now() + PATIENCE, shown: false, terminal }
    }

    /// `done` files are done.
    pub(crate) fn tell(&mut self, done: usize) {
        if !self.terminal || Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + EVERY;
        self.shown = true;
        // progress that cannot be shown is no reason to stop
        let _ = write!(io::stderr(), "\r\x1b[K{} {done} of {} {}", self.verb, self.total, self.things);
    }

    /// Takes the line away, so that other words can be written.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
