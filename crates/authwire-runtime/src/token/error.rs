//! Why there is no token: what was tried, what the server said, what to check.

use std::fmt;
use std::time::Duration;

use super::client_authentication::{Style, may_want_another_way};
use crate::retry::wait_in_words;
use crate::transport::TransportError;

/// A token request that brought no token. What the server said was searched for secrets first.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenError {
    /// What kind of failure it is.
    pub kind: TokenErrorKind,
    /// Where the request went, without its query; of a URL that was a reference only scheme and host.
    pub url: String,
    /// The step before the token request that it was, if it was one, as the plan calls it.
    pub step: Option<String>,
    /// What was tried, in order; the last one decided.
    pub attempts: Vec<TokenAttempt>,
    /// What to check.
    pub hint: Option<String>,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    pub(crate) transport: Option<TransportError>,
}

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// The server refused the request.
    Refused,
    /// The server has trouble (429, 5xx): later it may go better.
    Unavailable,
    /// The server was not reached.
    Unreachable,
    /// The server answered with something that holds no token, or none that we can use.
    Unusable,
}

/// The error codes that the standards know (RFC 6749 §5.2, RFC 8628 §3.5, RFC 8693 §2.2.2, RFC 9449 §5). None is a secret,
/// though one may be a part of it.
pub(crate) const CODES: [&str; 14] = [
    "access_denied",
    "authorization_pending",
    "expired_token",
    "invalid_client",
    "invalid_dpop_proof",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "slow_down",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "use_dpop_nonce",
];

/// One try to get a token.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct TokenAttempt {
    /// How the client proved who it is, if it did.
    pub style: Option<Style>,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The answer's `error` (RFC 6749 §5.2).
    pub error: Option<String>,
    /// The answer's `error_description`.
    pub description: Option<String>,
    /// What we made of it, where that is not plain from the above.
    pub problem: Option<String>,
}

impl TokenError {
    /// The status of the last answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.attempts.last().and_then(|attempt| attempt.status)
    }

    /// The `error` of the last answer.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.attempts.last().and_then(|attempt| attempt.error.as_deref())
    }

    /// The client authentication that the server took, though it refused what came with it, where that was found out by
    /// trying.
    pub(crate) fn style_found(&self) -> Option<Style> {
        let (last, before) = self.attempts.split_last()?;
        let tried = before.iter().any(|attempt| attempt.style != last.style);
        last.style.filter(|_| tried && last.error.is_some() && !last.refuses_client())
    }

    /// Whether the server refused the client, or may have.
    pub(crate) fn refuses_client(&self) -> bool {
        self.attempts.last().is_some_and(TokenAttempt::refuses_client)
    }

    /// What kept the server from being reached, if that is what failed.
    #[must_use]
    pub fn transport(&self) -> Option<&TransportError> {
        self.transport.as_ref()
    }

    /// Whether it may go better the next time, without anybody doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self.kind {
            TokenErrorKind::Unavailable => true,
            TokenErrorKind::Unreachable => self.transport.as_ref().is_none_or(TransportError::is_passing),
            TokenErrorKind::Refused | TokenErrorKind::Unusable => false,
        }
    }
}

impl TokenAttempt {
    fn refuses_client(&self) -> bool {
        let (error, description) = (self.error.as_deref(), self.description.as_deref());
        self.status.is_some_and(|status| may_want_another_way(status, error, description, false))
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Some(step) => write!(f, "no token: its step `{step}` failed at {}: ", self.url)?,
            None => write!(f, "no token from {}: ", self.url)?,
        }
        let several = self.attempts.len() > 1;
        for (index, attempt) in self.attempts.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            match attempt.style {
                Some(style) if several => write!(f, "with {style}: {attempt}")?,
                _ => attempt.fmt(f)?,
            }
        }
        if let Some(hint) = &self.hint {
            write!(f, ". {hint}")?;
        }
        match self.retry_after {
            Some(wait) => write!(f, ". The server asks to wait {}", wait_in_words(wait)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for TokenAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(status) = self.status {
            write!(f, "status {status}")?;
            separator = ", ";
        }
        if let Some(error) = &self.error {
            write!(f, "{separator}error `{error}`")?;
            separator = ", ";
        }
        if let Some(description) = &self.description {
            write!(f, "{separator}“{description}”")?;
            separator = ", ";
        }
        match &self.problem {
            Some(problem) => write!(f, "{separator}{problem}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TokenError {}
