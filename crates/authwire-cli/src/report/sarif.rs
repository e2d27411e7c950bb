//! The report as SARIF 2.1.0 (OASIS), for code scanning.

use std::io::{self, Write};

use authwire_core::{Code, Finding, Severity};
use serde_json::{Value, json};

use super::{FileReport, Format, Totals};
use crate::files::Unreadable;

/// Collects findings and writes them at the end, in one run.
pub(crate) struct Sarif<W> {
    out: W,
    results: Vec<Value>,
    notifications: Vec<Value>,
}

impl<W: Write> Sarif<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, results: Vec::new(), notifications: Vec::new() }
    }
}

impl<W: Write> Format for Sarif<W> {
    fn file(&mut self, file: &FileReport<'_>) -> io::Result<()> {
        self.results.extend(file.findings.iter().map(|finding| result(file, finding)));
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        self.notifications.push(json!({
            "level": "error",
            "message": { "text": format!("cannot be read: {}", unreadable.why) },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&unreadable.name) } } }],
        }));
        Ok(())
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        let rules: Vec<Value> = Code::ALL.iter().map(|code| rule(*code)).collect();
        let whole = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "authwire",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules,
                } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": self.notifications.is_empty(),
                    "toolExecutionNotifications": std::mem::take(&mut self.notifications),
                }],
                "results": std::mem::take(&mut self.results),
            }],
        });
        serde_json::to_writer_pretty(&mut self.out, &whole)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.meaning() },
        "defaultConfiguration": { "level": level(code.severity()) },
        "properties": { "layer": code.layer().as_str() },
    })
}

fn result(file: &FileReport<'_>, finding: &Finding) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(file.name) } } });
    if let Some(place) = &finding.place {
        location["physicalLocation"]["region"] = region(file.bytes, place);
    }
    if !finding.pointer.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.pointer, "kind": "member" }]);
    }
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    let index = Code::ALL.iter().position(|code| *code == finding.code);
    let mut result = json!({
        "ruleId": finding.code.as_str(),
        "level": level(finding.severity()),
        "message": { "text": text },
        "locations": [location],
        "properties": { "title": finding.title, "schema": finding.schema },
    });
    if let Some(index) = index {
        result["ruleIndex"] = index.into();
    }
    result
}

/// The region of `place`: to the end of its value where that stands on the same line.
fn region(bytes: &[u8], place: &authwire_core::Place) -> Value {
    let mut region = json!({ "startLine": place.line, "startColumn": place.column });
    let flagged = bytes.get(place.span.clone()).unwrap_or_default();
    if !flagged.is_empty() && !flagged.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        let characters = String::from_utf8_lossy(flagged).chars().count();
        region["endColumn"] = (place.column as usize + characters).into();
    }
    region
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

/// A path as a URI reference (RFC 3986): relative ones stay relative, so that a viewer finds them in its checkout.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    match uri.strip_prefix("./") {
        Some(relative) => relative.to_owned(),
        None if uri.starts_with('/') => format!("file://{uri}"),
        None => uri,
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_a_uri_reference() {
        for (path, expected) in [
            ("./a b/ü.json", "a%20b/%C3%BC.json"),
            ("/tmp/a.json", "file:///tmp/a.json"),
            ("<stdin>", "%3Cstdin%3E"),
            ("a:b.json", "a%3Ab.json"),
        ] {
            assert_eq!(uri(path), expected, "{path}");
        }
    }
}
