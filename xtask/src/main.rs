//! The repository's chores: `cargo xtask COMMAND`.
//!
//! [`generation`] says which files are generated and from what, [`checkout`] writes or compares them; [`lines`] counts what a
//! schema becomes, [`corpus`] makes connector files, [`mod@bench`] measures.

mod bench;
mod checkout;
mod corpus;
mod difference;
mod generation;
mod lines;
mod program;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use checkout::{Checkout, Mode};

const HELP: &str = "\
The repository's chores.

Usage: cargo xtask COMMAND

Commands:
  gen           write every generated file, remove those that nothing generates any more
  gen --check   compare instead: fail if a generated file is not what `gen` would write
  lines [FILE]  how many lines of Rust and table rows each auth type becomes, or the one in a schema file
  corpus DIR    write connector files, 10,000 without an error or a warning and 10,000 that the schema refuses;
                --count N: that many of each, --seed S: others
  bench         run every benchmark and write docs/benchmarks.md; bench NAME…: those, bench --page: none
  help          print this

Exit status: 0 fine, 1 a file differs or could not be made, 2 bad usage.";

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to whoever runs it")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *arguments {
        [] | ["help"] => Ok(HELP.to_owned()),
        _ if arguments.iter().any(|argument| matches!(*argument, "-h" | "--help")) => Ok(HELP.to_owned()),
        ["gen"] => generate(Mode::Write),
        ["gen", "--check"] => generate(Mode::Compare),
        ["lines"] => lines::report(None),
        ["lines", file] => lines::report(Some(Path::new(file))),
        ["bench", ref names @ ..] => bench::run(&root(), names),
        ["corpus", ref arguments @ ..] => match corpus::Corpus::new(arguments) {
            Ok(corpus) => corpus.write(),
            Err(misused) => {
                eprintln!("error: {misused}\n\n{HELP}");
                return ExitCode::from(2);
            }
        },
        _ => {
            eprintln!("error: `{}` is no command\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(told) => {
            println!("{}", told.trim_end());
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
    let generation = generation::generation()?;
    Checkout { root: &root() }.settle(&generation, mode)
}

/// The checkout's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
