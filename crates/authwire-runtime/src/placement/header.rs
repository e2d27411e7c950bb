//! The primitive `header`: names and values of headers (RFC 9110 §5.1, §5.5).

use authwire_core::Code;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Unusable};
use crate::members::Member;
use crate::phrase::Phrase;
use crate::template::Scope;

/// The headers that belong to the connection or the message: no connector sets them.
const RESERVED: [HeaderName; 4] = [
    http::header::HOST,
    http::header::CONTENT_LENGTH,
    http::header::TRANSFER_ENCODING,
    http::header::CONNECTION,
];

/// A ready header of a member, a fault naming its fields.
pub(crate) fn prepare(
    scope: &Scope<'_>,
    member: &Member<Phrase>,
) -> Result<(HeaderName, HeaderValue), Error> {
    ready(&member.name, &member.value).map_err(|fault| scope.blame(fault, &member.fields).into())
}

/// A ready header.
pub(crate) fn ready(name: &str, value: &Phrase) -> Result<(HeaderName, HeaderValue), Unusable> {
    let name = self::name(name)?;
    let value = self::value(&name, value)?;
    // the first clone allocates, the others don't
    drop((name.clone(), value.clone()));
    Ok((name, value))
}

/// The name of a header that a connector may set.
pub(crate) fn name(text: &str) -> Result<HeaderName, Unusable> {
    let name = HeaderName::from_bytes(text.as_bytes()).map_err(|_| {
        Unusable::new(Code::HeaderName, "not a legal header name")
            .with_help("letters, digits and `-` make one")
    })?;
    if RESERVED.contains(&name) {
        let message = format!("the header `{name}` belongs to the connection and may not be set");
        return Err(Unusable::new(Code::ReservedHeader, message));
    }
    Ok(name)
}

/// Sets the header, in place of what the caller set.
pub(crate) fn apply(name: &HeaderName, value: &HeaderValue, headers: &mut HeaderMap) {
    let replaced = headers.insert(name, value.clone());
    if replaced.is_some_and(|replaced| replaced != value) {
        tracing::warn!(target: "authwire", header = %name, "the connector's header replaces the caller's");
    }
}

/// A value of visible ASCII, space and tab.
fn value(name: &HeaderName, text: &Phrase) -> Result<HeaderValue, Unusable> {
    let value = text.value();
    let fault = value.chars().find_map(|character| match character {
        '\t' | ' '..='~' => None,
        '\r' | '\n' => Some("a line break"),
        character if character.is_ascii() => Some("a control character"),
        _ => Some("a character beyond ASCII"),
    });
    if let Some(fault) = fault {
        let message = format!("the value of the header `{name}` holds {fault}, which no header can carry");
        return Err(
            Unusable::new(Code::HeaderValue, message).with_help("visible ASCII, space and tab are allowed")
        );
    }
    let mut ready = HeaderValue::from_str(&value).map_err(|_| {
        Unusable::new(Code::HeaderValue, format!("the header `{name}` cannot carry its value"))
    })?;
    ready.set_sensitive(text.is_hidden());
    Ok(ready)
}
