//! DPoP (RFC 9449): a proof for each request beside the token that is bound to its key.

use std::sync::{Arc, Mutex};

use authwire_core::plan::Template;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use zeroize::Zeroizing;

use super::{Added, open, put, required, unsigned};
use crate::dpop::{self, Prover};
use crate::error::Error;
use crate::phrase::Phrase;
use crate::placement::outgoing::Outgoing;
use crate::template::Scope;

/// Proves that the token's key is held.
#[derive(Debug, Clone)]
pub(crate) struct Dpop {
    /// `None` where the key was not resolved.
    prover: Option<Arc<Prover>>,
    token: Phrase,
    /// What the server handed out last (§8).
    nonce: Arc<Mutex<Option<String>>>,
}

impl Dpop {
    /// The signer that a plan describes.
    pub(super) fn read(scope: &Scope<'_>, key: &Template, token: &Template) -> Result<Self, Error> {
        Ok(Self {
            prover: Prover::read(scope, key)?.map(Arc::new),
            token: required(scope, token)?,
            nonce: Arc::default(),
        })
    }

    pub(super) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let Some(prover) = &self.prover else { return Err(unsigned("the key is not there")) };
        let token = self.token.value();
        let nonce = open(&self.nonce).clone();
        let now = (request.now)();
        let proof = prover.proof(request.method, request.uri, now, nonce.as_deref(), Some(&token))?;
        put(request.headers, HeaderName::from_static(dpop::HEADER), &proof)?;
        put(request.headers, AUTHORIZATION, &Zeroizing::new(format!("DPoP {}", *token)))
    }

    /// Takes the nonce that an answer asks for; `None` if it asks for none (§9).
    pub(super) fn challenged(&self, headers: &HeaderMap) -> Option<()> {
        let asked = dpop::nonce(headers).filter(|_| dpop::wants_nonce(headers))?;
        *open(&self.nonce) = Some(asked);
        Some(())
    }

    /// Takes the nonce that an answer hands out for the next request.
    pub(super) fn answered(&self, headers: &HeaderMap) {
        if let Some(next) = dpop::nonce(headers) {
            *open(&self.nonce) = Some(next);
        }
    }

    pub(super) fn added(&self) -> Added {
        let mut authorization = Phrase::clear("DPoP ");
        authorization.push(self.token.clone());
        let headers = [("Authorization", authorization), ("DPoP", Phrase::unknown("<proof>"))];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        Added { headers, ..Added::default() }
    }
}
