//! The primitive `query`: parameters in the URL, percent-encoded (RFC 3986 §2.1).
//!
//! A parameter is appended after the existing query, which keeps its order; the same name already there is removed.

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
    let query = uri.query().unwrap_or_default();
    let mut parts: Vec<&str> =
        query.split('&').filter(|part| !part.is_empty() && !auth.iter().any(|pair| is(part, pair))).collect();
    for pair in own {
        if !parts.iter().any(|part| is(part, pair)) {
            parts.push(&pair.encoded);
        }
    }
    parts.extend(auth.iter().map(|pair| pair.encoded.as_str()));
    let written = write(uri, &parts);
    *uri = written?;
    Ok(())
}

/// Takes the parameters of these names out.
pub(super) fn strip(names: &[&str], uri: &mut Uri) -> Result<(), Error> {
    let query = uri.query().unwrap_or_default();
    let ours = |part: &&str| {
        let name = percent::decode(part.split_once('=').map_or(*part, |(name, _)| name));
        names.contains(&name.as_str())
    };
    if !query.split('&').any(|part| ours(&part)) {
        return Ok(());
    }
    let parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && !ours(part)).collect();
    let written = write(uri, &parts);
    *uri = written?;
    Ok(())
}

fn is(part: &str, pair: &Pair) -> bool {
    let name = part.split_once('=').map_or(part, |(name, _)| name);
    if name.contains(['%', '+']) { percent::decode(name) == pair.name } else { name == pair.name }
}

fn write(uri: &Uri, query: &[&str]) -> Result<Uri, Error> {
    let length = uri.path().len() + query.iter().map(|part| part.len() + 1).sum::<usize>();
    let mut text = String::with_capacity(length);
    text.push_str(uri.path());
    for (index, part) in query.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(part);
    }
    let fault = || Error::Request { message: "the request's path cannot carry a query".to_owned() };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query =
        Some(PathAndQuery::from_maybe_shared(bytes::Bytes::from(text)).map_err(|_| fault())?);
    Uri::from_parts(parts).map_err(|_| fault())
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
