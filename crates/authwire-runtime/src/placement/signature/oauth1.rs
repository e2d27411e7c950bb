//! OAuth 1.0 (RFC 5849): its parameters in a header, the query or the call's form.

use std::sync::Arc;

use authwire_core::Code;
use authwire_core::plan::Oauth1Plan;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Uri};
use zeroize::Zeroizing;

use super::{Added, in_header, optional, put, required, unsigned};
use crate::error::{Error, Unusable};
use crate::jwt::{Algorithm, Key, KeyEncoding};
use crate::oauth1::{Nonce, Parameters, PrivateKey, Secrets, SignatureMethod};
use crate::phrase::Phrase;
use crate::placement::outgoing::Outgoing;
use crate::placement::query;
use crate::template::Scope;

/// Signs as OAuth 1.0 does.
#[derive(Debug, Clone)]
pub(crate) struct Oauth1 {
    client_key: Phrase,
    client_secret: Phrase,
    token: Option<Phrase>,
    token_secret: Phrase,
    private_key: Option<Arc<PrivateKey>>,
    method: SignatureMethod,
    callback: Option<Phrase>,
    verifier: Option<Phrase>,
    realm: Option<Phrase>,
    placement: Placement,
}

/// Where the parameters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placement {
    Header,
    Query,
    /// A form (§3.5.2).
    Body,
}

impl Oauth1 {
    /// The signer that a plan describes.
    pub(super) fn read(scope: &Scope<'_>, plan: &Oauth1Plan) -> Result<Self, Error> {
        let unknown = |what: &str, name: &Phrase| {
            scope.blame(Unusable::new(Code::Enum, format!("this {what} is not known")), name.fields())
        };
        let method = required(scope, &plan.signature_method)?;
        let placement = required(scope, &plan.placement)?;
        let realm = optional(scope, &plan.realm)?;
        realm.as_ref().map_or(Ok(()), |realm| in_header(scope, realm))?;
        let private_key = optional(scope, &plan.private_key)?;
        Ok(Self {
            client_key: required(scope, &plan.client_key)?,
            client_secret: optional(scope, &plan.client_secret)?.unwrap_or_default(),
            token: optional(scope, &plan.token)?,
            token_secret: optional(scope, &plan.token_secret)?.unwrap_or_default(),
            private_key: private_key.map(|key| private_key_of(scope, &key)).transpose()?.flatten(),
            method: SignatureMethod::named(&method.value())
                .ok_or_else(|| unknown("signature method", &method))?,
            callback: optional(scope, &plan.callback)?,
            verifier: optional(scope, &plan.verifier)?,
            realm,
            placement: match placement.value().as_str() {
                "header" | "" => Placement::Header,
                "query" => Placement::Query,
                "body" => Placement::Body,
                _ => return Err(unknown("placement", &placement).into()),
            },
        })
    }

    /// Where the parameters of a request go: one that has no body has no form.
    fn placement(&self, method: &Method) -> Placement {
        match self.placement {
            Placement::Body if matches!(*method, Method::GET | Method::HEAD) => Placement::Header,
            placement => placement,
        }
    }

    /// The protocol's parameters that the config gives.
    fn given(&self) -> impl Iterator<Item = (&'static str, &Phrase)> {
        let optional = [
            ("oauth_token", &self.token),
            ("oauth_callback", &self.callback),
            ("oauth_verifier", &self.verifier),
        ];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        std::iter::once(("oauth_consumer_key", &self.client_key)).chain(optional)
    }

    pub(super) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        strip_oauth(request.uri)?;
        let placement = self.placement(request.method);
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
        let form = match placement {
            Placement::Body => Some(own_form(request, is_form, form)?),
            Placement::Header | Placement::Query => form.map(str::to_owned),
        };
        let given: Vec<(&str, Zeroizing<String>)> =
            self.given().map(|(name, value)| (name, value.value())).collect();
        let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if placement == Placement::Query {
            // a parameter stands there once (§3.1)
            let names: Vec<&str> = given.iter().map(|(name, _)| *name).chain(Parameters::ADDED).collect();
            query::strip(&names, request.uri)?;
        }
        let (client_secret, token_secret) = (self.client_secret.value(), self.token_secret.value());
        let secrets = Secrets {
            client: &client_secret,
            token: &token_secret,
            private_key: self.private_key.as_deref(),
        };
        let nonce = Nonce::fresh((request.now)())?;
        let signed = (request.method, &*request.uri, form.as_deref());
        let parameters = Parameters::signed(signed, &given, &nonce, self.method, &secrets)
            .map_err(|fault| unsigned(&fault.message))?;
        match placement {
            Placement::Header => {
                let realm = self.realm.as_ref().map(Phrase::value);
                let value = parameters.header(realm.as_ref().map(|realm| realm.as_str()));
                put(request.headers, AUTHORIZATION, &value)
            }
            Placement::Query => {
                let own = request.uri.query().unwrap_or_default();
                let separator = if own.is_empty() { "" } else { "&" };
                let query = format!("{own}{separator}{}", *parameters.pairs());
                *request.uri = with_query(request.uri, &query)?;
                Ok(())
            }
            Placement::Body => {
                let mut form = Zeroizing::new(form.unwrap_or_default());
                if !form.is_empty() {
                    form.push('&');
                }
                form.push_str(&parameters.pairs());
                let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
                request.headers.entry(CONTENT_TYPE).or_insert(media_type);
                request.replaced = Some(Bytes::copy_from_slice(form.as_bytes()));
                Ok(())
            }
        }
    }

    /// What it adds to a request of `method`, as it may be shown.
    pub(super) fn added(&self, method: &Method) -> Added {
        let made = [
            ("oauth_signature_method", Phrase::clear(self.method.as_str())),
            ("oauth_timestamp", Phrase::unknown("<now>")),
            ("oauth_nonce", Phrase::unknown("<nonce>")),
            ("oauth_signature", Phrase::unknown("<signature>")),
        ];
        let pairs = self.given().map(|(name, value)| (name, value.clone())).chain(made);
        let named = |(name, value): (&str, Phrase)| (name.to_owned(), value);
        match self.placement(method) {
            Placement::Query => Added { query: pairs.map(named).collect(), ..Added::default() },
            Placement::Body => Added { form: pairs.map(named).collect(), ..Added::default() },
            Placement::Header => {
                let realm = self.realm.iter().map(|realm| ("realm", realm.clone()));
                let mut value = Phrase::clear("OAuth ");
                for (at, (name, of)) in realm.chain(pairs).enumerate() {
                    value.push(Phrase::clear(format!("{}{name}=\"", if at == 0 { "" } else { ", " })));
                    value.push(of);
                    value.push(Phrase::clear("\""));
                }
                Added { headers: vec![("Authorization".to_owned(), value)], ..Added::default() }
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

/// The form that gets the signature, without an earlier one (RFC 5849 §3.5.2).
fn own_form(request: &Outgoing<'_>, is_form: bool, form: Option<&str>) -> Result<String, Error> {
    let says_another = !is_form && request.headers.contains_key(CONTENT_TYPE);
    if says_another || request.body().is_none_or(|body| !is_form && !body.is_empty()) {
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
