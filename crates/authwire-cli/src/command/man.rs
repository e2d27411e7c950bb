//! `authwire man`: the manual, one page for the command and one for each of its commands.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use crate::outcome::{Failure, Outcome, Status};

/// Print the manual page, or that of one command.
///
/// The pages are those that `--help` shows, as roff: `man` reads them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The command whose page to print; without it, the page of `authwire` itself
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    command: Option<String>,
    /// Write every page into this folder, which is made if it is not there
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  authwire man | man -l -
  authwire man validate > authwire-validate.1
  authwire man -o ~/.local/share/man/man1";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut whole = <crate::arguments::Arguments>::command();
    whole.build();
    if let Some(folder) = &arguments.output {
        return write_all(&whole, folder);
    }
    let page = match &arguments.command {
        None => page(&whole)?,
        Some(name) => {
            let command = whole.find_subcommand(name).ok_or_else(|| {
                Failure::not_run(format!("there is no command `{name}`"))
                    .with_help("authwire --help lists them")
            })?;
            page(command)?
        }
    };
    let mut out = io::stdout().lock();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Status::Fine)
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
    Man::new(command.clone())
        .title(name(command).to_uppercase())
        .source(concat!("authwire ", env!("CARGO_PKG_VERSION")))
        .manual("Authwire")
        .render(&mut text)?;
    Ok(text)
}
