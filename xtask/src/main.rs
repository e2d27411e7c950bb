//! The repository's chores: `cargo xtask COMMAND`.
//!
//! [`generation`] says which files are generated and from what, [`checkout`] writes or compares them.

mod checkout;
mod difference;
mod generation;
mod program;

use std::path::Path;
use std::process::ExitCode;

use checkout::{Checkout, Mode};

const HELP: &str = "\
The repository's chores.

Usage: cargo xtask COMMAND

Commands:
  gen           write every generated file, remove those that nothing generates any more
  gen --check   compare instead: fail if a generated file is not what `gen` would write
  help          print this

Exit status: 0 fine, 1 a file differs or could not be made, 2 bad usage.";

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to whoever runs it")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mode = match *arguments {
        [] | ["help"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ if arguments.iter().any(|argument| matches!(*argument, "-h" | "--help")) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["gen"] => Mode::Write,
        ["gen", "--check"] => Mode::Compare,
        _ => {
            eprintln!("error: `{}` is no command\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    match generate(mode) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(told) => {
            eprintln!("{told}");
            ExitCode::FAILURE
        }
    }
}

/// Makes every generated file and puts it into the checkout, or compares it. Returns what there is to tell.
fn generate(mode: Mode) -> Result<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let generation = generation::generation()?;
    Checkout { root: &root }.settle(&generation, mode)
}
