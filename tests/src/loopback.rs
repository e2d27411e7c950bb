//! A server that answers as a test says, for what no real server does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method and the path with its query: `GET /items?page=2`.
    pub line: String,
    /// The header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// The header field of this name, which is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// The header fields.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl From<(u16, String)> for Reply {
    /// A status and a JSON body.
    fn from((status, body): (u16, String)) -> Self {
        Self::from((status, "application/json", body))
    }
}

impl From<(u16, &'static str, String)> for Reply {
    /// A status, a media type and a body.
    fn from((status, media_type, body): (u16, &'static str, String)) -> Self {
        Self { status, headers: vec![("Content-Type", media_type.to_owned())], body }
    }
}

/// The server. Ends with the test's process.
pub struct Loopback {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Loopback {
    /// Starts a server that gives what `answer` makes of a request.
    ///
    /// # Panics
    /// If there is no free port.
    #[must_use]
    pub fn start<R: Into<Reply>>(mut answer: impl FnMut(&Request) -> R + Send + 'static) -> Self {
        Self::start_raw(move |request, mut stream| {
            let Reply { status, headers, body } = answer(request).into();
            let headers: String =
                headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let length = body.len();
            // the client may be gone already
            let _ = write!(
                stream,
                "HTTP/1.1 {status} Said so\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        })
    }

    /// Starts a server that does `act` with a request and the connection that it came on, which is closed when it is dropped.
    ///
    /// # Panics
    /// If there is no free port.
    #[must_use]
    pub fn start_raw(mut act: impl FnMut(&Request, TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("its address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                act(&request, stream);
            }
        });
        Self { base_url, requests }
    }

    /// What came so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
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
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}
