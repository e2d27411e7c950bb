//! Logins in several steps, sessions in several cookies, and APIs that are where the token's answer says.

mod program;

use authwire_tests::Vendor;
use authwire_tests::loopback::{Loopback, Reply};
use authwire_tests::program::Run;
use serde_json::{Value, json};

use program::Folder;

const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/types");
const USER: (&str, &str) = (Vendor::USER.username, Vendor::USER.password);

fn succeeded(run: &Run) -> Value {
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {run:?}"))
}

fn chained(base_url: &str) -> Folder {
    Folder::with(&json!({"name": "chained", "base_url": base_url,
        "auth_config": {"type": "chained", "username": USER.0, "password": {"env": "SECRET"}}}))
}

const ITEMS: &[&str] = &["call", "connector.json", "GET", "/items", "--schemas", TYPES];

#[test]
fn each_step_uses_what_the_ones_before_picked_and_set() {
    let vendor = Vendor::start();
    let folder = chained(&format!("{}/chained", vendor.base_url));
    let environment = [("SECRET", USER.1)];
    for _ in 0..2 {
        assert_eq!(succeeded(&folder.run(&environment, ITEMS)), json!({"items": []}));
    }
    vendor.end_sessions();
    // every step is made anew: a page's token and a challenge are good once
    let run = folder.run(&environment, &[ITEMS, &["-v"]].concat());
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stderr.contains("token refreshed") && !run.stderr.contains(USER.1), "{run:?}");
}

#[test]
fn the_step_that_failed_is_named_and_nothing_that_was_picked_is_told() {
    let answers = |at: &'static str| {
        Loopback::start(move |request| match request.line.as_str() {
            "GET /page" if at == "page" => (200, json!({"no": "page"}).to_string()),
            "GET /page" => (200, String::new()),
            _ => (403, json!({"message": "no"}).to_string()),
        })
    };
    let server = answers("page");
    let run = chained(&server.base_url).run(&[("SECRET", "s3cret-value")], ITEMS);
    assert_eq!(run.status, Some(1), "{run:?}");
    for words in ["step `page`", "the meta element `csrf-token`", "/page"] {
        assert!(run.stderr.contains(words), "no {words}: {run:?}");
    }

    let vendor = Vendor::start();
    let base_url = format!("{}/chained", vendor.base_url);
    let run = chained(&base_url).run(&[("SECRET", "mistaken-s3cret")], ITEMS);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("the password is wrong") && run.stderr.contains("/chained/token"), "{run:?}");
    assert!(!run.stderr.contains("mistaken") && !run.stderr.contains("step `"), "{run:?}");

    let folder = Folder::with(&json!({"name": "chained", "base_url": base_url,
        "auth_config": {"type": "chained", "username": "nobody", "password": {"env": "SECRET"}}}));
    let run = folder.run(&[("SECRET", USER.1)], ITEMS);
    assert!(run.status == Some(1) && run.stderr.contains("step `challenge`"), "{run:?}");
    assert!(run.stderr.contains("nobody is called so"), "{run:?}");
}

#[test]
fn an_echo_of_what_was_picked_is_masked() {
    let server = Loopback::start(|request| match request.line.as_str() {
        "GET /page" => Reply {
            status: 200,
            headers: vec![
                ("Content-Type", "text/html".to_owned()),
                ("Set-Cookie", "visit=c00kie-s3cret".to_owned()),
            ],
            body: "<meta name=csrf-token content=p1cked-s3cret>".to_owned(),
        },
        _ => {
            let header = |name| request.header(name).unwrap_or_default().to_owned();
            let echo = format!("{} {}", header("x-csrf-token"), header("cookie"));
            (400, json!({"error": "invalid_request", "error_description": echo}).to_string()).into()
        }
    });
    let run = chained(&server.base_url).run(&[("SECRET", "s3cret-value")], ITEMS);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("visit=***"), "{run:?}");
    assert!(!run.stderr.contains("p1cked") && !run.stderr.contains("c00kie"), "{run:?}");
}

#[test]
fn the_steps_are_explained() {
    let run = chained("https://acme.example").run(&[], &["explain", "connector.json", "--schemas", TYPES]);
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    for words in [
        "1. before the token, `page`",
        "GET https://acme.example/page",
        "2. before the token, `challenge`",
        "X-CSRF-Token: <page.csrf>",
        "3. the token",
        "\"nonce\": \"<challenge.nonce>\"",
        "\"password\": \"<env:SECRET>\"",
        "4. the call",
    ] {
        assert!(run.stdout.contains(words), "no {words}:\n{}", run.stdout);
    }
}

fn session(vendor: &Vendor, more: Value) -> Folder {
    let login = format!("{}/multi/login", vendor.base_url);
    let mut auth_config = json!({
        "type": "cookie", "login_url": login, "username": USER.0, "password": {"env": "SECRET"},
        "csrf_page_url": login, "csrf_field": "_token", "username_field": "login", "password_field": "pass",
        "refresh_on_status": [419],
    });
    if let (Some(own), Value::Object(more)) = (auth_config.as_object_mut(), more) {
        own.extend(more);
    }
    let base_url = format!("{}/multi", vendor.base_url);
    Folder::with(&json!({"name": "session", "base_url": base_url, "auth_config": auth_config}))
}

#[test]
fn a_session_is_all_the_cookies_of_its_login_and_its_form_goes_with_it() {
    let vendor = Vendor::start();
    let folder = session(&vendor, json!({}));
    let call = &["call", "connector.json", "GET", "/items"];
    let environment = [("SECRET", USER.1)];
    let cookies = json!(["node", "sid", "theme"]);
    assert_eq!(succeeded(&folder.run(&environment, call)), json!({"items": [], "cookies": cookies}));
    // the answer changed a cookie, which another process does not know: it logs in again
    let run = folder.run(&environment, &[&call[..], &["-v"]].concat());
    assert!(run.status == Some(0) && run.stderr.contains("token refreshed"), "{run:?}");
    let run = folder.run(&[("SECRET", "mistaken-s3cret")], call);
    assert!(
        run.status == Some(1) && run.stderr.contains("is wrong") && !run.stderr.contains("mistaken"),
        "{run:?}"
    );
}

#[test]
fn a_cookie_that_the_login_did_not_set_is_named() {
    let vendor = Vendor::start();
    let folder = session(&vendor, json!({"session_cookie": "JSESSIONID"}));
    let run = folder.run(&[("SECRET", USER.1)], &["call", "connector.json", "GET", "/items"]);
    assert!(run.status == Some(1) && run.stderr.contains("no cookie `JSESSIONID` was set"), "{run:?}");
}

#[test]
fn a_field_that_the_page_does_not_have_is_named() {
    let vendor = Vendor::start();
    let folder = session(&vendor, json!({"csrf_field": "csrfmiddlewaretoken"}));
    let run = folder.run(&[("SECRET", USER.1)], &["call", "connector.json", "GET", "/items"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    for words in ["step `page`", "the form field `csrfmiddlewaretoken`"] {
        assert!(run.stderr.contains(words), "no {words}: {run:?}");
    }
}

/// A token endpoint whose answers say that the API is at `base_url`.
fn somewhere_else(base_url: &str) -> (Loopback, Folder) {
    let base_url = base_url.to_owned();
    let server = Loopback::start(move |request| match request.line.as_str() {
        "POST /token" => {
            let answer = json!({"access_token": "t0ken", "token_type": "Bearer", "instance_url": base_url});
            (200, answer.to_string())
        }
        _ => (500, "{}".to_owned()),
    });
    let folder = Folder::with(&json!({
        "name": "moved", "base_url": format!("{}/services/v62.0", server.base_url),
        "auth_config": {"type": "oauth2_client_credentials", "client_id": "me", "client_secret": {"env": "SECRET"},
            "token_url": format!("{}/token", server.base_url), "token_response": {"base_url": "/instance_url"}},
    }));
    (server, folder)
}

fn api() -> Loopback {
    Loopback::start(|request| match request.header("authorization") {
        Some("Bearer t0ken") => (200, json!({"path": request.line}).to_string()),
        _ => (401, "{}".to_owned()),
    })
}

#[test]
fn calls_go_where_the_tokens_answer_says() {
    let environment = [("SECRET", "s3cret-value")];
    for (path, expected) in [("", "GET /services/v62.0/limits"), ("/eu/v63", "GET /eu/v63/limits")] {
        let api = api();
        let (server, folder) = somewhere_else(&format!("{}{path}", api.base_url));
        let call = ["call", "connector.json", "GET", "/limits"];
        // the second time the store says where
        for _ in 0..2 {
            assert_eq!(succeeded(&folder.run(&environment, &call)), json!({"path": expected}));
        }
        let lines: Vec<String> = server.requests().into_iter().map(|request| request.line).collect();
        assert_eq!(lines, ["POST /token"]);
        // the credential belongs there now, and no longer where the file says
        let elsewhere = format!("{}/services/v62.0/limits", server.base_url);
        let run = folder.run(&environment, &["call", "connector.json", "GET", &elsewhere]);
        assert!(run.status == Some(1) && run.stderr.contains("another origin"), "{run:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn but_never_where_a_credential_may_not_go() {
    for base_url in
        ["http://api.example.com", "https://me:pw@api.example.com", "ftp://api.example.com", "nowhere"]
    {
        let (server, folder) = somewhere_else(base_url);
        let run = folder.run(&[("SECRET", "s3cret-value")], &["call", "connector.json", "GET", "/limits"]);
        assert!(run.status == Some(1) && run.stderr.contains("where no credential may be sent"), "{run:?}");
        assert_eq!(server.requests().len(), 1, "{base_url}");
    }
}

#[test]
fn an_answer_that_does_not_say_leaves_the_api_where_it_is() {
    let server = Loopback::start(|request| match request.line.as_str() {
        "POST /token" => (200, json!({"access_token": "t0ken", "token_type": "Bearer"}).to_string()),
        line => (200, json!({"path": line}).to_string()),
    });
    let folder = Folder::with(&json!({
        "name": "still", "base_url": server.base_url,
        "auth_config": {"type": "oauth2_client_credentials", "client_id": "me", "client_secret": {"env": "SECRET"},
            "token_url": format!("{}/token", server.base_url), "token_response": {"base_url": "/instance_url"}},
    }));
    let run = folder.run(&[("SECRET", "s3cret-value")], &["call", "connector.json", "GET", "/limits"]);
    assert_eq!(succeeded(&run), json!({"path": "GET /limits"}));
    let run = folder.run(&[], &["explain", "connector.json", "GET", "/limits"]);
    assert!(run.stdout.contains("GET <base_url>/limits"), "{run:?}");
}
