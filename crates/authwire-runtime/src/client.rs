//! The client: calls an API through its connector.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use serde::Serialize;

use crate::authenticator::{Authenticator, Receipt, Tried, Verdict};
use crate::body::Body;
use crate::clock::within;
use crate::connection::Connection;
use crate::connection::lane::Caller;
use crate::connector::Connector;
use crate::error::Error;
use crate::percent;
use crate::placement::Given;
use crate::redirect::{Hop, RedirectError};
use crate::refusal;
use crate::response::Response;
use crate::retry;
use crate::services::Services;
use crate::transport::{SendOptions, TransportError, TransportErrorKind};

/// Calls an API through its connector: auth, redirects, repeats and limits included. A clone shares everything.
#[derive(Debug, Clone)]
pub struct Client {
    authenticator: Authenticator,
}

impl Client {
    /// A client with the standard services: reqwest, the environment and files, the system's clock.
    ///
    /// # Errors
    ///
    /// If the connector's CA file cannot be read.
    #[cfg(feature = "reqwest")]
    pub fn new(connector: Connector) -> Result<Self, Error> {
        let services = Services::standard(&connector)?;
        Ok(Self::with_services(connector, services))
    }

    /// A client with the given services.
    #[must_use]
    pub fn with_services(connector: Connector, services: Services) -> Self {
        Self { authenticator: Authenticator::new(connector, services) }
    }

    /// The connector.
    #[must_use]
    pub fn connector(&self) -> &Connector {
        self.authenticator.connector()
    }

    /// The same credentials for requests that somebody else sends.
    #[must_use]
    pub fn authenticator(&self) -> &Authenticator {
        &self.authenticator
    }

    /// A request for `path`, which is joined to `base_url` with exactly one `/`.
    pub fn request(&self, method: Method, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder {
            client: self.clone(),
            method,
            path: path.into(),
            headers: HeaderMap::new(),
            body: Body::empty(),
            fault: None,
            follows: true,
            timeout: None,
        }
    }

    /// A GET request.
    pub fn get(&self, path: impl Into<String>) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// A HEAD request.
    pub fn head(&self, path: impl Into<String>) -> RequestBuilder {
        self.request(Method::HEAD, path)
    }

    /// A POST request.
    pub fn post(&self, path: impl Into<String>) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A PUT request.
    pub fn put(&self, path: impl Into<String>) -> RequestBuilder {
        self.request(Method::PUT, path)
    }

    /// A PATCH request.
    pub fn patch(&self, path: impl Into<String>) -> RequestBuilder {
        self.request(Method::PATCH, path)
    }

    /// A DELETE request.
    pub fn delete(&self, path: impl Into<String>) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// Sends a request whose URI is absolute and within the connector's origin.
    ///
    /// # Errors
    ///
    /// If it could not be sent or was not answered. An answer of any status is no error: see [`Response::refusal`] for
    /// what it says about the credential.
    pub async fn execute(&self, request: Request<Body>) -> Result<Response, Error> {
        let timeout = self.connector().http.timeout;
        self.call(request, Manner { path: None, follows: true, timeout }).await
    }

    async fn call(&self, request: Request<Body>, manner: Manner<'_>) -> Result<Response, Error> {
        let Manner { path, follows, timeout } = manner;
        let (parts, body) = request.into_parts();
        let mut body = Some(body);
        let mut hop = Hop {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            at_home: true,
            count: 0,
            with_body: body.as_ref().is_some_and(|body| !body.is_empty()),
        };
        let mut tried = Tried::default();
        loop {
            let (response, receipt) = self.deliver(&hop, &mut body, tried, timeout).await?;
            let engine = &self.authenticator.engine;
            let mut refused = None;
            if let Some(receipt) = receipt {
                match self.authenticator.observe(receipt, response.status(), response.headers()).await {
                    Verdict::Done => {}
                    Verdict::Resend(again) if body.is_some() || !hop.with_body => {
                        tried = again.tried;
                        // a new token may say that the API is elsewhere
                        if let Some(path) = path.filter(|_| engine.outline.moves && hop.count == 0) {
                            hop.uri = self.authenticator.url(path).await?;
                        }
                        continue;
                    }
                    Verdict::Resend(_) => refused = Some(refusal::cannot_resend(response.status())),
                    Verdict::Fail(error) => refused = Some(error),
                }
            }
            if follows
                && let Some(next) = hop.follow(response.status(), response.headers(), &engine.outline)?
            {
                if next.with_body && body.is_none() {
                    return Err(RedirectError::BodyIsGone.into());
                }
                hop = next;
                // elsewhere the server may ask for something else; a new credential stays new
                tried.challenge = false;
                continue;
            }
            return Ok(Response {
                inner: response,
                uri: hop.uri,
                refusal: refused,
                clock: Arc::clone(&engine.services.clock),
                timeout,
            });
        }
    }

    /// One hop with its repeats, for which `tried` was already done.
    async fn deliver(
        &self,
        hop: &Hop,
        body: &mut Option<Body>,
        tried: Tried,
        timeout: Duration,
    ) -> Result<(http::Response<Body>, Option<Receipt>), Error> {
        let engine = &self.authenticator.engine;
        let idempotent = retry::is_idempotent(&hop.method);
        let mut repeat = 0;
        loop {
            let (mut parts, ()) = Request::new(()).into_parts();
            parts.method = hop.method.clone();
            parts.uri = hop.uri.clone();
            parts.headers = hop.headers.clone();
            let receipt = if hop.at_home {
                let known = match hop.with_body {
                    true => body.as_ref().and_then(Body::as_bytes).cloned(),
                    false => Some(Bytes::new()),
                };
                let given = known.as_ref().map_or(Given::Unknown, Given::Whole);
                let mut receipt = self.authenticator.edit(&mut parts, given, true).await?;
                receipt.tried = tried;
                Some(receipt)
            } else {
                None
            };
            let sent = match receipt.as_ref().and_then(Receipt::body) {
                Some(replaced) => Body::from(replaced.clone()),
                None if hop.with_body => take(body),
                None => Body::empty(),
            };
            let replayable = !hop.with_body || body.is_some();
            let may_repeat = replayable && repeat < self.connector().http.max_retries;
            let wait = match self.send(Request::from_parts(parts, sent), receipt.as_ref(), timeout).await {
                Ok(response) => {
                    let wait = retry::retry_after(response.headers(), engine.now())
                        .unwrap_or_else(|| retry::back_off(repeat));
                    let again = may_repeat
                        && idempotent
                        && retry::asks_to_come_again(response.status())
                        && wait <= retry::LONGEST_WAIT;
                    if !again {
                        return Ok((response, receipt));
                    }
                    wait
                }
                Err(Error::Transport(error)) => {
                    let again = may_repeat && error.is_passing() && (idempotent || error.nothing_was_sent());
                    if !again {
                        return Err(error.into());
                    }
                    retry::back_off(repeat)
                }
                Err(error) => return Err(error),
            };
            repeat += 1;
            tracing::debug!(target: "authwire", connector = %engine.name, repeat, wait_ms = millis(wait), "request is repeated");
            engine.services.clock.sleep(wait).await;
        }
    }

    async fn send(
        &self,
        request: Request<Body>,
        receipt: Option<&Receipt>,
        timeout: Duration,
    ) -> Result<http::Response<Body>, Error> {
        let engine = &self.authenticator.engine;
        let services = &engine.services;
        let uri = request.uri().clone();
        let prepared = receipt.and_then(|receipt| Some((receipt, receipt.connection()?)));
        let options = SendOptions::within(timeout);
        let sending = async {
            let Some((receipt, prepared)) = prepared else {
                return Ok(services.transport.send(request, options).await?);
            };
            match &prepared.connection {
                Some(Connection::Ntlm(login)) => {
                    let caller = Caller {
                        transport: &*services.transport,
                        login,
                        generation: receipt.generation,
                        now: engine.now(),
                    };
                    engine.lanes.send(request, options, caller).await
                }
                _ => {
                    let options = options.with_identity(prepared.identity());
                    Ok(services.transport.send(request, options).await?)
                }
            }
        };
        match within(&*services.clock, timeout, sending).await {
            Some(outcome) => outcome,
            None => Err(TransportError::new(TransportErrorKind::Timeout, &uri).into()),
        }
    }
}

/// How a request is sent.
struct Manner<'p> {
    /// What its URI was joined of, if it was.
    path: Option<&'p str>,
    /// Whether it goes on where it is redirected to.
    follows: bool,
    /// How long each try may take, its answer included.
    timeout: Duration,
}

/// The body once more; a stream is gone after its first use.
fn take(body: &mut Option<Body>) -> Body {
    match body.as_ref().and_then(Body::try_clone) {
        Some(copy) => copy,
        None => body.take().unwrap_or_default(),
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

/// A request in the making.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct RequestBuilder {
    client: Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
    /// What was wrong with it first: told when it is sent.
    fault: Option<Error>,
    follows: bool,
    timeout: Option<Duration>,
}

impl RequestBuilder {
    /// Adds a header.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => {
                self.headers.append(name, value);
            }
            (Err(_), _) => self.refuse("not a legal header name"),
            (_, Err(_)) => self.refuse("not a legal header value"),
        }
        self
    }

    /// Adds headers.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        let mut last = None;
        for (name, value) in headers {
            // of the values of one name only the first comes with it
            last = name.or(last);
            if let Some(name) = &last {
                self.headers.append(name, value);
            }
        }
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(&percent::query(name));
        self.path.push('=');
        self.path.push_str(&percent::query(&value.to_string()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a JSON body, with its `Content-Type`.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.with_content("application/json", bytes),
            Err(_) => {
                self.refuse("the body cannot be written as JSON");
                self
            }
        }
    }

    /// Sets a form body, with its `Content-Type`.
    pub fn form<N, V>(self, pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = String::new();
        for (name, value) in pairs {
            if !form.is_empty() {
                form.push('&');
            }
            form.push_str(&percent::form(name.as_ref()));
            form.push('=');
            form.push_str(&percent::form(value.as_ref()));
        }
        self.with_content("application/x-www-form-urlencoded", form.into_bytes())
    }

    /// Follows no redirect: the answer that leads elsewhere is the answer.
    pub fn without_redirects(mut self) -> Self {
        self.follows = false;
        self
    }

    /// Gives each try of this request so long, in place of the connector's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// As [`Client::execute`], and if the path leads to another origin.
    pub async fn send(self) -> Result<Response, Error> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.client.authenticator.url(&self.path).await?;
        *request.headers_mut() = self.headers;
        let timeout = self.timeout.unwrap_or(self.client.connector().http.timeout);
        let manner = Manner { path: Some(&self.path), follows: self.follows, timeout };
        self.client.call(request, manner).await
    }

    fn refuse(&mut self, why: &str) {
        self.fault.get_or_insert_with(|| Error::Request { message: why.to_owned() });
    }

    fn with_content(mut self, media_type: &'static str, bytes: Vec<u8>) -> Self {
        self.headers.entry(http::header::CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
        self.body(bytes)
    }
}
