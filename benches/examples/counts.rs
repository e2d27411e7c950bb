//! One hot path so many times, for `scripts/instruction-counts`, which counts what happens in [`repeat`]: the preparation
//! counts for nothing.
//!
//! `counts` names the paths, `counts PATH TIMES` runs one.

use std::error::Error;
use std::future::ready;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use authwire::{AuthConfig, ConnectorConfig};
use authwire_core::interpreter;
use authwire_core::table::Registry;
use authwire_runtime::{Authenticator, Body, Connector, SendOptions, Sending, Services, Transport};
use http::{Request, Response};
use serde_json::Value;

const BEARER: &str = r#"{
  "name": "airtable",
  "base_url": "https://api.airtable.com/v0",
  "auth_config": {"type": "bearer_token", "api_key": {"env": "AIRTABLE_TOKEN"}},
  "test": {"path": "/meta/whoami"}
}"#;

const BASIC: &str = r#"{
  "$schema": "../../schemas/connector.bundle.json",
  "name": "jira",
  "description": "Jira Cloud with an API token.",
  "base_url": "https://acme.atlassian.net/rest/api/3",
  "auth_config": {"type": "basic_auth", "username": "ada@acme.example", "password": "open sesame"},
  "headers": {"Accept": "application/json", "X-Atlassian-Token": "no-check"},
  "test": {"path": "/myself"}
}"#;

const CLIENT: &str = r#"{
  "$schema": "../../schemas/connector.bundle.json",
  "name": "zoom",
  "description": "Zoom's server-to-server OAuth.",
  "base_url": "https://api.zoom.us/v2",
  "auth_config": {
    "type": "oauth2_client_credentials",
    "client_id": "0oa1b2c3d4e5F6G7h8i9",
    "client_secret": "open sesame",
    "token_url": "https://zoom.us/oauth/token",
    "client_authentication": "request_body",
    "custom_grant_type": "account_credentials",
    "additional_request_data": {"account_id": "xyz"},
    "scope": "user:read meeting:read"
  },
  "http": {"timeout_seconds": 20, "max_retries": 3},
  "test": {"path": "/users/me", "expect_status": [200]}
}"#;

const ASSERTION: &str = r#"{
  "name": "okta",
  "base_url": "https://acme.okta.com/api/v1",
  "auth_config": {
    "type": "oauth2_private_key_jwt",
    "client_id": "0oa1b2c3d4e5F6G7h8i9",
    "private_key": {"file": "keys/okta.jwk"},
    "algorithm": "RS256",
    "headers": {"kid": "okta-2026-01"},
    "token_url": "https://acme.okta.com/oauth2/v1/token",
    "scope": "okta.users.read okta.groups.read"
  },
  "test": {"path": "/users?limit=1"}
}"#;

/// Five mistakes: a misspelt field, a value that is none of a list, an address without TLS, an empty name, a wrong type.
const WRONG: &str = r#"{
  "name": "",
  "base_url": "http://api.zoom.us/v2",
  "auth_config": {
    "type": "oauth2_client_credentials",
    "clientId": "0oa1b2c3d4e5F6G7h8i9",
    "client_secret": {"env": "ZOOM_CLIENT_SECRET"},
    "token_url": "https://zoom.us/oauth/token",
    "client_authentication": "body"
  },
  "test": {"path": 7}
}"#;

/// Something that is done so many times, with what it is called.
type Path = (&'static str, fn(usize));

/// The paths, in the order of the baseline.
const PATHS: [Path; 11] = [
    ("parse-bearer-token", |times| parse(BEARER, times)),
    ("parse-basic-auth", |times| parse(BASIC, times)),
    ("parse-client-credentials", |times| parse(CLIENT, times)),
    ("parse-private-key-jwt", |times| parse(ASSERTION, times)),
    ("verdict-basic-auth", |times| verdict(BASIC, times)),
    ("verdict-client-credentials", |times| verdict(CLIENT, times)),
    ("validate-value", validate),
    ("report-value", report_value),
    ("report-bytes", report_bytes),
    ("apply-basic-auth", |times| {
        apply(BASIC, "https://acme.atlassian.net/rest/api/3/myself?expand=groups", times)
    }),
    ("apply-cached-token", |times| apply(CLIENT, "https://api.zoom.us/v2/users/me?page=1", times)),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [] => PATHS.iter().for_each(|(name, _)| println!("{name}")),
        [name, times] => {
            let (_, path) = PATHS
                .iter()
                .find(|(known, _)| known == name)
                .ok_or_else(|| format!("there is no path `{name}`"))?;
            path(times.parse()?);
        }
        _ => return Err("counts, or counts PATH TIMES".into()),
    }
    Ok(())
}

/// Does the work so many times. valgrind counts from its first instruction to its last, by its name.
#[inline(never)]
fn repeat(times: usize, work: &mut dyn FnMut()) {
    for _ in 0..times {
        work();
    }
}

fn parse(file: &str, times: usize) {
    repeat(times, &mut || {
        drop(black_box(ConnectorConfig::from_slice(black_box(file.as_bytes())).expect("it is valid")));
    });
}

fn value(file: &str) -> Value {
    serde_json::from_str(file).expect("it is JSON")
}

fn verdict(file: &str, times: usize) {
    let (value, schema) = (value(file), ConnectorConfig::tables());
    let registry = Registry { types: AuthConfig::BUILTIN };
    repeat(times, &mut || {
        assert!(interpreter::is_valid(schema, schema.root(), registry, black_box(&value)));
    });
}

fn validate(times: usize) {
    let value = value(ASSERTION);
    repeat(times, &mut || assert!(ConnectorConfig::validate(black_box(&value)).is_ok()));
}

fn report_value(times: usize) {
    let value = value(WRONG);
    repeat(times, &mut || {
        drop(black_box(ConnectorConfig::validate(black_box(&value)).expect_err("it is not valid")));
    });
}

fn report_bytes(times: usize) {
    repeat(times, &mut || {
        drop(black_box(
            ConnectorConfig::from_slice(black_box(WRONG.as_bytes())).expect_err("it is not valid"),
        ));
    });
}

/// Hands out a token.
struct Tokens;

impl Transport for Tokens {
    fn send(&self, _: Request<Body>, _: SendOptions) -> Sending<'_> {
        let body = Body::from(r#"{"access_token":"abcdefghijklmnopqrstuvwxyz","expires_in":3600}"#);
        Box::pin(ready(Ok(Response::new(body))))
    }
}

fn apply(file: &str, url: &str, times: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let config = ConnectorConfig::from_slice(file.as_bytes()).expect("it is valid");
    let authenticator = Authenticator::new(Connector::from(config), Services::new(Arc::new(Tokens)));
    runtime.block_on(authenticator.prepare()).expect("all is there");
    let uri: http::Uri = url.parse().expect("a URL");
    repeat(times, &mut || {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.uri = uri.clone();
        match pin!(authenticator.apply(&mut parts)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(applied) => drop(black_box(applied.expect("it is ready"))),
            Poll::Pending => panic!("what is ready makes nobody wait"),
        }
        black_box(parts);
    });
}
