//! Connector files: from bytes to findings, or to a connector that can be used.
//!
//! The one place of this crate that reads them. It must not know where the bytes came from or how findings are shown.

use std::ops::Range;
use std::path::PathBuf;

use authwire::{ConnectorConfig, ConnectorTest};
use authwire_core::json::Tree;
use authwire_core::{Report, checker};
use authwire_runtime::Connector;
use authwire_runtime::judge::Expert;

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
    let checked = ConnectorConfig::check_with(bytes, types.loaded(), Some(&Expert));
    let config = checked.config.ok_or(checked.report)?;
    Ok(ConnectorFile {
        test: config.test().cloned().map(TestRequest),
        connector: Connector::from(config).with_folder(folder),
    })
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
pub(crate) struct TestRequest(ConnectorTest);

impl TestRequest {
    /// Its method.
    pub(crate) fn method(&self) -> &'static str {
        self.0.method().as_str()
    }

    /// Its path.
    pub(crate) fn path(&self) -> &str {
        self.0.path()
    }

    /// Whether `status` is what the file expects.
    pub(crate) fn expects(&self, status: u16) -> bool {
        match self.0.expect_status() {
            None => (200..300).contains(&status),
            Some(expected) => expected.contains(&status),
        }
    }

    /// Whether a redirect is what the file expects: then none is followed.
    pub(crate) fn expects_redirect(&self) -> bool {
        self.0
            .expect_status()
            .is_some_and(|expected| expected.iter().any(|status| (300..400).contains(status)))
    }

    /// What the file expects, in words.
    pub(crate) fn expected(&self) -> String {
        match self.0.expect_status() {
            None => "2xx".to_owned(),
            Some(expected) => expected.iter().map(u16::to_string).collect::<Vec<_>>().join(" or "),
        }
    }
}

fn check_tree(tree: &Tree<'_>, types: &Types) -> Report {
    types.with_registry(|registry| checker::report_tree(Types::connector(), registry, tree, Some(&Expert)))
}
