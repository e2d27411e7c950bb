//! The compiled form of `x-auth`: what an auth type puts on the wire.
//!
//! The grammar is that of the guide page on writing an auth type. A plan reads properties by *field*: an index into
//! [`Plan::fields`], which a config answers as a [`Slot`](crate::slot::Slot).

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

/// A property that a plan reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As the plan writes it: `token_response.access_token`.
    pub path: Str,
    /// Where it stands in the config: `/token_response/access_token`.
    pub pointer: Str,
    /// The property's `title`.
    pub title: Option<Str>,
    /// What it holds.
    pub kind: FieldKind,
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

/// How a token is had: `token: {…}`.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenPlan {
    /// Holds or there is no token.
    pub when: List<Condition>,
    /// What outlives the process.
    pub keep: List<Keep>,
    /// How a person logs in, where that is what a token comes from.
    pub login: Option<LoginPlan>,
    /// What each token request proves besides (RFC 9449).
    pub dpop: Option<DpopPlan>,
    /// The requests that go before, in order: those whose `when` holds.
    pub steps: List<StepPlan>,
    /// The requests: the first whose `when` holds, on `invalid_grant` the next.
    pub requests: List<RequestPlan>,
    /// Where the answer holds what.
    pub response: ResponsePlan,
    /// The statuses of an API answer on which the token is dead; `None`: 401.
    pub renew_on: Option<RenewOn>,
}

/// How a person logs in: `login: {authorization?, device?}`.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginPlan {
    /// In a browser that comes back with a code (RFC 6749 §4.1).
    pub authorization: Option<AuthorizationPlan>,
    /// The request for a code to type in on another device (RFC 8628 §3.1).
    pub device: Option<RequestPlan>,
}

/// Where a browser is sent: `authorization: {when?, url, query?, redirect_uri?, issuer?}`.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorizationPlan {
    /// Holds or a browser is of no use.
    pub when: List<Condition>,
    /// The authorization endpoint (RFC 6749 §3.1).
    pub url: Template,
    /// Query parameters beside those that Authwire makes.
    pub query: Members,
    /// Where the browser comes back to; absent: to a loopback address (RFC 8252 §7.3).
    pub redirect_uri: Option<Template>,
    /// What `iss` must be (RFC 9207).
    pub issuer: Option<Template>,
}

/// The parameters of an authorization request that Authwire makes (RFC 6749 §4.1.1, RFC 7636 §4.3).
pub const AUTHORIZATION_PARAMETERS: [&str; 5] =
    ["response_type", "redirect_uri", "state", "code_challenge", "code_challenge_method"];

/// `renew_on`.
#[derive(Debug, Clone, PartialEq)]
pub enum RenewOn {
    /// Written in the plan.
    Statuses(List<u16>),
    /// Read from a property.
    Field(FieldId),
}

/// A durable value: `keep: {NAME: {initial?, from}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Keep {
    /// Its name, as `{kept.NAME}` reads it.
    pub name: Str,
    /// The value until one was kept.
    pub initial: Option<Template>,
    /// Where an answer holds the next one: a JSON pointer, or a field that holds it.
    pub from: Template,
}

/// Proof that a key is held to which tokens are bound: `dpop: {when?, key}` (RFC 9449 §5).
#[derive(Debug, Clone, PartialEq)]
pub struct DpopPlan {
    /// Holds or nothing is proved.
    pub when: List<Condition>,
    /// The private key, for ES256.
    pub key: Template,
}

/// A request that goes before the token request: `steps: [{name, pick?, …}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct StepPlan {
    /// Its name.
    pub name: Str,
    /// The request.
    pub request: RequestPlan,
    /// What is read out of its answer, as `{steps.NAME.PICK}` reads it.
    pub pick: List<Pick>,
}

/// A value out of the answer of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Its name.
    pub name: Str,
    /// Where it stands.
    pub place: AnswerPlace,
}

/// A token request.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestPlan {
    /// Holds or the next request is taken.
    pub when: List<Condition>,
    /// The HTTP method.
    pub method: Str,
    /// Where it goes.
    pub url: Template,
    /// Query parameters.
    pub query: Members,
    /// Headers.
    pub headers: Members,
    /// The body.
    pub body: Body,
    /// How the client proves who it is (RFC 6749 §2.3).
    pub client_authentication: Option<ClientAuthentication>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/x-www-form-urlencoded`
    Form(Members),
    /// `application/json`
    Json(Members),
}

/// The primitive `client_authentication`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientAuthentication {
    /// `basic`, `basic_raw`, `request_body`, `basic_username_password`; absent: auto.
    pub style: Option<Template>,
    /// The client's id.
    pub id: Template,
    /// Its secret; absent for a public client.
    pub secret: Option<Template>,
    /// What `basic_username_password` sends.
    pub username: Option<Template>,
    /// What `basic_username_password` sends.
    pub password: Option<Template>,
    /// In place of style and secret: a signed assertion (RFC 7521 §4.2, RFC 7523 §2.2).
    pub assertion: Option<Template>,
}

/// Where a token answer holds what.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsePlan {
    /// The token.
    pub access_token: AnswerPlace,
    /// Its lifetime.
    pub expires_in: Option<AnswerPlace>,
    /// Its type (RFC 6749 §7.1).
    pub token_type: Option<AnswerPlace>,
    /// The error code (RFC 6749 §5.2).
    pub error: Option<AnswerPlace>,
    /// Where the API is, if the answer says so; else at the connector's `base_url`.
    pub base_url: Option<AnswerPlace>,
}

/// A place in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerPlace {
    /// Where.
    pub at: At,
    /// How a time is written: `seconds`, `milliseconds`, `unix_seconds`, `unix_milliseconds`, `rfc3339`.
    pub format: Option<Template>,
    /// What the value must be, without regard to case.
    pub expect: Option<Template>,
    /// Holds or the place is not looked at.
    pub when: List<Condition>,
}

/// A place in an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// A JSON pointer into the body (RFC 6901).
    Pointer(Template),
    /// A header.
    Header(Template),
    /// A cookie that the answer sets.
    Cookie(Template),
    /// Cookies that the answer and those before it have set for the API, as `Cookie` writes them: those of these names, or
    /// all.
    Cookies(List<Template>),
    /// The value of a form's field of this name in an HTML page.
    Input(Template),
    /// The content of a `meta` element of this name in an HTML page.
    Meta(Template),
}

/// An edit of a request: `apply: [{when?, …}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Holds or the edit is left out.
    pub when: List<Condition>,
    /// The edit.
    pub what: Placed,
}

/// What is placed where.
#[derive(Debug, Clone, PartialEq)]
pub enum Placed {
    /// Headers.
    Header(Members),
    /// Query parameters.
    Query(Members),
    /// Cookies.
    Cookie(Members),
    /// The cookies of a session, as `Cookie` writes them. Answers of the API may change them.
    Cookies(Template),
    /// Parameters of the call's form.
    Form(Members),
    /// Members of the call's JSON object.
    Json(Members),
    /// `Authorization: Basic` (RFC 7617).
    Basic {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
    },
    /// A signature over the request, made for each.
    Signature(SignaturePlan),
}

/// What signs a request.
#[derive(Debug, Clone, PartialEq)]
pub enum SignaturePlan {
    /// OAuth 1.0 (RFC 5849): method, URL and every parameter are signed.
    Oauth1 {
        /// `oauth_consumer_key`
        client_key: Template,
        /// The client's shared secret.
        client_secret: Option<Template>,
        /// `oauth_token`
        token: Option<Template>,
        /// The token's shared secret.
        token_secret: Option<Template>,
        /// What signs by `RSA-SHA1` in place of the secrets.
        private_key: Option<Template>,
        /// `oauth_signature_method`: `HMAC-SHA1`, `HMAC-SHA256`, `RSA-SHA1` or `PLAINTEXT`.
        signature_method: Template,
        /// `realm`, which is not signed.
        realm: Option<Template>,
        /// Where the parameters go: `header`, `query` or `body`.
        placement: Template,
    },
    /// Digest (RFC 7616): the answer to the server's last challenge; the first request goes without.
    Digest {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
    },
    /// The token, and a proof that its key is held (RFC 9449 §7).
    Dpop {
        /// The private key, for ES256.
        key: Template,
        /// The access token.
        token: Template,
    },
    /// A keyed digest of a declared string.
    Hmac(HmacPlan),
    /// AWS Signature Version 4: method, URL, some headers and the body are signed.
    AwsSigv4 {
        /// The access key's id.
        access_key_id: Template,
        /// The secret access key.
        secret_access_key: Template,
        /// Of temporary credentials.
        session_token: Option<Template>,
        /// `us-east-1`
        region: Template,
        /// As the signature names the service: `execute-api`, `s3`.
        service: Template,
    },
}

/// The primitive `hmac`: a keyed digest (RFC 2104) of a declared string of the request's parts.
#[derive(Debug, Clone, PartialEq)]
pub struct HmacPlan {
    /// `SHA1`, `SHA256` or `SHA512`.
    pub algorithm: Template,
    /// The shared secret.
    pub key: Template,
    /// How the secret is written: `utf8`, `hex`, `base64` or `base64url`.
    pub key_encoding: Option<Template>,
    /// What is signed.
    pub string: Template,
    /// How the signature is written: `hex`, `base64` or `base64url`.
    pub encoding: Option<Template>,
    /// How `{request.timestamp}` is written: `unix_seconds`, `unix_milliseconds`, `rfc3339` or `http_date`.
    pub timestamp: Option<Template>,
    /// The headers that carry it: each value is a template.
    pub headers: Members,
    /// The query parameters that carry it; those without the signature stand there before it is made.
    pub query: Members,
}

/// A part of the request that goes out, as `{request.PART}` reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestPart {
    /// The method.
    Method,
    /// Host, and port if it is not the scheme's.
    Host,
    /// The path as it is sent.
    Path,
    /// The query as it is sent, without `?`; empty if there is none.
    Query,
    /// Path and query as the request line has them.
    Target,
    /// The media type of the body; empty if there is none.
    ContentType,
    /// The body.
    Body,
    /// The body's MD5 in hexadecimal digits.
    BodyMd5,
    /// The body's MD5 in Base64.
    BodyMd5Base64,
    /// The body's SHA-1 in hexadecimal digits.
    BodySha1,
    /// The body's SHA-256 in hexadecimal digits.
    BodySha256,
    /// The body's SHA-256 in Base64.
    BodySha256Base64,
    /// The body's SHA-512 in hexadecimal digits.
    BodySha512,
    /// When it is signed.
    Timestamp,
    /// A random value, another one for each request.
    Nonce,
    /// The signature.
    Signature,
}

impl RequestPart {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Method,
        Self::Host,
        Self::Path,
        Self::Query,
        Self::Target,
        Self::ContentType,
        Self::Body,
        Self::BodyMd5,
        Self::BodyMd5Base64,
        Self::BodySha1,
        Self::BodySha256,
        Self::BodySha256Base64,
        Self::BodySha512,
        Self::Timestamp,
        Self::Nonce,
        Self::Signature,
    ];

    /// As plans write it, after `request.`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Host => "host",
            Self::Path => "path",
            Self::Query => "query",
            Self::Target => "target",
            Self::ContentType => "content_type",
            Self::Body => "body",
            Self::BodyMd5 => "body_md5",
            Self::BodyMd5Base64 => "body_md5_base64",
            Self::BodySha1 => "body_sha1",
            Self::BodySha256 => "body_sha256",
            Self::BodySha256Base64 => "body_sha256_base64",
            Self::BodySha512 => "body_sha512",
            Self::Timestamp => "timestamp",
            Self::Nonce => "nonce",
            Self::Signature => "signature",
        }
    }
}

/// Named values and spreads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Members {
    /// The named values.
    pub named: List<(Template, Value)>,
    /// The spreads (`"..."`): each a lone field that holds a map or an object.
    pub spreads: List<FieldId>,
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
    /// `{make.NAME}`: an index into [`Plan::make`].
    Make(u8),
    /// `{token.access_token}`
    AccessToken,
    /// `{kept.NAME}`: an index into [`TokenPlan::keep`].
    Kept(u8),
    /// `{steps.NAME.PICK}`: indices into [`TokenPlan::steps`] and [`StepPlan::pick`].
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
}

impl LoginValue {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Code, Self::CodeVerifier, Self::RedirectUri, Self::DeviceCode];

    /// As plans write it, after `login.`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeVerifier => "code_verifier",
            Self::RedirectUri => "redirect_uri",
            Self::DeviceCode => "device_code",
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
