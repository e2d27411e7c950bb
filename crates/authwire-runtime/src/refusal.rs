//! The API's refusal of a credential, in words that help.

use std::fmt;

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, StatusCode};

use crate::connection::Connection;
use crate::error::Error;
use crate::ready::Ready;

/// The API refused the credential that was sent, and there is nothing more to try.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// What was tried and what to check.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the API answered {}: {}", self.status, self.message)
    }
}

impl std::error::Error for Refusal {}

/// The credential was dead, but the request cannot be sent again.
pub(crate) fn cannot_resend(status: StatusCode) -> Error {
    let message = "the credential was refused; the next call has a new one, but this one's body was a stream"
        .to_owned();
    Error::Refused(Refusal { status, message })
}

/// What was refused, after a new one if it was `renewed`, and what to check.
pub(crate) fn words(ready: Option<&Ready>, renewed: bool) -> String {
    let Some(ready) = ready else { return "the credential was refused".to_owned() };
    if ready.edits.is_anonymous() && ready.prepared.connection.is_none() {
        return "this connector sends no credential, and the API requires one; choose another auth type"
            .to_owned();
    }
    let what = match (&ready.token, renewed) {
        (Some(_), true) => "the token was refused, and so was a new one",
        (Some(_), false) => "the token was refused",
        (None, _) => "the credential was refused",
    };
    let check = match (&ready.token, fields(ready)) {
        (Some(_), _) => "check that the client may use this API, and the scope".to_owned(),
        (None, fields) if fields.is_empty() => "check it".to_owned(),
        (None, fields) => format!("check {fields}"),
    };
    format!("{what}; {check}")
}

/// The server asks for auth of another kind than the connection proved; `None` if it does not say so.
pub(crate) fn of_another_kind(ready: Option<&Ready>, headers: &HeaderMap) -> Option<String> {
    let Some(Connection::Ntlm(_)) = ready?.prepared.connection else { return None };
    // RFC 9110 §11.6.1: a challenge begins with its scheme
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let schemes: Vec<&str> = challenges.filter_map(|text| text.split([' ', ',']).next()).collect();
    let is_ours = |scheme: &&str| scheme.eq_ignore_ascii_case("NTLM");
    let is_word = |scheme: &&str| {
        (1..=20).contains(&scheme.len())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if schemes.is_empty() || schemes.iter().any(is_ours) || !schemes.iter().all(is_word) {
        return None;
    }
    Some(format!(
        "the server does not ask for NTLM but for {}; choose another auth type",
        schemes.join(" or ")
    ))
}

/// The token is good, but not for this call.
pub(crate) fn lacks_scope(ready: Option<&Ready>) -> String {
    let granted = ready.and_then(|ready| ready.scope.as_deref());
    match granted {
        Some(scope) => {
            format!("the token's scope does not cover this call (insufficient_scope); it is “{scope}”")
        }
        None => "the token's scope does not cover this call (insufficient_scope); ask for more".to_owned(),
    }
}

/// The properties that say who we are.
fn fields(ready: &Ready) -> String {
    let plan = ready.prepared.material.plan();
    let present = (0..).zip(plan.fields.iter()).filter(|(id, field)| {
        use authwire_core::plan::FieldKind;
        let credential = matches!(field.kind, FieldKind::Secret | FieldKind::Text);
        credential && ready.prepared.material.is_present(*id)
    });
    let names: Vec<String> = present.map(|(_, field)| format!("`{}`", field.path)).collect();
    names.join(" and ")
}
