//! The authenticator: a connector's auth for those who bring their own HTTP client.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, Request, StatusCode, Uri};
use zeroize::Zeroizing;

use crate::address::AddressError;
use crate::clock;
use crate::connection::{ClientIdentity, Connection};
use crate::connector::Connector;
use crate::engine::Engine;
use crate::error::Error;
use crate::placement::{Given, Outgoing};
use crate::ready::{Prepared, Ready};
use crate::refusal::{self, Refusal};
use crate::services::Services;

/// Applies a connector's auth, and its own headers and query, to requests that somebody else sends.
///
/// [`apply`](Self::apply) edits a request and gives a receipt; [`observe`](Self::observe) takes the receipt and the
/// answer's status and headers, and says whether the request is to be sent again. A clone shares everything.
///
/// Static auth and a cached token cost no lock, no I/O and no allocation beyond the request's own.
#[derive(Clone)]
pub struct Authenticator {
    pub(crate) engine: Arc<Engine>,
    /// Whether the caller's HTTP client sees to what the connection proves.
    connection_is_handled: bool,
}

impl Authenticator {
    /// The auth of `connector`, with what it needs from outside.
    #[must_use]
    pub fn new(connector: Connector, services: Services) -> Self {
        Self { engine: Arc::new(Engine::new(connector, services)), connection_is_handled: false }
    }

    /// The same for an HTTP client that sees itself to what a connection proves: that shows the certificate of
    /// [`client_identity`](Self::client_identity), or speaks NTLM. Without these words, requests of a connector whose auth
    /// belongs to the connection are refused, since they would go out without it.
    #[must_use]
    pub fn with_connection_handled(mut self) -> Self {
        self.connection_is_handled = true;
        self
    }

    /// The certificate that connections to the API have to show, and those to its token endpoint too (RFC 8705); `None`
    /// where this auth has none. It may change when a file does: ask again now and then.
    ///
    /// # Errors
    ///
    /// If a reference names nothing, or the certificate or its key cannot be used.
    pub async fn client_identity(&self) -> Result<Option<ClientIdentity>, Error> {
        Ok(self.engine.prepare().await?.identity())
    }

    /// The connector.
    #[must_use]
    pub fn connector(&self) -> &Connector {
        &self.engine.connector
    }

    /// Where `path` is: joined to the connector's `base_url` with exactly one `/`. An absolute URL is taken as it is
    /// within the origin.
    ///
    /// # Errors
    ///
    /// If the path leads to another origin, `base_url` is a reference that names nothing, or no token can be had whose
    /// answer says where the API is.
    pub async fn url(&self, path: &str) -> Result<Uri, Error> {
        let joined = self.engine.with_ready(|ready| ready.base().join(path));
        match joined {
            Some(joined) => Ok(joined?),
            None if self.engine.outline.moves => Ok(self.engine.ready().await?.base().join(path)?),
            None => Ok(self.engine.prepare().await?.base.join(path)?),
        }
    }

    /// Adds auth and the connector's own headers and query to a request. Doing so twice does no more than once.
    ///
    /// A header that the caller set is replaced if auth sets it too, and kept if only the connector's `headers` do.
    ///
    /// # Errors
    ///
    /// If a reference names nothing, a value cannot be sent, no token can be had, or the request goes to another origin
    /// than the connector's.
    pub async fn apply(&self, request: &mut http::request::Parts) -> Result<Receipt, Error> {
        self.edit(request, Given::ByHead, self.connection_is_handled).await
    }

    /// As [`apply`](Self::apply), for auth that signs the body (OAuth 1.0 a form; AWS any, and HMAC where its plan says so) or
    /// is part of it ([`Receipt::body`]): `body` is the whole of it, and `None` where it is not known. Such a request is then
    /// refused, unless its head announces no body: a GET, HEAD, DELETE, OPTIONS or TRACE without `Content-Type`,
    /// `Transfer-Encoding` and any other `Content-Length` than 0.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply), and if the body has to be known.
    pub async fn apply_with_body(
        &self,
        request: &mut http::request::Parts,
        body: Option<&Bytes>,
    ) -> Result<Receipt, Error> {
        let body = body.map_or(Given::ByHead, Given::Whole);
        self.edit(request, body, self.connection_is_handled).await
    }

    /// As [`apply`](Self::apply), to a whole request.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub async fn apply_to<B>(&self, request: &mut Request<B>) -> Result<Receipt, Error> {
        let mut lent = Lent::of(request);
        self.apply(&mut lent.parts).await
    }

    /// As [`apply`](Self::apply), to a request that is sent again because [`observe`](Self::observe) said so.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub async fn apply_again(
        &self,
        request: &mut http::request::Parts,
        resend: Resend,
    ) -> Result<Receipt, Error> {
        self.apply_again_with_body(request, None, resend).await
    }

    /// As [`apply_to`](Self::apply_to), to a request that is sent again.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub async fn apply_again_to<B>(
        &self,
        request: &mut Request<B>,
        resend: Resend,
    ) -> Result<Receipt, Error> {
        let mut lent = Lent::of(request);
        self.apply_again(&mut lent.parts, resend).await
    }

    /// As [`apply_with_body`](Self::apply_with_body), to a request that is sent again.
    ///
    /// # Errors
    ///
    /// As [`apply_with_body`](Self::apply_with_body).
    pub async fn apply_again_with_body(
        &self,
        request: &mut http::request::Parts,
        body: Option<&Bytes>,
        resend: Resend,
    ) -> Result<Receipt, Error> {
        let receipt = self.apply_with_body(request, body).await?;
        Ok(Receipt { tried: resend.tried, ..receipt })
    }

    /// What the API's answer means for the credential that was sent.
    pub async fn observe(&self, receipt: Receipt, status: StatusCode, headers: &HeaderMap) -> Verdict {
        let ready = self.engine.peek();
        let ready = ready.as_deref();
        if let Some(ready) = ready.filter(|ready| ready.generation == receipt.generation) {
            ready.edits.answered(ready.base().uri(), headers, || self.engine.now());
        }
        if status == StatusCode::FORBIDDEN && lacks_scope(headers) {
            let message = refusal::lacks_scope(ready);
            return Verdict::Fail(Error::Refused(Refusal { status, message }));
        }
        let tried = receipt.tried;
        let challenge = ready.filter(|_| status == StatusCode::UNAUTHORIZED && !tried.challenge);
        match challenge.and_then(|ready| ready.edits.challenged(headers)) {
            Some(Ok(())) => return Verdict::Resend(Resend { tried: Tried { challenge: true, ..tried } }),
            Some(Err(error)) => return Verdict::Fail(error),
            None => {}
        }
        let says =
            |ready: &Ready| receipt.uri().is_some_and(|uri| ready.signs().are_in(uri, status, headers));
        let renews = self.engine.outline.renew_on.contains(&status.as_u16()) || ready.is_some_and(says);
        if !renews && status != StatusCode::UNAUTHORIZED {
            return Verdict::Done;
        }
        if renews && !tried.renewal {
            let is_news = match ready {
                Some(ready) if ready.generation == receipt.generation => {
                    self.engine.after_refusal(ready).await
                }
                // somebody saw to it already
                _ => true,
            };
            if is_news {
                // a new credential may be asked again for what the old one was asked for
                return Verdict::Resend(Resend { tried: Tried { challenge: false, renewal: true } });
            }
        }
        let mut message =
            refusal::of_another_kind(ready, headers).unwrap_or_else(|| refusal::words(ready, tried.renewal));
        if let Some(apart) = clock::apart(self.engine.now(), headers) {
            // what is signed here tells the time
            let minutes = apart.as_secs() / 60;
            message.push_str(&format!(
                "; the server's clock is {minutes} minutes from this machine's: check both"
            ));
        }
        Verdict::Fail(Error::Refused(Refusal { status, message }))
    }

    /// Resolves every reference and, where the type has one, obtains a token: what goes wrong then goes wrong now.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub async fn prepare(&self) -> Result<(), Error> {
        self.engine.ready().await.map(drop)
    }

    /// The token, obtained if need be; `None` where this auth has none.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub async fn token(&self) -> Result<Option<AccessToken>, Error> {
        let ready = self.engine.ready().await?;
        Ok(ready.token.as_ref().map(|token| AccessToken {
            value: token.phrase.value(),
            obtained_at: ready.since,
            expires_at: ready.ends_at,
            scope: ready.scope.clone(),
        }))
    }

    /// Forgets the token, and what the token store holds for this connector: a rotated refresh token too, so that the
    /// one of the connector file counts again. Returns whether the store held something for what the connector says now:
    /// what it held for another client or another secret stays.
    ///
    /// # Errors
    ///
    /// If a reference names nothing, or the store fails.
    pub async fn forget(&self) -> Result<bool, Error> {
        self.engine.forget().await
    }

    /// Waits until no token is being obtained: before a program ends, so that a refresh token that was just rotated is stored.
    /// Calls start such tasks, and so do a token that is about to end and a login: wait after the last of them.
    pub async fn settled(&self) {
        self.engine.settled().await;
    }

    /// Edits a request, unless it would go out without what its connection has to prove.
    pub(crate) async fn edit(
        &self,
        request: &mut http::request::Parts,
        body: Given<'_>,
        connection_is_handled: bool,
    ) -> Result<Receipt, Error> {
        let mut edit = |ready: &Ready| match &ready.prepared.connection {
            Some(connection) if !connection_is_handled => {
                Err(Box::new(Error::Request { message: unhandled(connection) }))
            }
            _ => edit(ready, request, body, || self.engine.now()),
        };
        let (generation, edited) = match self.engine.with_ready(|ready| (ready.generation, edit(ready))) {
            Some(edited) => edited,
            None => {
                let ready = self.engine.ready().await?;
                (ready.generation, edit(&ready))
            }
        };
        match edited {
            Ok(more) => Ok(Receipt { generation, tried: Tried::default(), more }),
            Err(error) => Err(*error),
        }
    }
}

/// Edits a request, and says what its receipt says beside the credential. That is boxed, as an error is: what most requests
/// come to is then two words, which stay in registers on their way to the receipt.
fn edit(
    ready: &Ready,
    request: &mut http::request::Parts,
    body: Given<'_>,
    now: impl Fn() -> SystemTime,
) -> Result<Option<Box<More>>, Box<Error>> {
    let base = ready.base();
    if !base.is_origin_of(&request.uri) {
        return Err(Box::new(AddressError::OtherOrigin { origin: base.origin() }.into()));
    }
    let mut outgoing = Outgoing {
        method: &request.method,
        uri: &mut request.uri,
        headers: &mut request.headers,
        given: body,
        replaced: None,
        now: &now,
    };
    ready.edits.apply(&mut outgoing)?;
    let body = outgoing.replaced;
    tracing::trace!(target: "authwire", generation = ready.generation, "credential reused");
    let connection = ready.prepared.connection.is_some();
    let signs = !ready.signs().is_empty();
    Ok((body.is_some() || connection || signs).then(|| {
        Box::new(More {
            connection: connection.then(|| Arc::clone(&ready.prepared)),
            body,
            uri: signs.then(|| request.uri.clone()),
        })
    }))
}

/// The parts of a request that are given back whatever happens: who waits for them may go away.
struct Lent<'r, B> {
    parts: http::request::Parts,
    request: &'r mut Request<B>,
}

impl<'r, B> Lent<'r, B> {
    fn of(request: &'r mut Request<B>) -> Self {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = request.method().clone();
        parts.uri = std::mem::take(request.uri_mut());
        parts.headers = std::mem::take(request.headers_mut());
        Self { parts, request }
    }
}

impl<B> Drop for Lent<'_, B> {
    fn drop(&mut self) {
        *self.request.uri_mut() = std::mem::take(&mut self.parts.uri);
        *self.request.headers_mut() = std::mem::take(&mut self.parts.headers);
    }
}

fn unhandled(connection: &Connection) -> String {
    let does = match connection {
        Connection::Certificate(_) => "show the client certificate that `client_identity` gives",
        _ => "speak NTLM, one connection for each account",
    };
    format!(
        "this auth belongs to the connection: have your HTTP client {does} and say so by `with_connection_handled`, or \
         use `Client`"
    )
}

/// RFC 6750 §3.1: a token that is fine, but not for this.
fn lacks_scope(headers: &HeaderMap) -> bool {
    headers.get_all(WWW_AUTHENTICATE).iter().any(|value| {
        value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("insufficient_scope"))
    })
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").field("connector", &self.engine.connector).finish_non_exhaustive()
    }
}

/// Says which credential a request was sent with.
#[must_use = "tell the answer: `Authenticator::observe`"]
pub struct Receipt {
    pub(crate) generation: u64,
    pub(crate) tried: Tried,
    /// Apart, so that a receipt of most auth is a few words: it is moved on its way to the caller.
    more: Option<Box<More>>,
}

/// What a receipt says of some auth beside the credential.
struct More {
    /// What the request's connection has to prove, if anything.
    connection: Option<Arc<Prepared>>,
    /// The body to send in place of the one that was given.
    body: Option<Bytes>,
    /// Where the request goes, if its answer's redirect is to be looked at.
    uri: Option<Uri>,
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // body and URL may carry a credential
        f.debug_struct("Receipt").field("generation", &self.generation).finish_non_exhaustive()
    }
}

impl Receipt {
    /// The body to send in place of the one that was given; `None` where auth is no part of it.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.more.as_ref()?.body.as_ref()
    }

    /// What the request's connection has to prove, if anything.
    pub(crate) fn connection(&self) -> Option<&Prepared> {
        self.more.as_ref()?.connection.as_deref()
    }

    /// Where the request goes, if its answer's redirect is to be looked at.
    fn uri(&self) -> Option<&Uri> {
        self.more.as_ref()?.uri.as_ref()
    }
}

/// What an answer means for the credential that was sent.
#[derive(Debug)]
#[must_use = "a request may have to be sent again"]
pub enum Verdict {
    /// Nothing: the answer is the caller's.
    Done,
    /// The credential was dead and a new one is to be had: send the request once more, after
    /// [`Authenticator::apply_again`].
    Resend(Resend),
    /// The credential was refused, and there is nothing more to try. The error says what to check; the answer is still the
    /// caller's to read.
    Fail(Error),
}

/// The right to send a request once more.
#[derive(Debug)]
pub struct Resend {
    pub(crate) tried: Tried,
}

/// What was already done for a request that was refused, and is done once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tried {
    /// It was sent again with what the server asked to sign (Digest, a nonce of DPoP).
    pub(crate) challenge: bool,
    /// It was sent again with a new credential.
    pub(crate) renewal: bool,
}

/// An access token with what is known of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct AccessToken {
    value: Zeroizing<String>,
    /// When it was obtained.
    pub obtained_at: SystemTime,
    /// When it ends; `None` if nobody said.
    pub expires_at: Option<SystemTime>,
    /// The scope that was granted, where the answer said so.
    pub scope: Option<String>,
}

impl AccessToken {
    /// The token itself. The name is long so that a reviewer sees it.
    #[must_use]
    pub fn expose_value(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("value", &"redacted")
            .field("obtained_at", &self.obtained_at)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish()
    }
}
