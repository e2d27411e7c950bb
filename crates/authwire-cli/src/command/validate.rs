//! `authwire validate`: checks connector files and reports what was found.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use authwire_core::place::Lines;
use authwire_core::table::Display;
use authwire_core::{Code, Finding, Place, Report, Severity};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::arguments::{ReportFormat, TypeArguments};
use crate::auth_types::Types;
use crate::connector_file;
use crate::files::{self, Excluded, Input, Unreadable};
use crate::outcome::{Outcome, Status, complain};
use crate::progress::Progress;
use crate::report::{self, FileReport, Format, Totals};
use crate::store::{LazyResolver, StoreArguments};
use crate::terminal;

/// How many files are checked while what was found in as many before them is told. So many are in memory at a time, those in
/// which nothing was found by their names only.
const BATCH: usize = 512;

/// How many files a thread takes at a time.
const HANDFUL: usize = 8;

/// Check connector files: files, or folders with every `*.json` below them.
///
/// In a folder, files named `*.schema.json` or `*.bundle.json`, names that begin with a dot, and the folders of `--schemas`
/// are skipped. `-` is stdin. References are resolved only with `--resolve`: without it, no secret is needed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Files or folders; `-` for stdin
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Skip what matches in folders: a name (`*.old.json`) or a path below the folder (`drafts/**`); may be given several
    /// times
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: ReportFormat,
    /// A warning counts as an error for the exit status; a note never does
    #[arg(long)]
    deny_warnings: bool,
    /// Do not report warnings and notes with this code; may be given several times
    #[arg(long, value_name = "CODE", value_parser = allowable())]
    allow: Vec<Code>,
    /// Resolve every reference, and check that its value exists and fits
    #[arg(long)]
    resolve: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

impl Arguments {
    /// Whether references are resolved.
    pub(super) fn resolves(&self) -> bool {
        self.resolve
    }
}

const EXAMPLES: &str = "\
Examples:
  authwire validate connectors/
  authwire validate zoom.json --deny-warnings --resolve
  authwire validate connectors/ --deny-warnings --allow overrides
  authwire validate . --exclude node_modules --exclude 'package*.json'
  authwire validate connectors/ --format sarif > authwire.sarif
  authwire validate - < zoom.json";

/// Reads a code that may be left out: an error never may.
fn allowable() -> impl TypedValueParser<Value = Code> {
    let codes = || Code::ALL.iter().filter(|code| code.severity() != Severity::Error);
    PossibleValuesParser::new(codes().map(|code| PossibleValue::new(code.as_str()).help(code.meaning())))
        .try_map(move |text| codes().find(|code| code.as_str() == text).copied().ok_or("no such code"))
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let types = Types::load(&arguments.types.schemas)?;
    let excluded = Excluded::new(&arguments.exclude, &arguments.types.schemas);
    let inputs = files::find(&arguments.paths, &excluded);
    let out = Box::new(BufWriter::new(io::stdout().lock()));
    let mut reporter = Reporter {
        format: report::format(arguments.format, out, terminal::stdout_has_colour()),
        progress: Progress::new(inputs.len()),
        allowed: &arguments.allow,
        totals: Totals::default(),
        names: HashMap::new(),
    };
    let resolver = arguments.resolve.then(|| arguments.store.resolver());
    let resolver = resolver.as_ref();
    let mut batches = inputs.chunks(BATCH);
    let mut batch = batches.next().unwrap_or_default();
    let mut outcomes = check_all(batch, &types, resolver);
    for next in batches {
        let (told, checked) = meanwhile(
            || check_all(next, &types, resolver),
            || reporter.tell_all(batch, std::mem::take(&mut outcomes)),
        );
        told?;
        (batch, outcomes) = (next, checked);
    }
    reporter.tell_all(batch, outcomes)?;
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
    name: Option<(String, Range<usize>)>,
    /// The text, where a report is sure to need it.
    bytes: Vec<u8>,
}

type Outcomes = Vec<Result<Checked, Unreadable>>;

/// Does `work` while `other` is done. Returns what both come to.
fn meanwhile<O, W: Send>(work: impl FnOnce() -> W + Send, other: impl FnOnce() -> O) -> (O, W) {
    thread::scope(|scope| {
        let work = scope.spawn(work);
        let other = other();
        (other, work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// Checks `inputs`, on as many threads as there are cores. The order is kept.
fn check_all(
    inputs: &[Result<Input, Unreadable>],
    types: &Types,
    resolver: Option<&LazyResolver>,
) -> Outcomes {
    let check_some = |inputs: &[Result<Input, Unreadable>], bytes: &mut Vec<u8>| -> Outcomes {
        inputs.iter().map(|input| check(input, bytes, types, resolver)).collect()
    };
    // to ask how many cores there are takes longer than to check a few files
    let most = inputs.len() / HANDFUL;
    let threads = if most < 2 { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(most) };
    if threads < 2 {
        return check_some(inputs, &mut Vec::new());
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(most + 1));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let (mut mine, mut bytes) = (Vec::new(), Vec::new());
                while let Some((index, handful)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    inputs.chunks(HANDFUL).nth(index).map(|handful| (index, handful))
                } {
                    mine.push((index, check_some(handful, &mut bytes)));
                }
                done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut mine);
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().flat_map(|(_, outcomes)| outcomes).collect()
}

/// Checks one file, which is read into `bytes`.
fn check(
    input: &Result<Input, Unreadable>,
    bytes: &mut Vec<u8>,
    types: &Types,
    resolver: Option<&LazyResolver>,
) -> Result<Checked, Unreadable> {
    let input = input.as_ref().map_err(Clone::clone)?;
    input.read_into(bytes)?;
    let connector_file::Checked { report, name } = connector_file::check(bytes, types);
    let mut findings = report.into_findings();
    if let Some(resolver) = resolver {
        findings.extend(crate::references::check(bytes, &input.folder(), types, resolver, &findings));
        findings = Report::new(findings).into_findings();
    }
    // what can be read again is, should it be needed
    let keeps = !findings.is_empty() || input.is_stream();
    let bytes = if keeps { bytes.clone() } else { Vec::new() };
    Ok(Checked { findings, name, bytes })
}

/// Tells what was found, file by file, in order.
struct Reporter<'o> {
    format: Box<dyn Format + 'o>,
    progress: Progress,
    /// What is not told.
    allowed: &'o [Code],
    totals: Totals,
    /// Which file has which name.
    names: HashMap<String, String>,
}

impl Reporter<'_> {
    /// Tells what was found in these inputs.
    fn tell_all(&mut self, inputs: &[Result<Input, Unreadable>], outcomes: Outcomes) -> io::Result<()> {
        inputs.iter().zip(outcomes).try_for_each(|(input, outcome)| self.tell(input, outcome))
    }

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
        if let Some((name, span)) = name {
            match self.names.get(&name) {
                Some(other) if !is_same_file(other, &file) => {
                    if bytes.is_empty() {
                        // dropped because nothing had been found; a file that is gone by now is shown without its line
                        bytes = input.read().unwrap_or_default();
                    }
                    findings.push(duplicate(&name, Lines::new(&bytes).place(span), other));
                    findings = Report::new(findings).into_findings();
                }
                Some(_) => {}
                None => {
                    self.names.insert(name, file.clone());
                }
            }
        }
        findings.retain(|finding| !self.allowed.contains(&finding.code));
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
