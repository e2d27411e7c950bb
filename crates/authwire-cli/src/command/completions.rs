//! `authwire completions`: what a shell needs in order to complete the command.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::answer::print;
use crate::outcome::Outcome;

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  authwire completions bash > ~/.local/share/bash-completion/completions/authwire
  authwire completions zsh > \"${fpath[1]}/_authwire\"
  authwire completions fish > ~/.config/fish/completions/authwire.fish";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut command = <crate::arguments::Arguments>::command();
    // written at once: clap_complete panics where its output cannot be written, as into `| head`
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "authwire", &mut script);
    print(script)
}
