//! Who the authorization servers know: both [`Oidc`](crate::Oidc) and [`OAuth2`](crate::OAuth2) know all of them.

use serde_json::{Value, json};

/// A client as it is registered.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// `client_id`.
    pub id: &'static str,
    /// `client_secret`; none for a public client, and for one that signs.
    pub secret: Option<&'static str>,
    /// The only way in which it may show who it is, by its name in RFC 7591 §2. [`Oidc`](crate::Oidc) answers another
    /// with 401 and `invalid_client`, [`OAuth2`](crate::OAuth2) with 403 and an empty body.
    pub authentication: &'static str,
    /// The grant types that it may use.
    pub grant_types: &'static [&'static str],
    /// Where a browser may come back to with a code; of a loopback address at any port (RFC 8252 §7.3).
    pub redirect_uris: &'static [&'static str],
    /// What its access tokens are bound to: `dpop` (RFC 9449) or `certificate` (RFC 8705); for [`Oidc`](crate::Oidc).
    pub bound_by: Option<&'static str>,
    /// Whether a refresh spends the refresh token and gives a new one.
    pub rotates_refresh_tokens: bool,
}

impl Client {
    pub(crate) fn to_json(self) -> Value {
        json!({
            "id": self.id,
            "secret": self.secret,
            "authentication": self.authentication,
            "grant_types": self.grant_types,
            "redirect_uris": self.redirect_uris,
            "bound_by": self.bound_by,
            "rotates_refresh_tokens": self.rotates_refresh_tokens,
        })
    }
}

/// The grant type of RFC 7523 §2.1.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const CONFIDENTIAL_GRANTS: &[&str] = &["client_credentials", "password", "refresh_token", JWT_BEARER];
const PUBLIC_GRANTS: &[&str] = &["password", "refresh_token", JWT_BEARER];

/// Shows itself by Basic; its refresh tokens last.
pub const BASIC: Client = Client {
    id: "basic-client",
    secret: Some("basic-secret"),
    authentication: "client_secret_basic",
    grant_types: CONFIDENTIAL_GRANTS,
    redirect_uris: &[],
    bound_by: None,
    rotates_refresh_tokens: false,
};

/// Shows itself in the form; its refresh tokens last.
pub const POST: Client =
    Client { id: "post-client", secret: Some("post-secret"), authentication: "client_secret_post", ..BASIC };

/// As [`BASIC`], but a refresh spends the refresh token; using a spent one again revokes the whole family (at
/// [`Oidc`](crate::Oidc)).
pub const ROTATING: Client =
    Client { id: "rotating-client", secret: Some("rotating-secret"), rotates_refresh_tokens: true, ..BASIC };

/// As [`BASIC`], but the password grant gives no refresh token (at [`Oidc`](crate::Oidc)).
pub const PASSWORD_ONLY: Client =
    Client { id: "password-client", secret: Some("password-secret"), grant_types: &["password"], ..BASIC };

/// By Basic, and gets in only if id and secret are form-encoded first (RFC 6749 §2.3.1). For [`Oidc`](crate::Oidc):
/// nobody can send a colon in an id as it is.
pub const ODD_BASIC: Client = Client { id: "cc:odd id", secret: Some(ODD_SECRET), ..BASIC };

/// In the form, with an id and a secret that need encoding there.
pub const ODD_POST: Client = Client { id: "post:odd id", secret: Some(ODD_SECRET), ..POST };

/// By Basic, and gets in at [`OAuth2`](crate::OAuth2) only if id and secret are sent as they are.
pub const ODD_RAW: Client = Client { id: "raw+odd id", secret: Some(ODD_SECRET), ..BASIC };

const ODD_SECRET: &str = "p+a%ss/w=&:x";

/// Has no secret.
pub const PUBLIC: Client = Client {
    id: "public-client",
    secret: None,
    authentication: "none",
    grant_types: PUBLIC_GRANTS,
    redirect_uris: &[],
    bound_by: None,
    rotates_refresh_tokens: false,
};

/// The `iss` of assertions that come without a client (RFC 7523 §2.1); for [`Oidc`](crate::Oidc).
pub const ISSUER: Client = Client { id: "assertion-issuer", grant_types: &[JWT_BEARER], ..PUBLIC };

/// Shows itself by a signed assertion (RFC 7523 §2.2); for [`Oidc`](crate::Oidc), and there only if the
/// [`Settings`](crate::Settings) have keys.
pub const SIGNING: Client =
    Client { id: "signing-client", secret: None, authentication: "private_key_jwt", ..BASIC };

/// A person logs in with it, and it has no secret; each refresh spends the refresh token. For [`Oidc`](crate::Oidc).
pub const NATIVE: Client = Client {
    id: "native-client",
    grant_types: LOGIN_GRANTS,
    redirect_uris: &["http://127.0.0.1/callback", "http://localhost/callback"],
    rotates_refresh_tokens: true,
    ..PUBLIC
};

/// A person logs in with it, it shows itself in the form, and its redirect comes to another machine. For
/// [`Oidc`](crate::Oidc).
pub const HOSTED: Client = Client {
    id: "hosted-client",
    grant_types: LOGIN_GRANTS,
    redirect_uris: &["https://app.example.com/callback"],
    ..POST
};

const LOGIN_GRANTS: &[&str] =
    &["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

/// Shows itself by an assertion that it signs with its secret (RFC 7523 §2.2, HS256); for [`Oidc`](crate::Oidc).
pub const SECRET_SIGNING: Client = Client {
    id: "secret-signing-client",
    secret: Some("0123456789abcdef0123456789abcdef-and-more"),
    authentication: "client_secret_jwt",
    ..BASIC
};

/// As [`BASIC`], and exchanges tokens (RFC 8693) for the audience `orders`; for [`Oidc`](crate::Oidc).
pub const EXCHANGING: Client = Client {
    id: "exchanging-client",
    secret: Some("exchanging-secret"),
    grant_types: &["urn:ietf:params:oauth:grant-type:token-exchange"],
    ..BASIC
};

/// As [`SIGNING`], and its tokens are bound to a key (RFC 9449).
pub const BOUND: Client = Client { id: "bound-client", bound_by: Some("dpop"), ..SIGNING };

/// Shows itself by a client certificate of its name (RFC 8705 §2.1), to which its tokens are bound (§3); for
/// [`Oidc`](crate::Oidc), started by [`start_tls`](crate::Oidc::start_tls).
pub const CERTIFIED: Client = Client {
    id: "certified-client",
    secret: None,
    authentication: "tls_client_auth",
    bound_by: Some("certificate"),
    ..BASIC
};

pub(crate) const ALL: &[Client] = &[
    BASIC,
    POST,
    ROTATING,
    PASSWORD_ONLY,
    ODD_BASIC,
    ODD_POST,
    ODD_RAW,
    PUBLIC,
    ISSUER,
    SIGNING,
    NATIVE,
    HOSTED,
    SECRET_SIGNING,
    EXCHANGING,
    BOUND,
    CERTIFIED,
];

/// Somebody with a password.
#[derive(Clone, Copy, Debug)]
pub struct User {
    /// `username`.
    pub username: &'static str,
    /// `password`.
    pub password: &'static str,
}

impl User {
    pub(crate) fn to_json(self) -> Value {
        json!({"username": self.username, "password": self.password})
    }
}

/// A user with nothing odd.
pub const ALICE: User = User { username: "alice", password: "wonderland" };

/// A user whose name and password need encoding wherever they go.
pub const ZOE: User = User { username: "zoë+o'b@example.org", password: "pä:s&s=w%20 d" };

pub(crate) const USERS: &[User] = &[ALICE, ZOE];

/// The scopes that the servers know.
pub const SCOPES: &[&str] = &["api:read", "api:write"];
