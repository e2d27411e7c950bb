//! A command while a token is being obtained: it does not end before what the server answers is stored, and says what it
//! waits for.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use authwire_tests::loopback::{Loopback, Reply};
use authwire_tests::program::wait;
use serde_json::json;

use crate::support::{Folder, connector};

const ENVIRONMENT: [(&str, &str); 1] = [("REFRESH_TOKEN", "rt-0")];

/// A server that takes each refresh token once, gives the next one for it, and takes `thinks` for that. It says when it
/// was asked.
fn rotating(lasts: u64, thinks: Duration) -> (Loopback, Receiver<()>) {
    let (mut current, (asked, hears)) = (0, mpsc::channel());
    let server = Loopback::start(move |request| {
        let _ = asked.send(());
        if !request.body.contains(&format!("refresh_token=rt-{current}")) {
            return (400, json!({"error": "invalid_grant"}).to_string());
        }
        thread::sleep(thinks);
        current += 1;
        let answer = json!({
            "access_token": format!("at-{current}"),
            "token_type": "Bearer",
            "expires_in": lasts,
            "refresh_token": format!("rt-{current}"),
        });
        (200, answer.to_string())
    });
    (server, hears)
}

fn folder(api: &str, token: &str) -> Folder {
    let auth = json!({
        "type": "oauth2_refresh_token",
        "client_id": "id",
        "token_url": format!("{token}/token"),
        "refresh_token": {"env": "REFRESH_TOKEN"},
    });
    Folder::with("x.json", connector("acme", api, auth))
}

fn begin(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = folder.command(&ENVIRONMENT, arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("authwire starts")
}

fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill starts").success());
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_signal_waits_for_the_answer_of_a_token_request() {
    for (name, number) in [("-INT", 2), ("-TERM", 15)] {
        // the second signal's patience is tested below
        let (server, asked) = rotating(1, Duration::from_millis(900));
        let folder = folder(&server.base_url, &server.base_url);
        let child = begin(&folder, &["token", "x.json"]);
        asked.recv_timeout(Duration::from_secs(20)).expect("a token request");
        signal(&child, name);
        let ended = wait(child);
        assert_eq!(ended.status.signal(), Some(number), "{ended:?}");
        assert!(stderr(&ended).contains("token request is under way"), "{ended:?}");
        thread::sleep(Duration::from_secs(1));
        // only who stored the refresh token that came in its place can go on
        folder.run_with(&["token", "x.json"], &ENVIRONMENT, b"").ends_with(0);
    }
}

#[test]
fn a_second_signal_ends_the_command_at_once() {
    let (server, asked) = rotating(1, Duration::from_secs(20));
    let folder = folder(&server.base_url, &server.base_url);
    let child = begin(&folder, &["token", "x.json"]);
    asked.recv_timeout(Duration::from_secs(20)).expect("a token request");
    signal(&child, "-INT");
    thread::sleep(Duration::from_millis(600));
    signal(&child, "-INT");
    assert_eq!(wait(child).status.signal(), Some(2));
}

#[test]
fn a_signal_while_no_token_is_obtained_ends_the_command_at_once() {
    let (says, asked) = mpsc::channel();
    let api = Loopback::start(move |_| {
        let _ = says.send(());
        thread::sleep(Duration::from_secs(20));
        (200, "{}".to_owned())
    });
    let folder = Folder::with("x.json", connector("acme", &api.base_url, json!({"type": "no_auth"})));
    let child = begin(&folder, &["call", "x.json", "GET", "/"]);
    asked.recv_timeout(Duration::from_secs(20)).expect("a request");
    signal(&child, "-INT");
    let ended = wait(child);
    assert_eq!((ended.status.signal(), stderr(&ended)), (Some(2), String::new()));
}

#[test]
fn who_waits_for_another_process_says_so() {
    let (server, asked) = rotating(60, Duration::from_secs(4));
    let folder = folder(&server.base_url, &server.base_url);
    let first = begin(&folder, &["token", "x.json"]);
    asked.recv_timeout(Duration::from_secs(20)).expect("a token request");
    let second = wait(begin(&folder, &["token", "x.json"]));
    assert!(second.status.success() && stderr(&second).contains("is waited for"), "{second:?}");
    assert!(wait(first).status.success());
    assert_eq!(server.requests().len(), 1, "the second uses what the first brought");
}

#[test]
fn a_call_that_is_done_waits_for_the_renewal_that_it_began() {
    let (token, _asked) = rotating(5, Duration::from_millis(700));
    let mut calls = 0;
    let api = Loopback::start(move |_| {
        calls += 1;
        if calls > 1 {
            return Reply::from((200, "{}".to_owned()));
        }
        // the second try comes when the token is about to end, and is served with it while the next is on its way
        thread::sleep(Duration::from_millis(3700));
        let headers = vec![("Retry-After", "1".to_owned())];
        Reply { status: 503, headers, body: String::new() }
    });
    let folder = folder(&api.base_url, &token.base_url);
    folder.run_with(&["call", "x.json", "GET", "/"], &ENVIRONMENT, b"").ends_with(0);
    assert_eq!(token.requests().len(), 2, "the token and its renewal");
    thread::sleep(Duration::from_secs(6));
    folder.run_with(&["token", "x.json"], &ENVIRONMENT, b"").ends_with(0);
}
