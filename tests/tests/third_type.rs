//! An auth type that is only a schema file, `schemas/session_login.json`: it is checked, explained and used with no Rust
//! that knows it.

mod program;

use std::collections::BTreeSet;

use authwire_tests::loopback::{Loopback, Request};
use authwire_tests::program::Run;
use serde_json::{Value, json};

use program::Folder;

/// The folder with the schema file.
const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas");
const PASSWORD: &str = "pä:s\"s=w%20 d";
const ENVIRONMENT: &[(&str, &str)] = &[("ACME_PASSWORD", PASSWORD)];

fn connector(base_url: &str) -> Value {
    json!({
        "name": "acme",
        "base_url": base_url,
        "auth_config": {"type": "session_login", "username": "zoë", "password": {"env": "ACME_PASSWORD"}},
        "test": {"path": "/items"},
    })
}

/// Runs the program with the schema file.
fn run(folder: &Folder, arguments: &[&str]) -> Run {
    let run = folder.run(ENVIRONMENT, &[arguments, &["--schemas", SCHEMAS]].concat());
    assert!(
        !run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD),
        "the password is told: {run:?}"
    );
    run
}

fn findings(folder: &Folder) -> Vec<Value> {
    let run = run(folder, &["validate", "connector.json", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    report["findings"].as_array().expect("findings").clone()
}

/// The API of the examples: `POST /login` for a session, `GET /items` with it. A session dies after so many requests.
fn acme(requests_per_session: usize) -> Loopback {
    let mut logins = 0;
    let mut requests = 0;
    Loopback::start(move |request: &Request| {
        if request.line == "POST /login" {
            let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
            let media_type = request.header("content-type");
            if media_type != Some("application/json") || body != json!({"user": "zoë", "password": PASSWORD})
            {
                return (401, json!({"message": "who are you?"}).to_string());
            }
            logins += 1;
            requests = 0;
            return (200, json!({"data": {"token": format!("session-{logins}")}}).to_string());
        }
        let expected = format!("session-{logins}");
        if request.line != "GET /items" || request.header("x-session-token") != Some(&expected) {
            return (403, json!({"message": "no session"}).to_string());
        }
        requests += 1;
        match requests <= requests_per_session {
            true => (200, json!({"items": [], "session": expected}).to_string()),
            false => (419, json!({"message": "your session is over"}).to_string()),
        }
    })
}

#[test]
fn without_its_schema_the_type_is_unknown() {
    let folder = Folder::with(&connector("https://acme.example"));
    let run = folder.run(ENVIRONMENT, &["validate", "connector.json"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stdout.contains("session_login"), "{run:?}");
}

#[test]
fn a_valid_file_is_valid() {
    let folder = Folder::with(&connector("https://acme.example"));
    let run = run(&folder, &["validate", "connector.json"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(findings(&folder), [] as [Value; 0]);
}

#[test]
fn mistakes_are_found_where_they_stand() {
    let folder = Folder::with_text(
        r#"{
  "name": "acme",
  "base_url": "https://acme.example",
  "auth_config": {
    "type": "session_login",
    "usrname": "zoë",
    "password": 7
  }
}
"#,
    );
    let found: BTreeSet<(String, u64, u64)> = findings(&folder)
        .iter()
        .map(|one| {
            let number = |name: &str| one[name].as_u64().expect("a number");
            (one["code"].as_str().expect("a code").to_owned(), number("line"), number("column"))
        })
        .collect();
    let expected = [("required", 4, 18), ("unknown_field", 6, 5), ("type", 7, 17)];
    assert_eq!(found, expected.map(|(code, line, column)| (code.to_owned(), line, column)).into());

    let run = run(&folder, &["validate", "connector.json"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    for words in ["connector.json:6:5", "did you mean `username`?", "^"] {
        assert!(run.stdout.contains(words), "no {words}:\n{}", run.stdout);
    }
}

#[test]
fn a_schema_with_mistakes_is_refused_where_they_stand() {
    let text = include_str!("../schemas/session_login.json").replace("{username}", "{usrname}");
    let folder = Folder::with(&connector("https://acme.example"));
    folder.write("types/session_login.json", &text);
    let run = folder.run(ENVIRONMENT, &["validate", "connector.json", "--schemas", "types"]);
    assert_eq!(run.status, Some(2), "{run:?}");
    let line = text.lines().position(|line| line.contains("{usrname}")).expect("the mistake") + 1;
    for words in [&*format!("session_login.json:{line}:"), "usrname", "username"] {
        assert!(run.stderr.contains(words), "no {words}:\n{}", run.stderr);
    }
}

#[test]
fn it_is_explained() {
    let acme = acme(1);
    let folder = Folder::with(&connector(&acme.base_url));
    let run = run(&folder, &["explain", "connector.json"]);
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    let login = format!("POST {}/login", acme.base_url);
    let call = format!("GET {}/items", acme.base_url);
    for words in
        [&*login, r#""password": "<env:ACME_PASSWORD>""#, r#""user": "zoë""#, &call, "X-Session-Token: "]
    {
        assert!(run.stdout.contains(words), "no {words}:\n{}", run.stdout);
    }
    assert!(acme.requests().is_empty());
}

#[test]
fn it_logs_in_and_calls() {
    let acme = acme(1);
    let folder = Folder::with(&connector(&acme.base_url));
    let run = run(&folder, &["call", "connector.json", "GET", "/items"]);
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    assert_eq!(run.stdout, json!({"items": [], "session": "session-1"}).to_string());
    let lines: Vec<String> = acme.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["POST /login", "GET /items"]);
}

#[test]
fn it_obtains_a_session() {
    let acme = acme(1);
    let folder = Folder::with(&connector(&acme.base_url));
    let hidden = run(&folder, &["token", "connector.json"]);
    assert_eq!(hidden.status, Some(0), "{hidden:?}");
    assert!(!hidden.stdout.contains("session-1"), "{hidden:?}");
    let revealed = run(&folder, &["token", "connector.json", "--reveal"]);
    // it was kept
    assert!(revealed.stdout.contains("session-1"), "{revealed:?}");
}

#[test]
fn it_logs_in_again_once_when_the_session_is_over() {
    let acme = acme(0);
    let folder = Folder::with(&connector(&acme.base_url));
    let run = run(&folder, &["call", "connector.json", "GET", "/items"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("419"), "{run:?}");
    let lines: Vec<String> = acme.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["POST /login", "GET /items", "POST /login", "GET /items"]);
}

#[test]
fn a_refused_login_is_explained() {
    let acme = acme(1);
    let folder = Folder::with(&connector(&acme.base_url));
    let arguments = ["call", "connector.json", "GET", "/items", "--schemas", SCHEMAS];
    let run = folder.run(&[("ACME_PASSWORD", "mistaken-s3cret")], &arguments);
    assert_eq!(run.status, Some(1), "{run:?}");
    for words in ["401", &format!("{}/login", acme.base_url)] {
        assert!(run.stderr.contains(words), "no {words}:\n{}", run.stderr);
    }
    assert!(!run.stderr.contains("mistaken-s3cret"), "{run:?}");
    assert!(acme.requests().iter().all(|request| request.line == "POST /login"));
}
