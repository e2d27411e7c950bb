//! AWS Signature Version 4: the whole request is signed, its body too.

use authwire_core::plan::AwsSigv4Plan;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName};

use super::{Added, UNKNOWN_BODY, in_header, optional, put, required, unsigned};
use crate::error::Error;
use crate::explain::ByCurl;
use crate::phrase::Phrase;
use crate::placement::outgoing::Outgoing;
use crate::sigv4;
use crate::template::Scope;

/// Signs as AWS asks.
#[derive(Debug, Clone)]
pub(crate) struct AwsSigv4 {
    access_key_id: Phrase,
    secret_access_key: Phrase,
    session_token: Option<Phrase>,
    region: Phrase,
    service: Phrase,
}

impl AwsSigv4 {
    /// The signer that a plan describes.
    pub(super) fn read(scope: &Scope<'_>, plan: &AwsSigv4Plan) -> Result<Self, Error> {
        let signer = Self {
            access_key_id: required(scope, &plan.access_key_id)?,
            secret_access_key: required(scope, &plan.secret_access_key)?,
            session_token: optional(scope, &plan.session_token)?,
            region: required(scope, &plan.region)?,
            service: required(scope, &plan.service)?,
        };
        let told = [&signer.access_key_id, &signer.region, &signer.service];
        told.into_iter().chain(&signer.session_token).try_for_each(|phrase| in_header(scope, phrase))?;
        Ok(signer)
    }

    pub(super) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let Some(body) = request.body() else { return Err(unsigned(UNKNOWN_BODY)) };
        let (id, secret) = (self.access_key_id.value(), self.secret_access_key.value());
        let (region, service) = (self.region.value(), self.service.value());
        let session_token = self.session_token.as_ref().map(Phrase::value);
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

    /// What curl does in its place.
    pub(super) fn by_curl(&self) -> ByCurl {
        let mut provider = Phrase::clear("aws:amz:");
        provider.push(self.region.clone());
        provider.push(Phrase::clear(":"));
        provider.push(self.service.clone());
        ByCurl {
            options: vec![
                ("--aws-sigv4", Some(provider)),
                ByCurl::user(&self.access_key_id, &self.secret_access_key),
            ],
            instead_of: &["Authorization", "X-Amz-Date", "X-Amz-Content-Sha256"],
        }
    }

    pub(super) fn added(&self) -> Added {
        let mut headers = vec![("X-Amz-Date", Phrase::unknown("<now>"))];
        if self.service.is_known() && self.service.value().as_str() == "s3" {
            headers.push(("X-Amz-Content-Sha256", Phrase::unknown("<SHA-256 of the body>")));
        }
        headers.extend(self.session_token.iter().map(|token| ("X-Amz-Security-Token", token.clone())));
        let mut authorization = Phrase::clear("AWS4-HMAC-SHA256 Credential=");
        for phrase in [
            self.access_key_id.clone(),
            Phrase::clear("/"),
            Phrase::unknown("<date>"),
            Phrase::clear("/"),
            self.region.clone(),
            Phrase::clear("/"),
            self.service.clone(),
            Phrase::clear("/aws4_request, SignedHeaders="),
            Phrase::unknown("<names>"),
            Phrase::clear(", Signature="),
            Phrase::unknown("<signature>"),
        ] {
            authorization.push(phrase);
        }
        headers.push(("Authorization", authorization));
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Added { headers, ..Added::default() }
    }
}
