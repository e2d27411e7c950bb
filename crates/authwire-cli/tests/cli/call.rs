//! `call`: what is sent, what is printed.

use std::io::Write as _;

use authwire_tests::loopback::{Loopback, Reply, Request};
use serde_json::{Value, json};

use crate::support::{Folder, connector};

fn basic() -> Value {
    json!({"type": "basic_auth", "username": "Aladdin", "password": {"env": "AUTHWIRE_TEST_PASSWORD"}})
}

const PASSWORD: (&str, &str) = ("AUTHWIRE_TEST_PASSWORD", "open sesame");

/// Answers 200 to the right credentials (RFC 7617 §2), under `/missing` 404.
fn guarded(request: &Request) -> (u16, &'static str, String) {
    let known = request.header("authorization") == Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    match (known, request.line.contains("/missing")) {
        (false, _) => (401, "text/plain", "who are you?".to_owned()),
        (true, true) => (404, "text/plain", "not here".to_owned()),
        // no status that RFC 9110 knows, but no success
        (true, false) if request.line.contains("/beyond") => (999, "text/plain", "no".to_owned()),
        (true, false) => (200, "text/plain", "hello".to_owned()),
    }
}

#[test]
fn the_body_is_printed_whatever_the_status() {
    let server = Loopback::start(guarded);
    let folder = Folder::with("x.json", connector("acme", &format!("{}/v1", server.base_url), basic()));
    let run = folder.run_with(&["call", "x.json", "GET", "/users?a=b"], &[PASSWORD], b"").ends_with(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("hello", ""));
    assert_eq!(server.requests()[0].line, "GET /v1/users?a=b");

    let run = folder.run_with(&["call", "x.json", "GET", "/missing"], &[PASSWORD], b"").ends_with(1);
    assert_eq!(run.stdout, "not here");
    assert!(run.stderr.contains("404"), "{}", run.stderr);

    let run = folder.run_with(&["call", "x.json", "GET", "/beyond"], &[PASSWORD], b"").ends_with(1);
    assert!(run.stdout == "no" && run.stderr.contains("999"), "{run:?}");

    let wrong = [("AUTHWIRE_TEST_PASSWORD", "s3cret-wrong")];
    let run = folder.run_with(&["call", "x.json", "GET", "/"], &wrong, b"").ends_with(1);
    assert_eq!(run.stdout, "who are you?");
    assert!(run.stderr.contains("401") && run.stderr.contains("check"), "{}", run.stderr);
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn a_proxy_that_lets_nobody_through_is_named_without_its_password() {
    for (status, words, requests) in
        [(407, "a user and a password that it knows", 1), (502, "it makes no connection there", 3)]
    {
        let proxy = Loopback::start(move |_| (status, "text/plain", "no".to_owned()));
        let named = proxy.base_url.replace("http://", "http://me:s3cret@");
        let folder =
            Folder::with("x.json", connector("acme", "https://api.acme.example", json!({"type": "no_auth"})));
        let variables = [("HTTPS_PROXY", named.as_str()), ("NO_PROXY", "")];
        let run = folder.run_with(&["call", "x.json", "GET", "/"], &variables, b"").ends_with(1);
        assert!(run.stderr.contains(&proxy.base_url) && run.stderr.contains(words), "{run:?}");
        assert!(!run.stderr.contains("s3cret"), "{run:?}");
        assert_eq!(proxy.requests().len(), requests, "{status}");
    }
}

/// Who names a proxy does not want to go past it.
#[test]
fn a_proxy_that_cannot_be_used_is_told() {
    let folder =
        Folder::with("x.json", connector("acme", "https://api.acme.example", json!({"type": "no_auth"})));
    for (proxy, words) in [
        ("::::s3cret@@", "HTTPS_PROXY names no proxy that can be used"),
        ("socks5://me:s3cret@127.0.0.1:1", "socks5://127.0.0.1:1"),
        ("http://me:s3cret@127.0.0.1:1", "through the proxy http://127.0.0.1:1: "),
    ] {
        let variables = [("HTTPS_PROXY", proxy), ("NO_PROXY", "")];
        let run = folder.run_with(&["call", "x.json", "GET", "/"], &variables, b"").ends_with(1);
        assert!(run.stderr.contains(words) && !run.stderr.contains("s3cret"), "{run:?}");
    }
}

/// What is for this machine may be in the clear: it goes to no proxy.
#[test]
fn a_call_to_this_machine_goes_past_the_proxy_of_the_environment() {
    let (server, proxy) =
        (Loopback::start(guarded), Loopback::start(|_| (200, "text/plain", "a proxy".to_owned())));
    let proxies =
        ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, proxy.base_url.as_str()));
    let variables = [&proxies[..], &[PASSWORD, ("NO_PROXY", ""), ("no_proxy", "")]].concat();
    for url in [server.base_url.clone(), server.base_url.replace("127.0.0.1", "localhost")] {
        let folder = Folder::with("x.json", connector("acme", &url, basic()));
        let run = folder.run_with(&["call", "x.json", "GET", "/"], &variables, b"").ends_with(0);
        assert_eq!(run.stdout, "hello", "{url}");
    }
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_body_is_json_if_it_looks_like_it_and_a_form_if_not() {
    let server = Loopback::start(|_| (200, "text/plain", String::new()));
    let folder = Folder::with("x.json", connector("acme", &server.base_url, json!({"type": "no_auth"})));
    folder.write("body.bin", "from a file");
    for (arguments, stdin, body, media_type) in [
        (&["-d", "{\"a\": 1}"][..], "", "{\"a\": 1}", "application/json"),
        (&["-d", " [1]"], "", " [1]", "application/json"),
        (&["-d", "a=1&b=2"], "", "a=1&b=2", "application/x-www-form-urlencoded"),
        (&["-d", "@body.bin", "-H", "Content-Type: text/x"], "", "from a file", "text/x"),
        (&["-d", "@-"], "[2]", "[2]", "application/json"),
    ] {
        let mut all = vec!["call", "x.json", "post", "/x"];
        all.extend(arguments);
        folder.run_with(&all, &[], stdin.as_bytes()).ends_with(0);
        let asked = server.requests().pop().expect("a request");
        assert!(asked.line == "POST /x", "{asked:?}");
        assert_eq!(
            (asked.body.as_str(), asked.header("content-type")),
            (body, Some(media_type)),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_answer_can_go_to_a_file_and_its_head_be_shown() {
    let server = Loopback::start(guarded);
    let folder = Folder::with("x.json", connector("acme", &server.base_url, basic()));
    let run =
        folder.run_with(&["call", "x.json", "GET", "/", "-i", "-o", "out"], &[PASSWORD], b"").ends_with(0);
    assert!(
        run.stdout.starts_with("200 OK\n") && run.stdout.contains("content-type: text/plain\n"),
        "{}",
        run.stdout
    );
    assert_eq!(std::fs::read_to_string(folder.path().join("out")).expect("the file"), "hello");
    let run = folder.run_with(&["call", "x.json", "GET", "/", "-o", "-"], &[PASSWORD], b"").ends_with(0);
    assert!(run.stdout == "hello" && !folder.path().join("-").exists(), "{run:?}");
}

#[test]
fn how_long_the_api_asks_to_wait_is_told() {
    for (wait, words) in
        [("3600", "asks to wait 1 hour"), ("99999999999999999999", "wait for more than a day")]
    {
        let server = Loopback::start(move |_| {
            let headers = vec![("Retry-After", wait.to_owned())];
            Reply { status: 429, headers, body: String::new() }
        });
        let folder = Folder::with("x.json", connector("acme", &server.base_url, json!({"type": "no_auth"})));
        let run = folder.run(&["call", "x.json", "GET", "/"]).ends_with(1);
        assert!(run.stderr.contains("429") && run.stderr.contains(words), "{run:?}");
    }
}

#[test]
fn headers_are_added_and_wrong_ones_refused_without_repeating_them() {
    let server = Loopback::start(|_| (200, "text/plain", String::new()));
    let folder = Folder::with("x.json", connector("acme", &server.base_url, json!({"type": "no_auth"})));
    folder.run(&["call", "x.json", "GET", "/", "-H", "X-One: 1", "-H", "x-two:2"]).ends_with(0);
    let asked = server.requests().pop().expect("a request");
    assert_eq!((asked.header("x-one"), asked.header("x-two")), (Some("1"), Some("2")));
    let reserved = ["Host: s3cret", "content-length: 3", "Transfer-Encoding: chunked", "Connection: close"];
    for header in ["s3cret", "b@d name: s3cret", "X: s3cret\u{1}", "X: s3crét"].into_iter().chain(reserved) {
        let run = folder.run(&["call", "x.json", "GET", "/", "-H", header]).ends_with(2);
        assert!(!run.stderr.contains("s3cr"), "{}", run.stderr);
        // how a header is written is no help where it is written so
        let is_unwritten = header.starts_with("s3cret") || header.starts_with("b@d");
        assert_eq!(run.stderr.contains("Name: value"), is_unwritten, "{}", run.stderr);
    }
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn nothing_is_sent_if_the_answer_has_nowhere_to_go() {
    let server = Loopback::start(|_| (200, "text/plain", String::new()));
    let folder = Folder::with("x.json", connector("acme", &server.base_url, json!({"type": "no_auth"})));
    let run = folder.run(&["call", "x.json", "POST", "/", "-o", "no/where"]).ends_with(2);
    assert!(run.stderr.contains("cannot be written") && server.requests().is_empty(), "{}", run.stderr);
    folder.write("out", "longer than the answer");
    folder.run(&["call", "x.json", "POST", "/", "-o", "out"]).ends_with(0);
    assert_eq!(std::fs::read(folder.path().join("out")).expect("the file"), b"");
    // what may have a body says that it has none (RFC 9110 §8.6)
    assert_eq!(server.requests()[0].header("content-length"), Some("0"));
    folder.run(&["call", "x.json", "GET", "/"]).ends_with(0);
    assert_eq!(server.requests()[1].header("content-length"), None);
}

#[test]
fn what_cannot_be_called_says_why() {
    let folder = Folder::with("x.json", connector("acme", "http://127.0.0.1:9", json!({"type": "no_auth"})));
    for (arguments, status, part) in [
        (&["call", "x.json", "GET", "https://evil.example/x"][..], 1, "origin"),
        (&["call", "x.json", "G T", "/"], 2, "not a method for a call"),
        (&["call", "x.json", "connect", "/"], 2, "not a method for a call"),
        (&["call", "x.json", "GET", "/", "-d", "@gone"], 2, "`gone` cannot be read"),
        (&["call", "gone.json", "GET", "/"], 2, "`gone.json` cannot be read"),
    ] {
        let run = folder.run(arguments).ends_with(status);
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn an_answer_that_breaks_off_shows_no_key() {
    let server = Loopback::start_raw(|_, mut stream| {
        // announces more than it sends
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
    });
    let auth = json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "s3cret", "param_auth_param_name": "key"
    });
    let folder = Folder::with("x.json", connector("acme", &server.base_url, auth));
    let run = folder.run(&["call", "x.json", "GET", "/"]).ends_with(1);
    assert_eq!(run.stdout, "part");
    assert!(run.stderr.contains("broke off") && !run.stderr.contains("s3cret"), "{}", run.stderr);
}
