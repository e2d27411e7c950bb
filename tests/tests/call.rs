//! `authwire call`, `token` and `explain` against servers that nobody here wrote: right credentials get in, wrong ones
//! are explained, and no secret is told.

mod program;

use authwire_tests::clients::{self, Client};
use authwire_tests::exchange;
use authwire_tests::program::Run;
use authwire_tests::{Httpbin, Nginx, OAuth2, Oidc};
use serde_json::{Value, json};

use program::Folder;

/// A connector whose password is in `SECRET`.
fn basic(base_url: &str, username: &str) -> Folder {
    Folder::with(&json!({
        "name": "basic",
        "base_url": base_url,
        "auth_config": {"type": "basic_auth", "username": username, "password": {"env": "SECRET"}},
        "test": {"path": "/basic"},
    }))
}

/// A connector whose client secret is in `SECRET`; without a style, the client authentication is found out.
fn client_credentials(base_url: &str, token_url: &str, client: &Client, style: Option<&str>) -> Folder {
    let mut auth_config = json!({
        "type": "oauth2_client_credentials",
        "client_id": client.id,
        "client_secret": {"env": "SECRET"},
        "token_url": token_url,
        "scope": "api:read",
    });
    if let Some(style) = style {
        auth_config["client_authentication"] = style.into();
    }
    Folder::with(&json!({
        "name": "client",
        "base_url": base_url,
        "auth_config": auth_config,
        "test": {"path": "/api/whoami"},
    }))
}

fn secret(client: &Client) -> &'static str {
    client.secret.expect("a confidential client")
}

const CALL_BASIC: &[&str] = &["call", "connector.json", "GET", "/basic"];
const CALL_WHOAMI: &[&str] = &["call", "connector.json", "GET", "/api/whoami"];
const TOKEN: &[&str] = &["token", "connector.json"];
const EXPLAIN: &[&str] = &["explain", "connector.json"];

fn succeeded(run: &Run) -> Value {
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {run:?}"))
}

/// The program failed, with all of this in its explanation, and without the secret.
#[track_caller]
fn failed(run: &Run, words: &[&str], secret: &str) {
    assert_eq!(run.status, Some(1), "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "not told: {word}\n{}", run.stderr);
    }
    tells_nothing(run, secret);
}

#[track_caller]
fn tells_nothing(run: &Run, secret: &str) {
    assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "the secret is told: {run:?}");
}

#[test]
fn basic_auth_gets_into_nginx() {
    let nginx = Nginx::start();
    for user in Nginx::USERS {
        let run = basic(&nginx.base_url, user.username).run(&[("SECRET", user.password)], CALL_BASIC);
        assert_eq!(succeeded(&run), json!({"granted": true, "user": user.username}));
    }
}

#[test]
fn a_wrong_password_is_explained() {
    let nginx = Nginx::start();
    let run = basic(&nginx.base_url, "alice").run(&[("SECRET", "not-wonderland")], CALL_BASIC);
    failed(&run, &["401", "check `username` and `password`"], "not-wonderland");
    assert_eq!(run.stdout, r#"{"granted":false}"#); // what the API says is shown whatever its status
}

#[test]
fn basic_auth_gets_into_httpbin() {
    let httpbin = Httpbin::start();
    let folder = basic(&httpbin.base_url, "alice");
    let call = ["call", "connector.json", "GET", "/basic-auth/alice/wonderland"];
    assert_eq!(succeeded(&folder.run(&[("SECRET", "wonderland")], &call))["user"], "alice");
    failed(&folder.run(&[("SECRET", "not-it")], &call), &["401"], "not-it");
}

#[test]
fn basic_auth_has_no_token() {
    let nginx = Nginx::start();
    let folder = basic(&nginx.base_url, "alice");
    failed(&folder.run(&[("SECRET", "wonderland")], TOKEN), &["basic_auth", "no token"], "wonderland");

    let run = folder.run(&[("SECRET", "wonderland")], EXPLAIN);
    assert_eq!((run.status, &*run.stderr), (Some(0), ""));
    for word in ["GET", &format!("{}/basic", nginx.base_url), "Authorization", "Basic"] {
        assert!(run.stdout.to_lowercase().contains(&word.to_lowercase()), "no {word}:\n{}", run.stdout);
    }
    tells_nothing(&run, "wonderland");
}

#[test]
fn client_credentials_get_into_oidc_provider() {
    let cases = [
        (clients::BASIC, Some("basic"), 1),
        (clients::BASIC, None, 1),
        (clients::BASIC, Some("basic_raw"), 1),
        (clients::POST, Some("request_body"), 1),
        (clients::POST, None, 2), // Basic first
        (clients::ODD_BASIC, Some("basic"), 1),
        (clients::ODD_BASIC, None, 1),
        (clients::ODD_POST, Some("request_body"), 1),
        (clients::ODD_POST, None, 2),
    ];
    let oidc = Oidc::start();
    let mut expected = 0;
    for (client, style, token_requests) in cases {
        let folder = client_credentials(&oidc.base_url, &oidc.token_url, &client, style);
        let who = succeeded(&folder.run(&[("SECRET", secret(&client))], CALL_WHOAMI));
        assert_eq!((&who["client"], &who["scope"]), (&client.id.into(), &"api:read".into()), "{style:?}");
        expected += token_requests;
        assert_eq!(oidc.journal.counts().token_requests, expected, "{} {style:?}", client.id);
    }
}

#[test]
fn client_credentials_get_into_oauth2_server() {
    let cases = [
        (clients::BASIC, Some("basic"), 1),
        (clients::BASIC, None, 1),
        (clients::ODD_RAW, Some("basic_raw"), 1),
        (clients::POST, None, 2), // Basic first, which it answers with 403 and nothing
        (clients::ODD_POST, Some("request_body"), 1),
    ];
    let oauth2 = OAuth2::start();
    let mut expected = 0;
    for (client, style, token_requests) in cases {
        let folder = client_credentials(&oauth2.base_url, &oauth2.token_url, &client, style);
        let who = succeeded(&folder.run(&[("SECRET", secret(&client))], CALL_WHOAMI));
        assert_eq!(who["client"], client.id, "{style:?}");
        expected += token_requests;
        assert_eq!(oauth2.journal.counts().token_requests, expected, "{} {style:?}", client.id);
    }
}

#[test]
fn a_wrong_client_secret_is_explained() {
    let cases = [
        (clients::BASIC, Some("basic"), 1),
        (clients::POST, Some("request_body"), 1),
        (clients::ODD_BASIC, None, 2), // neither way gets in
    ];
    let oidc = Oidc::start();
    let mut expected = 0;
    for (client, style, token_requests) in cases {
        let folder = client_credentials(&oidc.base_url, &oidc.token_url, &client, style);
        for arguments in [CALL_WHOAMI, TOKEN] {
            let run = folder.run(&[("SECRET", "mistaken+s3cret")], arguments);
            let words = ["401", "invalid_client", &oidc.token_url, "client_secret"];
            failed(&run, &words, "mistaken+s3cret");
            assert_eq!(run.stdout, "");
            expected += token_requests;
            assert_eq!(oidc.journal.counts().token_requests, expected, "{} {style:?}", client.id);
        }
    }
    assert_eq!(oidc.journal.counts().api_requests, 0);
}

#[test]
fn a_client_in_the_wrong_way_is_told_of_the_other() {
    let oidc = Oidc::start();
    let folder = client_credentials(&oidc.base_url, &oidc.token_url, &clients::POST, Some("basic"));
    let run = folder.run(&[("SECRET", secret(&clients::POST))], CALL_WHOAMI);
    failed(
        &run,
        &["401", "invalid_client", &oidc.token_url, "another client authentication"],
        secret(&clients::POST),
    );
}

#[test]
fn a_missing_secret_is_named() {
    let oidc = Oidc::start();
    let folder = client_credentials(&oidc.base_url, &oidc.token_url, &clients::BASIC, None);
    for arguments in [CALL_WHOAMI, TOKEN] {
        let run = folder.run(&[], arguments);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("SECRET"), "{run:?}");
    }
    assert_eq!(oidc.journal.counts().token_requests, 0);
}

#[test]
fn a_token_is_shown_on_demand_only() {
    let oidc = Oidc::start();
    let folder = client_credentials(&oidc.base_url, &oidc.token_url, &clients::ODD_BASIC, None);
    let secret = secret(&clients::ODD_BASIC);
    let environment = [("SECRET", secret)];

    let revealed = folder.run(&environment, &["token", "connector.json", "--reveal", "--format", "json"]);
    tells_nothing(&revealed, secret);
    let revealed = succeeded(&revealed);
    let token = revealed["access_token"].as_str().expect("a token");
    let answer = exchange::get(&oidc.whoami_url, &[("Authorization", &format!("Bearer {token}"))]);
    assert_eq!(answer.status, 200, "{answer:?}");

    let hidden = folder.run(&environment, &["token", "connector.json", "--format", "json"]);
    tells_nothing(&hidden, secret);
    let hidden = succeeded(&hidden);
    assert!(hidden.get("access_token").is_none(), "{hidden}");
    let [obtained, expires] = ["obtained_at", "expires_at"].map(|name| hidden[name].as_u64().expect(name));
    assert_eq!((expires - obtained, &hidden["scope"]), (300, &"api:read".into()));

    let human = folder.run(&environment, TOKEN);
    assert_eq!(human.status, Some(0), "{human:?}");
    for words in ["--reveal", "expires: in ", "api:read"] {
        assert!(human.stdout.contains(words), "no {words}:\n{}", human.stdout);
    }
    // it is kept for whoever comes next
    assert_eq!(oidc.journal.counts().token_requests, 1);
}

#[test]
fn an_explanation_names_every_request_and_sends_none() {
    let oidc = Oidc::start();
    for client in [clients::BASIC, clients::ODD_BASIC] {
        let folder = client_credentials(&oidc.base_url, &oidc.token_url, &client, Some("basic"));
        for environment in [&[][..], &[("SECRET", secret(&client))]] {
            for arguments in [EXPLAIN, &["explain", "connector.json", "--format", "json"]] {
                let run = folder.run(environment, arguments);
                assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
                for word in [&*oidc.token_url, "client_credentials", &*oidc.whoami_url, "env:SECRET"] {
                    assert!(run.stdout.contains(word), "no {word}:\n{}", run.stdout);
                }
                tells_nothing(&run, secret(&client));
            }
        }
    }
    let counts = oidc.journal.counts();
    assert_eq!((counts.token_requests, counts.api_requests), (0, 0));
}
