//! Auth that belongs to the connection, for those who call from Rust: connections are kept, certificates are read again,
//! and whoever brings an HTTP client is told what it has to do.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use authwire::ConnectorConfig;
use authwire_runtime::{
    Authenticator, Body, Client, Clock, Connector, Error, Services, Sleeping, SystemClock,
};
use authwire_tests::{Authority, Nginx, Ntlm};
use http::{Request, StatusCode};
use serde_json::{Value, json};

fn connector(config: &Value) -> Connector {
    let bytes = serde_json::to_vec(config).expect("a Value is JSON");
    ConnectorConfig::from_slice(&bytes).unwrap_or_else(|report| panic!("{report}")).into()
}

fn windows(server: &Ntlm, password: &Value) -> Connector {
    connector(&json!({
        "name": "windows",
        "base_url": server.base_url,
        "auth_config": {
            "type": "ntlm", "username": Ntlm::USERNAME, "domain": Ntlm::DOMAIN, "password": password,
        },
    }))
}

fn pki(nginx: &Nginx, authority: &Authority, identity: &Path) -> Connector {
    connector(&json!({
        "name": "pki",
        "base_url": nginx.base_url,
        "auth_config": {"type": "mtls", "certificate": {"file": identity}},
        "http": {"ca_file": authority.certificate()},
    }))
}

/// A file with `text` in it, which goes with the value.
fn file(text: &str) -> tempfile::TempPath {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), text).expect("it is written");
    file.into_temp_path()
}

/// The system's clock, which can be put forward.
#[derive(Debug, Default)]
struct Ahead(Mutex<Duration>);

impl Clock for Ahead {
    fn now(&self) -> SystemTime {
        SystemTime::now() + *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> Sleeping {
        SystemClock.sleep(duration)
    }
}

#[tokio::test]
async fn a_connection_proves_itself_once() {
    let server = Ntlm::start();
    let client = Client::new(windows(&server, &Ntlm::PASSWORD.into())).expect("a client");
    for number in 0..20 {
        let answer = client.post("/whoami").body(number.to_string()).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["body"], number.to_string());
    }
    assert_eq!(server.handshakes(), 1);
}

#[tokio::test]
async fn calls_at_the_same_time_have_a_connection_each_and_share_none() {
    let server = Ntlm::start();
    let client = Client::new(windows(&server, &Ntlm::PASSWORD.into())).expect("a client");
    for _ in 0..3 {
        let calls: Vec<_> = (0..6)
            .map(|number| {
                let call = client.post("/whoami").body(number.to_string()).send();
                tokio::spawn(async move { call.await?.json::<Value>().await })
            })
            .collect();
        for (number, call) in calls.into_iter().enumerate() {
            let answer = call.await.expect("no panic").expect("an answer");
            assert_eq!(answer["body"], number.to_string());
        }
    }
    // the second and third round find the connections of the first
    assert!((1..=6).contains(&server.handshakes()), "{}", server.handshakes());
}

#[tokio::test]
async fn an_answer_that_nobody_reads_costs_its_connection_only() {
    let server = Ntlm::start();
    let client = Client::new(windows(&server, &Ntlm::PASSWORD.into())).expect("a client");
    for _ in 0..3 {
        let answer = client.get("/whoami").send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        drop(answer);
    }
    assert_eq!(server.handshakes(), 3);
}

#[tokio::test]
async fn a_streamed_body_is_sent_with_the_proof() {
    let server = Ntlm::start();
    let client = Client::new(windows(&server, &Ntlm::PASSWORD.into())).expect("a client");
    for _ in 0..2 {
        let text = http_body_util::Full::new(bytes::Bytes::from_static(b"streamed"));
        let answer = client.post("/whoami").body(Body::stream(text)).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["body"], "streamed");
    }
}

#[tokio::test]
async fn a_changed_password_is_read_again() {
    let server = Ntlm::start();
    let password = file("wrong");
    let clock = Arc::new(Ahead::default());
    let connector = windows(&server, &json!({ "file": &*password }));
    let services = Services::standard(&connector).expect("services").with_clock(clock.clone());
    let client = Client::with_services(connector, services);
    let answer = client.get("/whoami").send().await.expect("an answer");
    assert!(answer.refusal().is_some(), "{answer:?}");
    fs::write(&password, Ntlm::PASSWORD).expect("it is written");
    *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = Duration::from_secs(2);
    let answer = client.get("/whoami").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
}

async fn subject(client: &Client) -> Value {
    let answer = client.get("/certificate").send().await.expect("an answer");
    answer.json::<Value>().await.expect("JSON")["subject"].clone()
}

#[tokio::test]
async fn a_renewed_certificate_is_read_again() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let pem = |name| {
        let (certificate, key) = authority.ec_client(name).texts();
        format!("{certificate}{key}")
    };
    let identity = file(&pem("first"));
    let clock = Arc::new(Ahead::default());
    let connector = pki(&nginx, &authority, &identity);
    let services = Services::standard(&connector).expect("services").with_clock(clock.clone());
    let client = Client::with_services(connector, services);
    assert_eq!(subject(&client).await, "CN=first");
    fs::write(&identity, pem("second")).expect("it is written");
    *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = Duration::from_secs(2);
    assert_eq!(subject(&client).await, "CN=second");
}

#[tokio::test]
async fn who_brings_an_http_client_is_told_what_it_has_to_do() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let (certificate, key) = authority.client("client").texts();
    let identity = file(&format!("{certificate}{key}"));
    let connector = pki(&nginx, &authority, &identity);
    let services = Services::standard(&connector).expect("services");
    let authenticator = Authenticator::new(connector, services);
    let mut request = Request::get(format!("{}/certificate", nginx.base_url)).body(()).expect("a request");
    let error = authenticator.apply_to(&mut request).await.expect_err("it would go out without it");
    assert!(matches!(&error, Error::Request { message } if message.contains("client_identity")), "{error}");

    let authenticator = authenticator.with_connection_handled();
    let receipt = authenticator.apply_to(&mut request).await.expect("it is handled");
    let identity = authenticator.client_identity().await.expect("it is read").expect("there is one");
    let pem = reqwest::Identity::from_pem(identity.expose_pem()).expect("reqwest reads it");
    let root = fs::read(authority.certificate()).expect("the root");
    let root = reqwest::Certificate::from_pem(&root).expect("reqwest reads it");
    let client = reqwest::Client::builder().identity(pem).tls_certs_merge([root]).build().expect("a client");
    let answer = client.get(request.uri().to_string()).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    drop(authenticator.observe(receipt, answer.status(), answer.headers()).await);
}
