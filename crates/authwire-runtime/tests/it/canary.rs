//! Secrets that must turn up nowhere but on the wire: in no error, no Debug, no explanation, no event.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use authwire_core::TextMap;
use authwire_core::plan::FieldKind;
use authwire_runtime::store::{MemoryStore, TokenStore};
use authwire_runtime::{Authenticator, Client, HttpOptions, TransportErrorKind, explain};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};

use crate::fixture::{Server, answer, config, connector, json_answer, ok};

/// Every canary begins so.
const CANARY: &str = "cAnArY/+";

fn canary(name: &str) -> String {
    format!("{CANARY}{name}-{}", "x".repeat(24))
}

/// The auth types with a canary in every secret field, and some of them in other ways too.
fn types() -> Vec<Value> {
    let mut types = generated();
    types.extend(written());
    types
}

/// The auth types as their generated fixtures have them: of each secret field there is one where it is written out.
fn generated() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for name in entries(&root.join("schemas/auth")).iter().map(|path| path.file_stem().unwrap()) {
        let invalid = root.join("tests/fixtures").join(name).join("invalid");
        let written_out =
            |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("literal_secret-");
        let fixtures: Vec<PathBuf> = entries(&invalid).into_iter().filter(written_out).collect();
        let (documents, findings): (Vec<_>, Vec<_>) =
            fixtures.iter().partition(|path| path.extension().is_some_and(|it| it == "json"));
        let findings: Vec<String> =
            findings.into_iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let lines = findings.iter().flat_map(|text| text.lines());
        let pointers: BTreeSet<&str> = lines
            .filter_map(|line| line.split_once(" literal_secret /auth_config")?.1.split_once(':'))
            .map(|(pointer, _)| pointer)
            .collect();
        for document in documents {
            let document: Value = serde_json::from_slice(&fs::read(document).unwrap()).unwrap();
            let mut auth = document["auth_config"].clone();
            for pointer in &pointers {
                if let Some(secret) = auth.pointer_mut(pointer) {
                    *secret = canary(pointer).into();
                }
            }
            if !found.contains(&auth) {
                found.push(auth);
            }
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn written() -> Vec<Value> {
    let token = json!({"token_url": "https://auth.example/token", "client_id": "c", "client_secret": canary("client_secret")});
    let oauth = |members: Value| crate::fixture::with(token.clone(), members);
    vec![
        json!({"type": "api_key", "api_key_auth_type": "header_auth", "api_key": canary("key"), "header_auth_key": "X-Key"}),
        json!({"type": "api_key", "api_key_auth_type": "param_auth", "api_key": canary("key"), "param_auth_param_name": "k"}),
        json!({"type": "bearer_token", "api_key": canary("key")}),
        json!({"type": "basic_auth", "username": "u", "password": canary("password")}),
        oauth(
            json!({"type": "oauth2_client_credentials", "additional_request_data": {"api_token": canary("data")}, "additional_headers": {"X-Secret": canary("header")}}),
        ),
        oauth(json!({"type": "oauth2_client_credentials", "client_authentication": "request_body"})),
        oauth(json!({"type": "oauth2_refresh_token", "refresh_token": canary("refresh")})),
        oauth(json!({"type": "oauth2_password", "username": "u", "password": canary("password")})),
        oauth(
            json!({"type": "jwt_bearer", "private_key": canary("private_key_that_is_long"), "algorithm": "HS256", "claims_expiry_seconds": 60}),
        ),
        json!({"type": "jwt_bearer", "private_key": canary("private_key_that_is_long"), "algorithm": "HS256", "claims_expiry_seconds": 60}),
    ]
}

fn has_canary(text: &str) -> bool {
    let percent = "cAnArY%2F%2B";
    let mut forms = vec![CANARY.to_owned(), percent.to_owned(), percent.to_lowercase()];
    for skipped in 0..3 {
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let bytes = &CANARY.as_bytes()[skipped..];
            forms.push(engine.encode(&bytes[..bytes.len() / 3 * 3]));
        }
    }
    let lower = text.to_lowercase();
    forms.iter().any(|form| text.contains(form.as_str()) || lower.contains(&percent.to_lowercase()))
}

#[derive(Default, Clone)]
struct Heard(Arc<Mutex<String>>);

impl Heard {
    fn add(&self, what: &dyn Debug) {
        self.0.lock().unwrap().push_str(&format!("{what:?}\n"));
    }

    fn say(&self, what: impl std::fmt::Display) {
        self.0.lock().unwrap().push_str(&format!("{what}\n"));
    }
}

impl tracing::Subscriber for Heard {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("authwire")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Visitor<'h>(&'h Heard);
        impl tracing::field::Visit for Visitor<'_> {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
                self.0.say(format_args!("{}={value:?}", field.name()));
            }
        }
        event.record(&mut Visitor(self));
    }

    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Servers that go wrong in every way, most of them echoing what they were sent.
fn servers() -> Vec<Arc<Server>> {
    let echo = |seen: &crate::fixture::Seen| {
        let headers: Vec<String> =
            seen.headers.values().map(|value| value.to_str().unwrap().to_owned()).collect();
        format!("{} {} {}", seen.uri, headers.join(" "), String::from_utf8_lossy(&seen.body))
    };
    let mut servers = vec![
        Server::new(|seen, _| match seen.is_token_request() {
            true => json_answer(
                200,
                json!({"access_token": canary("access"), "refresh_token": canary("new"), "expires_in": 3600}),
            ),
            false => ok(),
        }),
        Server::new(|seen, count| match seen.is_token_request() {
            true => json_answer(200, json!({"access_token": canary(&count.to_string())})),
            false => answer(401, ""),
        }),
        Server::new(move |seen, _| {
            let mut response = answer(302, "");
            let to =
                format!("https://evil.example/?{}", seen.uri.split_once('?').map_or("", |(_, query)| query));
            response.headers_mut().insert("location", to.parse().unwrap());
            response
        }),
        Server::fallible(|_, _| Err(TransportErrorKind::Connect)),
        Server::fallible(|_, _| Err(TransportErrorKind::Timeout)),
    ];
    for status in [200, 400, 401, 403, 429, 500] {
        servers.push(Server::new(move |seen, _| {
            json_answer(status, json!({"error": "invalid_client", "error_description": echo(seen)}))
        }));
        servers.push(Server::new(move |seen, _| json_answer(status, json!({"error": echo(seen)}))));
        servers.push(Server::new(move |seen, _| {
            json_answer(status, json!({"access_token": "x", "token_type": echo(seen)}))
        }));
        servers.push(Server::new(move |seen, _| answer(status, echo(seen))));
    }
    servers
}

#[test]
fn every_secret_field_of_every_type_has_a_canary() {
    let types = types();
    let names = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/auth"));
    for name in names.iter().map(|path| path.file_stem().unwrap().to_str().unwrap()) {
        let plan = config(json!({"type": name})).schema().plan.clone().unwrap();
        let of_type = || types.iter().filter(|auth| auth["type"] == name);
        for field in plan.fields.iter().filter(|field| field.kind == FieldKind::Secret) {
            let is_canary = |auth: &Value| {
                let value = auth.pointer(&field.pointer).and_then(Value::as_str);
                value.is_some_and(|value| value.starts_with(CANARY))
            };
            assert!(of_type().any(is_canary), "{name}: no canary at {}", field.pointer);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_secret_is_told() {
    let heard = Heard::default();
    let _guard = tracing::subscriber::set_default(heard.clone());
    for auth in types() {
        let mut headers = TextMap::new();
        headers.insert("X-Api-Token", canary("own_header"));
        let mut query = TextMap::new();
        query.insert("secret", canary("own_query"));
        let connector = connector(config(auth.clone()))
            .with_headers(headers)
            .with_query(query)
            .with_http(HttpOptions::default().with_max_retries(1));
        heard.add(&connector);
        match explain(&connector, &Method::GET, "/x") {
            Ok(explanation) => {
                heard.say(&explanation);
                heard.say(explanation.to_value());
                heard.add(&explanation);
            }
            // a canary is no private key
            Err(error) => {
                heard.say(&error);
                heard.add(&error);
            }
        }
        for server in servers() {
            let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::new());
            let services = server.services().with_store(store);
            heard.add(&services);
            let client = Client::with_services(connector.clone(), services);
            let authenticator: &Authenticator = client.authenticator();
            for _ in 0..2 {
                match client.get("/x").send().await {
                    Ok(response) => {
                        heard.add(&response);
                        if let Some(refusal) = response.refusal() {
                            heard.say(refusal);
                            heard.add(refusal);
                        }
                    }
                    Err(error) => {
                        heard.say(&error);
                        heard.add(&error);
                        let mut source = std::error::Error::source(&error);
                        while let Some(error) = source {
                            heard.say(error);
                            source = error.source();
                        }
                    }
                }
                match authenticator.token().await {
                    Ok(token) => heard.add(&token),
                    Err(error) => heard.add(&error),
                }
            }
            heard.add(&client);
            heard.add(authenticator);
        }
        let heard = heard.0.lock().unwrap();
        if let Some(line) = heard.lines().find(|line| has_canary(line)) {
            panic!("{}: {line}", auth["type"]);
        }
    }
    let heard = heard.0.lock().unwrap();
    for word in ["token fetched", "client authentication found", "invalid_client", "***"] {
        assert!(heard.contains(word), "the test hears nothing of {word}");
    }
}
