//! API calls: repeats, limits, bodies.

use std::time::Duration;

use authwire_runtime::{AddressError, Authenticator, Body, Error, HttpOptions, TransportErrorKind, Verdict};
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use crate::fixture::{Server, answer, config, connector, ok};

fn bearer() -> authwire_runtime::Connector {
    connector(config(json!({"type": "bearer_token", "api_key": "abc"}))).with_http(HttpOptions::default())
}

#[tokio::test(start_paused = true)]
async fn idempotent_calls_are_repeated_and_others_are_not() {
    for (method, expected) in [
        (Method::GET, 3),
        (Method::HEAD, 3),
        (Method::PUT, 3),
        (Method::DELETE, 3),
        (Method::POST, 1),
        (Method::PATCH, 1),
    ] {
        for status in [429, 503] {
            let server = Server::new(move |_, _| answer(status, "busy"));
            let response =
                server.client(bearer()).request(method.clone(), "/").body("x").send().await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(server.seen().len(), expected, "{method} {status}");
            assert!(server.seen().iter().all(|seen| seen.body == "x" && seen.headers.get_all("authorization").iter().count() == 1));
        }
        let server = Server::fallible(|_, _| Err(TransportErrorKind::Broken));
        server.client(bearer()).request(method.clone(), "/").send().await.unwrap_err();
        assert_eq!(server.seen().len(), expected, "{method} broken");
        let server = Server::fallible(|_, _| Err(TransportErrorKind::Connect));
        server.client(bearer()).request(method.clone(), "/").send().await.unwrap_err();
        assert_eq!(server.seen().len(), 3, "{method}: nothing was sent");
    }
    for status in [500, 502, 504, 400] {
        let server = Server::new(move |_, _| answer(status, ""));
        server.client(bearer()).get("/").send().await.unwrap();
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_repeats_where_none_are_wanted() {
    let server = Server::new(|_, _| answer(503, ""));
    let client = server.client(bearer().with_http(HttpOptions::default().with_max_retries(0)));
    client.get("/").send().await.unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_sent_once() {
    let stream = || Body::stream(http_body_util::Full::new(bytes::Bytes::from_static(b"streamed")));
    let server = Server::new(|_, _| answer(503, ""));
    server.client(bearer()).put("/").body(stream()).send().await.unwrap();
    assert_eq!(server.seen().len(), 1);
    assert_eq!(server.seen()[0].body, "streamed");
}

#[tokio::test(start_paused = true)]
async fn bodies_are_written_and_read() {
    let server = Server::new(|seen, _| answer(200, seen.body.to_vec()));
    let client = server.client(bearer());
    let value: serde_json::Value =
        client.post("/").json(&json!({"a": 1})).send().await.unwrap().json().await.unwrap();
    assert_eq!(value, json!({"a": 1}));
    assert_eq!(server.seen()[0].header("content-type"), Some("application/json"));
    let text = client.post("/").form([("a b", "c&d")]).send().await.unwrap().text().await.unwrap();
    assert_eq!(text, "a+b=c%26d");
    let error = client.post("/").body("12345").send().await.unwrap().bytes_within(4).await.unwrap_err();
    assert!(matches!(error, Error::TooLong { limit: 4 }));
    let error = client.post("/").body("s3cret").send().await.unwrap().json::<u8>().await.unwrap_err();
    assert!(matches!(&error, Error::Unreadable { .. }) && !error.to_string().contains("s3cret"), "{error}");
    client.get("/x").query("q", "a b&c").query("r", "1").send().await.unwrap();
    assert_eq!(server.seen()[4].uri, "https://api.example/v1/x?q=a%20b%26c&r=1");
}

/// What is signed on this machine tells the time: a JWT, a signature of OAuth 1.0 or AWS.
#[tokio::test(start_paused = true)]
async fn a_refusal_by_a_server_whose_clock_is_far_off_says_so() {
    for (date, told) in [("Fri, 01 Jan 2010 00:00:00 GMT", true), ("soon", false)] {
        let server = Server::new(move |_, _| {
            let mut response = answer(401, "");
            response.headers_mut().insert("date", date.parse().unwrap());
            response
        });
        let response = server.client(bearer()).get("/").send().await.unwrap();
        let refusal = response.refusal().unwrap().to_string();
        assert_eq!(refusal.contains("minutes from this machine's"), told, "{refusal}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_path_to_another_origin_is_never_called() {
    let server = Server::new(|_, _| ok());
    let client = server.client(bearer());
    for path in
        ["https://evil.example/x", "//evil.example/x", "http://api.example/v1/x", "https://api.example:8443/"]
    {
        let error = client.get(path).send().await.unwrap_err();
        assert!(matches!(&error, Error::Address(AddressError::OtherOrigin { .. })), "{path}: {error}");
    }
    assert!(server.seen().is_empty());
    client.get("https://api.example/other?page=2").send().await.unwrap();
    assert_eq!(server.seen()[0].uri, "https://api.example/other?page=2");
}

#[tokio::test(start_paused = true)]
async fn a_silent_api_is_given_up_on() {
    let server = Server::slow(Duration::from_secs(1_000_000), |_, _| ok());
    let http = HttpOptions::default().with_timeout(Duration::from_secs(2)).with_max_retries(0);
    let error = server.client(bearer().with_http(http)).get("/").send().await.unwrap_err();
    assert!(error.to_string().contains("no answer from https://api.example in time"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_request_may_have_a_timeout_and_headers_of_its_own() {
    let server = Server::slow(Duration::from_secs(90), |_, _| ok());
    let once = HttpOptions::default().with_max_retries(0);
    let client = server.client(bearer().with_http(once));
    let begun = tokio::time::Instant::now();
    let told = client.get("/").timeout(Duration::from_millis(50)).send().await.unwrap_err().to_string();
    assert_eq!((told.contains("in time"), begun.elapsed()), (true, Duration::from_millis(50)), "{told}");
    let mut headers = http::HeaderMap::new();
    for (name, value) in [("accept", "a/b"), ("x-several", "1"), ("x-several", "2")] {
        headers.append(name, value.parse().unwrap());
    }
    let patient = client.get("/").query("page", 2).timeout(Duration::from_secs(100)).headers(headers);
    let response = patient.header("x-own", "3").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.uri().query()), (200, Some("page=2")));
    let seen = server.calls().pop().unwrap();
    let several: Vec<_> =
        seen.headers.get_all("x-several").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(
        (several, seen.header("accept"), seen.header("x-own")),
        (vec!["1", "2"], Some("a/b"), Some("3"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_reference_is_named() {
    let server = Server::new(|_, _| ok());
    let auth = config(json!({"type": "bearer_token", "api_key": {"env": "AUTHWIRE_TEST_UNSET_KEY"}}));
    let error = server.client(connector(auth)).get("/").send().await.unwrap_err();
    assert!(
        matches!(&error, Error::Unresolved(unresolved) if unresolved.field.as_deref() == Some("api_key"))
    );
    assert!(error.to_string().contains("AUTHWIRE_TEST_UNSET_KEY is not set"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_empty_value_is_none_but_for_a_password() {
    let path = std::env::temp_dir().join(format!("authwire-empty-{}", std::process::id()));
    std::fs::write(&path, "\n").unwrap();
    let empty = json!({"file": path.display().to_string()});
    let server = Server::new(|_, _| ok());
    for (auth, field) in [
        (json!({"type": "bearer_token", "api_key": empty}), Some("api_key")),
        (json!({"type": "basic_auth", "username": empty, "password": "p"}), Some("username")),
        (json!({"type": "basic_auth", "username": "u", "password": empty}), None),
    ] {
        let answer = server.client(connector(config(auth))).get("/").send().await;
        match (answer, field) {
            (Err(Error::Unresolved(error)), Some(field)) => {
                assert_eq!(error.field.as_deref(), Some(field));
                assert!(error.to_string().contains("the value is empty"), "{error}");
            }
            (answer, field) => assert!(answer.is_ok() && field.is_none(), "{answer:?}"),
        }
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_under_a_stream_is_told_of() {
    let server = Server::new(|seen, _| match seen.is_token_request() {
        true => crate::fixture::token("abc"),
        false => answer(401, "no"),
    });
    let client = server.client(connector(config(crate::fixture::client_credentials())));
    let stream = Body::stream(http_body_util::Full::new(bytes::Bytes::from_static(b"streamed")));
    let response = client.put("/").body(stream).send().await.unwrap();
    assert!(response.refusal().unwrap().to_string().contains("body was a stream"));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_speak_ntlm_is_told_from_one_that_refused() {
    let auth = config(json!({"type": "ntlm", "username": "u", "password": "p"}));
    let server = Server::new(|_, _| ok());
    let authenticator = Authenticator::new(connector(auth), server.services()).with_connection_handled();
    for (challenges, said) in [
        (&["NTLM"][..], "check `username` and `password`"),
        (&["Negotiate", "ntlm"], "check `username` and `password`"),
        (&[], "check `username` and `password`"),
        (&["s3cret_token realm"], "check `username` and `password`"),
        (&["Basic realm=\"x\""], "does not ask for NTLM but for Basic;"),
        (&["Negotiate", "Basic realm=\"NTLM\""], "does not ask for NTLM but for Negotiate or Basic;"),
    ] {
        let mut request = http::Request::get("https://api.example/v1/x").body(()).unwrap();
        let receipt = authenticator.apply_to(&mut request).await.unwrap();
        let mut headers = HeaderMap::new();
        for challenge in challenges {
            headers.append("www-authenticate", challenge.parse().unwrap());
        }
        let verdict = authenticator.observe(receipt, StatusCode::UNAUTHORIZED, &headers).await;
        let Verdict::Fail(error) = verdict else { panic!("{verdict:?}") };
        assert!(error.to_string().contains(said), "{challenges:?}: {error}");
    }
}
