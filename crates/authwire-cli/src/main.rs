//! The `authwire` command: validate, explain and call connectors.

mod arguments;
mod auth_types;
mod command;
mod connector_file;
mod events;
mod fields;
mod files;
mod moment;
mod outcome;
mod progress;
mod references;
mod report;
mod store;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    events::show(arguments.verbose);
    outcome::conclude(command::run(arguments.command))
}
