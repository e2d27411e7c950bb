//! What signs a request, and what it sets in the request by that.

use super::{Members, Template, Value};

/// What signs a request.
#[derive(Debug, Clone, PartialEq)]
pub enum SignaturePlan {
    /// OAuth 1.0 (RFC 5849): method, URL and every parameter are signed.
    Oauth1(Oauth1Plan),
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
    AwsSigv4(AwsSigv4Plan),
}

/// What OAuth 1.0 signs with, and where it puts what it signs.
#[derive(Debug, Clone, PartialEq)]
pub struct Oauth1Plan {
    /// `oauth_consumer_key`
    pub client_key: Template,
    /// The client's shared secret.
    pub client_secret: Option<Template>,
    /// `oauth_token`
    pub token: Option<Template>,
    /// The token's shared secret.
    pub token_secret: Option<Template>,
    /// What signs by `RSA-SHA1` in place of the secrets.
    pub private_key: Option<Template>,
    /// `oauth_signature_method`: `HMAC-SHA1`, `HMAC-SHA256`, `RSA-SHA1` or `PLAINTEXT`.
    pub signature_method: Template,
    /// `oauth_callback`, where temporary credentials are asked for (§2.1).
    pub callback: Option<Template>,
    /// `oauth_verifier`, where they are exchanged for a token (§2.3).
    pub verifier: Option<Template>,
    /// `realm`, which is not signed.
    pub realm: Option<Template>,
    /// Where the parameters go: `header`, `query` or `body`.
    pub placement: Template,
}

/// What AWS Signature Version 4 signs with, and for what.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsSigv4Plan {
    /// The access key's id.
    pub access_key_id: Template,
    /// The secret access key.
    pub secret_access_key: Template,
    /// Of temporary credentials.
    pub session_token: Option<Template>,
    /// `us-east-1`
    pub region: Template,
    /// As the signature names the service: `execute-api`, `s3`.
    pub service: Template,
}

/// The parameters of OAuth 1.0 that every signature has (RFC 5849 §3.1).
const OAUTH1_PARAMETERS: [&str; 5] =
    ["oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature"];

/// A header or a query parameter that a signature sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried<'p> {
    /// What it is.
    pub carrier: Carrier,
    /// Its name.
    pub name: CarriedName<'p>,
    /// What must hold, all of it, or it is not set.
    pub needs: Vec<Need<'p>>,
}

/// Where a signature sets something by name. What it puts into a form is the body's, which is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// In the headers.
    Header,
    /// In the query.
    Query,
}

/// How something that a signature sets is called.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CarriedName<'p> {
    /// As the protocol calls it.
    Fixed(&'static str),
    /// As the plan says.
    Planned(&'p Template),
}

/// What a signature demands before it sets something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Need<'p> {
    /// The template has a value.
    Present(&'p Template),
    /// Its value is this.
    Is(&'p Template, &'static str),
}

impl SignaturePlan {
    /// The headers and the query parameters that the signature sets: all that is known of them before a request is there.
    #[must_use]
    pub fn carries<'p>(&'p self) -> Vec<Carried<'p>> {
        let fixed = |carrier, name, needs| Carried { carrier, name: CarriedName::Fixed(name), needs };
        let header = |name| fixed(Carrier::Header, name, Vec::new());
        match self {
            Self::Oauth1(Oauth1Plan { token, callback, verifier, placement, .. }) => {
                let parameter = |name, value: Option<_>| {
                    let in_query = Need::Is(placement, "query");
                    let needs = [in_query].into_iter().chain(value.map(Need::Present)).collect();
                    fixed(Carrier::Query, name, needs)
                };
                let mut carried =
                    vec![fixed(Carrier::Header, "Authorization", vec![Need::Is(placement, "header")])];
                carried.extend(OAUTH1_PARAMETERS.map(|name| parameter(name, None)));
                let optional =
                    [("oauth_token", token), ("oauth_callback", callback), ("oauth_verifier", verifier)];
                let given = optional.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?)));
                carried.extend(given.map(|(name, value)| parameter(name, Some(value))));
                carried
            }
            Self::Digest { username: _, password: _ } => vec![header("Authorization")],
            Self::Dpop { key: _, token: _ } => vec![header("Authorization"), header("DPoP")],
            Self::Hmac(plan) => {
                let carried = |carrier| {
                    move |(name, value): &'p (Template, Value)| {
                        let needs = match value {
                            Value::Template(value) => vec![Need::Present(value)],
                            _ => Vec::new(),
                        };
                        Carried { carrier, name: CarriedName::Planned(name), needs }
                    }
                };
                let headers = plan.headers.named.iter().map(carried(Carrier::Header));
                headers.chain(plan.query.named.iter().map(carried(Carrier::Query))).collect()
            }
            Self::AwsSigv4(AwsSigv4Plan {
                access_key_id: _,
                secret_access_key: _,
                session_token,
                region: _,
                service,
            }) => {
                let mut carried = vec![header("Authorization"), header("X-Amz-Date")];
                // S3 alone wants it as a header
                carried.push(fixed(Carrier::Header, "X-Amz-Content-Sha256", vec![Need::Is(service, "s3")]));
                let token = session_token.iter().map(|token| vec![Need::Present(token)]);
                carried.extend(token.map(|needs| fixed(Carrier::Header, "X-Amz-Security-Token", needs)));
                carried
            }
        }
    }
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
