//! Why a login did not come to its end.

use std::fmt;
use std::io;
use std::sync::Arc;

/// A login that did not come to its end. What a server said was searched for secrets first.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum LoginError {
    /// This auth has no such login: `a browser` or `another device`, and what would give it one.
    NoSuchLogin {
        /// What was asked for.
        what: &'static str,
        /// What to do.
        help: String,
    },
    /// The redirect brings no code.
    Redirect {
        /// Why.
        message: String,
    },
    /// The server gave no code to type in.
    Device {
        /// Where it was asked, without its query.
        url: String,
        /// The status of its answer.
        status: u16,
        /// What it said, or what is missing.
        message: String,
    },
    /// The server gave no temporary credentials (RFC 5849 §2.1).
    Temporary {
        /// Where it was asked, without its query.
        url: String,
        /// The status of its answer.
        status: u16,
        /// What it said, or what is missing.
        message: String,
    },
    /// The codes ended before the person was done.
    Expired,
    /// Nothing can be listened to at the address of the redirect.
    Listen {
        /// The address.
        address: String,
        /// Why not.
        source: Arc<io::Error>,
    },
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchLogin { what, help } => write!(f, "there is no login on {what} here: {help}"),
            Self::Redirect { message } => f.write_str(message),
            Self::Device { url, status, message } => write!(f, "no code from {url}: {status}: {message}"),
            Self::Temporary { url, status, message } => {
                write!(f, "no temporary credentials from {url}: {status}: {message}")
            }
            Self::Expired => f.write_str("the code ended before the login was done: begin again"),
            Self::Listen { address, source } => {
                write!(f, "the redirect to {address} cannot be listened for: {source}")
            }
        }
    }
}

impl std::error::Error for LoginError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(&**source),
            _ => None,
        }
    }
}
