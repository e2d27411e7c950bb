//! The connector parser: the one-pass parser and the interpreter give one verdict, over bytes and over a `Value`, and
//! `serde_json` agrees on what is JSON but for what is documented.

use std::collections::BTreeSet;

use authwire::{__private as private, AuthConfig, Code, ConnectorConfig, Layer, Report};
use authwire_core::checker;
use authwire_core::table::Registry;
use serde_json::Value;

use crate::pace;

/// Any bytes as a connector file.
///
/// # Panics
/// Where the evaluators differ.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len(), || agree(bytes));
}

fn agree(bytes: &[u8]) {
    let (tables, registry) = (ConnectorConfig::tables(), Registry { types: AuthConfig::BUILTIN });
    let report = checker::report(tables, registry, bytes, None);
    let shaped = !has(&report, Layer::Syntax) && !has(&report, Layer::Schema);
    assert_eq!(private::parses::<ConnectorConfig>(bytes), shaped, "the one-pass parser differs: {report}");
    let config = ConnectorConfig::from_slice(bytes);
    assert_eq!(config.is_ok(), report.is_valid(), "a config, or a report of errors: {report}");

    let is_json = !has(&report, Layer::Syntax);
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) if is_json => {
            let of_value = checker::report_value(tables, registry, &value, None);
            assert_eq!(marks(&report), marks(&of_value), "{report}\nof a Value: {of_value}");
        }
        Ok(_) => {
            let ours = |code| matches!(code, Code::DuplicateKey | Code::TooDeep | Code::TooLarge);
            let refused: Vec<Code> = report.findings().iter().map(|finding| finding.code).collect();
            assert!(refused.iter().any(|code| ours(*code)), "serde_json reads it: {report}");
        }
        Err(error) => {
            let told = error.to_string();
            let documented = told.starts_with("number out of range") || told.starts_with("recursion limit");
            assert!(!is_json || documented, "serde_json does not read it: {told}");
        }
    }
    if let Ok(text) = config.map_or_else(|_| Ok(String::new()), |config| serde_json::to_string(&config)) {
        // a literal secret is never written; whatever is, is the same config again
        assert!(text.is_empty() || ConnectorConfig::from_slice(text.as_bytes()).is_ok(), "{text}");
    }
}

fn has(report: &Report, layer: Layer) -> bool {
    report.findings().iter().any(|finding| finding.layer() == layer)
}

/// What was found where.
fn marks(report: &Report) -> BTreeSet<(&'static str, &str)> {
    report.findings().iter().map(|finding| (finding.code.as_str(), finding.pointer.as_str())).collect()
}
