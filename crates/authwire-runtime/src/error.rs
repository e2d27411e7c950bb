//! What can go wrong when auth is applied: one variant for each thing that a caller can act on.
//!
//! No message carries a secret, nor what a server said unless it was searched for secrets first.

use std::fmt;
use std::sync::Arc;

use authwire_core::Code;

use crate::address::AddressError;
use crate::login::LoginError;
use crate::redirect::RedirectError;
use crate::refusal::Refusal;
use crate::resolve::{Unresolved, UnresolvedKind};
use crate::store::StoreError;
use crate::token::TokenError;
use crate::transport::TransportError;

/// Why a request was not made, or not answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// The connector holds a value that cannot be sent: change the connector file, or what the reference names.
    Unusable(Unusable),
    /// A reference names nothing: set the variable, write the file.
    Unresolved(Unresolved),
    /// The path leads away from the connector's `base_url`: change the path.
    Address(AddressError),
    /// A redirect cannot be followed.
    Redirect(RedirectError),
    /// The server was not reached, or its answer broke off: try again later.
    Transport(TransportError),
    /// The token request failed: the error says what the server said and what to check.
    Token(Arc<TokenError>),
    /// The durable credential is spent or revoked: a person has to sign in again. Final, nothing retries.
    ReauthRequired(Arc<TokenError>),
    /// A person has to log in first: nothing is kept that a token could be had with.
    LoginRequired {
        /// The connector's name.
        connector: String,
    },
    /// A login did not come to its end: begin it anew.
    Login(LoginError),
    /// The API refused the credential.
    Refused(Refusal),
    /// The token store failed: what came of a token request is not durable, so it is not used.
    Store(StoreError),
    /// An answer is longer than its limit.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The answer is not what the caller asked to read it as.
    Unreadable {
        /// What was expected, and where it breaks; never a part of the answer.
        message: String,
    },
    /// The request as the caller made it cannot be sent.
    Request {
        /// What is wrong with it.
        message: String,
    },
    /// There is no tokio runtime, or it shut down while a token was on its way.
    Interrupted,
    /// What was to obtain the credential panicked, in a transport, a resolver, a clock or a store: see the panic's own words.
    Panicked,
    /// The system does not give what is needed: random bytes, the roots that TLS trusts.
    System {
        /// What is missing.
        message: String,
    },
    /// A bug in Authwire: please report it.
    Internal {
        /// What should not have been.
        message: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(error) => error.fmt(f),
            Self::Unresolved(error) => error.fmt(f),
            Self::Address(error) => error.fmt(f),
            Self::Redirect(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
            Self::ReauthRequired(error) => {
                write!(
                    f,
                    "{error}. The credential is spent or revoked: sign in again, or put a new one in its place"
                )
            }
            Self::LoginRequired { connector } => write!(f, "`{connector}` requires a person to log in first"),
            Self::Login(error) => error.fmt(f),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Store(error) => write!(f, "the token store failed: {error}"),
            Self::TooLong { limit } => write!(f, "the answer is longer than {limit} bytes"),
            Self::Unreadable { message } | Self::Request { message } | Self::System { message } => {
                f.write_str(message)
            }
            Self::Panicked => f.write_str("what was to obtain the credential panicked"),
            Self::Internal { message } => write!(f, "{message}; this is a bug in Authwire, please report it"),
            Self::Interrupted => f.write_str(
                "a token is obtained in a task of its own, which needs a tokio runtime that goes on running",
            ),
        }
    }
}

// what a variant holds it says itself: none has a source
impl std::error::Error for Error {}

impl Error {
    /// Whether it may go better the next time, without anybody doing anything: no connection, a server or a store in
    /// trouble.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_passing(),
            Self::Token(error) => error.is_passing(),
            Self::Store(error) => error.kind.is_passing(),
            Self::Unresolved(error) => error.kind == UnresolvedKind::Timeout,
            _ => false,
        }
    }
}

impl From<Unusable> for Error {
    fn from(error: Unusable) -> Self {
        Self::Unusable(error)
    }
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        Self::Login(error)
    }
}

impl From<Unresolved> for Error {
    fn from(error: Unresolved) -> Self {
        Self::Unresolved(error)
    }
}

impl From<AddressError> for Error {
    fn from(error: AddressError) -> Self {
        Self::Address(error)
    }
}

impl From<RedirectError> for Error {
    fn from(error: RedirectError) -> Self {
        Self::Redirect(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

/// A value of the connector that cannot be sent. Names the field, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unusable {
    /// What kind of fault: as `validate` would call it.
    pub code: Code,
    /// The properties that the value was made of, as the plan writes them.
    pub fields: Vec<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Unusable {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, fields: Vec::new(), message: message.into(), help: None }
    }

    pub(crate) fn at(mut self, field: impl Into<String>) -> Self {
        self.fields.push(field.into());
        self
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, field) in self.fields.iter().enumerate() {
            write!(f, "{}`{field}`", if index == 0 { "" } else { ", " })?;
        }
        if !self.fields.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Unusable {}
