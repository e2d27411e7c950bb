//! An API's answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use serde::de::DeserializeOwned;

use crate::body::{Body, CollectError};
use crate::clock::{Clock, within};
use crate::error::Error;
use crate::retry;
use crate::transport::{TransportError, TransportErrorKind};

/// The longest body that is read into memory, unless the caller says otherwise.
const LONGEST: usize = 64 << 20;

/// An API's answer, whatever its status.
pub struct Response {
    pub(crate) inner: http::Response<Body>,
    pub(crate) uri: Uri,
    pub(crate) refusal: Option<Error>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timeout: Duration,
}

impl Response {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.inner.status()
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// Where it came from: the last address, if redirects were followed. Its query may hold a credential.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// How long the server asks to wait before it is asked again (RFC 9110 §10.2.3), if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.headers(), self.clock.now())
    }

    /// What is wrong with the credential, if that is what the answer says.
    #[must_use]
    pub fn refusal(&self) -> Option<&Error> {
        self.refusal.as_ref()
    }

    /// Its body, up to 64 MiB.
    ///
    /// # Errors
    ///
    /// If it is longer, breaks off, or takes longer than the connector's timeout.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        self.bytes_within(LONGEST).await
    }

    /// Its body, up to `limit` bytes.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes).
    pub async fn bytes_within(self, limit: usize) -> Result<Bytes, Error> {
        let body = self.inner.into_body().collect(limit);
        let transport = |kind| TransportError::new(kind, &self.uri);
        match within(&*self.clock, self.timeout, body).await {
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(CollectError::TooLong { limit })) => Err(Error::TooLong { limit }),
            Some(Err(CollectError::Broken(cause))) => {
                Err(transport(TransportErrorKind::Broken).with_source(cause).into())
            }
            None => Err(transport(TransportErrorKind::Timeout).into()),
        }
    }

    /// Its body as a text.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and if it is not UTF-8.
    pub async fn text(self) -> Result<String, Error> {
        String::from_utf8(self.bytes().await?.into())
            .map_err(|_| Error::Unreadable { message: "the answer's body is not UTF-8".to_owned() })
    }

    /// Its body, read as JSON.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and if it is not what `T` reads.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        let bytes = self.bytes().await?;
        serde_json::from_slice(&bytes).map_err(|error| Error::Unreadable {
            message: format!(
                "the answer's body is not the JSON that was expected, at line {} column {}",
                error.line(),
                error.column()
            ),
        })
    }

    /// The answer for those who read its body themselves, as it comes.
    #[must_use]
    pub fn into_http(self) -> http::Response<Body> {
        self.inner
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status()).finish_non_exhaustive()
    }
}
