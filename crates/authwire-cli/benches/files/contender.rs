//! A command that is measured, from its start to its end.

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use authwire_benches::{Table, median};

/// A command with what it is called.
#[derive(Debug)]
pub(crate) struct Contender {
    name: String,
    program: OsString,
    arguments: Vec<OsString>,
    /// How it ends where it did what it was asked to.
    status: i32,
    /// A slow one gets fewer rounds.
    rounds: usize,
}

impl Contender {
    /// A program without arguments.
    pub(crate) fn new(name: &str, program: impl Into<OsString>, status: i32) -> Self {
        Self {
            name: name.to_owned(),
            program: program.into(),
            arguments: Vec::new(),
            status,
            rounds: usize::MAX,
        }
    }

    /// The same with more arguments.
    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(OsString::from));
        self
    }

    /// The same with a path behind the arguments.
    pub(crate) fn path(mut self, path: &Path) -> Self {
        self.arguments.push(path.into());
        self
    }

    /// The same with files behind the arguments.
    pub(crate) fn files(mut self, files: &[PathBuf]) -> Self {
        self.arguments.extend(files.iter().map(OsString::from));
        self
    }

    /// The same, measured so many times at most.
    pub(crate) fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// Runs it. Returns the milliseconds that it took.
    fn run(&self) -> Result<f64, Box<dyn Error>> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let status = command.status().map_err(|error| format!("{} does not run: {error}", self.name))?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        match status.code() == Some(self.status) {
            true => Ok(took),
            false => Err(format!("{} ended with {status}; {} was expected", self.name, self.status).into()),
        }
    }
}

/// Runs the contenders by turns, so that a noisy moment hits all alike, and sets each beside the first.
pub(crate) fn compare(
    title: &str,
    note: &str,
    rounds: usize,
    contenders: Vec<Contender>,
) -> Result<Table, Box<dyn Error>> {
    let mut times = vec![Vec::new(); contenders.len()];
    // a first round that does not count: the files are in memory after it
    for round in 0..=rounds {
        for (contender, times) in contenders.iter().zip(&mut times) {
            if round <= contender.rounds {
                let took = contender.run()?;
                if round > 0 {
                    times.push(took);
                }
            }
        }
    }
    let note = format!(
        "Whole processes, output to nowhere, files in memory; medians of up to {rounds} rounds by turns. {note}"
    );
    let values = contenders.into_iter().zip(&mut times);
    let values = values.map(|(contender, times)| (contender.name, median(times))).collect();
    let table = Table::new(title, "ms", &note, values);
    println!("{table}");
    Ok(table)
}
