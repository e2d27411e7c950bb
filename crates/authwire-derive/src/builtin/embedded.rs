//! A connector file that is embedded: checked while compiling, with what may not be in a binary.

use std::fmt::Write as _;
use std::path::Path;

use authwire_core::json::{Cursor, Tree};
use authwire_core::list::sorted;
use authwire_core::place::Lines;
use authwire_core::references::in_connector_file;
use authwire_core::table::{Registry, Schema};
use authwire_core::{Code, Finding, Severity, checker};
use authwire_schema::{Library, builtin};

/// What is known of a connector file that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Embedded {
    /// Its auth type, as it writes it.
    pub(crate) auth_type: String,
    /// What it says of itself.
    pub(crate) title: String,
}

/// Checks the file at `path`, which diagnostics call `shown`.
///
/// # Errors
/// Everything that is wrong with it, a line each: errors, literal secrets, relative paths.
pub(crate) fn check(library: &mut Library, path: &Path, shown: &str) -> Result<Embedded, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
    let builtin = builtin(library).map_err(|faults| faults.to_string())?;
    let types: Vec<&Schema> = builtin.auth.iter().map(|auth| &auth.schema).collect();
    let report = checker::report(&builtin.connector.schema, Registry { types: &types }, &bytes, None);
    let mut faults: Vec<Finding> = report.into_findings();
    let Ok(tree) = Tree::parse(&bytes) else { return Err(told(shown, &faults)) };
    faults.retain(|finding| finding.severity() == Severity::Error || finding.code == Code::LiteralSecret);
    for finding in faults.iter_mut().filter(|finding| finding.code == Code::LiteralSecret) {
        finding.help = Some(
            "it would end up in the binary: refer to it by {\"env\"}, an absolute {\"file\"} or {\"store\"}"
                .to_owned(),
        );
    }
    relative_files(tree.root(), Registry { types: &types }, &Lines::new(&bytes), &mut faults);
    if !faults.is_empty() {
        let place = |finding: &Finding| finding.place.as_ref().map(|place| (place.line, place.column));
        return Err(told(shown, &sorted(faults, |one, two| place(one).cmp(&place(two)))));
    }
    let string =
        |pointer| tree.root().pointer(pointer).and_then(Cursor::string).map(|text| text.into_owned());
    Ok(Embedded {
        auth_type: string("/auth_config/type").unwrap_or_default(),
        title: string("/description").or_else(|| string("/name")).unwrap_or_default(),
    })
}

/// Paths that begin at the connector file's folder: a program has no such folder where it runs.
fn relative_files(root: Cursor<'_>, registry: Registry<'_>, lines: &Lines<'_>, faults: &mut Vec<Finding>) {
    let files = in_connector_file(root, registry).into_iter().filter_map(|written| {
        let value = written.value.get("file")?;
        Some((format!("{}/file", written.pointer), value))
    });
    let ca_file = root.pointer("/http/ca_file").map(|value| ("/http/ca_file".to_owned(), value));
    for (pointer, value) in files.chain(ca_file) {
        if value.string().is_some_and(|path| Path::new(&*path).is_relative()) {
            let mut finding =
                Finding::new(Code::Conflict, pointer, "a relative path leads nowhere from a program")
                    .with_help("write an absolute path, or refer to it by {\"env\"} or {\"store\"}");
            finding.place = Some(lines.place(value.span()));
            faults.push(finding);
        }
    }
}

fn told(file: &str, faults: &[Finding]) -> String {
    let mut text = String::new();
    for (index, finding) in faults.iter().enumerate() {
        let separator = if index == 0 { "" } else { "\n" };
        let place = finding
            .place
            .as_ref()
            .map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
        let pointer = if finding.pointer.is_empty() { "" } else { " at " };
        let _ = write!(
            text,
            "{separator}{file}{place}: [{}]{pointer}{}: {}",
            finding.code, finding.pointer, finding.message
        );
        if let Some(help) = &finding.help {
            let _ = write!(text, "; {help}");
        }
    }
    text
}
