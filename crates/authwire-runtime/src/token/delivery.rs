//! A token request on its way: sent, its answer read, repeated where that may help.
//!
//! It must not know what the request says: that is the exchange's.

use bytes::Bytes;
use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue, Request, StatusCode};

use super::answer::{self, Answer};
use super::exchange::{Exchange, Step};
use crate::body::{Body, CollectError};
use crate::clock::{self, within};
use crate::connection::ClientIdentity;
use crate::engine::Engine;
use crate::error::Error;
use crate::login::DEVICE_ERRORS;
use crate::retry;
use crate::transport::{SendOptions, TransportError, TransportErrorKind};

/// What came back.
enum Delivered {
    Whole(StatusCode, HeaderMap, Bytes),
    /// An answer that cannot be read to its end, and why.
    Unreadable(StatusCode, String),
}

impl Engine {
    /// The exchange's next request with its repeats, and what its answer means.
    pub(super) async fn deliver(
        &self,
        exchange: &mut Exchange,
        identity: Option<&ClientIdentity>,
    ) -> Result<Step, Error> {
        let (mut repeat, mut lost) = (0, 0);
        loop {
            // a new one for each try: an assertion is used once
            let (request, sent) = exchange.next_request(self.now())?;
            let may_repeat = repeat < self.connector.http.max_retries;
            let wait = match self.send(request, identity).await {
                Ok(Delivered::Whole(status, headers, body)) => {
                    self.compare_clocks(&headers);
                    let asked = retry::retry_after(&headers, self.now());
                    let wait = asked.unwrap_or_else(|| retry::back_off(repeat));
                    let answer = Answer::read(status, headers, body);
                    // a grant has words of its own for this, which say how it goes on (RFC 8628 §3.5)
                    let is_told = answer.error_code().is_some_and(|code| DEVICE_ERRORS.contains(&code));
                    let comes_again = retry::asks_to_come_again(status) && wait <= retry::LONGEST_WAIT;
                    if !may_repeat || !comes_again || is_told {
                        return Ok(exchange.on_answer(sent, &answer, self.now()));
                    }
                    wait
                }
                Ok(Delivered::Unreadable(status, problem)) => {
                    let error = exchange.on_unreadable(&sent, status.as_u16(), problem);
                    return Ok(Step::Failed(error));
                }
                Err(error) => {
                    // what may be spent is sent once more only: it is either still good, or lost anyway
                    lost += u32::from(sent.spends_kept() && !error.nothing_was_sent());
                    if !(may_repeat && error.is_passing() && lost <= 1) {
                        return Ok(Step::Failed(exchange.on_failure(&sent, error)));
                    }
                    retry::back_off(repeat)
                }
            };
            repeat += 1;
            tracing::debug!(
                target: "authwire",
                connector = %self.name,
                url = sent.url(),
                repeat,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "token request is repeated"
            );
            self.services.clock.sleep(wait).await;
        }
    }

    /// A request of a login, once, and its answer.
    pub(crate) async fn ask(
        &self,
        request: Request<Bytes>,
        identity: Option<&ClientIdentity>,
    ) -> Result<Answer, Error> {
        match self.send(request, identity).await? {
            Delivered::Whole(status, headers, body) => Ok(Answer::read(status, headers, body)),
            Delivered::Unreadable(status, problem) => {
                Err(Error::Unreadable { message: format!("{status}: {problem}") })
            }
        }
    }

    /// Sends a token request and reads its answer, both within the limits.
    async fn send(
        &self,
        request: Request<Bytes>,
        identity: Option<&ClientIdentity>,
    ) -> Result<Delivered, TransportError> {
        let timeout = self.connector.http.timeout;
        let uri = request.uri().clone();
        let exchange = async {
            let mut request = request.map(Body::from);
            // nothing here unpacks an answer, and a server that is not told may pack it (RFC 9110 §12.5.3)
            request.headers_mut().entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
            let options = SendOptions::within(timeout).with_identity(identity.cloned());
            let response = self.services.transport.send(request, options).await?;
            let (parts, body) = response.into_parts();
            match body.collect(answer::LONGEST).await {
                Ok(body) => Ok(Delivered::Whole(parts.status, parts.headers, body)),
                Err(error @ CollectError::TooLong { .. }) => {
                    Ok(Delivered::Unreadable(parts.status, error.to_string()))
                }
                Err(CollectError::Broken(cause)) => {
                    Err(TransportError::new(TransportErrorKind::Broken, &uri).with_source(cause))
                }
            }
        };
        match within(&*self.services.clock, timeout, exchange).await {
            Some(outcome) => outcome,
            None => Err(TransportError::new(TransportErrorKind::Timeout, &uri)),
        }
    }

    fn compare_clocks(&self, headers: &HeaderMap) {
        if let Some(apart) = clock::apart(self.now(), headers) {
            let seconds = apart.as_secs();
            tracing::warn!(target: "authwire", connector = %self.name, seconds, "the server's clock is far from ours");
        }
    }
}
