//! Signatures over a request, made for each: Digest (RFC 7616), OAuth 1.0 (RFC 5849), AWS Signature Version 4.
//!
//! What is signed is the request as it goes out, so this comes after every other edit.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use authwire_core::Code;
use authwire_core::plan::{SignaturePlan, Template};
use authwire_core::username;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use zeroize::Zeroizing;

use super::hmac::Hmac;
use super::query;
use crate::digest::{ChallengeFault, Session, User, strongest};
use crate::dpop::{self, Prover};
use crate::error::{Error, Unusable};
use crate::explain::ByCurl;
use crate::jwt::{Algorithm, Key, KeyEncoding};
use crate::oauth1::{Nonce, Parameters, PrivateKey, Secrets, SignatureMethod};
use crate::phrase::Phrase;
use crate::refusal::Refusal;
use crate::sigv4;
use crate::template::Scope;

/// A request on its way out.
pub(crate) struct Outgoing<'r> {
    pub(crate) method: &'r Method,
    pub(crate) uri: &'r mut Uri,
    pub(crate) headers: &'r mut HeaderMap,
    pub(crate) given: Given<'r>,
    /// The body that goes out in its place, where auth is part of it.
    pub(crate) replaced: Option<Bytes>,
    /// Asked only by what signs: the time costs.
    pub(crate) now: &'r dyn Fn() -> SystemTime,
}

impl Outgoing<'_> {
    /// The whole body as it goes out; `None` where it is not known.
    pub(crate) fn body(&self) -> Option<&Bytes> {
        static NONE: Bytes = Bytes::new();
        match self.given {
            _ if self.replaced.is_some() => self.replaced.as_ref(),
            Given::Whole(body) => Some(body),
            Given::ByHead => self.has_none_by_its_head().then_some(&NONE),
            Given::Unknown => None,
        }
    }

    /// Whether the head announces no body: a method whose content means nothing (RFC 9110 §9.3), and not a word of one.
    fn has_none_by_its_head(&self) -> bool {
        let length = self.headers.get(CONTENT_LENGTH);
        let announced = self.headers.contains_key(CONTENT_TYPE)
            || self.headers.contains_key(TRANSFER_ENCODING)
            || length.is_some_and(|length| length.as_bytes() != b"0");
        !announced
            && matches!(
                *self.method,
                Method::GET | Method::HEAD | Method::DELETE | Method::OPTIONS | Method::TRACE
            )
    }
}

/// The body as the caller gave it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'r> {
    /// The whole of it.
    Whole(&'r Bytes),
    /// Not at all: the head says whether there is one.
    ByHead,
    /// There is one, and it is not known: a stream.
    Unknown,
}

/// Where the parameters of OAuth 1.0 go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Header,
    Query,
    /// A form (RFC 5849 §3.5.2).
    Body,
}

/// Query parameters.
pub(crate) type Pairs = Vec<(String, Phrase)>;

/// What a signature adds to a request, as it may be shown: headers, query parameters.
pub(crate) type ShownSignature = (Vec<(String, String)>, Pairs);

/// Who signs.
#[derive(Debug, Clone)]
pub(crate) enum Signer {
    Oauth1 {
        client_key: Phrase,
        client_secret: Phrase,
        token: Option<Phrase>,
        token_secret: Phrase,
        private_key: Option<Arc<PrivateKey>>,
        method: SignatureMethod,
        callback: Option<Phrase>,
        verifier: Option<Phrase>,
        realm: Option<Phrase>,
        place: Place,
    },
    Digest {
        username: Phrase,
        password: Phrase,
        /// What the server asked last; nothing until it did.
        session: Arc<Mutex<Option<Session>>>,
    },
    Dpop {
        /// `None` where the key was not resolved.
        prover: Option<Arc<Prover>>,
        token: Phrase,
        /// What the server handed out last.
        nonce: Arc<Mutex<Option<String>>>,
    },
    Hmac(Arc<Hmac>),
    AwsSigv4 {
        access_key_id: Phrase,
        secret_access_key: Phrase,
        session_token: Option<Phrase>,
        region: Phrase,
        service: Phrase,
    },
}

/// The signer that a plan describes.
pub(crate) fn read(scope: &Scope<'_>, plan: &SignaturePlan) -> Result<Signer, Error> {
    let optional = |template: &Option<Template>| match template {
        Some(template) => scope.template(template),
        None => Ok(None),
    };
    let required = |template: &Template| Ok::<_, Error>(scope.template(template)?.unwrap_or_default());
    Ok(match plan {
        SignaturePlan::Oauth1 {
            client_key,
            client_secret,
            token,
            token_secret,
            private_key,
            signature_method,
            callback,
            verifier,
            realm,
            placement,
        } => {
            let named = required(signature_method)?;
            let method = SignatureMethod::named(&named.value()).ok_or_else(|| {
                scope.blame(Unusable::new(Code::Enum, "this signature method is not known"), named.fields())
            })?;
            Signer::Oauth1 {
                client_key: required(client_key)?,
                client_secret: optional(client_secret)?.unwrap_or_default(),
                token: optional(token)?,
                token_secret: optional(token_secret)?.unwrap_or_default(),
                private_key: optional(private_key)?
                    .map(|key| private_key_of(scope, &key))
                    .transpose()?
                    .flatten(),
                method,
                callback: optional(callback)?,
                verifier: optional(verifier)?,
                realm: optional(realm)?,
                place: match required(placement)?.value().as_str() {
                    "query" => Place::Query,
                    "body" => Place::Body,
                    _ => Place::Header,
                },
            }
        }
        SignaturePlan::Digest { username, password } => {
            let username = required(username)?;
            super::basic::refuse(username::in_digest(&username.value()))
                .map_err(|fault| scope.blame(fault, username.fields()))?;
            Signer::Digest { username, password: required(password)?, session: Arc::default() }
        }
        SignaturePlan::Dpop { key, token } => Signer::Dpop {
            prover: Prover::read(scope, key)?.map(Arc::new),
            token: required(token)?,
            nonce: Arc::default(),
        },
        SignaturePlan::Hmac(plan) => Signer::Hmac(Arc::new(Hmac::read(scope, plan)?)),
        SignaturePlan::AwsSigv4 { access_key_id, secret_access_key, session_token, region, service } => {
            Signer::AwsSigv4 {
                access_key_id: required(access_key_id)?,
                secret_access_key: required(secret_access_key)?,
                session_token: optional(session_token)?,
                region: required(region)?,
                service: required(service)?,
            }
        }
    })
}

impl Signer {
    /// Signs a request. Doing so twice leaves one signature, the later.
    pub(crate) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        match self {
            Self::Oauth1 { .. } => self.sign_oauth1(request),
            Self::Digest { username, password, session } => {
                let (name, password) = (username.value(), password.value());
                let user = User { name: &name, password: &password };
                let target = request.uri.path_and_query().map_or("/", |target| target.as_str());
                let mut session = open(session);
                let Some(session) = session.as_mut() else { return Ok(()) };
                put(request.headers, AUTHORIZATION, &session.authorize(user, request.method.as_str(), target))
            }
            Self::Dpop { prover, token, nonce } => {
                let Some(prover) = prover else { return Err(unsigned("the key is not there")) };
                let token = token.value();
                let nonce = open(nonce).clone();
                let now = (request.now)();
                let proof = prover.proof(request.method, request.uri, now, nonce.as_deref(), Some(&token))?;
                put(request.headers, HeaderName::from_static(dpop::HEADER), &proof)?;
                put(request.headers, AUTHORIZATION, &Zeroizing::new(format!("DPoP {}", *token)))
            }
            Self::Hmac(hmac) => hmac.sign(request),
            Self::AwsSigv4 { .. } => self.sign_aws(request),
        }
    }

    /// Takes the challenge of an answer that refused a request; `None` if this answers none.
    pub(crate) fn challenged(&self, headers: &HeaderMap) -> Option<Result<(), Error>> {
        if let Self::Dpop { nonce, .. } = self {
            let asked = dpop::nonce(headers).filter(|_| dpop::wants_nonce(headers))?;
            *open(nonce) = Some(asked);
            return Some(Ok(()));
        }
        let Self::Digest { session, .. } = self else { return None };
        // a realm may hold any character (RFC 7616 §3.3, `charset`)
        let values: Vec<_> = headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let refused = |fault: ChallengeFault| {
            Error::Refused(Refusal { status: StatusCode::UNAUTHORIZED, message: fault.to_string() })
        };
        let begun = strongest(values.iter().map(AsRef::as_ref)).map_err(refused).and_then(Session::new);
        Some(begun.map(|begun| *open(session) = Some(begun)))
    }

    /// Takes what an answer hands out for the next request.
    pub(crate) fn answered(&self, headers: &HeaderMap) {
        if let Self::Dpop { nonce, .. } = self
            && let Some(next) = dpop::nonce(headers)
        {
            *open(nonce) = Some(next);
        }
    }

    fn sign_oauth1(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let Self::Oauth1 {
            client_key,
            client_secret,
            token,
            token_secret,
            private_key,
            method,
            callback,
            verifier,
            realm,
            place,
        } = self
        else {
            return Ok(());
        };
        strip_oauth(request.uri)?;
        let is_form = request.headers.get(CONTENT_TYPE).is_some_and(|media_type| {
            let media_type = media_type.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
            media_type.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
        });
        let form = match (is_form, request.body()) {
            (false, _) => None,
            (true, Some(body)) => {
                Some(std::str::from_utf8(body).map_err(|_| unsigned("the form is not UTF-8"))?)
            }
            (true, None) => return Err(unsigned("a form is signed too, and this one is not known")),
        };
        let form = match place {
            Place::Body => Some(own_form(request, is_form, form)?),
            Place::Header | Place::Query => form.map(str::to_owned),
        };
        let key = client_key.value();
        let optional = [("oauth_token", token), ("oauth_callback", callback), ("oauth_verifier", verifier)];
        let optional = optional.map(|(name, value)| (name, value.as_ref().map(Phrase::value)));
        let mut given = vec![("oauth_consumer_key", key.as_str())];
        given.extend(optional.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?.as_str()))));
        if *place == Place::Query {
            // a parameter stands there once (RFC 5849 §3.1)
            let names: Vec<&str> = given.iter().map(|(name, _)| *name).chain(Parameters::ADDED).collect();
            query::strip(&names, request.uri)?;
        }
        let nonce =
            Nonce::fresh((request.now)()).map_err(|_| unsigned("the system gives no random bytes"))?;
        let (client_secret, token_secret) = (client_secret.value(), token_secret.value());
        let secrets =
            Secrets { client: &client_secret, token: &token_secret, private_key: private_key.as_deref() };
        let signed = (request.method, &*request.uri, form.as_deref());
        let parameters = Parameters::signed(signed, &given, &nonce, *method, &secrets)
            .map_err(|fault| unsigned(&fault.message))?;
        if *place == Place::Body {
            let mut form = Zeroizing::new(form.unwrap_or_default());
            if !form.is_empty() {
                form.push('&');
            }
            form.push_str(&parameters.pairs());
            let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.headers.entry(CONTENT_TYPE).or_insert(media_type);
            request.replaced = Some(Bytes::copy_from_slice(form.as_bytes()));
        } else if *place == Place::Query {
            let separator = if request.uri.query().is_some_and(|query| !query.is_empty()) { "&" } else { "" };
            let query =
                format!("{}{separator}{}", request.uri.query().unwrap_or_default(), *parameters.pairs());
            *request.uri = with_query(request.uri, &query)?;
        } else {
            let realm = realm.as_ref().map(|realm| realm.value());
            let value = parameters.header(realm.as_ref().map(|realm| realm.as_str()));
            put(request.headers, AUTHORIZATION, &value)?;
        }
        Ok(())
    }

    fn sign_aws(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let Self::AwsSigv4 { access_key_id, secret_access_key, session_token, region, service } = self else {
            return Ok(());
        };
        let Some(body) = request.body() else {
            return Err(unsigned(UNKNOWN_BODY));
        };
        let (id, secret) = (access_key_id.value(), secret_access_key.value());
        let (region, service) = (region.value(), service.value());
        let session_token = session_token.as_ref().map(Phrase::value);
        let signer = sigv4::Signer {
            access_key_id: &id,
            secret_access_key: &secret,
            session_token: session_token.as_ref().map(|token| token.as_str()),
            region: &region,
            service: &service,
            style: if service.as_str() == "s3" { sigv4::Style::S3 } else { sigv4::Style::Common },
        };
        // proxies may change any other
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers.iter() {
            if *name == CONTENT_TYPE || name.as_str().starts_with("x-amz-") {
                headers.append(name, value.clone());
            }
        }
        let signed = signer.sign(request.method, request.uri, &headers, body, (request.now)());
        for (name, value) in signed.headers() {
            put(request.headers, HeaderName::from_static(name), value)?;
        }
        Ok(())
    }

    /// Whether its parameters go into the call's form.
    pub(crate) fn is_in_body(&self) -> bool {
        matches!(self, Self::Oauth1 { place: Place::Body, .. })
    }

    /// What curl does in its place, where it can.
    pub(crate) fn by_curl(&self) -> Option<ByCurl> {
        let user =
            |name: &Phrase, password: &Phrase| ("-u", Some(format!("{}:{}", name.shown(), password.shown())));
        match self {
            Self::Digest { username, password, .. } => Some(ByCurl {
                options: vec![("--digest", None), user(username, password)],
                instead_of: &["Authorization"],
            }),
            Self::AwsSigv4 { access_key_id, secret_access_key, region, service, .. } => Some(ByCurl {
                options: vec![
                    ("--aws-sigv4", Some(format!("aws:amz:{}:{}", region.shown(), service.shown()))),
                    user(access_key_id, secret_access_key),
                ],
                instead_of: &["Authorization", "X-Amz-Date", "X-Amz-Content-Sha256"],
            }),
            Self::Oauth1 { .. } | Self::Dpop { .. } | Self::Hmac(_) => None,
        }
    }

    /// What it adds to a request, as it may be shown: headers, query parameters.
    pub(crate) fn shown(&self) -> ShownSignature {
        match self {
            Self::Oauth1 { client_key, token, method, callback, verifier, realm, place, .. } => {
                let mut pairs = vec![("oauth_consumer_key", client_key.shown())];
                let optional =
                    [("oauth_token", token), ("oauth_callback", callback), ("oauth_verifier", verifier)];
                let shown =
                    optional.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?.shown())));
                pairs.extend(shown);
                pairs.extend([
                    ("oauth_signature_method", method.as_str().to_owned()),
                    ("oauth_timestamp", "<now>".to_owned()),
                    ("oauth_nonce", "<nonce>".to_owned()),
                    ("oauth_signature", "<signature>".to_owned()),
                ]);
                if *place != Place::Header {
                    let pairs =
                        pairs.into_iter().map(|(name, value)| (name.to_owned(), Phrase::unknown(value)));
                    return (Vec::new(), pairs.collect());
                }
                let realm = realm.iter().map(|realm| ("realm", realm.shown()));
                let pairs: Vec<String> =
                    realm.chain(pairs).map(|(name, value)| format!("{name}=\"{value}\"")).collect();
                (vec![("Authorization".to_owned(), format!("OAuth {}", pairs.join(", ")))], Vec::new())
            }
            Self::Digest { username, .. } => {
                let answer =
                    format!("Digest username=\"{}\", <answer to the server's challenge>", username.shown());
                (vec![("Authorization".to_owned(), answer)], Vec::new())
            }
            Self::Dpop { token, .. } => {
                let headers =
                    [("Authorization", format!("DPoP {}", token.shown())), ("DPoP", "<proof>".to_owned())];
                (headers.map(|(name, value)| (name.to_owned(), value)).into(), Vec::new())
            }
            Self::Hmac(hmac) => hmac.shown(),
            Self::AwsSigv4 { access_key_id, session_token, region, service, .. } => {
                let mut headers = vec![("X-Amz-Date".to_owned(), "<now>".to_owned())];
                if service.is_known() && service.value().as_str() == "s3" {
                    let digest = "<SHA-256 of the body>".to_owned();
                    headers.push(("X-Amz-Content-Sha256".to_owned(), digest));
                }
                if let Some(token) = session_token {
                    headers.push(("X-Amz-Security-Token".to_owned(), token.shown()));
                }
                headers.push((
                    "Authorization".to_owned(),
                    format!(
                        "AWS4-HMAC-SHA256 Credential={}/<date>/{}/{}/aws4_request, SignedHeaders=<names>, \
                         Signature=<signature>",
                        access_key_id.shown(),
                        region.shown(),
                        service.shown()
                    ),
                ));
                (headers, Vec::new())
            }
        }
    }
}

/// The key that signs by RSA-SHA1; one that is too short for anything else is refused here too.
fn private_key_of(scope: &Scope<'_>, key: &Phrase) -> Result<Option<Arc<PrivateKey>>, Error> {
    if !key.is_known() {
        return Ok(None);
    }
    let text = key.value();
    let read = Key::read(&text, Algorithm::Rs256, KeyEncoding::Utf8).and_then(|_| PrivateKey::read(&text));
    read.map(|key| Some(Arc::new(key))).map_err(|fault| {
        scope.blame(Unusable::new(Code::Key, fault.message).with_help(fault.help), key.fields()).into()
    })
}

fn open<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    // nothing is left half done under this lock
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The form that gets the signature, without an earlier one (RFC 5849 §3.5.2).
fn own_form(request: &Outgoing<'_>, is_form: bool, form: Option<&str>) -> Result<String, Error> {
    if matches!(*request.method, Method::GET | Method::HEAD) {
        return Err(unsigned("its parameters go into a form, and this request has no body"));
    }
    if request.body().is_none_or(|body| !is_form && !body.is_empty()) {
        return Err(unsigned("its parameters go into a form, and this body is none, or not known"));
    }
    let pairs = form.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let signed = form.is_some_and(|form| form.contains("oauth_signature="));
    Ok(pairs.filter(|pair| !signed || !pair.starts_with("oauth_")).collect::<Vec<_>>().join("&"))
}

/// Takes an earlier signature out of a query.
fn strip_oauth(uri: &mut Uri) -> Result<(), Error> {
    let Some(query) = uri.query().filter(|query| query.contains("oauth_signature=")) else { return Ok(()) };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("oauth_")).collect();
    *uri = with_query(uri, &kept.join("&"))?;
    Ok(())
}

fn with_query(uri: &Uri, query: &str) -> Result<Uri, Error> {
    let mut parts = uri.clone().into_parts();
    let separator = if query.is_empty() { "" } else { "?" };
    let whole = format!("{}{separator}{query}", uri.path());
    parts.path_and_query = Some(whole.parse().map_err(|_| unsigned("the URL cannot hold the signature"))?);
    Uri::from_parts(parts).map_err(|_| unsigned("the URL cannot hold the signature"))
}

pub(super) fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), Error> {
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        Unusable::new(Code::HeaderValue, "the credential holds a character that no header can")
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

/// What is wrong where a body is signed that is not known.
pub(super) const UNKNOWN_BODY: &str =
    "the body is signed too, and this one is a stream, or was not given (`Authenticator::apply_with_body`)";

pub(super) fn unsigned(why: &str) -> Error {
    Error::Request { message: format!("the request cannot be signed: {why}") }
}
