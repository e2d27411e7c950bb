//! `authwire validate`: checks connector files and reports what was found.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use authwire_core::table::Display;
use authwire_core::{Code, Finding, Place, Report};
use clap::Args;

use crate::arguments::{ReportFormat, TypeArguments};
use crate::auth_types::Types;
use crate::connector_file;
use crate::files::{self, Input, Unreadable};
use crate::outcome::{Outcome, Status, complain};
use crate::progress::Progress;
use crate::report::{self, FileReport, Format, Totals};
use crate::store::{LazyResolver, StoreArguments};
use crate::terminal;

/// How many files are in memory at a time.
const BATCH: usize = 256;

/// Check connector files: files, or folders with every `*.json` below them.
///
/// Files named `*.schema.json` and names that begin with a dot are left out when a folder is walked. `-` is stdin.
/// References are not resolved, so no secret has to be there, unless `--resolve` asks for it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Files or folders; `-` for stdin
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write the report
    #[arg(long, value_enum, default_value = "human")]
    format: ReportFormat,
    /// A warning counts as an error for the exit status; a note never does
    #[arg(long)]
    deny_warnings: bool,
    /// Resolve every reference: does it exist, and does its value fit
    #[arg(long)]
    resolve: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire validate connectors/
  authwire validate zoom.json --deny-warnings --resolve
  authwire validate connectors/ --format sarif > authwire.sarif
  authwire validate - < zoom.json";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let types = Types::load(&arguments.types.schemas)?;
    let inputs = files::find(&arguments.paths);
    let out = Box::new(BufWriter::new(io::stdout().lock()));
    let mut reporter = Reporter {
        format: report::format(arguments.format, out, terminal::stdout_has_colour()),
        progress: Progress::new(inputs.len()),
        totals: Totals::default(),
        names: HashMap::new(),
    };
    let resolver = arguments.resolve.then(|| arguments.store.resolver());
    let resolver = resolver.as_ref();
    for batch in inputs.chunks(BATCH) {
        for (input, read) in batch.iter().zip(check_all(batch, &types, resolver)) {
            reporter.tell(input, read)?;
        }
    }
    reporter.progress.clear();
    reporter.format.finish(&reporter.totals)?;
    Ok(status(&reporter.totals, arguments.deny_warnings))
}

fn status(totals: &Totals, deny_warnings: bool) -> Status {
    let failed = totals.errors > 0 || (deny_warnings && totals.warnings > 0);
    match (totals.unreadable, failed) {
        (0, false) => Status::Fine,
        (0, true) => Status::Failed,
        _ => Status::NotRun,
    }
}

/// A file that was read and checked.
struct Checked {
    findings: Vec<Finding>,
    name: Option<(String, Place)>,
    /// The text, where a report needs it.
    bytes: Vec<u8>,
}

type Outcomes = Vec<Result<Checked, Unreadable>>;

/// Checks `inputs`, on as many threads as there are cores. The order is kept.
fn check_all(
    inputs: &[Result<Input, Unreadable>],
    types: &Types,
    resolver: Option<&LazyResolver>,
) -> Outcomes {
    // to ask how many cores there are takes longer than to check a few files
    let most = inputs.len() / 8;
    let threads = if most < 2 { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(most) };
    if threads < 2 {
        return inputs.iter().map(|input| check(input, types, resolver)).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(inputs.len()));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut mine = Vec::new();
                while let Some((index, input)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    inputs.get(index).map(|input| (index, input))
                } {
                    mine.push((index, check(input, types, resolver)));
                }
                done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut mine);
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn check(
    input: &Result<Input, Unreadable>,
    types: &Types,
    resolver: Option<&LazyResolver>,
) -> Result<Checked, Unreadable> {
    let input = input.as_ref().map_err(Clone::clone)?;
    let bytes = input.read()?;
    let connector_file::Checked { report, name } = connector_file::check(&bytes, types);
    let mut findings = report.into_findings();
    if let Some(resolver) = resolver {
        findings.extend(crate::references::check(&bytes, &input.folder(), types, resolver, &findings));
        findings = Report::new(findings).into_findings();
    }
    let bytes = if findings.is_empty() { Vec::new() } else { bytes };
    Ok(Checked { findings, name, bytes })
}

/// Tells what was found, file by file, in order.
struct Reporter<'o> {
    format: Box<dyn Format + 'o>,
    progress: Progress,
    totals: Totals,
    /// Which file has which name.
    names: HashMap<String, String>,
}

impl Reporter<'_> {
    fn tell(
        &mut self,
        input: &Result<Input, Unreadable>,
        read: Result<Checked, Unreadable>,
    ) -> io::Result<()> {
        match (input, read) {
            (Ok(input), Ok(checked)) => self.file(input, checked)?,
            (Err(unreadable), _) => self.unreadable(unreadable)?,
            (_, Err(unreadable)) => self.unreadable(&unreadable)?,
        }
        self.progress.tell(self.totals.files + self.totals.unreadable);
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        self.progress.clear();
        complain(&format!("`{}` cannot be read: {}", unreadable.name, unreadable.why), &[]);
        self.totals.unreadable += 1;
        self.format.unreadable(unreadable)
    }

    fn file(&mut self, input: &Input, checked: Checked) -> io::Result<()> {
        let file = input.name();
        let Checked { mut findings, name, mut bytes } = checked;
        if let Some((name, place)) = name {
            match self.names.get(&name) {
                Some(other) if !is_same_file(other, &file) => {
                    if bytes.is_empty() {
                        // dropped because nothing had been found; a file that is gone by now is shown without its line
                        bytes = input.read().unwrap_or_default();
                    }
                    findings.push(duplicate(&name, place, other));
                    findings = Report::new(findings).into_findings();
                }
                Some(_) => {}
                None => {
                    self.names.insert(name, file.clone());
                }
            }
        }
        self.totals.add(&findings);
        if !findings.is_empty() {
            self.progress.clear();
        }
        self.format.file(&FileReport { name: &file, bytes: &bytes, findings: &findings })
    }
}

/// Whether two paths lead to one file, as a symbolic link does.
fn is_same_file(one: &str, other: &str) -> bool {
    match (std::fs::canonicalize(one), std::fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn duplicate(name: &str, place: Place, other: &str) -> Finding {
    let message = format!("the name `{name}` is that of another connector too: {other}");
    let mut finding = Finding::new(Code::DuplicateName, "/name", message)
        .with_help("give each connector a name of its own: stores, logs and reports know it by that");
    finding.place = Some(place);
    finding.title = Some("Name".to_owned());
    finding.display = Display::Shown;
    finding
}
