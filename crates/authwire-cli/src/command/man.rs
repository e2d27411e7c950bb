//! `authwire man`: the manual, one page for the command and one for each of its commands.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use crate::answer::print;
use crate::outcome::{Failure, Outcome, Status};

/// Print the manual page of authwire, or of one command.
///
/// The pages hold what `--help` shows, in roff, for `man` to read.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The command whose page to print: `jwt`, `jwt decode`; if left out, `authwire` itself
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    command: Vec<String>,
    /// Write every page into this folder, which is created if missing
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  authwire man | man -l -
  authwire man validate > authwire-validate.1
  authwire man secret set | man -l -
  authwire man -o ~/.local/share/man/man1";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut whole = <crate::arguments::Arguments>::command();
    whole.build();
    if let Some(folder) = &arguments.output {
        return write_all(&whole, folder);
    }
    // as the pages are called: `authwire-jwt-decode`
    let wanted = [&["authwire".to_owned()], &*arguments.command].concat().join("-");
    let command = pages(&whole).into_iter().find(|command| name(command) == wanted).ok_or_else(|| {
        Failure::not_run(format!("there is no command `{}`", arguments.command.join(" ")))
            .with_help("authwire --help lists them")
    })?;
    print(page(command)?)
}

fn write_all(whole: &Command, folder: &PathBuf) -> Outcome {
    let failure = |path: &PathBuf, error: &io::Error| {
        Failure::not_run(format!("`{}` cannot be written: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failure(folder, &error))?;
    for command in pages(whole) {
        let path = folder.join(format!("{}.1", name(command)));
        fs::write(&path, page(command)?).map_err(|error| failure(&path, &error))?;
    }
    Ok(Status::Fine)
}

/// The commands that have a page: `authwire`, and what is below it, at every depth.
fn pages(command: &Command) -> Vec<&Command> {
    let mut found = vec![command];
    let below = command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help");
    found.extend(below.flat_map(pages));
    found
}

/// The name of a command's page: `authwire-validate`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    // the examples are ours to write: `man` would fill their lines
    Man::new(command.clone().after_help(Resettable::Reset))
        .title(name(command).to_uppercase())
        .source(concat!("authwire ", env!("CARGO_PKG_VERSION")))
        .manual("Authwire")
        .render(&mut text)?;
    if let Some(help) = command.get_after_help() {
        write_examples(&mut text, &help.to_string())?;
    }
    Ok(text)
}

/// The examples, line by line as they are to be copied.
fn write_examples(out: &mut Vec<u8>, help: &str) -> io::Result<()> {
    writeln!(out, ".SH EXAMPLES\n.nf")?;
    for line in help.lines().filter(|line| *line != "Examples:") {
        // `\&` so that no line begins with a request
        let line = line.trim_start().replace('\\', r"\e").replace('-', r"\-").replace('\'', r"\(aq");
        writeln!(out, r"\&{line}")?;
    }
    writeln!(out, ".fi")
}
