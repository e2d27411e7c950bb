//! How a program is told to authenticate to an HTTP API: typed, validated configs from one JSON Schema per auth type.
//!
//! A connector file says where a system is and how to authenticate there. [`ConnectorConfig`] reads one in a single
//! pass; what is wrong with it comes back as a [`Report`], every violation at once, with line and column.
//!
//! ```
//! # #[cfg(feature = "builtin")]
//! # fn main() -> Result<(), authwire::Report> {
//! use authwire::{AuthConfig, ConnectorConfig};
//!
//! let file = br#"{
//!   "name": "acme",
//!   "base_url": "https://api.acme.example/v1",
//!   "auth_config": {"type": "basic_auth", "username": "ada", "password": {"env": "ACME_PASSWORD"}}
//! }"#;
//! let connector = ConnectorConfig::from_slice(file)?;
//! assert_eq!(connector.name(), "acme");
//! let AuthConfig::BasicAuth(basic) = connector.auth_config() else { panic!("it is basic_auth") };
//! assert_eq!(basic.username().as_literal(), Some("ada"));
//! assert_eq!(format!("{:?}", basic.password()), "Secret(env:ACME_PASSWORD)");
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "builtin"))]
//! # fn main() {}
//! ```
//!
//! [`derive@Connector`] makes a config for an auth type of your own out of its schema file, or embeds a connector file that is
//! checked while compiling.

#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

mod json_schema;

#[doc(hidden)]
pub mod __private;
pub mod auth_type;
#[cfg(feature = "builtin")]
mod builtin;
#[cfg(feature = "builtin")]
mod connector_config;
mod unknown_value;

#[cfg(feature = "builtin")]
pub use auth_type::Connector;
pub use auth_type::{AuthType, Checked};
pub use authwire_core::judge::{CertificatePart, KeyFault};
pub use authwire_core::slot::Config;
pub use authwire_core::table::Display;
pub use authwire_core::{
    Code, Document, Finding, Judge, Layer, Place, Reference, Report, Secret, SecretValue, Severity, Text,
    TextMap,
};
pub use authwire_derive::Connector;
#[cfg(feature = "builtin")]
pub use builtin::*;
pub use unknown_value::UnknownValue;
