//! A server that answers as a test says, for what no real server does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The method and the path with its query: `GET /items?page=2`.
    pub(crate) line: String,
    /// The header fields, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: String,
}

impl Request {
    /// The header field of this name, which is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }
}

/// An answer: what of it is not JSON's.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl From<(u16, String)> for Reply {
    /// A status and a JSON body.
    fn from((status, body): (u16, String)) -> Self {
        Self { status, headers: vec![("Content-Type", "application/json".to_owned())], body }
    }
}

/// The server. Ends with the test's process.
pub(crate) struct Loopback {
    /// `http://127.0.0.1:PORT`.
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Loopback {
    /// Starts a server that gives what `answer` makes of a request.
    pub(crate) fn start<R: Into<Reply>>(mut answer: impl FnMut(&Request) -> R + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("its address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                let Reply { status, headers, body } = answer(&request).into();
                let headers: String =
                    headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
                let length = body.len();
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {status} Said so\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
            }
        });
        Loopback { base_url, requests }
    }

    /// What came so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned())
    };
    let line = next()?.strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = Vec::new();
    while let Some((name, value)) = next()?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { line, headers, body: String::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_string(&mut request.body).ok()?;
    Some(request)
}
