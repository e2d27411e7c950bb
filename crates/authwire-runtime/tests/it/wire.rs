//! The transport on reqwest against sockets: what goes over the wire, and what servers do to it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use authwire_runtime::{
    Body, Client, Connector, Error, HttpOptions, ReqwestTransport, SendOptions, Transport, TransportErrorKind,
};
use serde_json::{Value, json};

use crate::fixture::config;

/// Answers each connection with the same bytes, and tells what it read. The socket is held open for a while where the
/// answer is empty.
fn serve(answer: &'static [u8]) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let read = read_request(&mut stream);
            if sender.send(read).is_err() {
                return;
            }
            if answer.is_empty() {
                std::thread::sleep(Duration::from_secs(5));
            }
            let _ = stream.write_all(answer);
        }
    });
    (address, receiver)
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        read.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return text;
            }
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            return text;
        }
    }
}

fn connector(address: &str, auth: Value) -> Connector {
    let http = HttpOptions::default()
        .with_max_retries(0)
        .with_timeout(Duration::from_millis(400))
        .with_connect_timeout(Duration::from_millis(400));
    Connector::new("wire", address, config(auth)).with_http(http)
}

fn query_key() -> Value {
    json!({"type": "api_key", "api_key_auth_type": "param_auth", "api_key": "s3cret", "param_auth_param_name": "key"})
}

#[tokio::test]
async fn a_call_goes_over_the_wire() {
    let (address, seen) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine");
    let auth = json!({"type": "basic_auth", "username": "joe", "password": "pw"});
    let client = Client::new(connector(&address, auth)).unwrap();
    let response = client.post("/users?x=1").json(&json!({"a": 1})).send().await.unwrap();
    assert_eq!(response.text().await.unwrap(), "fine");
    let seen = seen.recv().unwrap();
    assert!(seen.starts_with("POST /users?x=1 HTTP/1.1\r\n"), "{seen}");
    for line in [
        "authorization: Basic am9lOnB3",
        "content-type: application/json",
        "content-length: 7",
        "user-agent: authwire/",
    ] {
        assert!(seen.contains(line), "{line} in {seen}");
    }
    assert!(seen.ends_with("\r\n\r\n{\"a\":1}"));
    let stream = Body::stream(http_body_util::Full::new(bytes::Bytes::from_static(b"streamed")));
    client.put("/").body(stream).send().await.unwrap();
}

#[tokio::test]
async fn the_transport_follows_no_redirect() {
    let (address, _seen) = serve(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let connector = connector(&address, json!({"type": "no_auth"}));
    let transport = ReqwestTransport::new(&connector).unwrap();
    let request = http::Request::get(&address).body(Body::empty()).unwrap();
    let response = transport.send(request, SendOptions::within(Duration::from_secs(1))).await.unwrap();
    assert_eq!(response.status(), 302);
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_the_query() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (address, kind) in [
        (format!("http://{closed}"), TransportErrorKind::Connect),
        (serve(b"").0, TransportErrorKind::Timeout),
        (serve(b"\x16\x03\x01garbage\r\n\r\n").0, TransportErrorKind::Broken),
        (serve(b"HTTP/1.1 200 OK\r\nbroken").0, TransportErrorKind::Broken),
    ] {
        let client = Client::new(connector(&address, query_key())).unwrap();
        let error = client.get("/x").send().await.unwrap_err();
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert_eq!(transport.kind, kind, "{error}");
        assert!(error.to_string().contains(&address), "{error}");
        let mut told = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            told.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_without_the_query() {
    let (address, _seen) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    let client = Client::new(connector(&address, query_key())).unwrap();
    let error = client.get("/x").send().await.unwrap().bytes().await.unwrap_err();
    assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::Broken), "{error}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    let body = client.get("/x").send().await.unwrap().into_http().into_body();
    let error = body.collect(1000).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_told() {
    let folder = std::env::temp_dir();
    let path = format!("authwire-ca-{}.pem", std::process::id());
    let connector = || {
        let http = HttpOptions::default().with_ca_file(&path);
        Connector::new("wire", "https://api.example", config(json!({"type": "no_auth"})))
            .with_http(http)
            .with_folder(&folder)
    };
    let error = Client::new(connector()).unwrap_err().to_string();
    assert!(error.contains("`http.ca_file`") && error.contains("cannot be read"), "{error}");
    std::fs::write(folder.join(&path), "no certificate").unwrap();
    let error = Client::new(connector()).unwrap_err().to_string();
    assert!(error.contains("holds no PEM certificate"), "{error}");
    std::fs::File::create(folder.join(&path)).unwrap().set_len(2 << 20).unwrap();
    let error = Client::new(connector()).unwrap_err().to_string();
    assert!(error.contains("more than"), "{error}");
    std::fs::remove_file(folder.join(&path)).unwrap();
}
