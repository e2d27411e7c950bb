//! The token answer reader: whatever a server answers, there is a token or an error, soon, and neither shows a secret that the
//! server repeats.
//!
//! The input is a byte that says which status, media type and connector, and the answer's body. `@` stands for the secret
//! that was sent, so that bodies which repeat it are found soon.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use authwire::AuthConfig;
use authwire_core::Document;
use authwire_core::table::Schema;
use authwire_runtime::{
    Authenticator, Body, Clock, Connector, SendOptions, Sending, Services, Sleeping, Transport,
};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::canary::{self, CANARY};
use crate::pace;

/// More requests than this for one token are a loop.
const MOST_REQUESTS: usize = 32;

/// Any bytes as such an input.
///
/// # Panics
/// Where there is no end, or an error shows a secret.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len(), || answer(bytes));
}

fn answer(bytes: &[u8]) {
    let Some((&[choice], body)) = bytes.split_first_chunk::<1>() else { return };
    let statuses = [200, 200, 200, 201, 302, 400, 401, 503];
    let media_types = ["application/json", "application/x-www-form-urlencoded", "text/plain", "text/html"];
    let server = Arc::new(Server {
        status: statuses[usize::from(choice) % statuses.len()],
        media_type: media_types[usize::from(choice >> 3) % media_types.len()],
        body: repeated(body),
        requests: AtomicUsize::new(0),
    });
    let (schema, config) = &CONNECTORS[usize::from(choice >> 5) % CONNECTORS.len()];
    let auth = Document::new(Arc::clone(schema), config);
    let connector = Connector::new("acme", "https://api.example", Arc::new(auth));
    let services = Services::new(server).with_clock(Arc::new(Hurry));
    let authenticator = Authenticator::new(connector, services);
    match ready(authenticator.token()) {
        Ok(Some(token)) => {
            assert!(!token.expose_value().is_empty(), "an empty token");
            canary::is_not_in(&format!("{token:?}"), "the token's Debug");
        }
        Ok(None) => panic!("a type with a token plan has a token"),
        Err(error) => canary::is_not_in(&format!("{error}\n{error:?}"), "the error"),
    }
}

fn repeated(body: &[u8]) -> Vec<u8> {
    let mut repeats = 0;
    let mut text = Vec::with_capacity(body.len());
    for byte in body {
        // a few: a body of nothing else would only be long
        if *byte == b'@' && repeats < 8 {
            repeats += 1;
            text.extend_from_slice(CANARY.as_bytes());
        } else {
            text.push(*byte);
        }
    }
    text
}

/// Connectors that obtain a token, with their schemas.
static CONNECTORS: LazyLock<Vec<(Arc<Schema>, Value)>> = LazyLock::new(|| {
    let url = "https://auth.example/token";
    let configs = [
        json!({"type": "oauth2_client_credentials", "client_id": "c", "client_secret": CANARY, "token_url": url}),
        json!({"type": "oauth2_refresh_token", "client_id": "c", "refresh_token": CANARY, "token_url": url}),
        json!({"type": "oauth2_password", "client_id": "c", "username": "u", "password": CANARY, "token_url": url,
            "token_response": {"access_token": "/data/token", "expires_in": "/data/expiry", "expires_in_format": "rfc3339"}}),
        json!({"type": "oauth2_client_credentials", "client_id": "c", "client_secret": CANARY, "token_url": url,
            "client_authentication": "request_body", "header_auth_value_pattern": "Token %s",
            "token_response": {"expires_in_format": "unix_milliseconds"}}),
    ];
    let schema = |config: &Value| {
        AuthConfig::BUILTIN.iter().find(|schema| config["type"] == *schema.name).expect("it is built in")
    };
    configs.into_iter().map(|config| (Arc::new((*schema(&config)).clone()), config)).collect()
});

/// Answers every request alike.
struct Server {
    status: u16,
    media_type: &'static str,
    body: Vec<u8>,
    requests: AtomicUsize,
}

impl Transport for Server {
    fn send(&self, _: Request<Body>, _: SendOptions) -> Sending<'_> {
        let before = self.requests.fetch_add(1, Ordering::Relaxed);
        assert!(before < MOST_REQUESTS, "it asks for a token again and again");
        let response = Response::builder()
            .status(self.status)
            .header(http::header::CONTENT_TYPE, self.media_type)
            .header(http::header::RETRY_AFTER, "1")
            .body(Body::from(self.body.clone()))
            .expect("a response");
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// A clock on which nobody waits, but for what is never to happen.
struct Hurry;

impl Clock for Hurry {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }

    fn sleep(&self, duration: Duration) -> Sleeping {
        // a time limit is not to end first
        if duration >= Duration::from_secs(10) {
            Box::pin(std::future::pending())
        } else {
            Box::pin(std::future::ready(()))
        }
    }
}

/// Drives a future that waits for nothing but ready things.
fn ready<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("it waits for what never comes")
}
