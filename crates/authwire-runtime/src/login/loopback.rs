//! Where the browser comes back to: a listener at a loopback address (RFC 8252 §7.3).
//!
//! It answers the browser only once the login is done, so that the page says what came of it. It must not know what a
//! redirect means: that is the login's.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use url::{Host, Url};

use super::{BrowserLogin, LoginError, is_loopback};
use crate::authenticator::Authenticator;
use crate::error::Error;

/// How long a browser may take to send its request: many open connections for later use.
const REQUEST_TAKES: Duration = Duration::from_secs(30);

/// How many ports are tried until one is free at every address of this machine.
const MOST_PORTS: usize = 16;

/// How long the last answer may take on its way.
const ANSWER_TAKES: Duration = Duration::from_secs(2);

/// Listens for the redirect of a login.
#[derive(Debug)]
pub struct Loopback {
    redirect_uri: String,
    requests: mpsc::Receiver<Came>,
    /// The listeners; they end with this.
    _listening: JoinSet<()>,
}

/// A request at the place of the redirect, and who waits for its answer.
struct Came {
    target: String,
    answer: oneshot::Sender<Response<Full<Bytes>>>,
    /// Its sender goes when the connection ends.
    connection: watch::Receiver<()>,
}

impl Loopback {
    /// Listens at the redirect URI of `authenticator`'s connector; where that names no port, at one that the system gives.
    ///
    /// # Errors
    ///
    /// If it is no loopback address, or cannot be listened at.
    pub async fn bind(authenticator: &Authenticator) -> Result<Self, Error> {
        Self::bind_to(&authenticator.redirect_uri().await?).await
    }

    /// Listens at `redirect_uri`.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind).
    pub async fn bind_to(redirect_uri: &str) -> Result<Self, Error> {
        let fault = |source: io::Error| LoginError::Listen {
            address: redirect_uri.to_owned(),
            source: Arc::new(source),
        };
        let elsewhere = || fault(io::Error::other("it is no loopback address"));
        if !is_loopback(redirect_uri) {
            return Err(elsewhere().into());
        }
        let mut url = Url::parse(redirect_uri).map_err(|_| elsewhere())?;
        let hosts: &[IpAddr] = match url.host() {
            Some(Host::Ipv4(address)) => &[IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => &[IpAddr::V6(address)],
            // a browser may take either
            _ => &[IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
        };
        let wanted = url.port().unwrap_or(0);
        let mut bound = bind_all(hosts, wanted).await;
        for _ in 0..MOST_PORTS {
            match &bound {
                // the port that the system gave for one address is somebody's at the other
                Err(error) if wanted == 0 && error.kind() == ErrorKind::AddrInUse => {
                    bound = bind_all(hosts, wanted).await;
                }
                _ => break,
            }
        }
        let (listeners, port) = bound.map_err(fault)?;
        url.set_port(Some(port)).map_err(|()| elsewhere())?;
        let (sender, requests) = mpsc::channel(1);
        let path: Arc<str> = url.path().into();
        let mut listening = JoinSet::new();
        for listener in listeners {
            listening.spawn(listen(listener, Arc::clone(&path), sender.clone()));
        }
        Ok(Self { redirect_uri: url.into(), requests, _listening: listening })
    }

    /// Where the browser comes back to, with the port that is listened at.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits until the browser comes back from `login`. Whatever else comes is turned away.
    ///
    /// # Errors
    ///
    /// If nothing is listened to any more.
    pub async fn arrival(&mut self, login: &BrowserLogin) -> Result<Arrival, Error> {
        while let Some(came) = self.requests.recv().await {
            if login.is_answered_by(&came.target) {
                return Ok(Arrival(came));
            }
            let page = page(StatusCode::BAD_REQUEST, "This does not belong to the login that is under way.");
            // who went away needs no answer
            let _ = came.answer.send(page);
        }
        Err(Error::Interrupted)
    }
}

/// Listens at one port of all `hosts`: who listened at one of them only could miss the browser to somebody who has the other.
async fn bind_all(hosts: &[IpAddr], mut port: u16) -> io::Result<(Vec<TcpListener>, u16)> {
    let mut listeners = Vec::new();
    for host in hosts {
        match TcpListener::bind(SocketAddr::new(*host, port)).await {
            Ok(listener) => {
                port = listener.local_addr()?.port();
                listeners.push(listener);
            }
            // a machine without IPv6
            Err(error) if !listeners.is_empty() && error.kind() != ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
    Ok((listeners, port))
}

/// A browser that came back, and waits to be told what came of it.
pub struct Arrival(Came);

impl Arrival {
    /// What it came back with, for [`BrowserLogin::finish`].
    #[must_use]
    pub fn redirect(&self) -> &str {
        &self.0.target
    }

    /// Tells the browser what came of the login.
    pub async fn answer(self, done: &Result<(), Error>) {
        let answer = match done {
            Ok(()) => page(StatusCode::OK, "You are logged in. This window can be closed."),
            Err(error) => page(StatusCode::BAD_REQUEST, &format!("The login failed: {error}")),
        };
        let Came { answer: waiting, mut connection, .. } = self.0;
        // who went away needs no answer; for anybody else it has to be written, since the process may end right after
        if waiting.send(answer).is_ok() {
            let written = async { while connection.changed().await.is_ok() {} };
            let _ = tokio::time::timeout(ANSWER_TAKES, written).await;
        }
    }
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Arrival(redacted)")
    }
}

async fn listen(listener: TcpListener, path: Arc<str>, sender: mpsc::Sender<Came>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // too many files are open, or the like: it passes
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (path, sender) = (Arc::clone(&path), sender.clone());
        let (open, connection) = watch::channel(());
        let service = service_fn(move |request: Request<Incoming>| {
            let (path, sender, connection) = (Arc::clone(&path), sender.clone(), connection.clone());
            async move { Ok::<_, Infallible>(take(&request, &path, &sender, connection).await) }
        });
        connections.spawn(async move {
            let _open = open;
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(REQUEST_TAKES)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                tracing::debug!(target: "authwire", %error, "a connection to the redirect's address broke off");
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn take(
    request: &Request<Incoming>,
    path: &str,
    sender: &mpsc::Sender<Came>,
    connection: watch::Receiver<()>,
) -> Response<Full<Bytes>> {
    if request.uri().path() != path {
        return page(StatusCode::NOT_FOUND, "There is nothing here.");
    }
    if request.method() != Method::GET {
        return page(StatusCode::METHOD_NOT_ALLOWED, "A redirect is a GET.");
    }
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let (answer, answered) = oneshot::channel();
    let gone = || page(StatusCode::GONE, "The login is over.");
    if sender.send(Came { target, answer, connection }).await.is_err() {
        return gone();
    }
    answered.await.unwrap_or_else(|_| gone())
}

/// A page that says `text`, and keeps the code in its address to itself.
fn page(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Authwire</title>\
         <style>body{{font:1.1rem system-ui;margin:4rem;color-scheme:light dark}}</style><p>{text}</p></html>"
    );
    let mut response = Response::new(Full::new(Bytes::from(html)));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        (header::CONNECTION, "close"),
    ] {
        response.headers_mut().insert(name, http::HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::Loopback;

    #[tokio::test]
    async fn a_port_that_somebody_has_at_one_address_is_not_listened_at() {
        // without IPv6 `localhost` is one address, and there is nothing to tell
        let addresses: &[&str] = match std::net::TcpListener::bind("[::1]:0") {
            Ok(_) => &["127.0.0.1:0", "[::1]:0"],
            Err(error) => {
                eprintln!("SKIPPED for IPv6: {error}");
                &["127.0.0.1:0"]
            }
        };
        for address in addresses {
            let taken = std::net::TcpListener::bind(address).unwrap();
            let uri = format!("http://localhost:{}/cb", taken.local_addr().unwrap().port());
            let error = Loopback::bind_to(&uri).await.unwrap_err().to_string();
            assert!(error.contains(&uri), "{address}: {error}");
            drop(taken);
            assert_eq!(Loopback::bind_to(&uri).await.unwrap().redirect_uri(), uri);
        }
        let any = Loopback::bind_to("http://localhost/cb").await.unwrap();
        assert_ne!(any.redirect_uri(), "http://localhost/cb");
    }
}
