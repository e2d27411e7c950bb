//! `authwire schema`: prints a schema.

use clap::Args;

use crate::answer::print;
use crate::arguments::TypeArguments;
use crate::auth_types::Catalogue;
use crate::outcome::Outcome;

/// Print the schema of connector files, or that of one auth type.
///
/// It is one self-contained JSON Schema (draft 2020-12), for editors and other validators.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The auth type; if left out, the bundle: the schema of connector files with every auth type
    #[arg(value_name = "TYPE")]
    auth_type: Option<String>,
    /// Print the source file of the auth type, including its plan (`x-auth`)
    #[arg(long, requires = "auth_type")]
    source: bool,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire schema > connector.bundle.json
  authwire schema --schemas my-types > connector.bundle.json
  authwire schema basic_auth --source";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let types = Catalogue::read(&arguments.types.schemas)?;
    let text = match &arguments.auth_type {
        None => types.bundle(),
        Some(name) if arguments.source => types.get(name)?.text.clone(),
        Some(name) => types.bundle_type(types.get(name)?),
    };
    print(format!("{}\n", text.trim_end()))
}
