//! Digest access authentication (RFC 7616), the client's part: `challenge` reads what a server asks for and picks the
//! strongest that we can do, `response` answers it.
//!
//! It must not know how requests are sent: whoever does keeps the [`Session`] and asks it before each of them.

mod challenge;
mod response;

#[cfg(test)]
mod tests;

pub(crate) use challenge::{Algorithm, Challenge, ChallengeFault, strongest};
pub(crate) use response::{Session, User};
