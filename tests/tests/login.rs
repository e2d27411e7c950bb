//! `authwire login`: a person in a headless Chromium at oidc-provider, which demands a code challenge, knows passwords, and
//! gives a code once.

mod program;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use authwire_tests::clients::{self, ALICE, Client};
use authwire_tests::program::Run;
use authwire_tests::{OAuth1, Oidc, Settings, exchange, visit};
use serde_json::{Value, json};

use program::Folder;

const CALL: &[&str] = &["call", "connector.json", "GET", "/api/whoami"];

/// A connector of `client`, to whose auth config `more` is added.
fn connector(oidc: &Oidc, client: &Client, more: Value) -> Folder {
    let mut connector = json!({
        "name": "person",
        "base_url": oidc.base_url,
        "auth_config": {
            "type": "oauth2_authorization_code",
            "client_id": client.id,
            "authorization_url": oidc.authorization_url,
            "token_url": oidc.token_url,
            "device_authorization_url": oidc.device_authorization_url,
            "scope": "openid offline_access api:read",
            "additional_authorization_data": {"prompt": "consent"},
        },
    });
    let config = connector["auth_config"].as_object_mut().expect("an object");
    config.extend(more.as_object().expect("an object").clone());
    Folder::with(&connector)
}

/// `authwire login`, under way.
struct UnderWay {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    said: String,
}

impl UnderWay {
    fn begin(folder: &Folder, environment: &[(&str, &str)], arguments: &[&str]) -> Self {
        let arguments = [&["login", "connector.json"], arguments].concat();
        let mut command = folder.command(environment, &arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("authwire starts");
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        UnderWay { child, stderr, said: String::new() }
    }

    /// What follows `before` on the line that begins with it, once that was said.
    fn line(&mut self, before: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.stderr.read_line(&mut line).expect("it is text");
            assert_ne!(read, 0, "it ended without `{before}`: {}", self.said);
            self.said.push_str(&line);
            if let Some(rest) = line.trim_end().strip_prefix(before) {
                return rest.to_owned();
            }
        }
    }

    fn paste(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().expect("it is piped"), "{line}").expect("it reads");
    }

    fn end(mut self) -> Run {
        self.stderr.read_to_string(&mut self.said).expect("it is text");
        let mut stdout = String::new();
        self.child.stdout.take().expect("it is piped").read_to_string(&mut stdout).expect("it is text");
        let status = self.child.wait().expect("it ends").code();
        Run { status, stdout, stderr: self.said }
    }
}

/// Whose token a call sends.
fn whoami(folder: &Folder) -> Value {
    let run = folder.run(&[], CALL);
    assert_eq!(run.status, Some(0), "{run:?}");
    serde_json::from_str(&run.stdout).expect("it is JSON")
}

#[test]
fn a_person_logs_in_once_and_the_token_is_renewed_from_then_on() {
    let settings = Settings { access_token_lifetime: Duration::from_secs(2), ..Settings::default() };
    let oidc = Oidc::start_with(&settings);
    let folder = connector(&oidc, &clients::NATIVE, json!({}));

    let early = folder.run(&[], CALL);
    assert_eq!(early.status, Some(1), "{early:?}");
    assert!(early.stderr.contains("`person` requires a person to log in first"), "{}", early.stderr);
    assert!(early.stderr.contains("authwire login FILE"), "{}", early.stderr);

    let mut login = UnderWay::begin(&folder, &[], &["--no-browser"]);
    let url = login.line("open ");
    let visited = visit(&url, &ALICE, true);
    assert!(visited.url.starts_with("http://127.0.0.1:"), "{visited:?}");
    assert!(visited.text.contains("You are logged in"), "{visited:?}");
    let run = login.end();
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stderr.ends_with("`person` is logged in\n"), "{}", run.stderr);
    // neither the code nor what redeems it is shown
    let code = visited.url.split_once("code=").expect("a code").1.split('&').next().expect("a code");
    let request = &oidc.journal.token_requests()[0];
    assert_eq!(request.field("code"), Some(code));
    for secret in [code, request.field("code_verifier").expect("a verifier")] {
        assert!(!run.stderr.contains(secret) && !run.stdout.contains(secret), "{run:?}");
    }

    assert_eq!(whoami(&folder)["user"], "alice");
    // the token has ended; the refresh token is spent with each use
    for _ in 0..2 {
        thread::sleep(Duration::from_millis(2100));
        assert_eq!(whoami(&folder)["user"], "alice");
    }
    let grants: Vec<String> = oidc
        .journal
        .token_requests()
        .iter()
        .map(|request| format!("{} {}", request.field("grant_type").expect("a grant"), request.status))
        .collect();
    // a slow machine comes too late for the first token too
    let (first, renewals) = grants.split_first().expect("a grant");
    assert_eq!(first, "authorization_code 200", "{grants:?}");
    assert!(renewals.iter().all(|grant| grant == "refresh_token 200"), "{grants:?}");
    assert!((2..=3).contains(&renewals.len()), "{grants:?}");

    let out = folder.run(&[], &["token", "connector.json", "--forget"]);
    assert_eq!(out.status, Some(0), "{out:?}");
    assert_eq!(folder.run(&[], CALL).status, Some(1));
}

#[test]
fn who_refuses_is_told_so_in_the_browser_and_in_the_terminal() {
    let oidc = Oidc::start();
    let folder = connector(&oidc, &clients::NATIVE, json!({}));
    let mut login = UnderWay::begin(&folder, &[], &["--no-browser"]);
    let visited = visit(&login.line("open "), &ALICE, false);
    assert!(visited.text.contains("The login failed: the server refused: access_denied"), "{visited:?}");
    let run = login.end();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("the server refused: access_denied: the person refused"), "{}", run.stderr);
    assert_eq!(oidc.journal.counts().token_requests, 0);
}

#[test]
fn a_redirect_from_elsewhere_is_turned_away_and_the_login_goes_on() {
    let oidc = Oidc::start();
    let more = json!({"issuer": oidc.base_url, "redirect_uri": "http://localhost/callback"});
    let folder = connector(&oidc, &clients::NATIVE, more);
    let mut login = UnderWay::begin(&folder, &[], &["--no-browser"]);
    let url = login.line("open ");
    let redirect_uri = query(&url, "redirect_uri");
    let (base, path) = redirect_uri.split_at(redirect_uri.len() - "/callback".len());
    assert!(base.starts_with("http://localhost:") && path == "/callback", "{redirect_uri}");
    let base = base.replace("localhost", "127.0.0.1");
    for (target, status) in [
        ("/favicon.ico", 404),
        ("/callback", 400),
        ("/callback?code=1&state=forged", 400),
        ("/callback?error=access_denied", 400),
    ] {
        let answer = exchange::send("GET", &format!("{base}{target}"), &[], "");
        assert_eq!(answer.status, status, "{target}");
    }
    assert_eq!(exchange::send("POST", &format!("{base}/callback?code=1"), &[], "").status, 405);
    let visited = visit(&url, &ALICE, true);
    assert!(visited.text.contains("You are logged in"), "{visited:?}");
    assert_eq!(login.end().status, Some(0));
    assert_eq!(whoami(&folder)["user"], "alice");
}

#[test]
fn an_answer_of_another_issuer_is_refused() {
    let oidc = Oidc::start();
    let folder = connector(&oidc, &clients::NATIVE, json!({"issuer": "https://honest.example"}));
    let mut login = UnderWay::begin(&folder, &[], &["--no-browser"]);
    let visited = visit(&login.line("open "), &ALICE, true);
    assert!(visited.text.contains("does not come from the server that was asked"), "{visited:?}");
    let run = login.end();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("RFC 9207"), "{}", run.stderr);
    assert_eq!(oidc.journal.counts().token_requests, 0);
}

#[test]
fn where_the_browser_comes_back_elsewhere_its_url_is_pasted() {
    let oidc = Oidc::start();
    let secret = clients::HOSTED.secret.expect("a confidential client");
    let more = json!({
        "redirect_uri": "https://app.example.com/callback",
        "client_secret": {"env": "SECRET"},
    });
    let folder = connector(&oidc, &clients::HOSTED, more);
    let mut login = UnderWay::begin(&folder, &[("SECRET", secret)], &["--paste"]);
    let visited = visit(&login.line("open "), &ALICE, true);
    assert!(visited.url.starts_with("https://app.example.com/callback?"), "{visited:?}");
    login.paste("");
    login.paste(&visited.url);
    let run = login.end();
    assert_eq!(run.status, Some(0), "{run:?}");
    // Basic was tried first; that spends no code
    let statuses: Vec<u16> = oidc.journal.token_requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [401, 200]);

    let mut login = UnderWay::begin(&folder, &[("SECRET", secret)], &["--paste"]);
    login.line("open ");
    // the URL of the login before
    login.paste(&visited.url);
    let run = login.end();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("does not belong to this login"), "{}", run.stderr);
}

#[test]
fn a_code_is_typed_in_on_another_device() {
    let oidc = Oidc::start();
    let folder = connector(&oidc, &clients::NATIVE, json!({}));
    let mut login = UnderWay::begin(&folder, &[], &["--device"]);
    let typed_at = login.line("open ");
    let code = login.line("and type in ");
    let complete = login.line("or open ");
    assert_eq!(typed_at, format!("{}/device", oidc.base_url));
    assert!(complete.contains(&code), "{complete}");
    let visited = visit(&complete, &ALICE, true);
    assert!(visited.text.contains("Success") || visited.text.contains("success"), "{visited:?}");
    let run = login.end();
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(whoami(&folder)["user"], "alice");
}

#[test]
fn the_browser_of_the_environment_is_opened() {
    let oidc = Oidc::start();
    let folder = connector(&oidc, &clients::NATIVE, json!({}));
    folder.write("browser", "#!/bin/sh\nprintf '%s' \"$1\" > opened.part && mv opened.part opened\n");
    let browser = folder.data().with_file_name("browser");
    let made = std::process::Command::new("chmod").arg("755").arg(&browser).status();
    assert!(made.expect("chmod runs").success());
    let environment = [("BROWSER", browser.to_str().expect("it is UTF-8")), ("PATH", "/usr/bin:/bin")];
    let mut login = UnderWay::begin(&folder, &environment, &["--timeout", "5"]);
    let url = login.line("open ");
    let run = login.end();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("the login did not happen within 5 seconds"), "{}", run.stderr);
    let opened = fs::read_to_string(browser.with_file_name("opened"));
    assert_eq!(opened.unwrap_or_else(|error| panic!("{error}: {run:?}")), url);
}

/// The query parameter `name` of `url`, decoded as far as these tests need it.
fn query(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').expect("a query");
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.expect("the parameter").replace("%3A", ":").replace("%2F", "/")
}

/// A connector for the API that oauthlib guards, for whose token a person logs in.
fn oauth1(server: &OAuth1, more: Value) -> Folder {
    let at = |path: &str| format!("{}/oauth/{path}", server.base_url);
    let mut auth_config = json!({
        "type": "oauth1", "consumer_key": OAuth1::CLIENT, "consumer_secret": {"env": "SECRET"},
        "request_token_url": at("request_token"), "authorization_url": at("authorize"),
        "access_token_url": at("access_token"),
    });
    auth_config.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    Folder::with(&json!({"name": "signed", "base_url": server.base_url, "auth_config": auth_config}))
}

const SECRET: [(&str, &str); 1] = [("SECRET", OAuth1::CLIENT_SECRET)];
const SIGNED: &[&str] = &["call", "connector.json", "GET", "/three/legs?a=1"];

#[test]
fn a_person_gives_a_client_a_token_that_signs_from_then_on() {
    let server = OAuth1::start();
    let folder = oauth1(&server, json!({}));
    let early = folder.run(&SECRET, SIGNED);
    assert!(early.status == Some(1) && early.stderr.contains("requires a person to log in"), "{early:?}");

    let mut login = UnderWay::begin(&folder, &SECRET, &["--no-browser", "-vvv"]);
    let url = login.line("open ");
    let visited = visit(&url, &OAuth1::USER, true);
    assert!(visited.url.starts_with("http://127.0.0.1:"), "{visited:?}");
    assert!(visited.text.contains("You are logged in"), "{visited:?}");
    let run = login.end();
    assert_eq!(run.status, Some(0), "{run:?}");
    let verifier = visited.url.split_once("oauth_verifier=").expect("a verifier").1;
    for secret in [verifier.split('&').next().expect("it"), OAuth1::CLIENT_SECRET] {
        assert!(!run.stderr.contains(secret) && !run.stdout.contains(secret), "{run:?}");
    }
    for _ in 0..2 {
        let called = folder.run(&SECRET, SIGNED);
        assert_eq!((called.status, &*called.stderr), (Some(0), ""), "{called:?}");
    }
    // the token is gone, and nobody but the person can get another
    server.end_tokens();
    let late = folder.run(&SECRET, SIGNED);
    assert!(late.status == Some(1) && late.stderr.contains("requires a person to log in"), "{late:?}");
}

#[test]
fn a_person_who_refuses_a_client_is_understood() {
    let server = OAuth1::start();
    let folder = oauth1(&server, json!({}));
    let mut login = UnderWay::begin(&folder, &SECRET, &["--no-browser"]);
    let visited = visit(&login.line("open "), &OAuth1::USER, false);
    assert!(visited.text.contains("access_denied"), "{visited:?}");
    let run = login.end();
    assert!(run.status == Some(1) && run.stderr.contains("access_denied"), "{run:?}");
    // nobody is sent anywhere by a client that the server does not know
    let run = folder.run(&[("SECRET", "mistaken-s3cret")], &["login", "connector.json", "--no-browser"]);
    assert!(run.status == Some(1) && run.stderr.contains("no temporary credentials from"), "{run:?}");
    assert!(!run.stderr.contains("mistaken"), "{run:?}");
}

#[test]
fn without_a_place_to_come_back_to_the_person_types_in_the_code() {
    let server = OAuth1::start();
    for (method, placement) in [("HMAC-SHA256", "body"), ("HMAC-SHA1", "query")] {
        let more = json!({"callback_url": "oob", "signature_method": method, "placement": placement});
        let folder = oauth1(&server, more);
        let mut login = UnderWay::begin(&folder, &SECRET, &["--no-browser"]);
        let visited = visit(&login.line("open "), &OAuth1::USER, true);
        let code = visited.text.strip_prefix("Your code is ").expect("a code");
        login.line("then paste the code that it shows");
        login.paste(code);
        let run = login.end();
        assert_eq!(run.status, Some(0), "{method} {placement}: {run:?}");
        let post = ["call", "connector.json", "POST", "/three/legs", "-d", "a=1"];
        let called = folder.run(&SECRET, &post);
        assert_eq!((called.status, &*called.stderr), (Some(0), ""), "{method} {placement}: {called:?}");
    }
}
