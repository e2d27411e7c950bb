//! The signature base string (RFC 5849 §3.4.1).

use http::{Method, Uri};

use super::{encode, reencode};

/// What is signed: the method, where the request goes, and every parameter.
///
/// `form` is the body if it is `application/x-www-form-urlencoded`, else `None`: other bodies are not signed
/// (§3.4.1.3.1). `protocol` are the `oauth_` parameters, not encoded, without `oauth_signature` and `realm`.
pub(crate) fn base_string(
    method: &Method,
    uri: &Uri,
    form: Option<&str>,
    protocol: &[(&str, &str)],
) -> String {
    let mut pairs: Vec<(String, String)> = received(uri.query().unwrap_or_default())
        .chain(received(form.unwrap_or_default()))
        .filter(|(name, _)| name != "oauth_signature")
        .collect();
    pairs.extend(protocol.iter().map(|(name, value)| (encode(name.as_bytes()), encode(value.as_bytes()))));
    // by encoded name, then by encoded value; duplicates stay (§3.4.1.3.2)
    pairs.sort();
    let parameters: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let method = encode(method.as_str().to_ascii_uppercase().as_bytes());
    let place = encode(base_string_uri(uri).as_bytes());
    format!("{method}&{place}&{}", encode(parameters.join("&").as_bytes()))
}

/// Scheme and host in lower case, no port that is the scheme's own, no query (§3.4.1.2).
fn base_string_uri(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let path = if uri.path().is_empty() { "/" } else { uri.path() };
    match (scheme.as_str(), uri.port_u16()) {
        ("http", Some(80)) | ("https", Some(443)) | (_, None) => format!("{scheme}://{host}{path}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}{path}"),
    }
}

/// The pairs of a query or a form, encoded as RFC 5849 wants it.
fn received(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (reencode(name), reencode(value))
    })
}
