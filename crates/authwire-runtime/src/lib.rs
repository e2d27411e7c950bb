//! Applies Authwire connectors to HTTP requests.
//!
//! One engine runs the plan (`x-auth`) of any auth type over its config: those that Authwire brings, those derived in
//! other crates, and those read from a schema file while the program runs. Nothing here asks for an auth type's name.
//!
//! - [`Client`] calls an API through a [`Connector`]; [`Authenticator`] is for those who bring their own HTTP client.
//! - [`explain()`] says what would be sent, without needing any secret to be there.
//! - [`Transport`], [`Resolver`], [`Clock`] and [`store::TokenStore`] are what the engine needs from outside
//!   ([`Services`]).
//!
//! The life of a request: a connector's fields are read and resolved (`material`), the plan's templates are read over
//! them (`template`, `members`), which gives a token request (`token`) and the edits of every call (`placement`). Ready
//! edits lie where reading them takes no lock (`ready`); `engine` makes them anew when they end.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

mod address;
mod authenticator;
mod body;
mod calendar;
mod client;
mod clock;
mod connection;
mod connector;
mod der;
mod digest;
mod dpop;
mod engine;
mod error;
mod explain;
mod file;
mod from_config;
mod hex;
mod html;
pub mod judge;
pub mod jwt;
pub mod login;
mod made;
mod mask;
mod material;
mod members;
mod ntlm;
mod oauth1;
mod outline;
mod pem;
mod percent;
mod phrase;
mod placement;
mod preparation;
mod random;
mod ready;
mod redirect;
mod refusal;
mod renewal;
mod resolve;
mod response;
mod retry;
mod services;
mod sigv4;
pub mod store;
mod template;
mod token;
mod transport;
mod value_pattern;
mod wiped;

pub use address::AddressError;
pub use authenticator::{AccessToken, Authenticator, Receipt, Resend, Verdict};
pub use authwire_core::slot::Config;
pub use body::{Body, BodyError, CollectError};
pub use client::{Client, RequestBuilder};
pub use clock::{Clock, Sleeping, SystemClock};
pub use connection::{CertificatePart, ClientIdentity, IdentityFault};
pub use connector::{Connector, HttpOptions};
pub use error::{Error, Unusable};
pub use explain::{ExplainedBody, ExplainedJwt, ExplainedRequest, Explanation, Purpose, explain, shown_url};
pub use file::read_file;
pub use redirect::RedirectError;
pub use refusal::Refusal;
pub use resolve::{
    Resolver, Resolving, ResolvingBytes, Surroundings, Unresolved, UnresolvedKind, text_or_base64,
};
pub use response::Response;
pub use services::Services;
pub use token::{Style, TokenAttempt, TokenError, TokenErrorKind};
pub use transport::{
    Connecting, SendOptions, Sending, ServerConnection, Transport, TransportError, TransportErrorKind,
};
#[cfg(feature = "reqwest")]
pub use transport::{ReqwestTransport, check_ca_file};
