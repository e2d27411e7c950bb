//! `token`: obtains one and says what is known of it.

use authwire_tests::loopback::Loopback;
use serde_json::{Value, json};

use crate::support::{Folder, connector, plain};

fn auth(token_url: &str) -> Value {
    json!({
        "type": "oauth2_client_credentials",
        "client_id": "id",
        "client_secret": {"env": "AUTHWIRE_TEST_SECRET"},
        "token_url": token_url,
        "scope": "read",
    })
}

const SECRET: (&str, &str) = ("AUTHWIRE_TEST_SECRET", "s3cret-value");

#[test]
fn a_token_is_shown_only_if_that_is_asked_for() {
    let server = Loopback::start(|_| {
        let answer = json!({"access_token": "t0ken-value", "token_type": "Bearer", "expires_in": 3600, "scope": "read write"});
        (200, "application/json", answer.to_string())
    });
    let folder = Folder::with(
        "x.json",
        connector("acme", &server.base_url, auth(&format!("{}/token", server.base_url))),
    );
    let run = folder.run_with(&["token", "x.json"], &[SECRET], b"").ends_with(0);
    assert!(
        run.stdout.contains("read write") && run.stdout.contains("expires: in 59 minutes 59"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("t0ken"), "{}", run.stdout);

    let run = folder.run_with(&["token", "x.json", "--reveal"], &[SECRET], b"").ends_with(0);
    assert!(run.stdout.contains("t0ken-value"), "{}", run.stdout);

    let run = folder.run_with(&["token", "x.json", "--format", "json"], &[SECRET], b"").ends_with(0);
    let whole = run.json();
    let lifetime =
        whole["expires_at"].as_u64().zip(whole["obtained_at"].as_u64()).map(|(end, start)| end - start);
    assert_eq!(
        (&whole["scope"], lifetime, whole.get("access_token")),
        (&json!("read write"), Some(3600), None)
    );
    let run =
        folder.run_with(&["token", "x.json", "--format", "json", "--reveal"], &[SECRET], b"").ends_with(0);
    assert_eq!(run.json()["access_token"], "t0ken-value");
}

#[test]
fn a_refusal_says_what_was_tried_what_the_server_said_and_no_secret() {
    let server = Loopback::start(|request| {
        let said = format!("unknown client, you sent {}", request.body);
        let answer = json!({"error": "invalid_client", "error_description": said});
        (401, "application/json", answer.to_string())
    });
    let folder = Folder::with(
        "x.json",
        connector("acme", &server.base_url, auth(&format!("{}/token", server.base_url))),
    );
    let run = folder.run_with(&["token", "x.json"], &[SECRET], b"").ends_with(1);
    for part in ["invalid_client", "unknown client", "401", "/token"] {
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    assert!(run.stdout.is_empty() && !run.stderr.contains("s3cret-value"), "{run:?}");
    assert_eq!(server.requests().len(), 2, "Basic, then the request body");
}

#[test]
fn a_reference_that_names_nothing_is_named() {
    let folder =
        Folder::with("x.json", connector("acme", "https://a.example", auth("https://a.example/token")));
    let run = folder.run(&["token", "x.json"]).ends_with(1);
    assert!(run.stderr.contains("AUTHWIRE_TEST_SECRET is not set"), "{}", run.stderr);
}

#[test]
fn a_type_without_a_token_says_so() {
    let folder = Folder::with("x.json", plain("acme"));
    let run = folder.run(&["token", "x.json"]).ends_with(1);
    assert!(run.stderr.contains("`no_auth`, which obtains no token"), "{}", run.stderr);
}
