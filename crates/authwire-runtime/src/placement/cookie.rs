//! The primitives `cookie` and `cookies`: pairs of the `Cookie` header (RFC 6265 §5.4).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use authwire_core::Code;
use authwire_core::cookie::{VALUE_HELP, is_value};
use http::Uri;
use http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use zeroize::Zeroizing;

use crate::error::{Error, Unusable};
use crate::members::Member;
use crate::phrase::Phrase;
use crate::placement::outgoing::Outgoing;
use crate::template::Scope;
use crate::token::jar::Jar;
use crate::wiped::WipedBytes;

/// A ready cookie.
pub(crate) struct Pair {
    name: String,
    value: Zeroizing<String>,
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

/// A ready cookie, a fault naming its fields.
pub(crate) fn prepare(scope: &Scope<'_>, member: &Member<Phrase>) -> Result<Pair, Error> {
    let value = member.value.value();
    let blame = |code, message: &str| scope.blame(Unusable::new(code, message), &member.fields);
    if http::HeaderName::from_bytes(member.name.as_bytes()).is_err() {
        return Err(blame(Code::HeaderName, "not a legal cookie name").into());
    }
    if !is_value(&value) {
        let message = format!("the value of the cookie `{}` holds what no cookie can carry", member.name);
        return Err(blame(Code::HeaderValue, &message).with_help(VALUE_HELP).into());
    }
    Ok(Pair { name: member.name.clone(), value })
}

/// Sets the cookies beside the caller's.
pub(crate) fn apply(pairs: &[Pair], headers: &mut HeaderMap) -> Result<(), Error> {
    set(pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())), headers)
}

/// Sets cookies of these names and values beside the caller's, which may hold any bytes.
fn set<'p>(
    pairs: impl Iterator<Item = (&'p str, &'p str)> + Clone,
    headers: &mut HeaderMap,
) -> Result<(), Error> {
    let mut text = WipedBytes::default();
    for header in headers.get_all(COOKIE) {
        for cookie in header.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii) {
            let name = cookie.split(|byte| *byte == b'=').next().unwrap_or_default();
            if !cookie.is_empty() && !pairs.clone().any(|(ours, _)| ours.as_bytes() == name) {
                push(&mut text, cookie);
            }
        }
    }
    for (name, value) in pairs {
        push(&mut text, name.as_bytes());
        text.push(b"=");
        text.push(value.as_bytes());
    }
    let mut value = HeaderValue::from_bytes(&text)
        .map_err(|_| Error::Request { message: "the request's cookies cannot be sent".to_owned() })?;
    value.set_sensitive(true);
    headers.insert(COOKIE, value);
    Ok(())
}

/// The cookies of a session: those of its login, as the API's answers change them.
#[derive(Clone)]
pub(crate) struct Session(Arc<Mutex<Jar>>);

impl Session {
    /// The session whose cookies are `cookies`, as `Cookie` writes them.
    pub(crate) fn read(cookies: &str) -> Self {
        Self(Arc::new(Mutex::new(Jar::of_session(cookies))))
    }

    /// Sets the cookies beside the caller's.
    pub(crate) fn apply(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let jar = self.open();
        let pairs = jar.pairs(request.now);
        if pairs.clone().next().is_none() { Ok(()) } else { set(pairs, request.headers) }
    }

    /// Takes what an answer of the API sets or removes.
    pub(crate) fn update(&self, base: &Uri, headers: &HeaderMap, now: SystemTime) {
        if headers.contains_key(SET_COOKIE) {
            self.open().update(base, headers, now);
        }
    }

    fn open(&self) -> MutexGuard<'_, Jar> {
        // nothing is left half done under this lock
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(redacted)")
    }
}

fn push(text: &mut WipedBytes, cookie: &[u8]) {
    if !text.is_empty() {
        text.push(b"; ");
    }
    text.push(cookie);
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;
    use http::{HeaderMap, HeaderValue};
    use zeroize::Zeroizing;

    use super::{Pair, apply};

    #[test]
    fn a_cookie_stands_beside_the_callers_and_replaces_its_namesake() {
        let pairs = [Pair { name: "session".to_owned(), value: Zeroizing::new("new".to_owned()) }];
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; session=old".parse().unwrap());
        headers.append(COOKIE, "b=2".parse().unwrap());
        for _ in 0..2 {
            apply(&pairs, &mut headers).unwrap();
            assert_eq!(headers.get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2; session=new"]);
        }
    }

    #[test]
    fn the_callers_cookies_stay_whatever_bytes_they_hold() {
        let pairs = [Pair { name: "session".to_owned(), value: Zeroizing::new("new".to_owned()) }];
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_bytes(b"name=Jos\xe9; session=\xe9; a=1").unwrap());
        apply(&pairs, &mut headers).unwrap();
        assert_eq!(headers[COOKIE].as_bytes(), b"name=Jos\xe9; a=1; session=new");
    }
}
