//! No output of the program tells a secret: whatever the auth type, the way in which the secret is given, the command,
//! the format, and whether the secret is right.
//!
//! The right secrets are those of real servers. The wrong ones carry characters that are written differently wherever
//! they go. A token endpoint that echoes what it is sent comes on top.

mod assertions;
mod cases;
mod forms;
#[path = "../program/mod.rs"]
mod program;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;

use authwire_tests::loopback::Loopback;
use authwire_tests::program::Run;
use authwire_tests::{Authority, Haproxy, Login, Nginx, Ntlm, OAuth1, Oidc, Settings, SigningKeys};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use assertions::{client_assertions, token_exchange};
use cases::{
    Case, Secret, basic_auth, client_credentials, connections, headers_and_cookies, jwt_bearer, keys,
    other_grants, secret, signatures,
};
use forms::forms;
use program::Folder;

/// How a secret stands in the connector file.
#[derive(Clone, Copy, Debug)]
enum Given {
    Literal,
    Env,
    File,
    Store,
}

/// What stands in the secret's place.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Content {
    Right,
    /// Legal wherever a secret goes.
    Wrong,
    /// Illegal in a header.
    Illegal,
}

/// Begins every wrong secret, so that a part of one is found too.
const MARK: &str = "c4n4ry";

fn content(secret: &Secret, content: Content) -> String {
    let name = secret.field.rsplit('/').next().unwrap_or_default();
    match content {
        Content::Right => secret.right.clone(),
        Content::Wrong => format!("{MARK}-{name}+%s/=&\"\\'<~ {{}}"),
        Content::Illegal => format!("{MARK}-{name}\u{1}ü: %\r\n\"x"),
    }
}

/// The folder with the connector file, the environment, and what may not be told.
fn arrange(case: &Case, given: Given, which: Content) -> (Folder, Vec<(String, String)>, Vec<String>) {
    let mut auth_config = case.auth_config.clone();
    let mut environment = Vec::new();
    let mut files = Vec::new();
    let mut stored = Vec::new();
    let mut hidden = Vec::new();
    for (index, secret) in case.secrets.iter().enumerate() {
        let is_shown = secret.by_reference_only && matches!(given, Given::Literal);
        let content = content(secret, if is_shown { Content::Right } else { which });
        let value = match given {
            Given::Literal => json!(content),
            Given::Env => {
                environment.push((format!("S{index}"), content.clone()));
                json!({"env": format!("S{index}")})
            }
            Given::File => {
                files.push((format!("secrets/{index}"), format!("{content}\n")));
                json!({"file": format!("secrets/{index}")})
            }
            Given::Store => {
                stored.push((format!("S{index}"), content.clone()));
                json!({"store": format!("S{index}")})
            }
        };
        put(&mut auth_config, secret.field, value);
        if !is_shown {
            hidden.push(content);
        }
    }
    let folder = Folder::with(&connector(case, auth_config));
    for (path, content) in files {
        folder.write(&path, &content);
    }
    for (name, content) in stored {
        let run = keep(&folder, &name, &content);
        assert_eq!(run.status, Some(0), "{run:?}");
        assert!(!run.stderr.contains(&content) && run.stdout.is_empty(), "{run:?}");
    }
    (folder, environment, hidden)
}

/// Keeps a secret in the store.
fn keep(folder: &Folder, name: &str, content: &str) -> Run {
    let folder: &authwire_tests::program::Folder = folder;
    folder.run(&[], &["secret", "set", name], content.as_bytes())
}

/// The files of the store, with what is in them. None until there is a store.
fn store_files(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder.data().join("authwire")) else { return Vec::new() };
    let files = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    files.map(|path| (path.display().to_string(), fs::read(&path).expect("a file"))).collect()
}

fn connector(case: &Case, auth_config: Value) -> Value {
    let mut connector = json!({"name": "canary", "base_url": case.base_url, "auth_config": auth_config, "test": {"path": case.path}});
    if let Some(path) = &case.ca_file {
        connector["http"] = json!({ "ca_file": path });
    }
    connector
}

fn put(auth_config: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    auth_config.pointer_mut(parent).expect("the parent")[name] = value;
}

/// Every command that reads a connector file, but none that is asked to show a token. The answer's body goes to a file:
/// what the API says is the API's.
fn commands(path: &'static str) -> Vec<Vec<&'static str>> {
    let mut commands = vec![
        vec!["token", "connector.json"],
        vec!["token", "connector.json", "--format", "json"],
        vec!["token", "connector.json", "-vvv"],
        vec!["test", "connector.json"],
        vec!["test", "connector.json", "--format", "json", "-vvv"],
        vec!["jwt", "connector.json"],
        vec!["jwt", "connector.json", "--format", "json"],
        vec!["secret", "list"],
        vec!["secret", "list", "--format", "json"],
        vec!["secret", "move", "connector.json", "--dry-run"],
        vec!["explain", "connector.json", "--curl"],
        vec!["call", "connector.json", "GET", path, "-o", "answer", "-i"],
        vec!["call", "connector.json", "POST", path, "-d", "a=1", "-o", "answer", "-vvv"],
        vec!["store", "status"],
        vec!["store", "status", "--format", "json"],
    ];
    for format in ["human", "json"] {
        commands.push(vec!["explain", "connector.json", "--format", format]);
        commands.push(vec!["explain", "connector.json", "POST", path, "--format", format]);
    }
    for format in ["human", "json", "sarif", "github"] {
        commands.push(vec!["validate", "connector.json", "--format", format]);
        commands.push(vec!["validate", "connector.json", "--format", format, "--resolve"]);
    }
    commands
}

/// Adds to `leaks` what is told that is not to be told.
fn search(leaks: &mut Vec<String>, what: &str, run: &Run, forms: &[String]) {
    for (stream, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if let Some(form) = forms.iter().find(|form| text.contains(form.as_str())) {
            leaks.push(format!("{what}: {stream} has {form}:\n{text}"));
        }
    }
}

/// Adds to `leaks` what of it lies on the disk, in the store's files.
fn search_store(leaks: &mut Vec<String>, what: &str, folder: &Folder, forms: &[String]) {
    for (name, bytes) in store_files(folder) {
        let is_in = |form: &&String| bytes.windows(form.len()).any(|window| window == form.as_bytes());
        if let Some(form) = forms.iter().find(is_in) {
            leaks.push(format!("{what}: the store's file {name} has {form}"));
        }
    }
}

/// Fails with the first few leaks.
#[track_caller]
fn none(leaks: &[String]) {
    let first: Vec<&str> = leaks.iter().map(String::as_str).take(5).collect();
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), first.join("\n---\n"));
}

/// Runs every command on every case, and finds no secret.
fn nothing_is_told(cases: &[Case]) {
    let mut leaks = Vec::new();
    for case in cases {
        for given in [Given::Literal, Given::Env, Given::File, Given::Store] {
            for which in [Content::Right, Content::Wrong, Content::Illegal] {
                let (folder, environment, hidden) = arrange(case, given, which);
                let environment: Vec<(&str, &str)> =
                    environment.iter().map(|(name, value)| (&**name, &**value)).collect();
                let secret_forms = forms(&hidden, which);
                let mut told = Vec::new();
                for command in commands(case.path) {
                    let run = folder.run(&environment, &command);
                    let what = format!("{} {given:?} {which:?} {command:?}", case.name);
                    search(&mut leaks, &what, &run, &secret_forms);
                    // A search in the output of a program that does not get anywhere proves nothing.
                    if command[0] == "call" {
                        let expected = if which == Content::Right { 0 } else { 1 };
                        assert_eq!(run.status, Some(expected), "{what}: {run:?}");
                    }
                    told.push((what, run));
                }
                let what = format!("{} {given:?} {which:?}", case.name);
                search_store(&mut leaks, &what, &folder, &secret_forms);
                // nor is the token told that was had
                if let Some(token) = token(&folder, &environment) {
                    let token_forms = forms(&[token], Content::Right);
                    told.iter().for_each(|(what, run)| search(&mut leaks, what, run, &token_forms));
                    search_store(&mut leaks, &what, &folder, &token_forms);
                }
                assert!(
                    !matches!(given, Given::Store) || !store_files(&folder).is_empty(),
                    "{what}: no store"
                );
            }
        }
    }
    none(&leaks);
}

/// The token that the store keeps, or a new one; `None` where there is none to be had.
fn token(folder: &Folder, environment: &[(&str, &str)]) -> Option<String> {
    let run = folder.run(environment, &["token", "connector.json", "--reveal", "--format", "json"]);
    let whole: Value = serde_json::from_str(&run.stdout).ok()?;
    whole["access_token"].as_str().map(str::to_owned)
}

#[test]
fn of_basic_auth() {
    nothing_is_told(&basic_auth(&Nginx::start()));
}

#[test]
fn of_keys_and_tokens() {
    nothing_is_told(&keys(&Nginx::start()));
}

#[test]
fn of_client_credentials() {
    nothing_is_told(&client_credentials(&Oidc::start()));
}

#[test]
fn of_other_grants() {
    nothing_is_told(&other_grants(&Oidc::start()));
}

#[test]
fn of_signed_assertions() {
    let keys = SigningKeys::generate();
    let oidc = Oidc::start_with(&Settings { trusted_keys: Some(keys.clone()), ..Settings::default() });
    nothing_is_told(&jwt_bearer(&keys, &Haproxy::start(&keys), &oidc));
    nothing_is_told(&client_assertions(&keys, &oidc));
    nothing_is_told(&token_exchange(&keys, &oidc));
}

#[test]
fn of_headers_and_cookies() {
    nothing_is_told(&headers_and_cookies(&Nginx::start(), &Login::start()));
}

#[test]
fn of_signatures() {
    let keys = SigningKeys::generate();
    let oauth1 = OAuth1::start_with_key(&keys.rs256.public);
    nothing_is_told(&signatures(&oauth1, &keys, &Login::start()));
}

#[test]
fn of_connections() {
    let authority = Authority::new();
    nothing_is_told(&connections(&authority, &Nginx::start_tls(&authority), &Ntlm::start()));
}

/// A connector of each type that sends its secrets to a server that never gives in.
fn cases_at(base_url: &str) -> Vec<Case> {
    let token_url = format!("{base_url}/token");
    let case = |auth_config: Value, fields: &[&'static str]| Case {
        name: "of every type",
        base_url: base_url.to_owned(),
        path: "/items",
        auth_config,
        secrets: fields.iter().map(|field| secret(field, MARK)).collect(),
        ca_file: None,
    };
    let grant = |name: &str, fields: &[&'static str]| {
        case(json!({"type": name, "client_id": "client", "username": "user", "token_url": token_url}), fields)
    };
    let mut cases = vec![
        case(json!({"type": "basic_auth", "username": "user"}), &["/password"]),
        case(json!({"type": "bearer_token"}), &["/api_key"]),
        case(json!({"type": "api_key", "api_key_auth_type": "header_auth"}), &["/api_key"]),
        case(
            json!({"type": "aws_sigv4", "access_key_id": "id", "region": "us-east-1", "service": "s3"}),
            &["/secret_access_key", "/session_token"],
        ),
        grant("oauth2_client_credentials", &["/client_secret"]),
        grant("oauth2_refresh_token", &["/client_secret", "/refresh_token"]),
        grant("oauth2_password", &["/client_secret", "/password"]),
    ];
    for case in &mut cases {
        let is_for = |name: &str| name == case.auth_config["type"];
        if !is_for("basic_auth") && !is_for("oauth2_password") {
            case.auth_config.as_object_mut().expect("an object").remove("username");
        }
    }
    cases
}

#[test]
fn that_a_token_endpoint_echoes() {
    // it gives back what came in every place that an error may show
    let server = Loopback::start(|request| {
        let said = format!("{:?} {} {:?}", request.line, request.body, request.headers);
        let encoded = request.header("authorization").unwrap_or_default();
        let decoded = encoded.strip_prefix("Basic ").and_then(|encoded| STANDARD.decode(encoded).ok());
        let decoded = String::from_utf8_lossy(&decoded.unwrap_or_default()).into_owned();
        let body = json!({
            "error": format!("invalid_client {} {encoded}", request.body),
            "error_description": format!("{said} {decoded}"),
            "error_uri": said,
        });
        (400, body.to_string())
    });
    let mut leaks = Vec::new();
    for case in cases_at(&server.base_url) {
        for given in [Given::Literal, Given::Env] {
            let (folder, environment, hidden) = arrange(&case, given, Content::Wrong);
            let environment: Vec<(&str, &str)> =
                environment.iter().map(|(name, value)| (&**name, &**value)).collect();
            let forms = forms(&hidden, Content::Wrong);
            for command in commands(case.path) {
                let run = folder.run(&environment, &command);
                search(&mut leaks, &format!("{} {given:?} {command:?}", case.auth_config), &run, &forms);
            }
        }
    }
    none(&leaks);
    assert!(server.requests().iter().any(|request| request.line == "POST /token"));
}

#[test]
fn that_a_login_brings() {
    // every endpoint gives back what it was sent, as an error
    let server = Loopback::start(|request| {
        let said = format!("{} {} {:?}", request.line, request.body, request.headers);
        (400, json!({"error": format!("no {}", request.body), "error_description": said}).to_string())
    });
    let secret = secret("/client_secret", MARK);
    let case = Case {
        name: "oauth2_authorization_code",
        base_url: server.base_url.clone(),
        path: "/items",
        auth_config: json!({
            "type": "oauth2_authorization_code",
            "client_id": "client",
            "authorization_url": format!("{}/authorize", server.base_url),
            "token_url": format!("{}/token", server.base_url),
            "device_authorization_url": format!("{}/device", server.base_url),
        }),
        secrets: vec![secret],
        ca_file: None,
    };
    let mut leaks = Vec::new();
    for given in [Given::Literal, Given::Env, Given::File, Given::Store] {
        let (folder, environment, mut hidden) = arrange(&case, given, Content::Wrong);
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (&**name, &**value)).collect();
        let device = folder.run(&environment, &["login", "connector.json", "--device", "-vvv"]);
        assert_eq!(device.status, Some(1), "{device:?}");
        assert!(device.stderr.contains("no code from"), "{device:?}");
        let pasted = paste(&folder, &environment);
        assert_eq!(pasted.status, Some(1), "{pasted:?}");
        assert!(pasted.stderr.contains("no token from"), "{pasted:?}");
        let sent = server.requests();
        let body = &sent.iter().rev().find(|request| request.line == "POST /token").expect("it came").body;
        let verifier =
            body.split('&').find_map(|pair| pair.strip_prefix("code_verifier=")).expect("a verifier");
        hidden.extend([verifier.to_owned(), format!("{MARK}-code")]);
        let forms = forms(&hidden, Content::Wrong);
        search(&mut leaks, &format!("{given:?} --device"), &device, &forms);
        search(&mut leaks, &format!("{given:?} --paste"), &pasted, &forms);
        for command in commands(case.path) {
            let run = folder.run(&environment, &command);
            search(&mut leaks, &format!("{given:?} {command:?}"), &run, &forms);
        }
        search_store(&mut leaks, &format!("{given:?}"), &folder, &forms);
    }
    none(&leaks);
}

/// `authwire login --paste`, with a code for its state.
fn paste(folder: &Folder, environment: &[(&str, &str)]) -> Run {
    let mut child = folder
        .command(environment, &["login", "connector.json", "--paste", "-vvv"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("authwire starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut said = String::new();
    let state = loop {
        let mut line = String::new();
        assert_ne!(stderr.read_line(&mut line).expect("it is text"), 0, "{said}");
        said.push_str(&line);
        if let Some((_, rest)) = line.split_once("&state=") {
            break rest.split('&').next().expect("the state").to_owned();
        }
    };
    let redirect = format!("http://127.0.0.1/callback?code={MARK}-code&state={state}\n");
    child.stdin.take().expect("stdin").write_all(redirect.as_bytes()).expect("it listens");
    stderr.read_to_string(&mut said).expect("it is text");
    let mut stdout = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut stdout).expect("it is text");
    Run { status: child.wait().expect("its end").code(), stdout, stderr: said }
}

#[test]
fn that_stands_where_it_does_not_belong() {
    let mut leaks = Vec::new();
    for case in cases_at("http://127.0.0.1:9") {
        for secret in &case.secrets {
            let canary = content(secret, Content::Wrong);
            let misspelt = format!("{}x", secret.field);
            let mistakes = [
                (secret.field, json!([canary])),
                (secret.field, json!({"value": canary})),
                (secret.field, json!({"env": canary})),
                (secret.field, json!({"env": "A", "store": canary})),
                (secret.field, json!({"env": [canary]})),
                (misspelt.as_str(), json!(canary)),
                (misspelt.as_str(), json!({"deeper": [canary]})),
                ("/header_auth_value_pattern", json!({"x": canary})),
            ];
            let mut texts: Vec<String> = Vec::new();
            for (field, value) in mistakes {
                let mut auth_config = case.auth_config.clone();
                put(&mut auth_config, field, value);
                let connector = connector(&case, auth_config);
                texts.push(connector.to_string()); // all in one line
                texts.push(format!("{connector:#}"));
            }
            let mut auth_config = case.auth_config.clone();
            put(&mut auth_config, secret.field, json!(canary));
            let sound = format!("{:#}", connector(&case, auth_config));
            let written = Value::from(canary.as_str()).to_string();
            texts.push(sound.replace(&written, &format!("{written} {written}")));
            texts.push(sound.replace(&written, written.trim_matches('"')));
            texts.push(sound.replace(&written, &written[..written.len() - 1]));
            texts.push(sound.replace(&written, &written.replace('"', "'")));
            texts.push(sound.replace('}', "")); // ends too early
            let forms = forms(std::slice::from_ref(&canary), Content::Wrong);
            for text in texts {
                let folder = Folder::with_text(&text);
                for command in commands(case.path) {
                    let run = folder.run(&[], &command);
                    let reads_it = command.contains(&"connector.json");
                    assert!(run.status != Some(0) || !reads_it, "{command:?} takes {text}: {run:?}");
                    search(&mut leaks, &format!("{command:?} {text}"), &run, &forms);
                }
            }
        }
    }
    none(&leaks);
}
