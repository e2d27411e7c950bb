//! The transport: what carries a request to a server and its answer back.
//!
//! It must not know what a request means, and must not follow redirects, retry, or keep cookies: the engine does what
//! is to be done of that. Auth that belongs to the connection is told with each request ([`SendOptions`]), or is the
//! engine's own business on a connection of its own ([`ServerConnection`]).

#[cfg(feature = "reqwest")]
mod own_connection;
#[cfg(feature = "reqwest")]
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "reqwest")]
mod tls;

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "reqwest")]
use http::Method;

use crate::body::Body;
use crate::connection::ClientIdentity;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, check_ca_file};

/// The future of an answer.
pub type Sending<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// Carries requests.
///
/// An implementation follows no redirects, verifies the server's certificate, and gives up after
/// [`SendOptions::timeout`].
pub trait Transport: Send + Sync {
    /// Sends `request`, whose URI is absolute, and returns the answer once its headers are there.
    fn send(&self, request: http::Request<Body>, options: SendOptions) -> Sending<'_>;

    /// Makes a connection to the origin of `uri` that nobody else uses: for auth that proves who a connection belongs to
    /// (NTLM). HTTP/1.1, without a proxy.
    ///
    /// A transport that cannot, which is what this says if it is not implemented, sends no requests of such connectors.
    fn connect(&self, uri: &http::Uri, options: SendOptions) -> Connecting<'_> {
        let _ = options;
        let error = TransportError::new(TransportErrorKind::Request, uri)
            .with_source("this transport makes no connections of its own, which this auth needs");
        Box::pin(std::future::ready(Err(error)))
    }
}

/// The future of a connection.
pub type Connecting<'a> =
    Pin<Box<dyn Future<Output = Result<Box<dyn ServerConnection>, TransportError>> + Send + 'a>>;

/// A connection to a server, for one request after the other.
pub trait ServerConnection: Send + Sync {
    /// Sends `request` over this connection, whatever its URI's origin, and returns the answer once its headers are
    /// there. The next request waits for the end of its body.
    fn send(&mut self, request: http::Request<Body>) -> Sending<'_>;

    /// Whether another request can be sent.
    fn is_open(&self) -> bool;

    /// The certificate that the server showed, in DER; `None` without TLS.
    fn certificate(&self) -> Option<&[u8]>;
}

/// How one request is to be sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SendOptions {
    /// How long the request may take, its answer's body included.
    pub timeout: Duration,
    /// The certificate that the connection shows.
    pub identity: Option<ClientIdentity>,
}

impl SendOptions {
    /// Sends within `timeout`.
    #[must_use]
    pub fn within(timeout: Duration) -> Self {
        Self { timeout, identity: None }
    }

    /// The same over a connection that shows a certificate.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<ClientIdentity>) -> Self {
        self.identity = identity;
        self
    }
}

/// What requests say of who sends them, where nobody says anything else.
#[cfg(feature = "reqwest")]
const USER_AGENT: &str = concat!("authwire/", env!("CARGO_PKG_VERSION"));

/// Announces an empty body where a method means one: some servers insist on it (RFC 9110 §8.6), and no client does it by itself.
#[cfg(feature = "reqwest")]
fn say_that_it_is_empty(request: &mut http::Request<Body>) {
    let takes_body = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    if takes_body && request.body().as_bytes().is_some_and(|bytes| bytes.is_empty()) {
        request.headers_mut().insert(http::header::CONTENT_LENGTH, http::HeaderValue::from_static("0"));
    }
}

/// A request that got no answer.
#[derive(Clone)]
#[non_exhaustive]
pub struct TransportError {
    /// What went wrong.
    pub kind: TransportErrorKind,
    /// Where the request went: scheme, host and port.
    pub origin: String,
    /// The proxy that it went through, without user and password.
    proxy: Option<String>,
    /// What caused it in words of our own, where we have any.
    words: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What went wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made (name, address, TLS): nothing was sent.
    Connect,
    /// It took longer than it may. The request may have arrived.
    Timeout,
    /// The request or its answer broke off. The request may have arrived.
    Broken,
    /// One side does not accept the other's certificate: nothing was sent, and repeating it is of no use.
    Certificate,
    /// The proxy that the environment names cannot be used, or wants to know who asks: nothing was sent, and repeating it
    /// is of no use.
    Proxy,
    /// The request could not be written at all: repeating it is of no use.
    Request,
}

impl TransportError {
    /// `kind` happened to a request to `uri`.
    #[must_use]
    pub fn new(kind: TransportErrorKind, uri: &http::Uri) -> Self {
        Self { kind, origin: origin(uri), proxy: None, words: None, source: None }
    }

    /// The same with what caused it. The cause must not show the URL's query nor any header.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The same in words of our own.
    #[cfg(feature = "reqwest")]
    fn told_as(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// The same, of a request that went through `proxy`.
    #[cfg(feature = "reqwest")]
    fn through(mut self, proxy: Option<String>) -> Self {
        self.proxy = proxy;
        self
    }

    /// What caused it: the HTTP client's own error. Its words are a part of this error's, so that it is no
    /// [`source`](StdError::source).
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }

    /// Whether surely nothing of the request arrived.
    #[must_use]
    pub fn nothing_was_sent(&self) -> bool {
        !matches!(self.kind, TransportErrorKind::Timeout | TransportErrorKind::Broken)
    }

    /// Whether it may go better the next time.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self.kind {
            TransportErrorKind::Connect | TransportErrorKind::Timeout | TransportErrorKind::Broken => true,
            TransportErrorKind::Certificate | TransportErrorKind::Proxy | TransportErrorKind::Request => {
                false
            }
        }
    }
}

fn origin(uri: &http::Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("?");
    let host = uri.host().unwrap_or("?");
    match uri.port() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = &self.origin;
        match self.kind {
            TransportErrorKind::Connect | TransportErrorKind::Certificate | TransportErrorKind::Proxy => {
                write!(f, "no connection to {origin}")?;
            }
            TransportErrorKind::Timeout => write!(f, "no answer from {origin} in time")?,
            TransportErrorKind::Broken => write!(f, "the exchange with {origin} broke off")?,
            TransportErrorKind::Request => write!(f, "the request to {origin} could not be sent")?,
        }
        if let Some(proxy) = &self.proxy {
            write!(f, " through the proxy {proxy}")?;
        }
        if let Some(words) = &self.words {
            return write!(f, ": {words}");
        }
        // what lies above the last cause says the same in other words
        let mut cause = self.cause();
        while let Some(deeper) = cause.and_then(StdError::source) {
            cause = Some(deeper);
        }
        match cause.filter(|_| self.kind != TransportErrorKind::Timeout) {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransportError({:?}, {self})", self.kind)
    }
}

impl StdError for TransportError {}
