//! A connection of one's own on hyper and rustls: HTTP/1.1, one request after the other, certificates always verified.

use std::sync::Arc;

use http::header::{ACCEPT, HOST, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderValue, Uri, Version};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::tls::certificate_fault;
use super::{Sending, ServerConnection, TransportError, TransportErrorKind, say_that_it_is_empty};
use crate::address::host;
use crate::body::{Body, BodyError};

/// Makes connections.
pub(super) struct Connector {
    tls: Arc<ClientConfig>,
}

impl Connector {
    /// A connector that trusts the system's roots and those in `ca` (PEM).
    pub(super) fn new(ca: Option<&[u8]>) -> Result<Self, BodyError> {
        let own: Vec<CertificateDer<'static>> = match ca {
            Some(pem) => CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>()?,
            None => Vec::new(),
        };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> =
            match Verifier::new_with_extra_roots(own.clone(), Arc::clone(&provider)) {
                Ok(verifier) => Arc::new(verifier),
                // a system without roots
                Err(_) => {
                    let mut roots = RootCertStore::empty();
                    roots.add_parsable_certificates(own);
                    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                        .build()?
                }
            };
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous() // rustls's word for a verifier of one's own: this is the platform's
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { tls: Arc::new(tls) })
    }

    /// Connects to the origin of `uri`.
    pub(super) async fn connect(&self, uri: &Uri) -> Result<Box<dyn ServerConnection>, TransportError> {
        let failed = |error: BodyError| match certificate_fault(&*error, false) {
            Some(words) => TransportError::new(TransportErrorKind::Certificate, uri).told_as(words),
            None => TransportError::new(TransportErrorKind::Connect, uri).with_source(error),
        };
        let host = uri.host().unwrap_or_default();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((host, port)).await.map_err(|error| failed(error.into()))?;
        // small requests that wait for their answers
        stream.set_nodelay(true).map_err(|error| failed(error.into()))?;
        if !secure {
            return speak(stream, None, uri).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(error.into()))?;
        let tls = TlsConnector::from(Arc::clone(&self.tls));
        let stream = tls.connect(name, stream).await.map_err(|error| failed(error.into()))?;
        let (_, session) = stream.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first).map(|der| der.to_vec());
        speak(stream, certificate, uri).await
    }
}

async fn speak<S>(
    stream: S,
    certificate: Option<Vec<u8>>,
    uri: &Uri,
) -> Result<Box<dyn ServerConnection>, TransportError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| TransportError::new(TransportErrorKind::Connect, uri).with_source(error))?;
    // ends with the sender, or when the server closes; what went wrong is told to whoever waits for an answer
    tokio::spawn(async move { drop(connection.await) });
    Ok(Box::new(OwnConnection { sender, certificate }))
}

struct OwnConnection {
    sender: SendRequest<Body>,
    certificate: Option<Vec<u8>>,
}

impl ServerConnection for OwnConnection {
    fn send(&mut self, mut request: http::Request<Body>) -> Sending<'_> {
        let uri = request.uri().clone();
        Box::pin(async move {
            let broken = |error: hyper::Error| {
                let kind =
                    if error.is_user() { TransportErrorKind::Request } else { TransportErrorKind::Broken };
                TransportError::new(kind, &uri).with_source(error)
            };
            let target = uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
            if let Ok(host) = HeaderValue::from_str(&host(&uri)) {
                request.headers_mut().entry(HOST).or_insert(host);
            }
            say_that_it_is_empty(&mut request);
            for (name, value) in [(USER_AGENT, super::USER_AGENT), (ACCEPT, "*/*")] {
                request.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
            }
            *request.uri_mut() = Uri::from(target);
            *request.version_mut() = Version::HTTP_11;
            self.sender.ready().await.map_err(broken)?;
            let response = self.sender.send_request(request).await.map_err(broken)?;
            Ok(response.map(|body| Body::stream(body.map_err(BodyError::from))))
        })
    }

    fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }
}
