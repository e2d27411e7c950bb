//! The transport on reqwest and rustls: no redirects, no cookies, certificates always verified.

use std::path::Path;

use http_body_util::BodyExt as _;
use reqwest::tls::Certificate;

use crate::body::Body;
use crate::connector::Connector;
use crate::error::{Error, Unusable};
use crate::transport::{SendOptions, Sending, Transport, TransportError, TransportErrorKind};

/// Sends requests with reqwest.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with the limits and the private CA of `connector`.
    ///
    /// # Errors
    ///
    /// If the CA file cannot be read.
    pub fn new(connector: &Connector) -> Result<Self, Error> {
        let http = connector.http();
        let builder = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(http.connect_timeout)
                .timeout(http.timeout)
                .user_agent(concat!("authwire/", env!("CARGO_PKG_VERSION")))
        };
        let own = match &http.ca_file {
            Some(path) => certificates(&connector.folder().map_or(path.clone(), |folder| folder.join(path)))?,
            None => Vec::new(),
        };
        let built = builder().tls_certs_merge(own.clone()).build().or_else(|error| {
            // a system without roots, as a small container is: what needs none still works
            let client = builder().tls_certs_only(own).build().map_err(|_| unusable(&error))?;
            tracing::warn!(target: "authwire", connector = connector.name(), "the system has no TLS roots to trust");
            Ok(client)
        });
        built.map(|client| Self { client })
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Body>, options: SendOptions) -> Sending<'_> {
        Box::pin(async move {
            let uri = request.uri().clone();
            let (parts, body) = request.into_parts();
            let url = url::Url::parse(&uri.to_string())
                .map_err(|error| TransportError::new(TransportErrorKind::Request, &uri).with_source(error))?;
            let mut request = reqwest::Request::new(parts.method, url);
            *request.headers_mut() = parts.headers;
            *request.timeout_mut() = Some(options.timeout);
            *request.body_mut() = match body.as_bytes() {
                Some(bytes) if bytes.is_empty() => None,
                Some(bytes) => Some(bytes.clone().into()),
                None => Some(reqwest::Body::wrap(body)),
            };
            let response = self.client.execute(request).await.map_err(|error| failure(error, &uri))?;
            let response: http::Response<reqwest::Body> = response.into();
            // an error's URL may hold a credential
            Ok(response.map(|body| Body::stream(body.map_err(reqwest::Error::without_url))))
        })
    }
}

fn failure(error: reqwest::Error, uri: &http::Uri) -> TransportError {
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else {
        TransportErrorKind::Broken
    };
    // the URL may hold a credential
    TransportError::new(kind, uri).with_source(error.without_url())
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    let unusable = |message: String| {
        Error::from(
            Unusable::new(authwire_core::Code::Key, message)
                .at("http.ca_file")
                .with_help("name a PEM file with the CA's certificate"),
        )
    };
    let pem = std::fs::read(path)
        .map_err(|error| unusable(format!("the file {} cannot be read: {error}", path.display())))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(unusable(format!("the file {} holds no PEM certificate", path.display()))),
    }
}

fn unusable(error: &reqwest::Error) -> Error {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    Error::Request { message: format!("the HTTP client cannot be set up: {text}") }
}
