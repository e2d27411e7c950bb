//! Values: named and spread, templates with fields in them, and the conditions under which anything holds.

use std::borrow::Cow;

use super::{FieldId, RequestPart};
use crate::list::{List, Str};
use crate::table::Json;

/// Named values and spreads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Members {
    /// The named values.
    pub named: List<(Template, Value)>,
    /// The spreads (`"..."`): each a lone field that holds a map or an object.
    pub spreads: List<FieldId>,
}

/// What of a request holds a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterLocation {
    /// Its headers.
    Header,
    /// The query of its URL.
    Query,
    /// Its cookies.
    Cookie,
    /// Its body: the parameters of a form, the members of a JSON object.
    Body,
}

impl ParameterLocation {
    /// How names are compared there.
    #[must_use]
    pub const fn names(self) -> Names {
        match self {
            Self::Header => Names::AnyCase,
            Self::Query | Self::Cookie | Self::Body => Names::Exact,
        }
    }
}

/// How the names of members are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// As they are: parameters, cookies, JSON members.
    Exact,
    /// Without regard to case: headers (RFC 9110 §5.1).
    AnyCase,
}

impl Names {
    /// Whether both names are the same.
    #[must_use]
    pub fn are_same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Exact => one == other,
            Self::AnyCase => one.eq_ignore_ascii_case(other),
        }
    }

    /// What two names that are the same have in common: to look one up.
    #[must_use]
    pub fn key(self, name: &str) -> Cow<'_, str> {
        match self {
            Self::AnyCase if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                Cow::Owned(name.to_ascii_lowercase())
            }
            _ => Cow::Borrowed(name),
        }
    }
}

/// A value to send.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A template.
    Template(Template),
    /// A literal that is no string.
    Literal(Json),
    /// `{pattern, value}`: the value in the pattern's `%s`.
    Pattern {
        /// The pattern.
        pattern: Template,
        /// The value: exactly one.
        value: List<Value>,
    },
    /// `{first: […]}`: the first that is present.
    First(List<Value>),
    /// In a JSON body: an object.
    Object(Members),
    /// In a JSON body: an array.
    Array(List<Value>),
}

/// A string with fields in it. Absent if any field is.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its parts; `{{` and `}}` are resolved.
    pub parts: List<Part>,
}

impl Template {
    /// The field of a lone `"{field}"`, which keeps its JSON type.
    #[must_use]
    pub fn lone(&self) -> Option<Source> {
        match *self.parts {
            [Part::Field(source)] => Some(source),
            _ => None,
        }
    }

    /// What its fields read.
    pub fn sources(&self) -> impl Iterator<Item = Source> + '_ {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(source) => Some(*source),
            Part::Literal(_) => None,
        })
    }

    /// The property of a lone `"{field}"`.
    #[must_use]
    pub fn lone_field(&self) -> Option<FieldId> {
        match self.lone() {
            Some(Source::Field(field)) => Some(field),
            _ => None,
        }
    }

    /// The text of a template without fields.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match &*self.parts {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text.
    Literal(Str),
    /// A field.
    Field(Source),
}

/// What a `{path}` reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A property of the type.
    Field(FieldId),
    /// `{make.NAME}`: an index into [`Plan::make`](super::Plan::make).
    Make(u8),
    /// `{token.access_token}`
    AccessToken,
    /// `{token.NAME}`: an index into [`ResponsePlan::pick`](super::ResponsePlan::pick).
    TokenValue(u8),
    /// `{kept.NAME}`: an index into [`TokenPlan::keep`](super::TokenPlan::keep).
    Kept(u8),
    /// `{steps.NAME.PICK}`: indices into [`TokenPlan::steps`](super::TokenPlan::steps) and [`StepPlan::pick`](super::StepPlan::pick).
    Picked(u8, u8),
    /// `{login.…}`: what a login brought.
    Login(LoginValue),
    /// `{request.PART}`: of the request that is signed.
    Request(RequestPart),
    /// `{connector.base_url}`
    BaseUrl,
    /// `{connector.name}`
    ConnectorName,
}

/// What a login brings for the token request that ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginValue {
    /// `{login.code}`: the authorization code (RFC 6749 §4.1.2).
    Code,
    /// `{login.code_verifier}`: what only we know (RFC 7636 §4.1).
    CodeVerifier,
    /// `{login.redirect_uri}`: where the browser came back to (RFC 6749 §4.1.3).
    RedirectUri,
    /// `{login.device_code}`: whose code was typed in (RFC 8628 §3.4).
    DeviceCode,
    /// `{login.token}`: of the temporary credentials (RFC 5849 §2.1).
    Token,
    /// `{login.token_secret}`: that belongs to it.
    TokenSecret,
    /// `{login.verifier}`: what the person's consent brought (RFC 5849 §2.2).
    Verifier,
}

impl LoginValue {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Code,
        Self::CodeVerifier,
        Self::RedirectUri,
        Self::DeviceCode,
        Self::Token,
        Self::TokenSecret,
        Self::Verifier,
    ];

    /// As plans write it, after `login.`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeVerifier => "code_verifier",
            Self::RedirectUri => "redirect_uri",
            Self::DeviceCode => "device_code",
            Self::Token => "token",
            Self::TokenSecret => "token_secret",
            Self::Verifier => "verifier",
        }
    }

    /// Whether it may be shown.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        !matches!(self, Self::RedirectUri)
    }
}

/// One condition of a `when`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub source: Source,
    /// What must hold.
    pub test: Test,
}

/// What a condition demands.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// The value is this scalar (a default counts).
    Equals(Json),
    /// It is written in the file, or not (a default does not count).
    Present(bool),
}
