//! Servers that misbehave, over real connections: whatever they do, the program ends in time, says what is wrong, and
//! does not give in.
//!
//! Each row is a server: what it answers to token requests and to calls, one after the other, the last one for ever.

mod program;

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use authwire_tests::loopback::{Loopback, Request};
use serde_json::json;

use program::Folder;

/// What a server does with a request.
#[derive(Clone, Debug)]
enum Act {
    /// Sends these bytes and closes the connection.
    Say(String),
    /// Sends these bytes, and for ever nothing more.
    Hang(String),
    /// Sends a byte of these each 50 ms.
    Drip(String),
    /// Sends a head, and then a body without end.
    Flood,
    /// Closes the connection at once.
    Close,
}

use Act::{Close, Drip, Flood, Hang, Say};

/// An answer with a body.
fn answer(status: u16, headers: &str, body: &str) -> Act {
    let length = body.len();
    Say(format!("HTTP/1.1 {status} Said so\r\nContent-Length: {length}\r\n{headers}\r\n{body}"))
}

const JSON: &str = "Content-Type: application/json\r\n";

fn token(body: &str) -> Act {
    answer(200, JSON, body)
}

fn good() -> Act {
    token(r#"{"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600}"#)
}

fn fine() -> Act {
    answer(200, JSON, r#"{"fine": true}"#)
}

struct Row {
    name: &'static str,
    token: Vec<Act>,
    api: Vec<Act>,
    /// The exit status.
    status: i32,
    /// What stderr has to say.
    words: &'static [&'static str],
    /// How many requests of each kind there have to be.
    requests: (usize, usize),
}

fn row(name: &'static str, token: Vec<Act>, api: Vec<Act>) -> Row {
    Row { name, token, api, status: 0, words: &[], requests: (1, 1) }
}

impl Row {
    fn fails(self, words: &'static [&'static str]) -> Self {
        Self { status: 1, words, requests: (1, 0), ..self }
    }

    fn after(self, token: usize, api: usize) -> Self {
        Self { requests: (token, api), ..self }
    }
}

/// The connector asks twice at most, and waits for two seconds.
fn rows() -> Vec<Row> {
    let unavailable = || answer(503, "Retry-After: 0\r\n", "");
    let busy = || answer(429, "Retry-After: 1\r\n", "");
    let long = format!("Content-Type: text/plain\r\nX-Long: {}\r\n", "x".repeat(300_000));
    vec![
        row("well-behaved", vec![good()], vec![fine()]),
        // the token endpoint
        row("silent", vec![Hang(String::new())], vec![fine()]).fails(&["/token", "time"]).after(2, 0),
        row("slow", vec![Drip("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{".to_owned())], vec![fine()])
            .fails(&["/token", "time"])
            .after(2, 0),
        row("gone", vec![Close], vec![fine()]).fails(&["/token"]).after(2, 0),
        row(
            "truncated",
            vec![Say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"acc".to_owned())],
            vec![fine()],
        )
        .fails(&["/token"])
        .after(2, 0),
        row("no HTTP", vec![Say("SSH-2.0-OpenSSH_9.2\r\n".to_owned())], vec![fine()])
            .fails(&["/token"])
            .after(2, 0),
        row("garbage", vec![token("\u{1}\u{2}<html>")], vec![fine()])
            .fails(&["/token", "neither JSON nor form-encoded"]),
        row(
            "a page",
            vec![answer(200, "Content-Type: text/html\r\n", "<html>Please log in</html>")],
            vec![fine()],
        )
        .fails(&["/token", "neither JSON nor form-encoded"]),
        row("without end", vec![Flood], vec![fine()]).fails(&["/token", "1048576 bytes"]),
        row("a head without end", vec![answer(200, &long, "{}")], vec![fine()]).fails(&["/token"]),
        row("deep", vec![token(&"[".repeat(100_000))], vec![fine()]).fails(&["/token"]),
        row("redirecting", vec![answer(302, "Location: http://127.0.0.1:1/token\r\n", "")], vec![fine()])
            .fails(&["/token", "302"]),
        row(
            "200 with an error",
            vec![token(r#"{"error": "invalid_scope", "error_description": "no such scope"}"#)],
            vec![fine()],
        )
        .fails(&["invalid_scope", "no such scope"]),
        row("no token in it", vec![token(r#"{"token_type": "Bearer"}"#)], vec![fine()])
            .fails(&["access_token"]),
        row("an odd type", vec![token(r#"{"access_token": "t", "token_type": "mac"}"#)], vec![fine()])
            .fails(&["mac"]),
        row("an empty 403", vec![answer(403, "", "")], vec![fine()]).fails(&["403"]),
        row("503, then fine", vec![unavailable(), good()], vec![fine()]).after(2, 1),
        row("busy, then fine", vec![busy(), good()], vec![fine()]).after(2, 1),
        row("503 for ever", vec![unavailable()], vec![fine()]).fails(&["503"]).after(2, 0),
        row(
            "an expiry in words",
            vec![token(r#"{"access_token": "t", "expires_in": "3600"}"#)],
            vec![fine()],
        ),
        row(
            "an expiry with a fraction",
            vec![token(r#"{"access_token": "t", "expires_in": 3599.99}"#)],
            vec![fine()],
        ),
        row(
            "an expiry that is none",
            vec![token(r#"{"access_token": "t", "expires_in": "soon"}"#)],
            vec![fine()],
        ),
        row(
            "an expiry that is over",
            vec![token(r#"{"access_token": "t", "expires_in": -1}"#)],
            vec![fine()],
        ),
        row(
            "a type in capitals",
            vec![token(r#"{"access_token": "t", "token_type": "BEARER"}"#)],
            vec![fine()],
        ),
        row(
            "a form",
            vec![answer(
                200,
                "Content-Type: application/x-www-form-urlencoded\r\n",
                "access_token=t&expires_in=60",
            )],
            vec![fine()],
        ),
        // the API
        row(
            "a token that was revoked",
            vec![good(), token(r#"{"access_token": "t2"}"#)],
            vec![answer(401, "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n", ""), fine()],
        )
        .after(2, 2),
        row("refused for ever", vec![good(), token(r#"{"access_token": "t2"}"#)], vec![answer(401, "", "")])
            .fails(&["401"])
            .after(2, 2),
        row(
            "a scope that is missing",
            vec![good()],
            vec![answer(403, "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n", "")],
        )
        .fails(&["403", "scope"])
        .after(1, 1),
        row("an API that is silent", vec![good()], vec![Hang(String::new())]).fails(&["time"]).after(1, 2),
        row(
            "an API that breaks off",
            vec![good()],
            vec![Say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_owned())],
        )
        .fails(&["broke off"])
        .after(1, 1),
        row("an API that is busy, then fine", vec![good()], vec![busy(), fine()]).after(1, 2),
        row("an API that redirects in a circle", vec![good()], vec![answer(302, "Location: /items\r\n", "")])
            .fails(&["redirect"])
            .after(1, 11),
        row(
            "an API that redirects to nowhere",
            vec![good()],
            vec![answer(302, "Location: http://[nowhere/\r\n", "")],
        )
        .fails(&["redirect"])
        .after(1, 1),
    ]
}

/// A server that acts as a row says.
fn start(token: Vec<Act>, api: Vec<Act>) -> Loopback {
    let (mut tokens, mut calls) = (0, 0);
    Loopback::start_raw(move |request, stream| {
        let (count, acts) = if is_for_token(request) { (&mut tokens, &token) } else { (&mut calls, &api) };
        let act = acts.get(*count).or(acts.last()).cloned().unwrap_or(Close);
        *count += 1;
        thread::spawn(move || perform(&stream, &act));
    })
}

fn is_for_token(request: &Request) -> bool {
    request.line.starts_with("POST /token")
}

/// How often it was asked for a token, and how often for something else.
fn counts(server: &Loopback) -> (usize, usize) {
    let requests = server.requests();
    let tokens = requests.iter().filter(|request| is_for_token(request)).count();
    (tokens, requests.len() - tokens)
}

/// Whoever asked may be gone: then so be it.
fn perform(mut stream: &TcpStream, act: &Act) {
    match act {
        Say(bytes) => drop(stream.write_all(bytes.as_bytes())),
        Hang(bytes) => {
            let _ = stream.write_all(bytes.as_bytes());
            thread::sleep(Duration::from_secs(20));
        }
        Drip(bytes) => {
            for byte in bytes.bytes().chain(std::iter::repeat_n(b' ', 400)) {
                if stream.write_all(&[byte]).is_err() {
                    return;
                }
                thread::sleep(Duration::from_millis(50));
            }
        }
        Flood => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
            while stream.write_all(&[b' '; 65536]).is_ok() {}
        }
        Close => {}
    }
}

#[test]
fn whatever_a_server_does_the_program_ends_and_says_why() {
    let wrong: Vec<String> = thread::scope(|scope| {
        let tests: Vec<_> = rows().into_iter().map(|row| scope.spawn(|| run(row))).collect();
        tests.into_iter().filter_map(|test| test.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

/// What is wrong with how the program takes it, if anything.
fn run(row: Row) -> Option<String> {
    let server = start(row.token, row.api);
    let folder = Folder::with(&json!({
        "name": "hostile",
        "base_url": server.base_url,
        "auth_config": {
            "type": "oauth2_client_credentials",
            "client_id": "client",
            "client_secret": {"env": "SECRET"},
            "token_url": format!("{}/token", server.base_url),
            "client_authentication": "basic",
        },
        "http": {"timeout_seconds": 2, "connect_timeout_seconds": 2, "max_retries": 1},
    }));
    let start = Instant::now();
    let run = folder.run(&[("SECRET", "s3cret-value")], &["call", "connector.json", "GET", "/items"]);
    let took = start.elapsed();
    let told: Vec<&&str> = row.words.iter().filter(|word| !run.stderr.contains(**word)).collect();
    let is_right = run.status == Some(row.status)
        && told.is_empty()
        && counts(&server) == row.requests
        && (row.status != 0 || run.stdout.contains("fine"))
        && !run.stderr.contains("s3cret-value")
        && !run.stderr.contains("t0ken")
        // each wait has its limit, and so has their sum
        && took < Duration::from_secs(15);
    (!is_right).then(|| {
        format!(
            "{}: not told: {told:?}; {:?} requests, not {:?}; {took:?}; {run:?}",
            row.name,
            counts(&server),
            row.requests
        )
    })
}

#[test]
fn a_refresh_without_a_new_refresh_token_keeps_the_old_one() {
    let answers =
        vec![token(r#"{"access_token": "t1", "expires_in": 1}"#), token(r#"{"access_token": "t2"}"#)];
    let server = start(answers, vec![fine()]);
    let folder = Folder::with(&json!({
        "name": "keeps",
        "base_url": server.base_url,
        "auth_config": {"type": "oauth2_refresh_token", "client_id": "client", "refresh_token": {"env": "SECRET"},
            "token_url": format!("{}/token", server.base_url)},
    }));
    let call = || folder.run(&[("SECRET", "s3cret-value")], &["call", "connector.json", "GET", "/items"]);
    assert_eq!(call().status, Some(0));
    thread::sleep(Duration::from_millis(1100));
    assert_eq!(call().status, Some(0));
    assert_eq!(counts(&server), (2, 2));
}
