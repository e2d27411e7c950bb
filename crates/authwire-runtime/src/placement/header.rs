//! The primitive `header`: names and values of headers (RFC 9110 §5.1, §5.5).

use authwire_core::Code;
use authwire_core::header::{NAME_HELP, VALUE_HELP, name_fault, value_fault};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Unusable};
use crate::members::Member;
use crate::phrase::Phrase;
use crate::template::Scope;

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
    if let Some((code, message)) = name_fault(text) {
        let fault = Unusable::new(code, message);
        return Err(if code == Code::HeaderName { fault.with_help(NAME_HELP) } else { fault });
    }
    HeaderName::from_bytes(text.as_bytes())
        .map_err(|_| Unusable::new(Code::HeaderName, "this is too long for a header's name"))
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
    if let Some(fault) = value_fault(&value) {
        let message = format!("`{name}` holds {fault}, which no header can carry");
        return Err(Unusable::new(Code::HeaderValue, message).with_help(VALUE_HELP));
    }
    let mut ready = HeaderValue::from_str(&value)
        .map_err(|_| Unusable::new(Code::HeaderValue, format!("`{name}` cannot carry its value")))?;
    ready.set_sensitive(text.is_hidden());
    Ok(ready)
}
