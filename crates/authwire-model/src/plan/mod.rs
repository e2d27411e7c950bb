//! The compiled form of `x-auth`: what an auth type puts on the wire.
//!
//! The grammar is that of the guide page on writing an auth type. A plan reads properties by *field*: an index into
//! [`Plan::fields`], which a config answers as a slot.
//!
//! What stands in any of them are values and templates (`value`); `token` is how a token is had, `placement` what
//! every request gets, `signature` what signs it. `concern` says what a config has in which any of them can be wrong.

mod concern;
mod placement;
mod signature;
mod token;
mod value;

pub use concern::*;
pub use placement::*;
pub use signature::*;
pub use token::*;
pub use value::*;

use crate::list::{List, Str};
use crate::table::Json;

/// The index of a field in [`Plan::fields`].
pub type FieldId = u16;

/// What goes on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The version of the language (1).
    pub version: u32,
    /// The properties that the plan reads.
    pub fields: List<Field>,
    /// What the connection itself proves.
    pub connection: Option<ConnectionPlan>,
    /// What is made afresh, by name.
    pub make: List<Make>,
    /// How a token is had, where the type has one.
    pub token: Option<TokenPlan>,
    /// The edits of every request.
    pub apply: List<Placement>,
}

impl Plan {
    /// The field of this index.
    #[must_use]
    pub fn field(&self, field: FieldId) -> Option<&Field> {
        self.fields.get(usize::from(field))
    }

    /// Whether the field of this index holds a secret.
    #[must_use]
    pub fn is_secret(&self, field: FieldId) -> bool {
        self.field(field).is_some_and(|field| field.secret)
    }

    /// Whether a template reads a secret: a secret field, or what is made, kept or fetched.
    #[must_use]
    pub fn reads_secret(&self, template: &Template) -> bool {
        template.sources().any(|source| match source {
            Source::Field(field) => self.is_secret(field),
            Source::Make(_)
            | Source::Kept(_)
            | Source::Picked(..)
            | Source::AccessToken
            | Source::TokenValue(_) => true,
            Source::Login(value) => value.is_secret(),
            Source::Request(_) | Source::BaseUrl | Source::ConnectorName => false,
        })
    }

    /// Whether a value carries one.
    #[must_use]
    pub fn carries_secret(&self, value: &Value) -> bool {
        match value {
            Value::Template(template) => self.reads_secret(template),
            Value::Literal(_) => false,
            Value::Pattern { value, .. } | Value::First(value) | Value::Array(value) => {
                value.iter().any(|value| self.carries_secret(value))
            }
            Value::Object(members) => members.named.iter().any(|(_, value)| self.carries_secret(value)),
        }
    }
}

/// A property that a plan reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As the plan writes it: `token_response.access_token`, the names of its pointer with dots between them. No name has one.
    pub path: Str,
    /// Where it stands in the config: `/token_response/access_token`.
    pub pointer: Str,
    /// The property's `title`.
    pub title: Option<Str>,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it holds a secret, or a map of them: no output shows any of it.
    pub secret: bool,
    /// Whether a valid config always has a value for it (given or by default).
    pub always: bool,
    /// Whether a file that a reference names may be binary; then its text is its Base64.
    pub may_be_binary: bool,
    /// Its `default`, which applies also where its parent is absent.
    pub default: Option<Json>,
}

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A plain string: no reference.
    Plain,
    /// A string or a reference (`authwire:common#/$defs/text`).
    Text,
    /// As text, and a URL (`authwire:common#/$defs/url`).
    Url,
    /// A secret (`writeOnly: true`).
    Secret,
    /// Names to texts (`authwire:common#/$defs/map`).
    Map,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// Any other JSON.
    Json,
}

/// What the connection itself proves: `connection: {when?, …}`.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionPlan {
    /// Holds or the connection proves nothing.
    pub when: List<Condition>,
    /// How it proves it.
    pub what: ConnectionAuth,
}

/// How a connection proves who connects.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectionAuth {
    /// A client certificate (RFC 8446 §4.4.2), for token requests too (RFC 8705).
    ClientCertificate {
        /// The certificate with those that it was issued by: PEM, or PKCS#12 with the key.
        certificate: Template,
        /// Its key in PEM, where that is not with the certificate.
        private_key: Option<Template>,
        /// What a PKCS#12 file is locked with.
        passphrase: Option<Template>,
    },
    /// NTLM over HTTP (MS-NLMP), for calls of the API.
    Ntlm {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
        /// The domain of the account.
        domain: Option<Template>,
        /// What we call our own machine.
        workstation: Option<Template>,
    },
}

/// Something made afresh: `make: {NAME: …}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Make {
    /// Its name, as `{make.NAME}` reads it.
    pub name: Str,
    /// What is made.
    pub what: Made,
}

/// What can be made.
#[derive(Debug, Clone, PartialEq)]
pub enum Made {
    /// A signed JWT (RFC 7519).
    Jwt(Jwt),
}

/// The primitive `jwt`.
#[derive(Debug, Clone, PartialEq)]
pub struct Jwt {
    /// `HS256`, `RS256` or `ES256` (RFC 7518 §3.1).
    pub algorithm: Template,
    /// The key to sign with.
    pub key: Template,
    /// How an HS256 secret is written.
    pub key_encoding: Option<Template>,
    /// `exp - iat`, in seconds.
    pub lifetime_seconds: Template,
    /// Whether a `jti` is added.
    pub jti: Option<Template>,
    /// Whether an `nbf` is added.
    pub nbf: Option<Template>,
    /// Header parameters.
    pub header: Members,
    /// Claims.
    pub claims: Members,
}

/// The claims that are made here (RFC 7519 §4.1): nobody else may give them.
pub const MADE_CLAIMS: [&str; 4] = ["iat", "exp", "nbf", "jti"];

/// Whether a claim that can be made here is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MadeWhere<'j> {
    /// In each JWT.
    Always,
    /// Where this is `true`.
    True(&'j Template),
    /// In none.
    Nowhere,
}

impl Jwt {
    /// Those of [`MADE_CLAIMS`], and whether they are made.
    #[must_use]
    pub fn made_claims(&self) -> [(&'static str, MadeWhere<'_>); 4] {
        MADE_CLAIMS.map(|claim| {
            let asked = match claim {
                "nbf" => &self.nbf,
                "jti" => &self.jti,
                _ => return (claim, MadeWhere::Always),
            };
            (claim, asked.as_ref().map_or(MadeWhere::Nowhere, MadeWhere::True))
        })
    }
}
