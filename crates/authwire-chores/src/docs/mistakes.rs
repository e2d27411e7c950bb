//! What mistakes look like: reports of the program about files that are wrong in one way.

use authwire_core::{Code, Severity};

use super::Program;
use crate::fixtures::Fixture;

/// How many mistakes a page shows.
const MOST: usize = 4;

/// The mistakes that a page shows, in this order, as far as there is a fixture.
const SHOWN: [Code; 10] = [
    Code::Required,
    Code::DependentRequired,
    Code::OverridesSecret,
    Code::Username,
    Code::AlgMismatch,
    Code::Placeholder,
    Code::Enum,
    Code::UnknownField,
    Code::LiteralSecret,
    Code::Pattern,
];

/// A section with reports about files of the auth type `name`.
///
/// # Errors
/// If the program could not run.
pub(super) fn section(name: &str, fixtures: &[Fixture], program: &dyn Program) -> Result<String, String> {
    let mut text = String::new();
    let auth_type = format!("\"type\": \"{name}\"");
    let about = |fixture: &&Fixture, code: Code| {
        let worst = fixture.findings.iter().find(|finding| finding.severity() != Severity::Note);
        fixture.text.contains(&auth_type) && worst.is_some_and(|finding| finding.code == code)
    };
    let found = SHOWN.iter().filter_map(|code| fixtures.iter().find(|fixture| about(fixture, *code)));
    for fixture in found.take(MOST) {
        text.push_str(&report(&fixture.text, program)?);
    }
    if text.is_empty() {
        return Ok(text);
    }
    Ok(format!(
        "## What mistakes look like\n\n`authwire validate acme.json` tells of each, for example:\n\n```text\n{text}```\n\n"
    ))
}

/// What the program finds in a file, without the line that counts.
fn report(text: &str, program: &dyn Program) -> Result<String, String> {
    let output = program.run(&[("acme.json", text.as_bytes())], &["validate", "acme.json"])?;
    let mut lines: Vec<&str> = output.lines().collect();
    lines.pop();
    Ok(lines.iter().map(|line| format!("{}\n", line.trim_end())).collect())
}
