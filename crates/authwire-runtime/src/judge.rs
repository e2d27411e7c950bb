//! The last word on what no table can judge: what URL a connector may talk to, whether a key signs, whether a certificate
//! can be shown.
//!
//! It must not know which property a value stands in.

use std::fmt;

use authwire_core::judge::{CertificatePart, Judge, KeyFault};
use authwire_core::loopback;
use url::{Host, ParseError, Url};

use crate::address::{AddressError, to_uri};
use crate::connection::ClientIdentity;
use crate::jwt::{Algorithm, Key, KeyEncoding};

/// Whether `text` is a URL that credentials may be sent to: absolute, `https` (or `http` to loopback), without user
/// information and fragment, at a host that can be looked up.
///
/// ```
/// use authwire_runtime::judge;
///
/// assert!(judge::url("https://zoom.us/oauth/token").is_ok());
/// assert!(judge::url("http://127.0.0.1:8080/token").is_ok());
/// let fault = judge::url("http://zoom.us/oauth/token").unwrap_err();
/// assert_eq!(fault.to_string(), "plain http is for this machine only; use https");
/// ```
///
/// # Errors
///
/// If it is not. The fault does not repeat the text.
pub fn url(text: &str) -> Result<Url, UrlFault> {
    // a parser of URLs takes it out, or writes it in another way
    if text.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Err(UrlFault::WhiteSpace);
    }
    let written = host_as_written(text);
    if written.is_some_and(|host| host.contains(['{', '}', '<', '>'])) {
        return Err(UrlFault::Template);
    }
    let url = Url::parse(text).map_err(|error| match error {
        ParseError::RelativeUrlWithoutBase | ParseError::EmptyHost => UrlFault::NoHost,
        other => UrlFault::Unreadable(other),
    })?;
    if url.cannot_be_a_base() || !url.has_host() {
        return Err(UrlFault::NoHost);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlFault::UserInformation);
    }
    // a parser mends what is no URL by RFC 3986: `https:/host`, and numbers that it takes for an address
    let written = written.ok_or(UrlFault::NoHost)?;
    let is_as_written = url.host_str().is_some_and(|known| {
        written.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
    });
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) && is_as_written => {}
        "http" => return Err(UrlFault::PlainHttp),
        _ => return Err(UrlFault::Scheme),
    }
    if url.fragment().is_some() {
        return Err(UrlFault::Fragment);
    }
    // `https://https://host` would be the host `https`, with a port that is left out
    if written.eq_ignore_ascii_case("https:") || written.eq_ignore_ascii_case("http:") {
        return Err(UrlFault::SchemeTwice);
    }
    if !can_be_looked_up(&url) {
        return Err(UrlFault::Host);
    }
    match to_uri(&url) {
        Ok(_) => Ok(url),
        Err(AddressError::TooLong) => Err(UrlFault::TooLong),
        Err(_) => Err(UrlFault::Unwritable),
    }
}

/// The host of `text` with its port, as it is written there.
fn host_as_written(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(':')?;
    rest.strip_prefix("//")?.split(['/', '?', '#', '\\', '@']).next()
}

/// Whether the host is an address, or a name that one can be asked for: labels with a dot between them (RFC 1034 §3.1), of
/// letters, digits and `-`, and `_`, which some names have. A parser takes what else RFC 3986 allows, and writes what is
/// beyond ASCII in letters and digits.
fn can_be_looked_up(url: &Url) -> bool {
    let Some(Host::Domain(name)) = url.host() else { return true };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name = name.strip_suffix('.').unwrap_or(name);
    name.split('.').all(|label| !label.is_empty() && label.bytes().all(fits))
}

/// As [`url()`], for a `base_url`: without a query besides.
///
/// # Errors
///
/// If it is not.
pub fn base_url(text: &str) -> Result<Url, UrlFault> {
    let url = url(text)?;
    if url.query().is_some() { Err(UrlFault::Query) } else { Ok(url) }
}

/// The judge that `authwire_core::checker` asks for the last word: it knows URLs, keys and certificates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expert;

impl Judge for Expert {
    fn url(&self, text: &str) -> Result<(), String> {
        url(text).map(drop).map_err(|fault| fault.to_string())
    }

    fn base_url(&self, text: &str) -> Result<(), String> {
        base_url(text).map(drop).map_err(|fault| fault.to_string())
    }

    fn signing_key(
        &self,
        key: &str,
        algorithm: &str,
        encoding: Option<&str>,
    ) -> Result<Vec<String>, KeyFault> {
        // what they may be called is the schema's to say
        let Some(algorithm) = Algorithm::named(algorithm) else { return Ok(Vec::new()) };
        let encoding = encoding.and_then(KeyEncoding::named).unwrap_or_default();
        Ok(Key::read(key, algorithm, encoding)?.repairs().iter().map(ToString::to_string).collect())
    }

    fn client_certificate(
        &self,
        certificate: &str,
        private_key: Option<&str>,
        passphrase: Option<&str>,
    ) -> Result<(), (CertificatePart, KeyFault)> {
        ClientIdentity::read(certificate, private_key, passphrase)
            .map(drop)
            .map_err(|fault| (fault.part, KeyFault::new(fault.message, fault.help)))
    }
}

/// Whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(loopback::is_loopback)
}

/// Why a URL cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlFault {
    /// It is none.
    Unreadable(url::ParseError),
    /// It holds white space or a control character.
    WhiteSpace,
    /// It names no host.
    NoHost,
    /// `https://{host}/`: nothing is filled in there.
    Template,
    /// `https://https://host`
    SchemeTwice,
    /// Its host is no name that an address can be looked up for.
    Host,
    /// It is neither `https` nor `http`.
    Scheme,
    /// `http` to another machine: credentials would travel in the clear.
    PlainHttp,
    /// `user:password@`
    UserInformation,
    /// `#…`
    Fragment,
    /// `?…`, where a base URL has none.
    Query,
    /// It is longer than a request can carry.
    TooLong,
    /// Its path or its query holds what no request can carry.
    Unwritable,
}

impl fmt::Display for UrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "not a URL: {error}"),
            Self::WhiteSpace => f.write_str("a URL holds neither white space nor control characters"),
            Self::NoHost => f.write_str("a URL with a host is needed: https://host/path"),
            Self::Template => f.write_str(
                "a connector file has no templates; write the host itself, or refer to the whole URL: {\"env\": \"NAME\"}",
            ),
            Self::SchemeTwice => f.write_str("its scheme stands there twice"),
            Self::Host => f.write_str(
                "no host has this name; a name is letters, digits, `-` and `_`, with single dots between them",
            ),
            Self::Scheme => f.write_str("only https (and http to this machine) can be used"),
            Self::PlainHttp => f.write_str("plain http is for this machine only; use https"),
            Self::UserInformation => {
                f.write_str("a URL carries no user and password; auth_config is the place for them")
            }
            Self::Fragment => f.write_str("a fragment (#…) is never sent; leave it out"),
            Self::Query => f.write_str("a base URL has no query; the member `query` is the place for it"),
            Self::TooLong => AddressError::TooLong.fmt(f),
            Self::Unwritable => AddressError::Unwritable.fmt(f),
        }
    }
}

impl std::error::Error for UrlFault {}

#[cfg(test)]
mod tests {
    use super::{UrlFault, base_url, url};

    #[test]
    fn https_goes_anywhere_and_http_to_this_machine_alone() {
        for good in [
            "https://a.example/x?y=1",
            "http://localhost:1/",
            "http://127.9.9.9/",
            "http://[::1]:80/",
            "https://[2001:db8::1]/",
            "https://bücher.example/",
            "https://my_host.a-b.example.:8443/",
            "https://intranet:/x",
            "https://a.example/users/{id}?x={y}",
        ] {
            assert!(url(good).is_ok(), "{good}");
        }
        for (bad, fault) in [
            ("http://a.example", UrlFault::PlainHttp),
            ("http://localhost.evil.example", UrlFault::PlainHttp),
            ("http://127.1", UrlFault::PlainHttp),
            ("http://2130706433/", UrlFault::PlainHttp),
            ("https:/a.example", UrlFault::NoHost),
            ("https:a.example", UrlFault::NoHost),
            ("http://[::2]/", UrlFault::PlainHttp),
            ("ftp://a.example", UrlFault::Scheme),
            ("mailto:a@b", UrlFault::NoHost),
            ("https://u:p@a.example", UrlFault::UserInformation),
            ("https://u@a.example", UrlFault::UserInformation),
            ("https://a.example/#f", UrlFault::Fragment),
            ("https://{tenant}.a.example/v1", UrlFault::Template),
            ("https://{{host}}/v1", UrlFault::Template),
            ("https://${HOST}/v1", UrlFault::Template),
            ("https://<tenant>.a.example/", UrlFault::Template),
            ("https://https://a.example", UrlFault::SchemeTwice),
            ("https://HTTP://a.example", UrlFault::SchemeTwice),
            ("https://a.example,b.example", UrlFault::Host),
            ("https://$HOST/v1", UrlFault::Host),
            ("https://...", UrlFault::Host),
            ("https://.a.example", UrlFault::Host),
            ("https://api..a.example/v1", UrlFault::Host),
        ] {
            assert_eq!(url(bad), Err(fault), "{bad}");
        }
        assert!(matches!(url("https://a.example:99999"), Err(UrlFault::Unreadable(_))));
        assert_eq!(base_url("https://a.example/?x"), Err(UrlFault::Query));
        let long = format!("https://a.example/{}", "x".repeat(1 << 16));
        assert_eq!(url(&long), Err(UrlFault::TooLong));
    }
}
