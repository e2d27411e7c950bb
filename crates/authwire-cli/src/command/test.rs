//! `authwire test`: runs each connector's test request.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use authwire_runtime::{Client, shown_url};
use clap::Args;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{call, read};
use crate::answer::answer;
use crate::arguments::{AnswerFormat, TypeArguments};
use crate::auth_types::Types;
use crate::connector_file::{ConnectorFile, TestRequest};
use crate::ending::{Watched, see_through};
use crate::files::{self, Excluded};
use crate::outcome::{Failure, Outcome, Status, complain};
use crate::progress::Progress;
use crate::store::{SharedStore, StoreArguments};
use crate::terminal::{self, on_one_line};

/// How many connectors are tested at a time.
const AT_ONCE: usize = 16;

/// Run the test request of each connector: the member `test` of its file.
///
/// Several run at once. A connector passes if the answer's status is one that its file expects, or any 2xx if it names none;
/// a connector without a test request is skipped. The exit status is 1 if one failed, 2 if a file could not be read.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Connector files, or folders with every `*.json` below them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire test connectors/zoom.json
  authwire test connectors/ --format json";

/// How one connector did.
struct Tested {
    file: String,
    name: Option<String>,
    request: Option<TestRequest>,
    verdict: Verdict,
    took: Duration,
}

/// What came out of a test.
enum Verdict {
    Passed(u16),
    /// With the status, if there was an answer, and what went wrong.
    Failed(Option<u16>, String),
    Skipped,
    /// The file could not be read, and why.
    Unread(String),
}

/// What of a verdict is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passed,
    Failed,
    Skipped,
    Unread,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Passed, Self::Failed, Self::Skipped, Self::Unread];

    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Unread => "unread",
        }
    }

    /// How many of `tested` did so.
    fn count(self, tested: &[Tested]) -> usize {
        tested.iter().filter(|one| one.verdict.kind() == self).count()
    }
}

impl Verdict {
    fn kind(&self) -> Kind {
        match self {
            Self::Passed(_) => Kind::Passed,
            Self::Failed(..) => Kind::Failed,
            Self::Skipped => Kind::Skipped,
            Self::Unread(_) => Kind::Unread,
        }
    }

    fn status(&self) -> Option<u16> {
        match self {
            Self::Passed(status) => Some(*status),
            Self::Failed(status, _) => *status,
            Self::Skipped | Self::Unread(_) => None,
        }
    }

    fn message(&self) -> Option<&str> {
        match self {
            Self::Failed(_, message) | Self::Unread(message) => Some(message),
            Self::Passed(_) | Self::Skipped => None,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let types = Types::load(&arguments.types.schemas)?;
    let inputs = files::find(&arguments.files, &Excluded::new(&[], &arguments.types.schemas));
    let mut tested = Vec::with_capacity(inputs.len());
    let mut ready = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        match input {
            Ok(input) => match read(input, &types) {
                Ok(file) => {
                    ready.push((index, input.name(), file));
                    tested.push(None);
                }
                Err(failure) => tested.push(Some(Tested::of(input.name(), Verdict::not_run(&failure)))),
            },
            Err(unreadable) => {
                tested
                    .push(Some(Tested::of(unreadable.name.clone(), Verdict::Unread(unreadable.why.clone()))));
            }
        }
    }
    let mut progress = Progress::of("tested", "connectors", inputs.len());
    // before the tests, which run on one thread: opening it waits for others
    let store = arguments.store.shared();
    store.open_for(ready.iter().filter(|(.., file)| file.test.is_some()).map(|(.., file)| &file.connector));
    let watched = Watched::default();
    for (index, one) in see_through(&watched, test_all(ready, store, &watched, &mut progress))? {
        tested[index] = Some(one);
    }
    progress.clear();
    let tested: Vec<Tested> = tested.into_iter().flatten().collect();
    answer(arguments.format, |out| human(out, &tested), || to_value(&tested))?;
    Ok(tested.iter().map(|one| one.verdict.outcome()).max().unwrap_or(Status::Fine))
}

impl Verdict {
    fn not_run(failure: &Failure) -> Self {
        match failure.status() {
            Status::NotRun => Self::Unread(failure.words()),
            _ => Self::Failed(None, failure.words()),
        }
    }

    fn outcome(&self) -> Status {
        match self.kind() {
            Kind::Passed | Kind::Skipped => Status::Fine,
            Kind::Failed => Status::Failed,
            Kind::Unread => Status::NotRun,
        }
    }
}

impl Tested {
    fn of(file: String, verdict: Verdict) -> Self {
        Self { file, name: None, request: None, verdict, took: Duration::ZERO }
    }
}

/// Tests every connector, a few at a time.
async fn test_all(
    ready: Vec<(usize, String, ConnectorFile)>,
    store: SharedStore,
    watched: &Watched,
    progress: &mut Progress,
) -> Result<Vec<(usize, Tested)>, Failure> {
    let (limit, store) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::new(store));
    let mut tasks = JoinSet::new();
    for (index, file, connector) in ready {
        let (limit, store, watched) = (Arc::clone(&limit), Arc::clone(&store), watched.clone());
        tasks.spawn(async move {
            // it is never closed
            let _permit = limit.acquire().await;
            (index, test(file, connector, &store, &watched).await)
        });
    }
    let mut done = Vec::with_capacity(tasks.len());
    while let Some(one) = tasks.join_next().await {
        done.push(one.map_err(|error| Failure::not_run(format!("a test broke off: {error}")))?);
        progress.tell(done.len());
    }
    Ok(done)
}

async fn test(
    file: String,
    ConnectorFile { connector, test }: ConnectorFile,
    store: &SharedStore,
    watched: &Watched,
) -> Tested {
    let name = Some(connector.name().to_owned());
    let Some(request) = test else { return Tested { name, ..Tested::of(file, Verdict::Skipped) } };
    let start = Instant::now();
    let sent = async {
        let client = Client::with_services(connector.clone(), store.services(&connector)?);
        watched.add(client.authenticator());
        let method = call::method(request.method())?;
        let mut builder = client.request(method, request.path());
        if request.expects_redirect() {
            builder = builder.without_redirects();
        }
        builder.send().await.map_err(|error| call::failure(&error))
    };
    let verdict = match sent.await {
        Ok(response) => {
            let status = response.status().as_u16();
            let said = response.refusal().map(ToString::to_string);
            match request.expects(status) {
                true => Verdict::Passed(status),
                false => Verdict::Failed(
                    Some(status),
                    said.unwrap_or_else(|| {
                        format!("{}, and {} is expected", call::answered(&response), request.expected())
                    }),
                ),
            }
        }
        Err(failure) => Verdict::not_run(&failure),
    };
    Tested { file, name, request: Some(request), verdict, took: start.elapsed() }
}

/// A table, and under it what went wrong.
fn human(out: &mut impl io::Write, tested: &[Tested]) -> io::Result<()> {
    let style = terminal::stdout_style();
    let shown = |one: &Tested| one.name.clone().unwrap_or_else(|| one.file.clone());
    let request = |one: &Tested| {
        one.request
            .as_ref()
            .map_or_else(String::new, |test| format!("{} {}", test.method(), shown_url(test.path())))
    };
    let names = tested.iter().map(|one| shown(one).chars().count()).max().unwrap_or_default();
    let requests = tested.iter().map(|one| request(one).chars().count()).max().unwrap_or_default();
    for one in tested {
        let word = format!("{:7}", one.verdict.kind().word());
        let status = one.verdict.status().map_or_else(String::new, |status| status.to_string());
        let took =
            if one.request.is_some() { format!("{:.2} s", one.took.as_secs_f64()) } else { String::new() };
        let line = format!("{:names$}  {:requests$}  {status:3}  {took}", shown(one), request(one));
        match one.verdict.outcome() {
            Status::Fine => write!(out, "{word}")?,
            _ => write!(out, "{}", style.error(word))?,
        }
        writeln!(out, "  {}", on_one_line(line.trim_end()))?;
    }
    out.flush()?;
    for one in tested {
        if let Some(message) = one.verdict.message() {
            let names_file = message.starts_with(&format!("`{}`", one.file));
            let told = if names_file { message.to_owned() } else { format!("{}: {message}", one.file) };
            complain(&told, &[]);
        }
    }
    let parts: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, kind.count(tested)))
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} {}", kind.word()))
        .collect();
    writeln!(
        out,
        "{} connector{}: {}",
        tested.len(),
        if tested.len() == 1 { "" } else { "s" },
        parts.join(", ")
    )
}

fn to_value(tested: &[Tested]) -> Value {
    let results = tested.iter().map(|one| {
        json!({
            "file": one.file,
            "name": one.name,
            "outcome": one.verdict.kind().word(),
            "method": one.request.as_ref().map(TestRequest::method),
            "path": one.request.as_ref().map(|test| shown_url(test.path())),
            "status": one.verdict.status(),
            "milliseconds": u64::try_from(one.took.as_millis()).unwrap_or(u64::MAX),
            "message": one.verdict.message(),
        })
    });
    let mut whole = json!({ "connectors": tested.len() });
    for kind in Kind::ALL {
        whole[kind.word()] = kind.count(tested).into();
    }
    whole["results"] = results.collect();
    whole
}
