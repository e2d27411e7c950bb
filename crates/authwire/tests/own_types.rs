//! A derived config passes the semantic layer by a glance where its plan has nothing to object to. What the report refuses,
//! it must refuse too: also with plans that no built-in type has.

#![allow(missing_docs, missing_debug_implementations, reason = "the types are for the tests alone")]

use std::fs;
use std::path::Path;

use authwire::{Connector, ConnectorConfig, Severity};

#[derive(Connector)]
#[connector(schema = "tests/types/signed_form.json")]
struct SignedForm;

#[test]
fn most_connectors_pass_by_a_glance() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/connectors");
    let (mut files, mut checked) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let config = ConnectorConfig::from_slice(&fs::read(&path).unwrap()).unwrap();
        files += 1;
        if config.auth_config().as_config().needs_check() {
            checked.push(path.file_name().unwrap().to_owned());
        }
    }
    assert!(files > 20 && checked.len() * 5 < files, "{} of {files} do not: {checked:?}", checked.len());
}

#[test]
fn what_a_glance_lets_pass_has_no_error() {
    const FORM: &str = r#""password": {"env": "P"}, "password_field": "pin""#;
    for (rest, expected) in [
        (r#""key": {"env": "K"}"#, ""),
        (r#""key": {"env": "K"}, "key_encoding": "hex""#, ""),
        (r#""key": "00fF", "key_encoding": "hex""#, ""),
        (r#""key": "secret""#, ""),
        (r#""key": "secret", "key_encoding": "hex""#, "key /key"),
        (r#""key": "a_b-", "key_encoding": "base64""#, "key /key"),
        (r#""key": "a+b/", "key_encoding": "base64url""#, "key /key"),
        (r#""key": {"env": "K"}, "more": {"pan": "1"}"#, ""),
        (r#""key": {"env": "K"}, "more": {"pan": "1", "pin": "2"}"#, "overrides_secret /more/pin"),
    ] {
        let document = format!("{{{FORM}, {rest}}}");
        let report = SignedForm::check(document.as_bytes()).report;
        let errors = report.findings().iter().filter(|finding| finding.severity() == Severity::Error);
        let errors: Vec<String> =
            errors.map(|finding| format!("{} {}", finding.code, finding.pointer)).collect();
        assert_eq!(errors.join(", "), expected, "{document}");
        assert_eq!(SignedForm::from_slice(document.as_bytes()).is_err(), !errors.is_empty(), "{document}");
    }
}
