//! Tokens: asking for one (RFC 6749 §4 to §6), reading the answer, keeping it while it lives.
//!
//! - [`request`] builds the request that a plan describes, [`client_authentication`] says who asks,
//!   [`answer`] reads what comes back, [`expiry`] when it ends.
//! - [`exchange`] strings them together without any I/O: next request, then its answer, until there is a token.
//! - [`delivery`] sends what it asks for, [`lifecycle`] says when, and stores what came of it by the keys of [`chain`].
//! - [`error`] is what can be said when there is none, [`hint`] what to check then.

pub(crate) mod answer;
mod chain;
pub(crate) mod client_authentication;
mod delivery;
mod error;
mod exchange;
mod expiry;
mod hint;
pub(crate) mod jar;
pub(crate) mod lifecycle;
pub(crate) mod request;

pub use client_authentication::Style;
pub use error::{TokenAttempt, TokenError, TokenErrorKind};
