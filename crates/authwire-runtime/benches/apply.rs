//! Applying auth to a request, beside reqwest's own `basic_auth` and `bearer_auth`, in one run; by many tasks at once; and
//! many callers who have no token yet. Prints ratios: seconds depend on the machine's mood.
//!
//! `cargo bench -p authwire-runtime --bench apply`

#![allow(missing_docs, reason = "a program")]

use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use authwire_benches::Table;
use authwire_core::document::Document;
use authwire_core::interpreter::is_valid_tree;
use authwire_runtime::{
    Authenticator, Body, Clock, Connector, SendOptions, Sending, Services, Sleeping, Transport,
};
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const ROUNDS: usize = 31;
const CALLS: usize = 50_000;
/// How often a JWT is signed in a round.
const SIGNATURES: usize = 500;
/// How often auth is applied in a round by all tasks together.
const SHARED: usize = 500_000;
const CALLERS: usize = 10_000;
const URL: &str = "https://api.example/v1/users?page=1";

/// What is measured, with what it is called.
type Contender<'c> = (&'c str, Box<dyn Fn() + 'c>);

/// Hands out tokens, and counts them.
#[derive(Default)]
struct Tokens {
    delay: Duration,
    sent: AtomicUsize,
}

impl Transport for Tokens {
    fn send(&self, _: Request<Body>, _: SendOptions) -> Sending<'_> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let body = Body::from(r#"{"access_token":"abcdefghijklmnopqrstuvwxyz","expires_in":3600}"#);
        Box::pin(async {
            if !self.delay.is_zero() {
                tokio::time::sleep(self.delay).await;
            }
            Ok(Response::new(body))
        })
    }
}

/// A clock on which a day passes whenever it is looked at.
struct Days(AtomicU64);

impl Clock for Days {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.fetch_add(86_400, Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Sleeping {
        Box::pin(std::future::ready(()))
    }
}

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tables = [requests(&runtime), signatures(&runtime), tasks(), callers()];
    authwire_benches::publish("apply", &tables)
}

/// One request after the other.
fn requests(runtime: &Runtime) -> Table {
    let basic = authenticator(
        &json!({"type": "basic_auth", "username": "joe@example.com", "password": "open sesame"}),
    );
    let token = authenticator(&fetching());
    let query = authenticator(&json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "abcdef", "param_auth_param_name": "key",
    }));
    let bearer = authenticator(&json!({"type": "bearer_token", "api_key": "abcdefghijklmnopqrstuvwxyz"}));
    let signed = authenticator(&signing());
    for authenticator in [&basic, &token, &query, &bearer, &signed] {
        runtime.block_on(authenticator.prepare()).expect("all is there");
    }
    let client = reqwest::Client::new();
    let uri: http::Uri = URL.parse().expect("a URL");
    let url = url::Url::parse(URL).expect("a URL");
    let value = http::HeaderValue::from_static("Basic am9lQGV4YW1wbGUuY29tOm9wZW4gc2VzYW1l");
    let apply = |authenticator: &Authenticator| {
        let mut parts = parts(&uri);
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
            "reqwest: build with bearer_auth",
            Box::new(|| {
                black_box(
                    client
                        .get(url.clone())
                        .bearer_auth("abcdefghijklmnopqrstuvwxyz")
                        .build()
                        .expect("a request"),
                );
            }),
        ),
        (
            "reqwest: build with a query key, percent-encoded",
            Box::new(|| {
                let mut url = url.clone();
                url.query_pairs_mut().append_pair("key", "abcdef");
                black_box(client.get(url).build().expect("a request"));
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
                black_box(parts(&uri));
            }),
        ),
        (
            "http: those, and a ready header inserted by hand",
            Box::new(|| {
                let mut parts = parts(&uri);
                parts.headers.insert(http::header::AUTHORIZATION, value.clone());
                black_box(parts);
            }),
        ),
        ("authwire: those, and basic_auth applied", Box::new(|| apply(&basic))),
        ("authwire: those, and bearer_token applied", Box::new(|| apply(&bearer))),
        ("authwire: those, and a JWT that was signed before", Box::new(|| apply(&signed))),
        ("authwire: those, and a cached token applied", Box::new(|| apply(&token))),
        ("authwire: those, and a query key applied", Box::new(|| apply(&query))),
    ];
    let note = format!("Medians of {ROUNDS} rounds of {CALLS} requests, by turns.");
    measured("Applying auth to a request", &note, CALLS, &contenders)
}

/// What a JWT costs while it is good, and when it has to be signed again: a day later it always has.
fn signatures(runtime: &Runtime) -> Table {
    let kept = authenticator(&signing());
    let days = Services::new(Arc::new(Tokens::default())).with_clock(Arc::new(Days(AtomicU64::new(0))));
    let fresh = Authenticator::new(connector(&signing()), days);
    let uri = http::Uri::from_static(URL);
    let apply = |authenticator: &Authenticator| {
        let mut parts = parts(&uri);
        let _ = black_box(runtime.block_on(authenticator.apply(&mut parts)).expect("it can sign"));
        parts.headers.remove(http::header::AUTHORIZATION).expect("it was applied")
    };
    assert!(apply(&fresh) != apply(&fresh) && apply(&kept) == apply(&kept));
    let contenders: [Contender<'_>; 2] = [
        ("authwire: a JWT that is good, applied", Box::new(|| drop(black_box(apply(&kept))))),
        ("authwire: a JWT signed with ES256, applied", Box::new(|| drop(black_box(apply(&fresh))))),
    ];
    let note = format!(
        "Medians of {ROUNDS} rounds of {SIGNATURES} requests, by turns. It is kept until shortly before its end."
    );
    measured("A signed JWT", &note, SIGNATURES, &contenders)
}

/// Many tasks with one token on two threads.
fn tasks() -> Table {
    let runtime = threads();
    let token = authenticator(&fetching());
    runtime.block_on(token.prepare()).expect("a token");
    let uri = http::Uri::from_static(URL);
    let (runtime, token, uri) = (&runtime, &token, &uri);
    let names = [1, 2, 8, 64, 10_000].map(|count: usize| (count, format!("authwire: {count} tasks")));
    let contenders: Vec<Contender<'_>> = names
        .iter()
        .map(|(count, name)| {
            let each = SHARED / count;
            let all = move || {
                let task = || {
                    let (token, uri) = (token.clone(), uri.clone());
                    runtime.spawn(async move {
                        for _ in 0..each {
                            let mut parts = parts(&uri);
                            let _ = black_box(token.apply(&mut parts).await.expect("it is cached"));
                            black_box(parts);
                        }
                    })
                };
                let tasks: Vec<_> = (0..*count).map(|_| task()).collect();
                tasks.into_iter().for_each(|task| runtime.block_on(task).expect("it ends"));
            };
            (name.as_str(), Box::new(all) as Box<dyn Fn()>)
        })
        .collect();
    let note = format!(
        "{SHARED} requests in all, on two threads; to start the tasks counts too. Medians of {} rounds, by turns.",
        ROUNDS / 3
    );
    let contenders: Vec<_> = contenders.iter().map(|(name, work)| (*name, &**work)).collect();
    let values = authwire_benches::nanoseconds(ROUNDS / 3, SHARED, &contenders);
    told("A cached token, applied by many tasks", "ns per request", &note, values)
}

/// Everybody wants a token and there is none.
fn callers() -> Table {
    let runtime = threads();
    let delay = Duration::from_millis(20);
    let names = [1, 100, CALLERS].map(|count| (count, format!("authwire: {count} callers")));
    let contenders: Vec<Contender<'_>> = names
        .iter()
        .map(|(count, name)| {
            let all = || {
                let tokens = Arc::new(Tokens { delay, ..Tokens::default() });
                let authenticator = Authenticator::new(connector(&fetching()), Services::new(tokens.clone()));
                let call = || {
                    let authenticator = authenticator.clone();
                    runtime.spawn(async move {
                        let mut parts = parts(&http::Uri::from_static(URL));
                        let _ = authenticator.apply(&mut parts).await.expect("a token");
                        assert!(parts.headers.contains_key(http::header::AUTHORIZATION));
                    })
                };
                let calls: Vec<_> = (0..*count).map(|_| call()).collect();
                calls.into_iter().for_each(|call| runtime.block_on(call).expect("it is authenticated"));
                assert_eq!(tokens.sent.load(Ordering::Relaxed), 1, "one token request for all");
            };
            (name.as_str(), Box::new(all) as Box<dyn Fn()>)
        })
        .collect();
    let contenders: Vec<_> = contenders.iter().map(|(name, work)| (*name, &**work)).collect();
    let milliseconds = authwire_benches::nanoseconds(ROUNDS / 3, 1, &contenders)
        .into_iter()
        .map(|(name, value)| (name, value / 1e6))
        .collect();
    let note = format!(
        "Until the last of them has applied it. The token endpoint takes {} ms, and is asked exactly once each time: that is \
         asserted. Medians of {} rounds, by turns.",
        delay.as_millis(),
        ROUNDS / 3
    );
    told("Callers without a token, at once", "ms", &note, milliseconds)
}

/// What a request is without its body.
fn parts(uri: &http::Uri) -> http::request::Parts {
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.uri = uri.clone();
    parts
}

fn threads() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Each contender `times` times in a round, by turns.
fn measured(title: &str, note: &str, times: usize, contenders: &[Contender<'_>]) -> Table {
    let all: Vec<_> = contenders
        .iter()
        .map(|(name, contender)| (*name, move || (0..times).for_each(|_| contender())))
        .collect();
    let all: Vec<authwire_benches::Contender<'_>> =
        all.iter().map(|(name, all)| (*name, all as &dyn Fn())).collect();
    told(title, "ns", note, authwire_benches::nanoseconds(ROUNDS, times, &all))
}

fn told(title: &str, unit: &str, note: &str, values: Vec<(String, f64)>) -> Table {
    let table = Table::new(title, unit, note, values);
    println!("{table}");
    table
}

fn fetching() -> Value {
    json!({
        "type": "oauth2_client_credentials", "client_id": "c", "client_secret": "s", "token_url": "https://auth.example/",
    })
}

fn signing() -> Value {
    json!({
        "type": "jwt_bearer", "private_key": include_str!("../tests/keys/ec-pkcs8.pem"), "algorithm": "ES256",
        "claims_issuer": "7d9e2c41-5a3b", "claims_audience": "appstoreconnect-v1", "claims_expiry_seconds": 1200,
    })
}

fn authenticator(auth: &Value) -> Authenticator {
    Authenticator::new(connector(auth), Services::new(Arc::new(Tokens::default())))
}

fn connector(auth: &Value) -> Connector {
    let mut library = authwire_schema::Library::new(is_valid_tree);
    let name = auth["type"].as_str().expect("a type");
    let read =
        authwire_schema::read_builtin(&mut library, name).expect("a built-in type").expect("it is fine");
    let config = Document::new(Arc::new(read.0.schema), auth);
    Connector::new("bench", "https://api.example/v1", Arc::new(config))
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("what is ready makes nobody wait"),
    }
}
