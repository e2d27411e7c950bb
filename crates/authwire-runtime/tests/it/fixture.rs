//! What the tests share: configs out of the schema files, a server that plays a part, a clock that jumps.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use authwire_core::document::Document;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::slot::Config;
use authwire_core::table::Schema;
use authwire_runtime::{
    Body, Client, Clock, Connector, HttpOptions, SendOptions, Sending, Services, Sleeping, Transport,
    TransportError, TransportErrorKind,
};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use serde_json::{Value, json};

/// A config of a built-in auth type.
pub(crate) fn config(value: Value) -> Arc<dyn Config> {
    static SCHEMAS: OnceLock<Mutex<HashMap<String, Arc<Schema>>>> = OnceLock::new();
    let name = value["type"].as_str().unwrap().to_owned();
    let mut schemas = SCHEMAS.get_or_init(Mutex::default).lock().unwrap();
    let schema = schemas.entry(name.clone()).or_insert_with(|| {
        let mut library = authwire_schema::Library::new(is_valid_tree);
        let read = authwire_schema::read_builtin(&mut library, &name).expect("a built-in type");
        Arc::new(read.unwrap_or_else(|error| panic!("{name}: {error}")).0.schema)
    });
    Arc::new(Document::new(Arc::clone(schema), &value))
}

/// A config of a type that this text describes.
pub(crate) fn config_of(schema: &str, value: &Value) -> Arc<dyn Config> {
    let text = schema.to_owned();
    let mut library =
        authwire_schema::Library::with_loader(is_valid_tree, move |_| Ok(text.clone().into_bytes()));
    let read = authwire_schema::read_auth_type(&mut library, std::path::Path::new("/made_up.json"));
    let schema = Arc::new(read.unwrap_or_else(|error| panic!("{error}")).0.schema);
    Arc::new(Document::new(schema, value))
}

/// The connector `test` for `https://api.example`.
pub(crate) fn connector(config: Arc<dyn Config>) -> Connector {
    Connector::new("test", "https://api.example/v1", config)
        .with_http(HttpOptions::default().with_max_retries(0))
}

pub(crate) fn client_credentials() -> Value {
    json!({
        "type": "oauth2_client_credentials",
        "client_id": "client-1",
        "client_secret": "s3cret",
        "token_url": "https://auth.example/token",
        "client_authentication": "basic",
    })
}

/// The value with members set, or taken away where they are null.
pub(crate) fn with(mut value: Value, members: Value) -> Value {
    for (name, member) in members.as_object().unwrap() {
        match member {
            Value::Null => drop(value.as_object_mut().unwrap().remove(name)),
            member => value[name] = member.clone(),
        }
    }
    value
}

/// A request as a server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The form's parameters, in their order.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut values = self.form().into_iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let value = values.next();
        assert_eq!(values.next(), None, "{name} was sent twice");
        value
    }

    pub(crate) fn is_token_request(&self) -> bool {
        self.uri.starts_with("https://auth.example")
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, TransportError>> + Send>>;

/// A server that plays the part that a test gives it, and remembers what it saw.
pub(crate) struct Server {
    part: Box<dyn Fn(Seen, usize) -> Answering + Send + Sync>,
    seen: Mutex<Vec<Seen>>,
}

impl Server {
    /// Answers each request by `part`, which is told how many there were before.
    pub(crate) fn new(part: impl Fn(&Seen, usize) -> Response<Body> + Send + Sync + 'static) -> Arc<Self> {
        Self::fallible(move |seen, count| Ok(part(seen, count)))
    }

    /// As `new`, with network errors.
    pub(crate) fn fallible(
        part: impl Fn(&Seen, usize) -> Result<Response<Body>, TransportErrorKind> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            part: Box::new(move |seen, count| {
                let answer = part(&seen, count);
                let error = |kind| TransportError::new(kind, &seen.uri.parse().unwrap());
                Box::pin(std::future::ready(answer.map_err(error)))
            }),
            seen: Mutex::default(),
        })
    }

    /// As `new`, each answer after a while.
    pub(crate) fn slow(
        wait: Duration,
        part: impl Fn(&Seen, usize) -> Response<Body> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            part: Box::new(move |seen, count| {
                let answer = part(&seen, count);
                Box::pin(async move {
                    tokio::time::sleep(wait).await;
                    Ok(answer)
                })
            }),
            seen: Mutex::default(),
        })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn token_requests(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(Seen::is_token_request).collect()
    }

    pub(crate) fn calls(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| !seen.is_token_request()).collect()
    }

    pub(crate) fn services(self: &Arc<Self>) -> Services {
        Services::new(Arc::new(Wire(Arc::clone(self)))).with_clock(Arc::new(TestClock::default()))
    }

    pub(crate) fn client(self: &Arc<Self>, connector: Connector) -> Client {
        Client::with_services(connector, self.services())
    }
}

/// The way to a server.
struct Wire(Arc<Server>);

impl Transport for Wire {
    fn send(&self, request: Request<Body>, _: SendOptions) -> Sending<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(1 << 24).await.unwrap();
            let seen =
                Seen { method: parts.method, uri: parts.uri.to_string(), headers: parts.headers, body };
            let count = {
                let mut all = self.0.seen.lock().unwrap();
                all.push(seen.clone());
                all.len() - 1
            };
            (self.0.part)(seen, count).await
        })
    }
}

/// Begins at a fixed time and goes with tokio's clock, which jumps where nobody has anything to do.
pub(crate) struct TestClock(tokio::time::Instant);

/// 2023-11-14T22:13:20Z
pub(crate) fn epoch() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

impl Default for TestClock {
    fn default() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        epoch() + self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleeping {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) async fn advance(duration: Duration) {
    tokio::time::sleep(duration).await;
}

pub(crate) fn answer(status: u16, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).body(body.into()).unwrap()
}

pub(crate) fn json_answer(status: u16, value: Value) -> Response<Body> {
    let mut response = answer(status, value.to_string());
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    response
}

pub(crate) fn form_answer(status: u16, form: &str) -> Response<Body> {
    let mut response = answer(status, form.to_owned());
    response.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    response
}

/// A token that lives for an hour.
pub(crate) fn token(value: &str) -> Response<Body> {
    json_answer(200, json!({"access_token": value, "token_type": "Bearer", "expires_in": 3600}))
}

pub(crate) fn refused(status: u16, error: &str) -> Response<Body> {
    json_answer(status, json!({"error": error, "error_description": format!("this is {error}")}))
}

pub(crate) fn ok() -> Response<Body> {
    answer(200, "fine")
}
