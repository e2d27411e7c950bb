//! Lanes: connections that proved by NTLM who they belong to, each for one call at a time.
//!
//! A call takes a lane, or makes one, and its answer's body gives it back when it was read to its end: only then can the
//! connection carry another request. Whatever breaks off ends its connection.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::Login;
use crate::body::{Body, BodyError};
use crate::error::Error;
use crate::ntlm::{Account, Circumstances, Handshake};
use crate::transport::{SendOptions, ServerConnection, Transport, TransportError, TransportErrorKind};

/// How many connections wait for the next call.
const IDLE: usize = 8;

/// The longest body of a challenge: a page that nobody reads.
const LONGEST_CHALLENGE: usize = 1 << 20;

/// The connections of one connector.
#[derive(Default)]
pub(crate) struct Lanes {
    idle: Mutex<Vec<Lane>>,
}

struct Lane {
    connection: Box<dyn ServerConnection>,
    /// The credential that it proved; `None` if none yet.
    proved: Option<u64>,
}

/// Whose calls they are.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) login: &'a Login,
    /// Tells one credential from the next.
    pub(crate) generation: u64,
    pub(crate) now: SystemTime,
}

impl Lanes {
    /// Sends `request` over a connection that belongs to `caller`.
    pub(crate) async fn send(
        self: &Arc<Self>,
        request: Request<Body>,
        options: SendOptions,
        caller: Caller<'_>,
    ) -> Result<Response<Body>, Error> {
        let (parts, body) = request.into_parts();
        let with = |headers: HeaderMap, body: Body| {
            let mut request = Request::new(body);
            *request.method_mut() = parts.method.clone();
            *request.uri_mut() = parts.uri.clone();
            *request.headers_mut() = headers;
            request
        };
        let mut lane = match self.take(caller.generation) {
            Some(lane) => lane,
            None => Lane { connection: caller.transport.connect(&parts.uri, options).await?, proved: None },
        };
        // a stream goes once only: it is kept for the request that answers a challenge
        if let (Some(_), Some(copy)) = (lane.proved, body.try_clone()) {
            let response = lane.connection.send(with(parts.headers.clone(), copy)).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(self.hand_out(response, lane));
            }
            drain(response, &parts.uri).await?;
        }
        lane.proved = None;
        let handshake = Handshake::begin();
        let ask = authorized(&parts.headers, &handshake.ask())?;
        let response = lane.connection.send(with(ask, Body::empty())).await?;
        let Some(challenge) = challenge(&response) else {
            if body.is_empty() || response.status() == StatusCode::UNAUTHORIZED {
                // it wants no proof, or another one
                return Ok(self.hand_out(response, lane));
            }
            drain(response, &parts.uri).await?;
            let response = lane.connection.send(with(parts.headers.clone(), body)).await?;
            return Ok(self.hand_out(response, lane));
        };
        drain(response, &parts.uri).await?;
        let answer = {
            let Login { username, password, domain, workstation } = caller.login;
            let circumstances = Circumstances {
                account: Account { username, domain, password },
                workstation,
                host: host(&parts.uri),
                certificate: lane.connection.certificate(),
                now: caller.now,
            };
            handshake.answer(&challenge, &circumstances)?
        };
        let response = lane.connection.send(with(authorized(&parts.headers, &answer)?, body)).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            lane.proved = Some(caller.generation);
        }
        Ok(self.hand_out(response, lane))
    }

    /// A lane that proved the credential of `generation`. Those of others are closed.
    fn take(&self, generation: u64) -> Option<Lane> {
        let mut idle = self.lock();
        idle.retain(|lane| lane.proved == Some(generation) && lane.connection.is_open());
        idle.pop()
    }

    /// The answer, whose body gives the lane back.
    fn hand_out(self: &Arc<Self>, response: Response<Body>, lane: Lane) -> Response<Body> {
        response.map(|body| {
            let mut guarded = Guarded { body, lane: Some(lane), home: Arc::downgrade(self) };
            guarded.give_back_at_end();
            Body::stream(guarded)
        })
    }

    fn give_back(&self, lane: Lane) {
        let mut idle = self.lock();
        if lane.proved.is_some() && lane.connection.is_open() && idle.len() < IDLE {
            idle.push(lane);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Lane>> {
        // nothing is left half done under this lock
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes").field("idle", &self.lock().len()).finish()
    }
}

/// A body that gives its lane back when it was read to its end.
struct Guarded {
    body: Body,
    lane: Option<Lane>,
    home: Weak<Lanes>,
}

impl Guarded {
    fn give_back_at_end(&mut self) {
        if self.body.is_end_stream()
            && let (Some(lane), Some(home)) = (self.lane.take(), self.home.upgrade())
        {
            home.give_back(lane);
        }
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(None) => {
                if let (Some(lane), Some(home)) = (self.lane.take(), self.home.upgrade()) {
                    home.give_back(lane);
                }
            }
            Poll::Ready(Some(Ok(_))) => self.give_back_at_end(),
            Poll::Ready(Some(Err(_))) => self.lane = None,
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn authorized(headers: &HeaderMap, value: &str) -> Result<HeaderMap, Error> {
    let mut headers = headers.clone();
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Error::Internal { message: "an NTLM message fits into no header" })?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(headers)
}

/// The challenge of a 401 that has one (MS-NTHT §3.1.5.1).
fn challenge(response: &Response<Body>) -> Option<String> {
    if response.status() != StatusCode::UNAUTHORIZED {
        return None;
    }
    response.headers().get_all(WWW_AUTHENTICATE).iter().find_map(|value| {
        let (scheme, challenge) = value.to_str().ok()?.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("NTLM").then(|| challenge.trim().to_owned())
    })
}

/// The next request waits for the end of this answer.
async fn drain(response: Response<Body>, uri: &Uri) -> Result<(), TransportError> {
    match response.into_body().collect(LONGEST_CHALLENGE).await {
        Ok(_) => Ok(()),
        Err(error) => Err(TransportError::new(TransportErrorKind::Broken, uri).with_source(error)),
    }
}

fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default()
}
