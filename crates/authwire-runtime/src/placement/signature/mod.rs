//! Signatures over a request, made for each. One file for each scheme, which knows what is signed and how it is shown.
//!
//! What is signed is the request as it goes out, so this comes after every other edit.

mod aws_sigv4;
mod digest;
mod dpop;
mod hmac;
mod oauth1;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authwire_core::Code;
use authwire_core::header::{VALUE_HELP, value_fault};
use authwire_core::plan::{SignaturePlan, Template};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::outgoing::Outgoing;
use crate::error::{Error, Unusable};
use crate::explain::ByCurl;
use crate::phrase::Phrase;
use crate::template::Scope;

/// Who signs.
#[derive(Debug, Clone)]
pub(crate) enum Signer {
    Oauth1(oauth1::Oauth1),
    Digest(digest::Digest),
    Dpop(dpop::Dpop),
    Hmac(Arc<hmac::Hmac>),
    AwsSigv4(aws_sigv4::AwsSigv4),
}

/// What a signature adds to a request, as it may be shown.
#[derive(Default)]
pub(crate) struct Added {
    pub(crate) headers: Vec<(String, Phrase)>,
    pub(crate) query: Vec<(String, Phrase)>,
    /// Parameters of the call's form.
    pub(crate) form: Vec<(String, Phrase)>,
}

/// The signer that a plan describes.
pub(crate) fn read(scope: &Scope<'_>, plan: &SignaturePlan) -> Result<Signer, Error> {
    Ok(match plan {
        SignaturePlan::Oauth1(plan) => Signer::Oauth1(oauth1::Oauth1::read(scope, plan)?),
        SignaturePlan::Digest { username, password } => {
            Signer::Digest(digest::Digest::read(scope, username, password)?)
        }
        SignaturePlan::Dpop { key, token } => Signer::Dpop(dpop::Dpop::read(scope, key, token)?),
        SignaturePlan::Hmac(plan) => Signer::Hmac(Arc::new(hmac::Hmac::read(scope, plan)?)),
        SignaturePlan::AwsSigv4(plan) => Signer::AwsSigv4(aws_sigv4::AwsSigv4::read(scope, plan)?),
    })
}

impl Signer {
    /// Signs a request. Doing so twice leaves one signature, the later.
    pub(crate) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        match self {
            Self::Oauth1(signer) => signer.sign(request),
            Self::Digest(signer) => signer.sign(request),
            Self::Dpop(signer) => signer.sign(request),
            Self::Hmac(signer) => signer.sign(request),
            Self::AwsSigv4(signer) => signer.sign(request),
        }
    }

    /// Takes the challenge of an answer that refused a request; `None` if this answers none.
    pub(crate) fn challenged(&self, headers: &HeaderMap) -> Option<Result<(), Error>> {
        match self {
            Self::Digest(signer) => Some(signer.challenged(headers)),
            Self::Dpop(signer) => signer.challenged(headers).map(Ok),
            Self::Oauth1(_) | Self::Hmac(_) | Self::AwsSigv4(_) => None,
        }
    }

    /// Takes what an answer hands out for the next request.
    pub(crate) fn answered(&self, headers: &HeaderMap) {
        if let Self::Dpop(signer) = self {
            signer.answered(headers);
        }
    }

    /// What curl does in its place, where it can.
    pub(crate) fn by_curl(&self) -> Option<ByCurl> {
        match self {
            Self::Digest(signer) => Some(signer.by_curl()),
            Self::AwsSigv4(signer) => Some(signer.by_curl()),
            Self::Oauth1(_) | Self::Dpop(_) | Self::Hmac(_) => None,
        }
    }

    /// What it adds to a request of `method`, as it may be shown.
    pub(crate) fn added(&self, method: &Method) -> Added {
        match self {
            Self::Oauth1(signer) => signer.added(method),
            Self::Digest(signer) => signer.added(),
            Self::Dpop(signer) => signer.added(),
            Self::Hmac(signer) => signer.added(),
            Self::AwsSigv4(signer) => signer.added(),
        }
    }
}

fn required(scope: &Scope<'_>, template: &Template) -> Result<Phrase, Error> {
    Ok(scope.template(template)?.unwrap_or_default())
}

fn optional(scope: &Scope<'_>, template: &Option<Template>) -> Result<Option<Phrase>, Error> {
    template.as_ref().map_or(Ok(None), |template| scope.template(template))
}

/// Whether a header can hold what goes into one.
fn in_header(scope: &Scope<'_>, phrase: &Phrase) -> Result<(), Error> {
    match value_fault(&phrase.value()) {
        None => Ok(()),
        Some(fault) => {
            let message = format!("it holds {fault}, which no header can carry");
            let fault = Unusable::new(Code::HeaderValue, message).with_help(VALUE_HELP);
            Err(scope.blame(fault, phrase.fields()).into())
        }
    }
}

fn open<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    // nothing is left half done under this lock
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), Error> {
    let unfit = || Unusable::new(Code::HeaderValue, "the credential holds a character that no header can");
    if value_fault(value).is_some() {
        return Err(unfit().into());
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| unfit())?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

/// What is wrong where a body is signed that is not known.
const UNKNOWN_BODY: &str =
    "the body is signed too, and this one is a stream, or was not given (`Authenticator::apply_with_body`)";

fn unsigned(why: &str) -> Error {
    Error::Request { message: format!("the request cannot be signed: {why}") }
}
