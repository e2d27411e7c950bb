//! The program `authwire`.

use std::process::ExitCode;

fn main() -> ExitCode {
    authwire_cli::main()
}
