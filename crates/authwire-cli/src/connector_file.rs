//! Connector files: from bytes to findings, or to a connector that can be used.
//!
//! The one place of this crate that reads them. It must not know where the bytes came from or how findings are shown.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use authwire_core::json::{Cursor, Kind, Tree};
use authwire_core::{Document, Reference, Report, Text, TextMap, checker};
use authwire_runtime::judge::Expert;
use authwire_runtime::{Connector, HttpOptions};

use crate::auth_types::Types;

/// What was found in a connector file.
pub(crate) struct Checked {
    /// The findings.
    pub(crate) report: Report,
    /// The connector's name, where it has one, with where it stands in the bytes.
    pub(crate) name: Option<(String, Range<usize>)>,
}

/// Checks `bytes`.
pub(crate) fn check(bytes: &[u8], types: &Types) -> Checked {
    match Tree::parse(bytes) {
        Ok(tree) => {
            let report = check_tree(&tree, types);
            let name = tree.root().get("name");
            let name = name.and_then(|name| Some((name.string()?.into_owned(), name.span())));
            Checked { report, name }
        }
        Err(error) => Checked { report: Report::new(vec![error.to_finding(bytes)]), name: None },
    }
}

/// The connector in `bytes`, whose relative paths start at `folder`.
///
/// # Errors
/// If the file has errors: with all findings.
pub(crate) fn connector(bytes: &[u8], folder: PathBuf, types: &Types) -> Result<ConnectorFile, Report> {
    let tree = Tree::parse(bytes).map_err(|error| Report::new(vec![error.to_finding(bytes)]))?;
    let report = check_tree(&tree, types);
    let auth_type = tree.root().get("auth_config").and_then(|auth| auth.get("type")).and_then(Cursor::string);
    let schema = auth_type.and_then(|name| types.shared(&name));
    match (report.is_valid(), schema, tree.root().get("auth_config")) {
        (true, Some(schema), Some(auth)) => Ok(ConnectorFile {
            test: tree.root().get("test").and_then(test_request),
            connector: build(tree.root(), Document::new(schema, auth)).with_folder(folder),
        }),
        _ => Err(report),
    }
}

/// A connector with what its file says besides.
pub(crate) struct ConnectorFile {
    /// The connector.
    pub(crate) connector: Connector,
    /// The request that shows whether it works.
    pub(crate) test: Option<TestRequest>,
}

/// The member `test`: a request that shows whether the connector works.
#[derive(Debug, Clone)]
pub(crate) struct TestRequest {
    /// Its method.
    pub(crate) method: String,
    /// Its path.
    pub(crate) path: String,
    /// The statuses that are right; none named: any 2xx.
    expect_status: Vec<u16>,
}

impl TestRequest {
    /// Whether `status` is what the file expects.
    pub(crate) fn expects(&self, status: u16) -> bool {
        match self.expect_status.is_empty() {
            true => (200..300).contains(&status),
            false => self.expect_status.contains(&status),
        }
    }

    /// Whether a redirect is what the file expects: then none is followed.
    pub(crate) fn expects_redirect(&self) -> bool {
        self.expect_status.iter().any(|status| (300..400).contains(status))
    }

    /// What the file expects, in words.
    pub(crate) fn expected(&self) -> String {
        let statuses: Vec<String> = self.expect_status.iter().map(u16::to_string).collect();
        if statuses.is_empty() { "2xx".to_owned() } else { statuses.join(" or ") }
    }
}

fn check_tree(tree: &Tree<'_>, types: &Types) -> Report {
    types.with_registry(|registry| checker::report_tree(Types::connector(), registry, tree, Some(&Expert)))
}

fn test_request(member: Cursor<'_>) -> Option<TestRequest> {
    let statuses = member.get("expect_status").into_iter().flat_map(Cursor::items);
    let status = |item: Cursor<'_>| item.number()?.as_u64().and_then(|number| u16::try_from(number).ok());
    Some(TestRequest {
        method: string_at(member, "/method").unwrap_or_else(|| "GET".to_owned()),
        path: string_at(member, "/path")?,
        expect_status: statuses.filter_map(status).collect(),
    })
}

/// The connector in a document that was checked.
fn build(root: Cursor<'_>, auth: Document) -> Connector {
    let name = string_at(root, "/name").unwrap_or_default();
    let base_url = root.get("base_url").and_then(text).unwrap_or_else(|| Text::Literal(String::new()));
    Connector::new(name, base_url, Arc::new(auth))
        .with_headers(map(root.get("headers")))
        .with_query(map(root.get("query")))
        .with_http(http(root.get("http")))
}

fn http(member: Option<Cursor<'_>>) -> HttpOptions {
    let options = HttpOptions::default();
    let Some(member) = member else { return options };
    let seconds = |name| member.get(name)?.number().map(|number| Duration::from_secs_f64(number.as_f64()));
    let (connect, whole) = (options.connect_timeout, options.timeout);
    let retries =
        member.get("max_retries").and_then(Cursor::number).and_then(authwire_core::number::Number::as_u64);
    let (standard, ca_file) = (options.max_retries, string_at(member, "/ca_file"));
    let options = options
        .with_connect_timeout(seconds("connect_timeout_seconds").unwrap_or(connect))
        .with_timeout(seconds("timeout_seconds").unwrap_or(whole))
        .with_max_retries(retries.and_then(|retries| u32::try_from(retries).ok()).unwrap_or(standard));
    match ca_file {
        Some(path) => options.with_ca_file(path),
        None => options,
    }
}

fn map(member: Option<Cursor<'_>>) -> TextMap {
    let mut map = TextMap::new();
    for (name, value) in member.into_iter().flat_map(Cursor::members) {
        if let Some(text) = text(value) {
            map.insert(name, text);
        }
    }
    map
}

fn text(value: Cursor<'_>) -> Option<Text> {
    match value.kind() {
        Kind::String => Some(Text::Literal(value.string()?.into_owned())),
        _ => reference(value).map(Text::Reference),
    }
}

fn reference(value: Cursor<'_>) -> Option<Reference> {
    let mut members = value.members();
    let (source, name) = members.next()?;
    Reference::new(&source, name.string()?)
}

fn string_at(root: Cursor<'_>, pointer: &str) -> Option<String> {
    root.pointer(pointer)?.string().map(|text| text.into_owned())
}
