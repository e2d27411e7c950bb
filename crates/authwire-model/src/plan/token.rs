//! How a token is had: a person's login, steps, token requests, where the answer holds what.

use super::{Condition, FieldId, Members, SignaturePlan, Template};
use crate::list::{List, Str};

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
    /// The requests: the first whose `when` holds; the next on `invalid_grant`, and on any refusal of what is kept that is not
    /// one of the client.
    pub requests: List<RequestPlan>,
    /// Where the answer holds what.
    pub response: ResponsePlan,
    /// The API answers on which the token is dead.
    pub renew_on: RenewOn,
}

/// How a person logs in: `login: {authorization?, device?}`.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginPlan {
    /// In a browser that comes back with a code (RFC 6749 §4.1).
    pub authorization: Option<AuthorizationPlan>,
    /// The request for a code to type in on another device (RFC 8628 §3.1).
    pub device: Option<RequestPlan>,
}

/// Where a browser is sent: `authorization: {when?, temporary?, url, query?, redirect_uri?, issuer?}`.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorizationPlan {
    /// Holds or a browser is of no use.
    pub when: List<Condition>,
    /// The request for temporary credentials that goes before (RFC 5849 §2.1); the browser then comes back with a
    /// verifier in place of a code.
    pub temporary: Option<RequestPlan>,
    /// The authorization endpoint (RFC 6749 §3.1, RFC 5849 §2.2).
    pub url: Template,
    /// Query parameters beside those that Authwire makes.
    pub query: Members,
    /// Where the browser comes back to; absent: to a loopback address (RFC 8252 §7.3).
    pub redirect_uri: Option<Template>,
    /// What `iss` must be (RFC 9207).
    pub issuer: Option<Template>,
}

impl AuthorizationPlan {
    /// The parameters of the URL that Authwire makes.
    #[must_use]
    pub fn parameters(&self) -> &'static [&'static str] {
        if self.temporary.is_some() { &OAUTH1_AUTHORIZATION_PARAMETERS } else { &AUTHORIZATION_PARAMETERS }
    }
}

/// The parameters of an authorization request that Authwire makes (RFC 6749 §4.1.1, RFC 7636 §4.3).
pub const AUTHORIZATION_PARAMETERS: [&str; 5] =
    ["response_type", "redirect_uri", "state", "code_challenge", "code_challenge_method"];

/// The parameter of a token request by which a client names itself (RFC 6749 §2.3.1).
pub const CLIENT_ID_PARAMETER: &str = "client_id";

/// The parameters of a token request by which client authentication may send a secret (RFC 6749 §2.3.1, RFC 7521 §4.2).
pub const CLIENT_SECRET_PARAMETERS: [&str; 2] = ["client_secret", "client_assertion"];

/// The parameter of an authorization URL that Authwire adds after a request for temporary credentials (RFC 5849 §2.2).
pub const OAUTH1_AUTHORIZATION_PARAMETERS: [&str; 1] = ["oauth_token"];

/// The answers of an API that say that a token is dead: `renew_on: [status] | "{field}" | {status?, redirects_to?, header?}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RenewOn {
    /// Those with such a status; `None`: 401.
    pub status: Option<Statuses>,
    /// Those that redirect to this page, whatever the query, if it is given.
    pub redirects_to: Option<Template>,
    /// Those with a header of this name and value, without regard to case.
    pub header: List<(Template, Template)>,
}

/// Statuses of HTTP answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Statuses {
    /// Written in the plan.
    These(List<u16>),
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
    /// Where an answer holds the next one.
    pub from: AnswerPlace,
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

/// A value out of an answer.
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
    /// The signature over it, made last: `oauth1`, `hmac` or `aws_sigv4`.
    pub sign: Option<SignaturePlan>,
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
    /// What belongs to the token besides, as `{token.NAME}` reads it.
    pub pick: List<Pick>,
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
