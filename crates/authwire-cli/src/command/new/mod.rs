//! `authwire new`: a connector file to fill in.
//!
//! [`form`] knows which fields an auth type has, [`placeholder`] what may stand in them, [`draft`] holds the file,
//! [`questions`] asks a person, [`layout`] writes. None of them knows an auth type or a field by its name.

mod draft;
mod form;
mod layout;
mod placeholder;
mod questions;

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use authwire_core::Severity;
use authwire_core::table::{Registry, Schema};
use clap::Args;
use serde_json::json;

use self::draft::Draft;
use self::form::{Blank, Form};
use crate::answer::print;
use crate::arguments::{ReportFormat, TypeArguments};
use crate::auth_types::{Catalogue, Types};
use crate::outcome::{Failure, Outcome, Status, say};
use crate::report::{self, FileReport};
use crate::terminal::{self, on_one_line};

/// What stands for the base URL until a person fills it in.
const BASE_URL: &str = "https://api.example.com";

/// Write a connector file to fill in.
///
/// On a terminal, it asks for each field by its label: the required ones first, then it offers the others. Elsewhere, and
/// with --no-input, required fields without --set get placeholders, which are listed on stderr. Secrets become references to
/// environment variables. The file is checked before it is written.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The name of the connector: a letter, then 1 to 63 letters, digits, `_` or `-`
    name: String,
    /// The auth type, by its name or its label: `authwire types` lists them
    #[arg(long, value_name = "TYPE")]
    auth: String,
    /// A field of the auth type, by its name or its label; a secret as env:NAME, file:PATH or store:KEY; may be given
    /// several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The URL that request paths are joined to
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// What the connector is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The path of a harmless request that shows whether the connector works
    #[arg(long, value_name = "PATH")]
    test_path: Option<String>,
    /// The value of `$schema`, for editors: the path or URL of the bundle
    #[arg(long, value_name = "BUNDLE")]
    schema: Option<String>,
    /// The file to write; stdout if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long, requires = "output")]
    force: bool,
    /// Never ask, not even on a terminal
    #[arg(long)]
    no_input: bool,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire new zoom --auth oauth2_client_credentials -o connectors/zoom.json
  authwire new acme --auth bearer_token --base-url https://api.acme.example --set api_key=env:ACME_TOKEN
  authwire new maps --auth api_key --set 'API Key Auth Auth Type=Param Auth' --set 'Param Auth Param Name=key'
  authwire new tenant --auth oauth2_password --set additional_headers.X-Tenant=acme
  authwire new acme --auth acme_session --schemas my-types";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if let Some(path) = arguments.output.as_deref().filter(|_| !arguments.force) {
        // before anything is asked: nobody should fill in a form for nothing
        if fs::symlink_metadata(path).is_ok() {
            return Err(exists(path));
        }
    }
    let catalogue = Catalogue::read(&arguments.types.schemas)?;
    let auth_type = catalogue.get(&arguments.auth)?;
    let schemas: Vec<&Schema> = catalogue.types().iter().map(|one| &one.schema).collect();
    let form = Form { auth_type, registry: Registry { types: &schemas } };
    let mut draft = Draft::new(form, Types::connector(), &arguments.name);
    if let Some(schema) = &arguments.schema {
        draft.head.insert(0, ("$schema", json!(schema)));
    }
    draft.test_path = arguments.test_path.clone().filter(|path| !path.is_empty());
    let description = arguments.description.clone().filter(|text| !text.is_empty());
    let asks = !arguments.no_input && io::stdin().is_terminal() && io::stderr().is_terminal();
    let placeholders = if asks {
        questions::ask(&mut draft, arguments, description)?;
        Vec::new()
    } else {
        fill(&mut draft, arguments, description)?
    };
    finish(&draft, arguments, &placeholders)
}

/// Fills in what was given, and placeholders for the rest. Returns those: name and label.
fn fill(
    draft: &mut Draft<'_>,
    arguments: &Arguments,
    description: Option<String>,
) -> Result<Vec<(String, String)>, Failure> {
    let mut placeholders = Vec::new();
    if let Some(description) = description {
        draft.head.push(("description", json!(description)));
    }
    let base_url = arguments.base_url.clone().unwrap_or_else(|| {
        placeholders.push(("base_url".to_owned(), "Base URL".to_owned()));
        BASE_URL.to_owned()
    });
    draft.head.push(("base_url", questions::base_url(&base_url)));
    set_all(draft, &arguments.set)?;
    while let Some(blank) = draft.missing().into_iter().next() {
        draft.hold(&blank)?;
        if needs_a_person(draft, &blank) {
            placeholders.push((blank.name, blank.title));
        }
    }
    Ok(placeholders)
}

/// Whether a placeholder has to be replaced: a reference need not, nor what has one value only.
fn needs_a_person(draft: &Draft<'_>, blank: &Blank) -> bool {
    !draft.form.is_secret(blank.node) && blank.choices.len() != 1
}

/// Takes every `--set`, in the order in which they were given: which choices a field has may depend on a value before.
fn set_all(draft: &mut Draft<'_>, set: &[String]) -> Result<(), Failure> {
    set.iter().try_for_each(|assignment| draft.set(assignment))
}

/// Checks the file, tells what there is to tell, and writes it.
fn finish(draft: &Draft<'_>, arguments: &Arguments, placeholders: &[(String, String)]) -> Outcome {
    let text = draft.text();
    let report = draft.report(&text);
    let name = match &arguments.output {
        Some(path) => path.to_string_lossy().into_owned(),
        None => format!("{}.json", arguments.name),
    };
    if !report.findings().is_empty() {
        let colour = terminal::stderr_has_colour();
        let mut format = report::format(ReportFormat::Human, Box::new(io::stderr().lock()), colour);
        format.file(&FileReport { name: &name, bytes: text.as_bytes(), findings: report.findings() })?;
    }
    if report.findings().iter().any(|finding| finding.severity() == Severity::Error) {
        return Err(Failure::not_run("the file would not be valid, so it was not written"));
    }
    match &arguments.output {
        Some(path) => write(path, &text, arguments.force)?,
        None => print(&text).map(drop)?,
    }
    for (name, label) in placeholders {
        say(&on_one_line(&format!("to fill in: `{name}` ({label})")));
    }
    for variable in draft.variables() {
        say(&on_one_line(&format!("to set: the environment variable {variable}")));
    }
    if arguments.output.is_some() {
        say(&on_one_line(&format!("wrote {name}; next: authwire explain {name}")));
    }
    Ok(Status::Fine)
}

fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    // opening a FIFO would wait for somebody to read it
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(Failure::not_run(format!(
            "`{}` cannot be written: it is not a regular file",
            path.display()
        )));
    }
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        io::ErrorKind::NotFound => {
            Failure::not_run(format!("`{}` cannot be written: there is no such folder", path.display()))
        }
        _ => Failure::not_run(format!("`{}` cannot be written: {error}", path.display())),
    })
}

fn exists(path: &Path) -> Failure {
    Failure::not_run(format!("`{}` exists already", path.display()))
        .with_help("--force overwrites it; -o FILE names another")
}
