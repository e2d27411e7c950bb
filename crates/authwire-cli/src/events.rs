//! The engine's events, on stderr. They tell ages and reasons, never a secret.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Shows the events of our own, and of nobody else: other libraries' may tell what they send.
pub(crate) fn show(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .without_time()
        .with_target(false)
        .with_ansi(false);
    // there is no other one: this is called once, first
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(Targets::new().with_target("authwire", level))
        .try_init();
}
