//! Applying auth to a request, beside reqwest's own `basic_auth`, in one run. Prints ratios: seconds depend on the
//! machine's mood.
//!
//! `cargo bench -p authwire-runtime --bench apply`

#![allow(missing_docs, reason = "a program")]

use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use authwire_core::document::Document;
use authwire_runtime::{Authenticator, Body, Connector, SendOptions, Sending, Services, Transport};
use http::{Request, Response};
use serde_json::{Value, json};

const ROUNDS: usize = 31;
const CALLS: usize = 50_000;
const URL: &str = "https://api.example/v1/users?page=1";

/// What is measured, with what it is called.
type Contender<'c> = (&'c str, Box<dyn Fn() + 'c>);

/// Hands out a token.
struct Tokens;

impl Transport for Tokens {
    fn send(&self, _: Request<Body>, _: SendOptions) -> Sending<'_> {
        let body = Body::from(r#"{"access_token":"abcdefghijklmnopqrstuvwxyz","expires_in":3600}"#);
        Box::pin(std::future::ready(Ok(Response::new(body))))
    }
}

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let basic = authenticator(
        &json!({"type": "basic_auth", "username": "joe@example.com", "password": "open sesame"}),
    );
    let token = authenticator(&json!({
        "type": "oauth2_client_credentials", "client_id": "c", "client_secret": "s", "token_url": "https://auth.example/",
    }));
    let query = authenticator(&json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "abcdef", "param_auth_param_name": "key",
    }));
    for authenticator in [&basic, &token, &query] {
        runtime.block_on(authenticator.prepare()).expect("all is there");
    }
    let client = reqwest::Client::new();
    let uri: http::Uri = URL.parse().expect("a URL");
    let url = url::Url::parse(URL).expect("a URL");
    let value = http::HeaderValue::from_static("Basic am9lQGV4YW1wbGUuY29tOm9wZW4gc2VzYW1l");
    let apply = |authenticator: &Authenticator| {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.uri = uri.clone();
        let _ = black_box(ready(authenticator.apply(&mut parts)).expect("it is ready"));
        black_box(parts);
    };
    let contenders: Vec<Contender<'_>> = vec![
        (
            "reqwest: build with basic_auth",
            Box::new(|| {
                black_box(
                    client
                        .get(url.clone())
                        .basic_auth("joe@example.com", Some("open sesame"))
                        .build()
                        .expect("a request"),
                );
            }),
        ),
        (
            "reqwest: build without auth",
            Box::new(|| {
                black_box(client.get(url.clone()).build().expect("a request"));
            }),
        ),
        (
            "http: an empty request's parts",
            Box::new(|| {
                let (mut parts, ()) = Request::new(()).into_parts();
                parts.uri = uri.clone();
                black_box(parts);
            }),
        ),
        (
            "http: those, and a ready header inserted by hand",
            Box::new(|| {
                let (mut parts, ()) = Request::new(()).into_parts();
                parts.uri = uri.clone();
                parts.headers.insert(http::header::AUTHORIZATION, value.clone());
                black_box(parts);
            }),
        ),
        ("authwire: those, and basic_auth applied", Box::new(|| apply(&basic))),
        ("authwire: those, and a cached token applied", Box::new(|| apply(&token))),
        ("authwire: those, and a query key applied", Box::new(|| apply(&query))),
    ];
    let all: Vec<_> = contenders
        .iter()
        .map(|(name, contender)| (*name, move || (0..CALLS).for_each(|_| contender())))
        .collect();
    let all: Vec<authwire_benches::Contender<'_>> =
        all.iter().map(|(name, all)| (*name, all as &dyn Fn())).collect();
    let note = format!("Medians of {ROUNDS} rounds of {CALLS} requests, by turns.");
    let values = authwire_benches::nanoseconds(ROUNDS, CALLS, &all);
    let table = authwire_benches::Table::new("Applying auth to a request", "ns", &note, values);
    println!("{table}");
    authwire_benches::publish("apply", &[table])
}

fn authenticator(auth: &Value) -> Authenticator {
    let mut library = authwire_schema::Library::new();
    let name = auth["type"].as_str().expect("a type");
    let read =
        authwire_schema::read_builtin(&mut library, name).expect("a built-in type").expect("it is fine");
    let config = Document::new(Arc::new(read.0.schema), auth);
    let connector = Connector::new("bench", "https://api.example/v1", Arc::new(config));
    Authenticator::new(connector, Services::new(Arc::new(Tokens)))
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("what is ready makes nobody wait"),
    }
}
