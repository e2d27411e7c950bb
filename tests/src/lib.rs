//! Starts the servers that the end-to-end tests talk to: programs that nobody here wrote, and that refuse whatever is
//! wrong. Beside them, for the command's own tests too, a server that answers as a test says ([`loopback`]), and
//! `authwire` run in a folder of its own ([`program`]).
//!
//! Each `start` returns once the server answers; dropping the value ends it, also when the test panics. What is not
//! installed fails the test with the command that installs it; nothing is skipped. Knows no HTTP client and nothing of
//! Authwire, so that the servers are proven by themselves.
//!
//! ```no_run
//! use authwire_tests::{Oidc, clients, exchange};
//!
//! let oidc = Oidc::start();
//! let form = format!("grant_type=client_credentials&client_id={}", clients::BASIC.id);
//! let answer = exchange::post_form(&oidc.token_url, &[], &form);
//! assert_eq!(answer.status, 401); // it wants Basic
//! assert_eq!(oidc.journal.counts().token_requests, 1);
//! ```

pub mod clients;
pub mod editor;
pub mod exchange;
pub mod loopback;
pub mod program;

mod authority;
mod browser;
mod built;
mod haproxy;
mod httpbin;
mod installation;
mod journal;
mod keys;
mod login;
mod nginx;
mod ntlm;
mod oauth1;
mod oauth2;
mod oidc;
mod postgres;
mod server;
mod settings;
mod vendor;

pub use authority::{Authority, Certificate};
pub use browser::{Visited, visit};
pub use built::built;
pub use haproxy::Haproxy;
pub use httpbin::Httpbin;
pub use installation::python_module;
pub use journal::{Counts, Journal, TokenRequest};
pub use keys::{Algorithm, KeyPair, SigningKeys};
pub use login::Login;
pub use nginx::Nginx;
pub use ntlm::Ntlm;
pub use oauth1::OAuth1;
pub use oauth2::OAuth2;
pub use oidc::Oidc;
pub use postgres::Postgres;
pub use settings::Settings;
pub use vendor::Vendor;
