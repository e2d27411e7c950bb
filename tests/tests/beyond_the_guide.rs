//! Auth types that the guide could not do, against servers that refuse what is wrong. Those that belong to the connection have
//! a file of their own (`connection.rs`).

mod loopback;
mod program;

use authwire_tests::{Login, Nginx};
use serde_json::{Value, json};

use loopback::Loopback;
use program::{Folder, Run};

fn succeeded(run: &Run) -> Value {
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {run:?}"))
}

fn cookie(login: &Login, format: &str) -> Folder {
    Folder::with(&json!({
        "name": "session",
        "base_url": login.base_url,
        "auth_config": {
            "type": "cookie",
            "login_url": format!("{}/login", login.base_url),
            "username": Login::USER.username,
            "password": {"env": "SECRET"},
            "session_cookie": "session",
            "login_format": format,
        },
    }))
}

const WHOAMI: &[&str] = &["call", "connector.json", "GET", "/whoami"];

#[test]
fn a_session_is_begun_used_and_begun_anew_when_it_is_over() {
    let login = Login::start();
    for format in ["form", "json"] {
        let folder = cookie(&login, format);
        let environment = [("SECRET", Login::USER.password)];
        for _ in 0..2 {
            let run = folder.run(&environment, WHOAMI);
            assert_eq!(succeeded(&run), json!({"user": Login::USER.username}), "{format}");
        }
        login.end_sessions();
        let run = folder.run(&environment, &[WHOAMI, &["-v"]].concat());
        assert_eq!(run.status, Some(0), "{format}: {run:?}");
        assert!(
            run.stderr.contains("refused and is dropped") && run.stderr.contains("token refreshed"),
            "{run:?}"
        );
    }
}

#[test]
fn a_wrong_password_is_told_without_it() {
    let login = Login::start();
    for format in ["form", "json"] {
        let run = cookie(&login, format).run(&[("SECRET", "mistaken-s3cret")], WHOAMI);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("/login") && run.stderr.contains("is wrong"), "{run:?}");
        assert!(!run.stderr.contains("mistaken"), "{run:?}");
    }
}

#[test]
fn an_answer_without_the_cookie_says_so() {
    let server = Loopback::start(|_| (200, json!({"ok": true}).to_string()));
    let folder = Folder::with(&json!({
        "name": "session", "base_url": server.base_url,
        "auth_config": {"type": "cookie", "login_url": format!("{}/login", server.base_url), "username": "u",
            "password": {"env": "SECRET"}, "session_cookie": "sid"},
    }));
    let run = folder.run(&[("SECRET", "s3cret-value")], WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("sid"), "{run:?}");
}

#[test]
fn an_id_and_a_secret_go_as_two_headers() {
    let nginx = Nginx::start();
    let folder = Folder::with(&json!({
        "name": "headers",
        "base_url": nginx.base_url,
        "auth_config": {
            "type": "client_credentials_header",
            "client_id": Nginx::CLIENT_ID,
            "client_secret": {"env": "SECRET"},
            "client_id_header": "X-Client-Id",
            "client_secret_header": "X-Client-Secret",
        },
    }));
    let call = &["call", "connector.json", "GET", "/client-headers"];
    assert_eq!(succeeded(&folder.run(&[("SECRET", Nginx::HEADER_KEY)], call)), json!({"granted": true}));
    let run = folder.run(&[("SECRET", "mistaken-s3cret")], call);
    assert!(
        run.status == Some(1) && run.stderr.contains("401") && !run.stderr.contains("mistaken"),
        "{run:?}"
    );
}

#[test]
fn or_with_the_token_request_only() {
    let server = Loopback::start(|request| match request.line.as_str() {
        "POST /token" if request.header("client-secret") == Some("s3cret") => {
            (200, json!({"access_token": "t0ken", "token_type": "Bearer"}).to_string())
        }
        "POST /token" => (401, json!({"error": "invalid_client"}).to_string()),
        _ => (
            200,
            json!({"bearer": request.header("authorization"), "secret": request.header("client-secret")})
                .to_string(),
        ),
    });
    let folder = Folder::with(&json!({
        "name": "headers",
        "base_url": server.base_url,
        "auth_config": {"type": "client_credentials_header", "client_id": "id", "client_secret": {"env": "SECRET"},
            "token_url": format!("{}/token", server.base_url), "scope": "read"},
    }));
    let run = folder.run(&[("SECRET", "s3cret")], WHOAMI);
    assert_eq!(succeeded(&run), json!({"bearer": "Bearer t0ken", "secret": null}));
    assert_eq!(server.requests()[0].body, "grant_type=client_credentials&scope=read");
}
