//! A request on its way out: what edits and signatures work on.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, Method, Uri};

/// A request on its way out.
pub(crate) struct Outgoing<'r> {
    pub(crate) method: &'r Method,
    pub(crate) uri: &'r mut Uri,
    pub(crate) headers: &'r mut HeaderMap,
    pub(crate) given: Given<'r>,
    /// The body that goes out in its place, where auth is part of it.
    pub(crate) replaced: Option<Bytes>,
    /// Asked only by what signs, and by cookies that end: the time costs.
    pub(crate) now: &'r dyn Fn() -> SystemTime,
}

impl Outgoing<'_> {
    /// The whole body as it goes out; `None` where it is not known.
    pub(crate) fn body(&self) -> Option<&Bytes> {
        static NONE: Bytes = Bytes::new();
        match self.given {
            _ if self.replaced.is_some() => self.replaced.as_ref(),
            Given::Whole(body) => Some(body),
            Given::ByHead => self.has_none_by_its_head().then_some(&NONE),
            Given::Unknown => None,
        }
    }

    /// Whether the head announces no body: a method whose content means nothing (RFC 9110 §9.3), and not a word of one.
    fn has_none_by_its_head(&self) -> bool {
        let length = self.headers.get(CONTENT_LENGTH);
        let announced = self.headers.contains_key(CONTENT_TYPE)
            || self.headers.contains_key(TRANSFER_ENCODING)
            || length.is_some_and(|length| length.as_bytes() != b"0");
        !announced
            && matches!(
                *self.method,
                Method::GET | Method::HEAD | Method::DELETE | Method::OPTIONS | Method::TRACE
            )
    }
}

/// The body as the caller gave it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'r> {
    /// The whole of it.
    Whole(&'r Bytes),
    /// Not at all: the head says whether there is one.
    ByHead,
    /// There is one, and it is not known: a stream.
    Unknown,
}
