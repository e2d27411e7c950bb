//! The report as SARIF 2.1.0 (OASIS), for code scanning.

use std::io::{self, Write};

use authwire_core::{Code, Finding};
use serde::Serialize;

use super::{FileReport, Format, Totals};
use crate::files::Unreadable;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What a viewer shows of a rule without its result.
const HELP: &str = "Each result says what is wrong and, behind `help:`, what to do about it.";

/// Writes one run: each result as it is found, a line each, and behind them what is only known at the end.
pub(crate) struct Sarif<W> {
    out: W,
    /// How many results are written.
    results: usize,
    notifications: Vec<Notification>,
}

impl<W: Write> Sarif<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, results: 0, notifications: Vec::new() }
    }

    /// Writes what stands in front of the next result, or of the end of all.
    fn go_on(&mut self) -> io::Result<()> {
        if self.results > 0 {
            return self.out.write_all(b",\n");
        }
        write!(self.out, "{{\"$schema\": \"{SCHEMA}\", \"version\": \"2.1.0\", \"runs\": [{{\n\"tool\": ")?;
        serde_json::to_writer(&mut self.out, &Tool::authwire())?;
        self.out.write_all(b",\n\"columnKind\": \"unicodeCodePoints\",\n\"results\": [\n")
    }
}

impl<W: Write> Format for Sarif<W> {
    fn file(&mut self, file: &FileReport<'_>) -> io::Result<()> {
        for finding in file.findings {
            self.go_on()?;
            serde_json::to_writer(&mut self.out, &Outcome::new(file, finding))?;
            self.results += 1;
        }
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        let location = Location::file(&unreadable.name);
        let message = Message { text: format!("cannot be read: {}", unreadable.why) };
        self.notifications.push(Notification { level: "error", message, locations: [location] });
        Ok(())
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        if self.results == 0 {
            self.go_on()?;
        }
        let invocation = Invocation {
            execution_successful: self.notifications.is_empty(),
            tool_execution_notifications: std::mem::take(&mut self.notifications),
        };
        self.out.write_all(b"\n],\n\"invocations\": ")?;
        serde_json::to_writer(&mut self.out, &[invocation])?;
        self.out.write_all(b"\n}]}\n")?;
        self.out.flush()
    }
}

/// §3.18, with its driver (§3.19).
#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

impl Tool {
    fn authwire() -> Self {
        Self {
            driver: Driver {
                name: "authwire",
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: Code::ALL.iter().copied().map(Rule::new).collect(),
            },
        }
    }
}

/// §3.49.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message<&'static str>,
    full_description: Message<&'static str>,
    help: Message<&'static str>,
    default_configuration: Level,
    properties: Layer,
}

#[derive(Serialize)]
struct Level {
    level: &'static str,
}

#[derive(Serialize)]
struct Layer {
    layer: &'static str,
}

impl Rule {
    fn new(code: Code) -> Self {
        Self {
            id: code.as_str(),
            short_description: Message { text: code.meaning() },
            full_description: Message { text: code.meaning() },
            help: Message { text: HELP },
            default_configuration: Level { level: code.severity().as_str() },
            properties: Layer { layer: code.layer().as_str() },
        }
    }
}

/// §3.11.
#[derive(Serialize)]
struct Message<T = String> {
    text: T,
}

/// §3.27: a `result`, which is a finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'f> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location<'f>; 1],
    properties: Properties<'f>,
}

#[derive(Serialize)]
struct Properties<'f> {
    title: Option<&'f str>,
    schema: Option<&'f str>,
}

impl<'f> Outcome<'f> {
    fn new(file: &FileReport<'_>, finding: &'f Finding) -> Self {
        let mut text = finding.message.clone();
        if let Some(help) = &finding.help {
            text.push_str("\nhelp: ");
            text.push_str(help);
        }
        let mut location = Location::file(file.name);
        location.physical_location.region =
            finding.place.as_ref().map(|place| Region::new(file.bytes, place));
        if !finding.pointer.is_empty() {
            let (fully_qualified_name, kind) = (finding.pointer.as_str(), "member");
            location.logical_locations = Some([LogicalLocation { fully_qualified_name, kind }]);
        }
        Self {
            rule_id: finding.code.as_str(),
            rule_index: Code::ALL.iter().position(|code| *code == finding.code),
            level: finding.severity().as_str(),
            message: Message { text },
            locations: [location],
            properties: Properties { title: finding.title.as_deref(), schema: finding.schema.as_deref() },
        }
    }
}

/// §3.28.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'f> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation<'f>; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'f> {
    fully_qualified_name: &'f str,
    kind: &'static str,
}

impl Location<'_> {
    fn file(name: &str) -> Self {
        let artifact_location = ArtifactLocation { uri: uri(name) };
        Self {
            physical_location: PhysicalLocation { artifact_location, region: None },
            logical_locations: None,
        }
    }
}

/// §3.58: a `notification`, of what could not be read.
#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    locations: [Location<'static>; 1],
}

/// §3.20.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

/// §3.30.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

impl Region {
    /// The region of `place`: to the end of its value where that stands on the same line.
    fn new(bytes: &[u8], place: &authwire_core::Place) -> Self {
        let flagged = bytes.get(place.span.clone()).unwrap_or_default();
        let on_one_line = !flagged.is_empty() && !flagged.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        let end = || place.column as usize + String::from_utf8_lossy(flagged).chars().count();
        Self { start_line: place.line, start_column: place.column, end_column: on_one_line.then(end) }
    }
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
