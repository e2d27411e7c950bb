//! `test`: many connectors at once, and how each did.

use authwire_tests::loopback::Loopback;
use serde_json::{Value, json};

use crate::support::{Folder, plain};

fn tested(name: &str, base_url: &str, test: Value) -> String {
    json!({"name": name, "base_url": base_url, "auth_config": {"type": "bearer_token", "api_key": {"env": "AUTHWIRE_TEST_KEY"}},
        "http": {"max_retries": 0}, "test": test})
    .to_string()
}

const KEY: (&str, &str) = ("AUTHWIRE_TEST_KEY", "s3cret-key");

#[test]
fn a_redirect_that_is_expected_is_not_followed() {
    let server = Loopback::start(|request| match request.line.split(' ').nth(1) {
        Some("/moved") => (302, "text/plain\r\nLocation: /fine", String::new()),
        _ => (200, "text/plain", String::new()),
    });
    let folder = Folder::new();
    folder.write(
        "a.json",
        tested("stays", &server.base_url, json!({"path": "/moved", "expect_status": [302]})),
    );
    folder.write("b.json", tested("goes", &server.base_url, json!({"path": "/moved"})));
    let run = folder.run_with(&["test", "."], &[KEY], b"").ends_with(0);
    assert!(run.stdout.contains("2 connectors: 2 passed"), "{}", run.stdout);
    assert_eq!(server.requests().len(), 3);
}

/// As `explain` hides it.
#[test]
fn a_secret_in_the_query_of_a_test_is_not_shown() {
    let server = Loopback::start(|_| (200, "text/plain", String::new()));
    let folder = Folder::new();
    folder.write(
        "a.json",
        tested("keyed", &server.base_url, json!({"path": "/x?api_key=s3cret-query&page=2"})),
    );
    for format in ["human", "json"] {
        let run = folder.run_with(&["test", ".", "--format", format], &[KEY], b"").ends_with(0);
        assert!(run.stdout.contains("/x?api_key=<redacted>&page=2"), "{}", run.stdout);
    }
    assert!(server.requests()[0].line.contains("api_key=s3cret-query"));
}

#[test]
fn each_connector_passes_or_says_why_not() {
    let server = Loopback::start(|request| match request.line.split(' ').nth(1) {
        Some("/fine") => (200, "text/plain", String::new()),
        Some("/teapot") => (418, "text/plain", String::new()),
        _ => (401, "text/plain", "you sent s3cret-key".to_owned()),
    });
    let folder = Folder::new();
    folder.write("a.json", tested("fine", &server.base_url, json!({"path": "/fine"})));
    folder.write(
        "b.json",
        tested(
            "teapot",
            &server.base_url,
            json!({"path": "/teapot", "method": "HEAD", "expect_status": [418]}),
        ),
    );
    folder.write("c.json", tested("refused", &server.base_url, json!({"path": "/no"})));
    folder.write(
        "d.json",
        tested("surprised", &server.base_url, json!({"path": "/fine", "expect_status": [201, 202]})),
    );
    folder.write("e.json", plain("untested"));
    folder.write("f.json", "{");
    let run = folder.run_with(&["test", "."], &[KEY], b"").ends_with(1);
    for part in [
        "passed   fine",
        "passed   teapot",
        "failed   refused",
        "failed   surprised",
        "skipped  untested",
        "6 connectors: 2 passed, 3 failed, 1 skipped",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    for part in ["c.json: the API answered 401", "201 or 202 is expected", "f.json` is not valid"] {
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    assert!(!run.stdout.contains("s3cret") && !run.stderr.contains("s3cret"), "{run:?}");

    let run = folder.run_with(&["test", "a.json", "b.json", "--format", "json"], &[KEY], b"").ends_with(0);
    let whole = run.json();
    assert_eq!((&whole["connectors"], &whole["passed"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&whole["results"][1]["status"], &whole["results"][1]["method"]),
        (&json!(418), &json!("HEAD"))
    );
    let run = folder.run_with(&["test", "a.json", "missing.json"], &[KEY], b"").ends_with(2);
    assert!(run.stdout.contains("1 passed, 1 unread") && run.stderr.contains("missing.json"), "{run:?}");
}

#[test]
fn a_server_that_is_not_there_fails_its_connector_only() {
    let server = Loopback::start(|_| (200, "text/plain", String::new()));
    let folder = Folder::new();
    folder.write("a.json", tested("gone", "http://127.0.0.1:1", json!({"path": "/"})));
    folder.write("b.json", tested("fine", &server.base_url, json!({"path": "/"})));
    let run = folder.run_with(&["test", "a.json", "b.json"], &[KEY], b"").ends_with(1);
    assert!(run.stdout.contains("failed   gone") && run.stdout.contains("passed   fine"), "{}", run.stdout);
    // and one whose secret is not there
    let run = folder.run(&["test", "b.json"]).ends_with(1);
    assert!(run.stderr.contains("AUTHWIRE_TEST_KEY is not set"), "{}", run.stderr);
}
