//! Redirects of API calls (RFC 9110 §15.4), followed by us because HTTP clients strip too little.
//!
//! Within the origin of `base_url` auth is applied anew. Away from it nothing of ours goes along, and nothing comes back
//! on the way.

use std::fmt;

use http::header::{self, HeaderMap, HeaderName};
use http::{Method, StatusCode, Uri};
use url::Url;

use crate::address::{same_origin, to_uri};
use crate::outline::Outline;

/// How many redirects are followed.
const MOST: usize = 10;

/// What of the caller's headers goes to another origin: what says which representation is wanted.
const HARMLESS: [HeaderName; 4] =
    [header::ACCEPT, header::ACCEPT_ENCODING, header::ACCEPT_LANGUAGE, header::USER_AGENT];

/// A request on its way, as the caller made it.
#[derive(Debug)]
pub(crate) struct Hop {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// Whether auth is applied.
    pub(crate) at_home: bool,
    /// How many redirects led here.
    pub(crate) count: usize,
    /// Whether the body goes along.
    pub(crate) with_body: bool,
}

impl Hop {
    /// Where the answer redirects to; `None` if it does not.
    ///
    /// `outline` knows what of a query is ours.
    pub(crate) fn follow(
        &self,
        status: StatusCode,
        answer: &HeaderMap,
        outline: &Outline,
    ) -> Result<Option<Self>, RedirectError> {
        let keeps_method = match status.as_u16() {
            301 | 302 => self.method != Method::POST,
            303 => matches!(self.method, Method::GET | Method::HEAD),
            307 | 308 => true,
            _ => return Ok(None),
        };
        let Some(location) = answer.get(header::LOCATION) else { return Ok(None) };
        if self.count >= MOST {
            return Err(RedirectError::TooMany);
        }
        let mut url = self.resolve(location)?;
        let mut uri = to_uri(&url).map_err(|_| RedirectError::Unreadable)?;
        if self.uri.scheme_str() == Some("https") && uri.scheme_str() != Some("https") {
            return Err(RedirectError::ToPlainHttp);
        }
        let within = same_origin(&self.uri, &uri);
        let with_body = self.with_body && keeps_method;
        if with_body && !within {
            return Err(RedirectError::BodyToOtherOrigin);
        }
        let mut headers = self.headers.clone();
        if !within {
            let names: Vec<HeaderName> =
                headers.keys().filter(|name| !HARMLESS.contains(name)).cloned().collect();
            for name in names {
                headers.remove(name);
            }
        }
        let at_home = self.at_home && within;
        if !at_home {
            let query = url.query().map(|query| outline.strip_query(query)).filter(|query| !query.is_empty());
            url.set_query(query.as_deref());
            uri = to_uri(&url).map_err(|_| RedirectError::Unreadable)?;
        }
        if !with_body {
            for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
                headers.remove(name);
            }
        }
        let method = if keeps_method { self.method.clone() } else { Method::GET };
        tracing::debug!(target: "authwire", status = status.as_u16(), at_home, "redirect followed");
        Ok(Some(Self { method, uri, headers, at_home, count: self.count + 1, with_body }))
    }

    fn resolve(&self, location: &http::HeaderValue) -> Result<Url, RedirectError> {
        let location = std::str::from_utf8(location.as_bytes()).map_err(|_| RedirectError::Unreadable)?;
        let base = Url::parse(&self.uri.to_string()).map_err(|_| RedirectError::Unreadable)?;
        let mut url = base.join(location).map_err(|_| RedirectError::Unreadable)?;
        url.set_fragment(None);
        if !matches!(url.scheme(), "https" | "http") || !url.username().is_empty() || url.password().is_some()
        {
            return Err(RedirectError::Unreadable);
        }
        Ok(url)
    }
}

/// Why a redirect is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// There were ten before it.
    TooMany,
    /// It leads from `https` to `http`.
    ToPlainHttp,
    /// It wants the body at another origin (307, 308).
    BodyToOtherOrigin,
    /// The body was a stream, which is gone.
    BodyIsGone,
    /// Its `Location` is no URL that can be followed.
    Unreadable,
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooMany => "the API redirects in circles: ten redirects were followed",
            Self::ToPlainHttp => "the API redirects from https to http, which is not followed",
            Self::BodyToOtherOrigin => {
                "the API redirects to another origin and expects the body there, which is not followed"
            }
            Self::BodyIsGone => {
                "the API redirects a request whose body was a stream, which cannot be sent twice"
            }
            Self::Unreadable => "the API redirects to something that is not an https or http URL",
        })
    }
}

impl std::error::Error for RedirectError {}
