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
    let written = {
        let kept = parameters(uri).filter(|part| !auth.iter().any(|pair| is(part, pair)));
        let added = own.iter().filter(|pair| !kept.clone().any(|part| is(part, pair))).chain(auth);
        write(uri.path(), kept.clone().chain(added.map(|pair| pair.encoded.as_str())))?
    };
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
    let written = write(uri.path(), parameters(uri).filter(|part| !ours(part)))?;
    replace(uri, written)
}

/// The parameters of a URI, as they are written.
fn parameters(uri: &Uri) -> impl Iterator<Item = &str> + Clone {
    uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty())
}

fn is(part: &str, pair: &Pair) -> bool {
    let name = part.split_once('=').map_or(part, |(name, _)| name);
    if name.contains(['%', '+']) { percent::decode(name) == pair.name } else { name == pair.name }
}

/// A path with a query. It has the memory that it needs and no more: then it is not moved once again.
fn write<'p>(path: &str, query: impl Iterator<Item = &'p str> + Clone) -> Result<PathAndQuery, Error> {
    let length = path.len() + query.clone().map(|part| part.len() + 1).sum::<usize>();
    let mut text = String::with_capacity(length);
    text.push_str(path);
    for (index, part) in query.enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(part);
    }
    PathAndQuery::from_maybe_shared(Bytes::from(text)).map_err(|_| fault())
}

fn replace(uri: &mut Uri, path_and_query: PathAndQuery) -> Result<(), Error> {
    if uri.path_and_query().is_none() {
        return Err(fault());
    }
    let mut parts = std::mem::take(uri).into_parts();
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
