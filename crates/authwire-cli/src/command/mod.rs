//! The commands: one file each.

mod call;
mod completions;
mod explain;
mod jwt;
mod login;
mod man;
mod new;
mod schema;
mod secret;
mod store;
mod test;
mod token;
mod types;
mod validate;

use std::path::{Path, PathBuf};

use authwire_core::Report;
use clap::Subcommand;

use crate::arguments::ReportFormat;
use crate::auth_types::Types;
use crate::connector_file::{self, ConnectorFile};
use crate::files::Input;
use crate::outcome::{Failure, Outcome};
use crate::report::{self, FileReport};
use crate::terminal;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Validate(validate::Arguments),
    Explain(explain::Arguments),
    Token(token::Arguments),
    Login(login::Arguments),
    Call(call::Arguments),
    Test(test::Arguments),
    Jwt(jwt::Arguments),
    Types(types::Arguments),
    Schema(schema::Arguments),
    New(new::Arguments),
    #[command(subcommand)]
    Secret(secret::Action),
    #[command(subcommand)]
    Store(store::Action),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// The command `validate` and no other.
#[derive(Debug, Subcommand)]
pub(crate) enum ValidateAlone {
    Validate(validate::Arguments),
}

impl ValidateAlone {
    /// What it is called by.
    pub(crate) const NAME: &str = "validate";
}

impl From<ValidateAlone> for Command {
    fn from(ValidateAlone::Validate(arguments): ValidateAlone) -> Self {
        Self::Validate(arguments)
    }
}

impl Command {
    /// Whether events can happen in it: where files are only looked at, none do.
    pub(crate) fn has_events(&self) -> bool {
        !matches!(self, Self::Validate(arguments) if !arguments.resolves())
    }
}

/// Runs `command`.
pub(crate) fn run(command: Command) -> Outcome {
    match command {
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Login(arguments) => login::run(&arguments),
        Command::Call(arguments) => call::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Jwt(arguments) => jwt::run(&arguments),
        Command::Types(arguments) => types::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Secret(action) => secret::run(&action),
        Command::Store(action) => store::run(&action),
        Command::New(arguments) => new::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// Reads the connector file `path`. One with errors ends the command: they are told on stderr.
fn load(path: &Path, schemas: &[PathBuf]) -> Result<ConnectorFile, Failure> {
    read(&Input::new(path), &Types::load(schemas)?)
}

/// Reads a connector file. One with errors ends the command: they are told on stderr.
fn read(input: &Input, types: &Types) -> Result<ConnectorFile, Failure> {
    let bytes = input.read().map_err(|unreadable| {
        Failure::not_run(format!("`{}` cannot be read: {}", unreadable.name, unreadable.why))
    })?;
    connector_file::connector(&bytes, input.folder(), types)
        .map_err(|report| invalid(&input.name(), &bytes, &report, "nothing was done"))
}

/// Tells on stderr what is wrong with a connector file, and so what was not done.
fn invalid(name: &str, bytes: &[u8], report: &Report, so: &str) -> Failure {
    let mut format = report::format(
        ReportFormat::Human,
        Box::new(std::io::stderr().lock()),
        terminal::stderr_has_colour(),
    );
    match format.file(&FileReport { name, bytes, findings: report.findings() }) {
        Ok(()) => Failure::failed(format!("`{name}` is not valid, so {so}")),
        Err(error) => error.into(),
    }
}
