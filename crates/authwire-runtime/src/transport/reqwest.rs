//! The transport on reqwest and rustls: no redirects, no cookies, certificates always verified, and the proxies of the
//! environment (`HTTPS_PROXY`, `NO_PROXY`) but for what is for this machine.

use std::error::Error as StdError;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::BodyExt as _;
use reqwest::Identity;
use reqwest::tls::Certificate;

use super::own_connection::Connector as OwnConnector;
use super::proxy::Proxies;
use super::tls::certificate_fault;
use super::{
    Connecting, SendOptions, Sending, Transport, TransportError, TransportErrorKind, USER_AGENT,
    say_that_it_is_empty,
};
use crate::body::Body;
use crate::connection::ClientIdentity;
use crate::connector::{Connector, HttpOptions};
use crate::error::{Error, Unusable};
use crate::file::read_file;
use crate::judge::is_loopback;

/// How many clients there are beside the first: for a certificate in use, one that was renewed, and some.
const CLIENTS: usize = 4;

/// The largest file of private CAs: all that a browser trusts is a quarter of it.
const LARGEST_CA_FILE: u64 = 1 << 20;

/// Sends requests with reqwest.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    settings: Arc<Settings>,
    proxies: Arc<Proxies>,
    /// Clients that go another way, the latest last.
    others: Arc<Mutex<Vec<(Way, reqwest::Client)>>>,
}

/// How a client connects.
#[derive(Debug, Clone, Default, PartialEq)]
struct Way {
    /// The certificate that it shows.
    identity: Option<ClientIdentity>,
    /// Whether it goes past the proxies of the environment: what is for this machine may be in the clear.
    direct: bool,
}

/// What all clients share.
#[derive(Debug)]
struct Settings {
    connector: String,
    http: HttpOptions,
    /// The private CA in PEM.
    ca: Option<Vec<u8>>,
}

impl ReqwestTransport {
    /// A transport with the limits and the private CA of `connector`.
    ///
    /// # Errors
    ///
    /// If the CA file cannot be read.
    pub fn new(connector: &Connector) -> Result<Self, Error> {
        let http = connector.http().clone();
        let ca = match &http.ca_file {
            Some(path) => {
                Some(read_ca(&connector.folder().map_or(path.clone(), |folder| folder.join(path)))?)
            }
            None => None,
        };
        let settings = Settings { connector: connector.name().to_owned(), http, ca };
        Ok(Self {
            client: settings.client(&Way::default()).map_err(|error| unusable(&error))?,
            settings: Arc::new(settings),
            proxies: Arc::new(Proxies::of_environment()),
            others: Arc::default(),
        })
    }

    /// The client that connects so.
    fn client(&self, way: Way) -> Result<reqwest::Client, reqwest::Error> {
        if way == Way::default() {
            return Ok(self.client.clone());
        }
        // nothing is left half done under this lock
        let mut clients = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == way) {
            return Ok(client.clone());
        }
        let client = self.settings.client(&way)?;
        if clients.len() == CLIENTS {
            clients.remove(0);
        }
        clients.push((way, client.clone()));
        Ok(client)
    }
}

impl Settings {
    fn client(&self, way: &Way) -> Result<reqwest::Client, reqwest::Error> {
        let builder = || {
            let builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(self.http.connect_timeout)
                .timeout(self.http.timeout)
                .user_agent(USER_AGENT);
            let builder = if way.direct { builder.no_proxy() } else { builder };
            match &way.identity {
                Some(identity) => Ok(builder.identity(Identity::from_pem(identity.expose_pem())?)),
                None => Ok(builder),
            }
        };
        let own = self.ca.as_deref().map(Certificate::from_pem_bundle).transpose()?.unwrap_or_default();
        builder()?.tls_certs_merge(own.clone()).build().or_else(|error| {
            // a system without roots, as a small container is: what needs none still works
            let client = builder()?.tls_certs_only(own).build().map_err(|_| error)?;
            tracing::warn!(target: "authwire", connector = %self.connector, "the system has no TLS roots to trust");
            Ok(client)
        })
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, mut request: http::Request<Body>, options: SendOptions) -> Sending<'_> {
        Box::pin(async move {
            let uri = request.uri().clone();
            say_that_it_is_empty(&mut request);
            let (parts, body) = request.into_parts();
            // it would panic
            tokio::runtime::Handle::try_current()
                .map_err(|error| TransportError::new(TransportErrorKind::Request, &uri).with_source(error))?;
            let url = url::Url::parse(&uri.to_string())
                .map_err(|error| TransportError::new(TransportErrorKind::Request, &uri).with_source(error))?;
            let way = Way { identity: options.identity, direct: is_loopback(&url) };
            let proxy = if way.direct { Ok(None) } else { self.proxies.of(&uri) };
            let proxy =
                proxy.map_err(|words| TransportError::new(TransportErrorKind::Proxy, &uri).told_as(words))?;
            let shows_own = way.identity.is_some();
            let failed = |error| failure(error, &uri, shows_own).through(proxy.clone());
            let mut request = reqwest::Request::new(parts.method, url);
            *request.headers_mut() = parts.headers;
            *request.timeout_mut() = Some(options.timeout);
            *request.body_mut() = match body.as_bytes() {
                Some(bytes) if bytes.is_empty() => None,
                Some(bytes) => Some(bytes.clone().into()),
                None => Some(reqwest::Body::wrap(body)),
            };
            let client = self.client(way).map_err(failed)?;
            let response = client.execute(request).await.map_err(failed)?;
            let response: http::Response<reqwest::Body> = response.into();
            // an error's URL may hold a credential
            Ok(response.map(|body| Body::stream(body.map_err(reqwest::Error::without_url))))
        })
    }

    fn connect(&self, uri: &http::Uri, options: SendOptions) -> Connecting<'_> {
        let uri = uri.clone();
        Box::pin(async move {
            let connector = OwnConnector::new(self.settings.ca.as_deref())
                .map_err(|error| TransportError::new(TransportErrorKind::Request, &uri).with_source(error))?;
            let limit = self.settings.http.connect_timeout.min(options.timeout);
            match tokio::time::timeout(limit, connector.connect(&uri)).await {
                Ok(connected) => connected,
                Err(_) => Err(TransportError::new(TransportErrorKind::Timeout, &uri)),
            }
        })
    }
}

fn failure(error: reqwest::Error, uri: &http::Uri, shows_own: bool) -> TransportError {
    // the URL may hold a credential
    let error = error.without_url();
    if let Some(words) = certificate_fault(&error, shows_own) {
        return TransportError::new(TransportErrorKind::Certificate, uri).told_as(words).with_source(error);
    }
    if let Some((kind, words)) = tunnel_fault(&error) {
        return TransportError::new(kind, uri).told_as(words).with_source(error);
    }
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, uri).with_source(error)
}

/// What a proxy said to the wish for a tunnel (RFC 9110 §9.3.6), if that is what `error` says. Its type is nobody's to
/// name, only its words.
fn tunnel_fault(error: &reqwest::Error) -> Option<(TransportErrorKind, &'static str)> {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let told = causes.map(ToString::to_string).find(|told| told.starts_with("tunnel error: "))?;
    match told.trim_start_matches("tunnel error: ") {
        "proxy authorization required" => Some((
            TransportErrorKind::Proxy,
            "it wants a user and a password that it knows (407): `http://user:password@host:port`",
        )),
        "unsuccessful" => Some((TransportErrorKind::Connect, "it makes no connection there")),
        _ => None,
    }
}

/// Whether the file at `path` can be a connector's `http.ca_file`.
///
/// # Errors
///
/// If it cannot be read, or holds no certificate in PEM.
pub fn check_ca_file(path: &Path) -> Result<(), Unusable> {
    read_ca(path).map(drop)
}

fn read_ca(path: &Path) -> Result<Vec<u8>, Unusable> {
    let unusable = |message: String| {
        Unusable::new(authwire_core::Code::Key, message)
            .at("http.ca_file")
            .with_help("name a PEM file with the CA's certificate")
    };
    let pem = read_file(path, LARGEST_CA_FILE)
        .map_err(|error| unusable(format!("the file {} cannot be read: {error}", path.display())))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(pem.to_vec()),
        _ => Err(unusable(format!("the file {} holds no PEM certificate", path.display()))),
    }
}

fn unusable(error: &reqwest::Error) -> Error {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    Error::System { message: format!("the HTTP client cannot be set up: {text}") }
}
