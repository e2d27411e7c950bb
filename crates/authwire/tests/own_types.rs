//! A derived config passes the semantic layer by a glance where its plan has nothing to object to. What the report refuses,
//! it must refuse too: also with plans that no built-in type has.

#![allow(missing_docs, missing_debug_implementations, reason = "the types are for the tests alone")]

use std::fs;
use std::path::Path;

use authwire::{Connector, ConnectorConfig, Severity};

#[derive(Connector)]
#[connector(schema = "tests/types/signed_form.json")]
struct SignedForm;

#[derive(Connector)]
#[connector(schema = "tests/types/clashes.json")]
struct Clashes;

#[derive(Connector)]
#[connector(schema = "tests/types/beside.json")]
struct Beside;

#[derive(Connector)]
#[connector(schema = "tests/types/dependent.json")]
struct Dependent;

#[derive(Connector)]
#[connector(schema = "tests/types/judged.json")]
struct Judged;

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

#[test]
fn nothing_takes_the_place_of_a_secret_wherever_it_is_put() {
    for (rest, expected) in [
        ("", ""),
        (r#""headers": {"X-Other": "1"}, "query": {"q": "1"}, "inner": {"x": "1"}, "outer": {"b": "1"}"#, ""),
        (r#""headers": {"x-key": {"env": "T"}}"#, "overrides_secret /headers/x-key"),
        (r#""headers": {"x-plain": "1"}"#, "overrides /headers/x-plain"),
        (r#""headers": {"x-plain": "one"}"#, ""),
        (r#""query": {"k": "1"}"#, "overrides_secret /query/k"),
        (r#""query": {"K": "1"}"#, ""),
        (r#""query": {"own": "1"}"#, "overrides /query/own"),
        (r#""cookies": {"c": "1"}"#, "overrides_secret /cookies/c"),
        (r#""inner": {"pw": {"env": "T"}}"#, "overrides_secret /inner/pw"),
        (r#""outer": {"a": "1"}"#, "overrides_secret /outer/a"),
        // names that the config chooses
        (r#""own_header": "x-key""#, "conflict /own_header"),
        (r#""own_header": "X-User""#, ""),
        (r#""own_header": "X-User", "user": "u""#, "conflict /own_header"),
        (r#""own_parameter": "p""#, "conflict /own_parameter"),
        // a text among others
        (r#""user": "\u00e9""#, "header_value /user"),
        (r#""user": "joe""#, ""),
        (r#""pattern": "nope""#, "placeholder /pattern"),
    ] {
        let comma = if rest.is_empty() { "" } else { ", " };
        let document = format!(r#"{{"key": {{"env": "K"}}, "plain": "x"{comma}{rest}}}"#);
        let report = Clashes::check(document.as_bytes()).report;
        let told: Vec<String> =
            report.findings().iter().map(|finding| format!("{} {}", finding.code, finding.pointer)).collect();
        assert_eq!(told.join(", "), expected, "{document}");
        let has_error = report.findings().iter().any(|finding| finding.severity() == Severity::Error);
        assert_eq!(Clashes::from_slice(document.as_bytes()).is_err(), has_error, "{document}");
    }
}

#[test]
fn nothing_takes_the_place_of_a_secret_that_is_put_somewhere_else() {
    const URL: &str = r#""token_url": "https://a.example/t""#;
    for (rest, expected) in [
        ("", ""),
        (r#""headers": {"X-Other": "1"}, "query": {"q": "1", "p": "1"}, "cookies": {"b": "1"}"#, ""),
        (r#""headers": {"authorization": {"env": "T"}}"#, "overrides_secret /headers/authorization"),
        (r#""query": {"k": "1"}"#, "overrides_secret /query/k"),
        (r#""cookies": {"session": {"env": "T"}}"#, ""),
        (&format!(r#"{URL}, "cookies": {{"session": {{"env": "T"}}}}"#), "overrides_secret /cookies/session"),
        (r#""signed_headers": {"x-sign": "1"}"#, ""),
        (
            &format!(r#"{URL}, "signed_headers": {{"x-sign": "1"}}"#),
            "overrides_secret /signed_headers/x-sign",
        ),
        (&format!(r#"{URL}, "signed_headers": {{"x-other": "1"}}"#), ""),
        // names that the config chooses
        (r#""own_header": "authorization""#, ""),
        (r#""plain": "x", "own_header": "authorization""#, "conflict /own_header"),
        (&format!(r#"{URL}, "plain": "x", "own_cookie": "session""#), "conflict /own_cookie"),
        // what no cookie can carry
        (r#""own_cookie": "a b""#, "header_name /own_cookie"),
        (r#""plain": "a b""#, "header_value /plain"),
        (r#""cookies": {"a;b": "1"}"#, "header_name /cookies/a;b"),
        (r#""cookies": {"a": "1,2"}"#, "header_value /cookies/a"),
    ] {
        let comma = if rest.is_empty() { "" } else { ", " };
        let document = format!(r#"{{"user": "ada", "key": {{"env": "K"}}{comma}{rest}}}"#);
        let report = Beside::check(document.as_bytes()).report;
        let told: Vec<String> =
            report.findings().iter().map(|finding| format!("{} {}", finding.code, finding.pointer)).collect();
        assert_eq!(told.join(", "), expected, "{document}");
        assert_eq!(Beside::from_slice(document.as_bytes()).is_err(), !told.is_empty(), "{document}");
    }
}

#[test]
fn a_property_that_goes_with_another_is_read_with_it() {
    for (document, expected) in [
        ("{}", ""),
        (r#"{"user": "ada", "key": {"env": "K"}}"#, ""),
        (r#"{"user": "a:b", "key": {"env": "K"}}"#, "username /user"),
        (r#"{"user": "ada"}"#, "required "),
        (r#"{"key": {"env": "K"}}"#, "unknown_field /key"),
    ] {
        let report = Dependent::check(document.as_bytes()).report;
        let told: Vec<String> =
            report.findings().iter().map(|finding| format!("{} {}", finding.code, finding.pointer)).collect();
        assert_eq!(told.join(", "), expected, "{document}");
        assert_eq!(Dependent::from_slice(document.as_bytes()).is_err(), !told.is_empty(), "{document}");
    }
}

#[test]
fn what_a_call_would_refuse_is_told_before() {
    const SECRET: &str = r#""client_secret": {"env": "S"}"#;
    for (rest, expected) in [
        (SECRET, ""),
        // the plan's own style
        (r#""more": {"a": "1"}"#, "conflict "),
        // the name of what an answer has
        (&format!(r#"{SECRET}, "token_header": "X Token""#), "header_name /token_header"),
        (&format!(r#"{SECRET}, "token_header": "Host""#), ""),
        // a name in two maps
        (
            &format!(
                r#"{SECRET}, "secrets": {{"a": {{"env": "T"}}}}, "more": {{"b": "1"}}, "most": {{"c": "1"}}"#
            ),
            "",
        ),
        (
            &format!(r#"{SECRET}, "secrets": {{"a": {{"env": "T"}}}}, "more": {{"a": "1"}}"#),
            "overrides_secret /more/a",
        ),
        (
            &format!(r#"{SECRET}, "secrets": {{"a": {{"env": "T"}}}}, "more": {{"A": "1"}}"#),
            "overrides_secret /more/A",
        ),
        (
            &format!(r#"{SECRET}, "more": {{"audience": "1"}}, "most": {{"audience": "2"}}"#),
            "overrides /most/audience",
        ),
        (&format!(r#"{SECRET}, "claims": {{"a": "1"}}, "data": {{"b": 1}}"#), ""),
        (&format!(r#"{SECRET}, "claims": {{"a": "1"}}, "data": {{"a": 1}}"#), "reserved_claim /data/a"),
    ] {
        let document = format!(r#"{{"client_id": "c", "key": {{"env": "K"}}, {rest}}}"#);
        let report = Judged::check(document.as_bytes()).report;
        let told: Vec<String> =
            report.findings().iter().map(|finding| format!("{} {}", finding.code, finding.pointer)).collect();
        assert_eq!(told.join(", "), expected, "{document}");
        let has_error = report.findings().iter().any(|finding| finding.severity() == Severity::Error);
        assert_eq!(Judged::from_slice(document.as_bytes()).is_err(), has_error, "{document}");
    }
}
