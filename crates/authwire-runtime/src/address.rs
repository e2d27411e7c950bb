//! Addresses: a request's path joined to `base_url`, and what belongs to its origin.
//!
//! It must not know what is sent there.

use std::fmt;

use authwire_core::Code;
use http::Uri;
use url::Url;

use crate::error::{Error, Unusable};
use crate::judge::{self, UrlFault};

/// Where the API is.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    url: Url,
    /// As [`Base::url`], for a comparison without parsing.
    uri: Uri,
}

impl Base {
    /// The base at `url`, which was judged before.
    pub(crate) fn new(url: Url) -> Result<Self, AddressError> {
        let uri = to_uri(&url)?;
        Ok(Self { url, uri })
    }

    /// The base that a token's answer names: at `url`, and where that has no path, at this base's path there.
    pub(crate) fn moved_to(&self, mut url: Url) -> Result<Self, AddressError> {
        if url.path() == "/" {
            url.set_path(self.url.path());
        }
        Self::new(url)
    }

    /// As a URL.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// As a URI.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// `path` joined to the base with exactly one `/`. An absolute URL is taken as it is, if it lies within the
    /// origin: servers hand out such links.
    pub(crate) fn join(&self, path: &str) -> Result<Uri, AddressError> {
        if path.contains('#') {
            return Err(AddressError::Fragment);
        }
        if leads_elsewhere(path) {
            return Err(AddressError::OtherOrigin { origin: self.origin() });
        }
        let url = if is_absolute(path) {
            Url::parse(path).map_err(AddressError::Unreadable)?
        } else {
            let base = self.url.as_str().trim_end_matches('/');
            let joined = match path.strip_prefix('/').unwrap_or(path) {
                "" if path.is_empty() => self.url.as_str().to_owned(),
                query if query.starts_with('?') && !path.starts_with('/') => format!("{}{query}", self.url),
                rest => format!("{base}/{rest}"),
            };
            Url::parse(&joined).map_err(AddressError::Unreadable)?
        };
        if url.origin() != self.url.origin() || !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::OtherOrigin { origin: self.origin() });
        }
        to_uri(&url)
    }

    /// Whether `uri` lies within the base's origin: scheme, host and port.
    pub(crate) fn is_origin_of(&self, uri: &Uri) -> bool {
        let spelled_alike = self.uri.scheme() == uri.scheme()
            && self.uri.authority().map(|authority| authority.as_str())
                == uri.authority().map(|authority| authority.as_str());
        spelled_alike || same_origin(&self.uri, uri)
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// Whether both lie within one origin: scheme, host and port (RFC 6454 §5).
pub(crate) fn same_origin(one: &Uri, other: &Uri) -> bool {
    let scheme = one.scheme_str().unwrap_or_default();
    scheme.eq_ignore_ascii_case(other.scheme_str().unwrap_or_default())
        && one.authority().is_some()
        && one.host().unwrap_or_default().eq_ignore_ascii_case(other.host().unwrap_or_default())
        && port(one) == port(other)
        && other.authority().is_some_and(|authority| !authority.as_str().contains('@'))
}

/// The longest URL that `http` takes, in bytes.
const LONGEST: usize = 65_534;

/// The URI of `url`, for a request.
pub(crate) fn to_uri(url: &Url) -> Result<Uri, AddressError> {
    if url.as_str().len() > LONGEST {
        return Err(AddressError::TooLong);
    }
    Uri::try_from(url.as_str()).map_err(|_| AddressError::Unwritable)
}

/// What an HTTP client sends as `Host`: no port that is the scheme's own (RFC 9110 §7.2).
pub(crate) fn host(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default();
    match (uri.scheme_str(), uri.port_u16()) {
        (Some("https"), Some(443)) | (Some("http"), Some(80)) | (_, None) => host.to_owned(),
        (_, Some(port)) => format!("{host}:{port}"),
    }
}

/// Whether `path` can be joined to a base that is not known yet, which is called `shown`: then it is no URL of its own.
pub(crate) fn check_path(path: &str, shown: &str) -> Result<(), AddressError> {
    if path.contains('#') {
        return Err(AddressError::Fragment);
    }
    if leads_elsewhere(path) || is_absolute(path) {
        return Err(AddressError::OtherOrigin { origin: shown.to_owned() });
    }
    Ok(())
}

/// Whether `path` names a host without a scheme.
fn leads_elsewhere(path: &str) -> bool {
    path.starts_with("//") || path.starts_with("\\\\")
}

fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or_else(|| match uri.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    })
}

/// Whether `path` begins with a scheme and `//`.
fn is_absolute(path: &str) -> bool {
    path.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

/// Why a path cannot be requested.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// It leads to another origin than the connector's `base_url`: credentials belong to one origin.
    OtherOrigin {
        /// The connector's.
        origin: String,
    },
    /// It has a fragment, which is never sent.
    Fragment,
    /// It makes no URL.
    Unreadable(url::ParseError),
    /// It is longer than a request can carry.
    TooLong,
    /// Its path or its query holds what no request can carry; a host is judged before.
    Unwritable,
    /// Where the token's answer says that the API is, no request can be sent.
    Moved(UrlFault),
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherOrigin { origin } => {
                write!(
                    f,
                    "the path leads to another origin; this connector's credentials belong to {origin} alone"
                )
            }
            Self::Fragment => f.write_str("a fragment (#…) is never sent; write %23 for a `#` of a path"),
            Self::Unreadable(error) => write!(f, "the path makes no URL: {error}"),
            Self::TooLong => write!(f, "the URL is longer than the {LONGEST} bytes that a request can carry"),
            Self::Unwritable => {
                f.write_str("the URL's path or query holds a character that no request can carry")
            }
            Self::Moved(fault) => {
                write!(f, "the API is said to be where no credential may be sent: {fault}")
            }
        }
    }
}

impl std::error::Error for AddressError {}

/// The base of a resolved `base_url`.
pub(crate) fn base(text: &str) -> Result<Base, Error> {
    Ok(Base::new(base_url(text)?)?)
}

/// A resolved `base_url`.
pub(crate) fn base_url(text: &str) -> Result<Url, Unusable> {
    judge::base_url(text).map_err(|fault| {
        Unusable::new(Code::Url, "this cannot be used as a base URL")
            .at("base_url")
            .with_help(fault.to_string())
    })
}

#[cfg(test)]
mod tests {
    use http::Uri;

    use super::{AddressError, base, same_origin};

    #[test]
    fn a_path_is_joined_with_exactly_one_slash() {
        for (url, path, joined) in [
            ("https://a.example", "/users", "https://a.example/users"),
            ("https://a.example/", "users", "https://a.example/users"),
            ("https://a.example/v2", "/users?x=1", "https://a.example/v2/users?x=1"),
            ("https://a.example/v2/", "/users", "https://a.example/v2/users"),
            ("https://a.example/v2", "", "https://a.example/v2"),
            ("https://a.example/v2", "?x=1", "https://a.example/v2?x=1"),
            ("https://a.example/v2", "/", "https://a.example/v2/"),
            ("https://a.example/v2", "https://a.example:443/next?page=2", "https://a.example/next?page=2"),
            ("https://a.example/v2", "/a b|c", "https://a.example/v2/a%20b|c"),
            (
                "https://a.example/v2",
                "/go?to=https://b.example",
                "https://a.example/v2/go?to=https://b.example",
            ),
        ] {
            assert_eq!(base(url).unwrap().join(path).unwrap().to_string(), joined, "{url} {path}");
        }
    }

    #[test]
    fn a_path_below_a_base_that_is_not_known_is_no_url() {
        for path in ["/x", "x?y=https://b.example", ""] {
            assert_eq!(super::check_path(path, "<env:BASE>"), Ok(()), "{path}");
        }
        for path in ["https://b.example/x", "//b.example", "/x#y"] {
            assert!(super::check_path(path, "<env:BASE>").is_err(), "{path}");
        }
    }

    #[test]
    fn a_path_to_another_origin_is_an_error() {
        let base = base("https://a.example/v2").unwrap();
        for path in [
            "https://b.example/users",
            "http://a.example/users",
            "https://a.example:8443/users",
            "//b.example/users",
            "\\\\b.example/users",
            "https://a.example@b.example/",
            "https://user:pass@a.example/",
        ] {
            assert!(matches!(base.join(path), Err(AddressError::OtherOrigin { .. })), "{path}");
        }
        for path in ["@b.example/", ".b.example/", ":8443/x", "/\\b.example", "../../x"] {
            let joined = base.join(path).unwrap();
            assert!(base.is_origin_of(&joined), "{path} -> {joined}");
        }
        assert_eq!(base.join("/a#b"), Err(AddressError::Fragment));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |one: &str, other: &str| {
            same_origin(&one.parse::<Uri>().unwrap(), &other.parse::<Uri>().unwrap())
        };
        assert!(same("https://a.example/x", "https://A.example:443/y"));
        assert!(same("http://a.example/x", "http://a.example:80/y"));
        assert!(!same("https://a.example", "http://a.example"));
        assert!(!same("https://a.example", "https://a.example:444"));
        assert!(!same("https://a.example", "https://b.example"));
        assert!(!same("https://a.example", "/x"));
        assert!(!same("https://a.example", "https://u@a.example"));
    }
}
