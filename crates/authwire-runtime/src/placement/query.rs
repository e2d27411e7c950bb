//! The primitive `query`: parameters in the URL, percent-encoded (RFC 3986 §2.1).
//!
//! A parameter is appended after the existing query, which keeps its order; the same name already there is removed.

use bytes::Bytes;
use http::Uri;
use http::uri::PathAndQuery;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::percent;
use crate::phrase::Phrase;

/// A ready parameter.
pub(crate) struct Pair {
    name: String,
    /// `name=value`, encoded.
    encoded: Zeroizing<String>,
}

impl Pair {
    /// Whether both have the same name.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pair({:?}, redacted)", self.name)
    }
}

/// A ready parameter.
pub(crate) fn prepare(name: &str, value: &Phrase) -> Pair {
    let mut encoded = Zeroizing::new(percent::query(name));
    encoded.push('=');
    encoded.push_str(&Zeroizing::new(percent::query(&value.value())));
    Pair { name: name.to_owned(), encoded }
}

/// Sets the parameters `auth` in place of those of the same name, and adds of `own` what is not there.
pub(crate) fn apply(auth: &[Pair], own: &[Pair], uri: &mut Uri) -> Result<(), Error> {
    let mut written = Written::new(uri, auth.iter().chain(own));
    for part in parameters(uri).filter(|part| !auth.iter().any(|pair| is(part, pair))) {
        written.push(part);
    }
    for pair in own.iter().filter(|pair| !parameters(uri).any(|part| is(part, pair))).chain(auth) {
        written.push(&pair.encoded);
    }
    replace(uri, written)
}

/// Takes the parameters of these names out.
pub(super) fn strip(names: &[&str], uri: &mut Uri) -> Result<(), Error> {
    let ours = |part: &&str| {
        let name = percent::decode(part.split_once('=').map_or(*part, |(name, _)| name));
        names.contains(&name.as_str())
    };
    if !parameters(uri).any(|part| ours(&part)) {
        return Ok(());
    }
    let mut written = Written::new(uri, []);
    parameters(uri).filter(|part| !ours(part)).for_each(|part| written.push(part));
    replace(uri, written)
}

/// The parameters of a URI, as they are written.
fn parameters(uri: &Uri) -> impl Iterator<Item = &str> {
    uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty())
}

fn is(part: &str, pair: &Pair) -> bool {
    let end = part.bytes().position(|byte| byte == b'=').unwrap_or(part.len());
    // decoding makes no name longer
    if end < pair.name.len() {
        return false;
    }
    let name = &part[..end];
    name == pair.name
        || (name.bytes().any(|byte| matches!(byte, b'%' | b'+')) && percent::decode(name) == pair.name)
}

/// A path and a query in the making.
struct Written {
    text: String,
    /// What comes in front of the next parameter.
    separator: char,
}

impl Written {
    /// The path of `uri`. It has room for what is there and for `added`, and no more: if both are written whole, which is what
    /// mostly happens, the text is moved no more.
    fn new<'p>(uri: &Uri, added: impl IntoIterator<Item = &'p Pair>) -> Self {
        let there = uri.path_and_query().map_or("", PathAndQuery::as_str);
        let added: usize = added.into_iter().map(|pair| pair.encoded.len() + 1).sum();
        let mut text = String::with_capacity(there.len() + added);
        text.push_str(uri.path());
        Self { text, separator: '?' }
    }

    fn push(&mut self, parameter: &str) {
        self.text.push(std::mem::replace(&mut self.separator, '&'));
        self.text.push_str(parameter);
    }
}

fn replace(uri: &mut Uri, written: Written) -> Result<(), Error> {
    if uri.path_and_query().is_none() {
        return Err(fault());
    }
    let path_and_query = PathAndQuery::from_maybe_shared(Bytes::from(written.text)).map_err(|_| fault())?;
    let mut parts = http::uri::Parts::default();
    parts.scheme = uri.scheme().cloned();
    parts.authority = uri.authority().cloned();
    parts.path_and_query = Some(path_and_query);
    *uri = Uri::from_parts(parts).map_err(|_| fault())?;
    Ok(())
}

fn fault() -> Error {
    Error::Request { message: "the request's path cannot carry a query".to_owned() }
}

#[cfg(test)]
mod tests {
    use http::Uri;

    use super::{apply, prepare};
    use crate::phrase::Phrase;

    fn pair(name: &str, value: &str) -> super::Pair {
        prepare(name, &Phrase::clear(value))
    }

    #[test]
    fn a_parameter_comes_last_and_replaces_its_namesakes() {
        for (before, after) in [
            ("https://a.example/x", "https://a.example/x?api%20key=a%2Fb%20c"),
            ("https://a.example/x?z=1&a=2", "https://a.example/x?z=1&a=2&api%20key=a%2Fb%20c"),
            ("https://a.example/x?api%20key=old&a=2", "https://a.example/x?a=2&api%20key=a%2Fb%20c"),
            ("https://a.example/x?api+key=old&api%20key", "https://a.example/x?api%20key=a%2Fb%20c"),
            ("https://a.example", "https://a.example/?api%20key=a%2Fb%20c"),
        ] {
            let mut uri: Uri = before.parse().unwrap();
            apply(&[pair("api key", "a/b c")], &[], &mut uri).unwrap();
            assert_eq!(uri.to_string(), after);
            apply(&[pair("api key", "a/b c")], &[], &mut uri).unwrap();
            assert_eq!(uri.to_string(), after, "applied twice");
        }
    }

    #[test]
    fn the_callers_parameter_wins_over_the_connectors_own() {
        let mut uri: Uri = "https://a.example/x?version=2".parse().unwrap();
        apply(&[pair("key", "k")], &[pair("version", "1"), pair("lang", "en")], &mut uri).unwrap();
        assert_eq!(uri.to_string(), "https://a.example/x?version=2&lang=en&key=k");
    }
}
