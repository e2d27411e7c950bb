//! The `authwire` command: validate, explain and call connectors. A program, not a library: what other programs use is
//! `authwire-runtime`.

mod answer;
mod arguments;
mod auth_types;
mod command;
mod connector_file;
mod ending;
mod events;
mod fields;
mod files;
#[doc(hidden)]
pub mod fuzzing;
mod glob;
mod moment;
mod outcome;
mod progress;
mod references;
mod report;
mod store;
mod terminal;

use std::process::ExitCode;

/// Runs the command that the arguments ask for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = arguments::Arguments::of_this_program();
    if arguments.command.has_events() {
        events::show(arguments.verbose);
    }
    outcome::conclude(command::run(arguments.command))
}
