//! The primitive `client_authentication`: how the client proves who it is (RFC 6749 §2.3, RFC 7523 §2.2).

use std::fmt;

use authwire_core::Code;
use authwire_core::plan::{ClientAuthentication, FieldId};

use super::request::{Draft, DraftBody};
use crate::error::{Error, Unusable};
use crate::members::Member;
use crate::percent;
use crate::phrase::Phrase;
use crate::placement::{check_username, credentials};
use crate::template::{Scope, Tree};

/// What kind of assertion a client sends (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A way to prove who the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `Authorization: Basic`, id and secret form-encoded first (RFC 6749 §2.3.1).
    Basic,
    /// `Authorization: Basic`, id and secret as they are: what many servers expect.
    BasicRaw,
    /// `client_id` and `client_secret` as parameters.
    RequestBody,
    /// `Authorization: Basic` of the user's name and password; the client's id and any secret as parameters.
    BasicUsernamePassword,
}

impl Style {
    /// As a connector file writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::BasicRaw => "basic_raw",
            Self::RequestBody => "request_body",
            Self::BasicUsernamePassword => "basic_username_password",
        }
    }

    /// The style that a connector file calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Basic, Self::BasicRaw, Self::RequestBody, Self::BasicUsernamePassword]
            .into_iter()
            .find(|style| style.as_str() == name)
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Basic => "Basic",
            Self::BasicRaw => "Basic, as they are",
            Self::RequestBody => "the request body",
            Self::BasicUsernamePassword => "Basic with user name and password",
        })
    }
}

/// The client of a request.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    id: Phrase,
    secret: Option<Phrase>,
    user: Option<(Phrase, Phrase)>,
    /// A signed assertion, which takes the place of a secret.
    assertion: Option<Phrase>,
    /// The style that the connector asks for; `None`: auto.
    pub(crate) style: Option<Style>,
}

impl Client {
    /// The client that a plan describes; `None` if it has no id.
    pub(crate) fn read(scope: &Scope<'_>, plan: &ClientAuthentication) -> Result<Option<Self>, Error> {
        let optional = |template: &Option<_>| match template {
            Some(template) => scope.template(template),
            None => Ok(None),
        };
        let Some(id) = scope.template(&plan.id)? else { return Ok(None) };
        let secret = optional(&plan.secret)?;
        let user = match optional(&plan.username)? {
            Some(username) => Some((username, optional(&plan.password)?.unwrap_or_default())),
            None => None,
        };
        let style = match optional(&plan.style)? {
            None => None,
            Some(name) => Some(Style::named(&name.value()).ok_or_else(|| {
                scope.blame(Unusable::new(Code::Enum, "no such client authentication"), name.fields())
            })?),
        };
        let assertion = optional(&plan.assertion)?;
        let client = Self { id, secret, user, assertion, style };
        client.check(scope)?;
        Ok(Some(client))
    }

    /// Whether the style is to be found out.
    pub(crate) fn is_auto(&self) -> bool {
        self.style.is_none() && self.secret.is_some()
    }

    /// The style to begin with, if there is one to speak of: a public client only names itself.
    pub(crate) fn first_style(&self, remembered: Option<Style>) -> Option<Style> {
        self.secret.as_ref()?;
        Some(self.style.or(remembered).unwrap_or(Style::Basic))
    }

    /// The properties that say who the client is.
    pub(crate) fn fields(&self) -> Vec<FieldId> {
        let secret = self.secret.as_ref().map(Phrase::fields).unwrap_or_default();
        [self.id.fields(), secret].concat()
    }

    /// Adds what proves who the client is to `draft`, in one way.
    pub(crate) fn authenticate(
        &self,
        scope: &Scope<'_>,
        style: Option<Style>,
        draft: &mut Draft,
    ) -> Result<(), Error> {
        if let Some(assertion) = &self.assertion {
            draft.refuse_parameter(scope, "client_assertion")?;
            draft.add_parameter("client_id", &self.id);
            draft.add_parameter("client_assertion_type", &Phrase::clear(ASSERTION_TYPE));
            draft.add_parameter("client_assertion", assertion);
            return Ok(());
        }
        let style = match (style, &self.style) {
            (_, Some(Style::BasicUsernamePassword)) | (Some(Style::BasicUsernamePassword), _) => {
                if self.user.is_some() { Style::BasicUsernamePassword } else { Style::BasicRaw }
            }
            (style, _) => style.unwrap_or(Style::RequestBody),
        };
        // under auto either way may be taken, whichever is this time's
        let auto = self.is_auto();
        if style != Style::RequestBody || auto {
            draft.refuse_header(scope, "Authorization")?;
        }
        let in_body = matches!(self.style, Some(Style::RequestBody)) || style == Style::BasicUsernamePassword;
        if in_body || auto {
            draft.refuse_parameter(scope, "client_secret")?;
        }
        let secret = self.secret.clone();
        match style {
            Style::Basic => {
                let (id, secret) =
                    (self.id.encode(percent::form), secret.unwrap_or_default().encode(percent::form));
                draft.headers.push(Member::added("Authorization", credentials(id, secret)));
            }
            Style::BasicRaw => {
                check_username(&self.id).map_err(|fault| scope.blame(fault, self.id.fields()))?;
                let basic = credentials(self.id.clone(), secret.unwrap_or_default());
                draft.headers.push(Member::added("Authorization", basic));
            }
            Style::RequestBody => self.add_parameters(draft),
            Style::BasicUsernamePassword => {
                let (name, password) = self.user.clone().unwrap_or_default();
                check_username(&name).map_err(|fault| scope.blame(fault, name.fields()))?;
                draft.headers.push(Member::added("Authorization", credentials(name, password)));
                self.add_parameters(draft);
            }
        }
        Ok(())
    }

    fn add_parameters(&self, draft: &mut Draft) {
        draft.add_parameter("client_id", &self.id);
        if let Some(secret) = &self.secret {
            draft.add_parameter("client_secret", secret);
        }
    }

    /// A Basic style needs something to put there.
    fn check(&self, scope: &Scope<'_>) -> Result<(), Error> {
        let basic = match self.style {
            Some(Style::Basic | Style::BasicRaw) => true,
            Some(Style::BasicUsernamePassword) => self.user.is_none(),
            Some(Style::RequestBody) | None => false,
        };
        if basic && self.secret.is_none() {
            let fault = Unusable::new(Code::Conflict, "Basic authentication needs a client secret")
                .with_help("give the secret, or leave the client authentication out");
            return Err(scope.blame(fault, self.id.fields()).into());
        }
        Ok(())
    }
}

impl Draft {
    /// Adds a parameter to the body, unless it is there.
    fn add_parameter(&mut self, name: &str, value: &Phrase) {
        match &mut self.body {
            DraftBody::Json(members) => {
                if !members.iter().any(|member| member.name == name) {
                    members.push(Member::tree(name, Tree::Text(value.clone())));
                }
            }
            DraftBody::Form(members) => {
                if !members.iter().any(|member| member.name == name) {
                    members.push(Member::added(name, value.clone()));
                }
            }
            DraftBody::Empty => self.body = DraftBody::Form(vec![Member::added(name, value.clone())]),
        }
    }

    fn refuse_header(&self, scope: &Scope<'_>, name: &str) -> Result<(), Error> {
        match self.headers.iter().find(|member| member.name.eq_ignore_ascii_case(name)) {
            Some(member) => Err(refusal(scope, member, name)),
            None => Ok(()),
        }
    }

    fn refuse_parameter(&self, scope: &Scope<'_>, name: &str) -> Result<(), Error> {
        let fields = match &self.body {
            DraftBody::Form(members) => {
                members.iter().find(|member| member.name == name).map(|it| &it.fields)
            }
            DraftBody::Json(members) => {
                members.iter().find(|member| member.name == name).map(|it| &it.fields)
            }
            DraftBody::Empty => None,
        };
        match fields {
            Some(fields) => Err(refused(scope, fields, name)),
            None => Ok(()),
        }
    }
}

fn refusal(scope: &Scope<'_>, member: &Member<Phrase>, name: &str) -> Error {
    refused(scope, &member.fields, name)
}

fn refused(scope: &Scope<'_>, fields: &[FieldId], name: &str) -> Error {
    let message = format!("`{name}` is made by the client authentication and may not be overridden");
    let fault = Unusable::new(Code::OverridesSecret, message).with_help("leave it out there");
    scope.blame(fault, fields).into()
}

/// Whether the answer to a refused request leaves open that the server only wants the client's proof elsewhere: 400,
/// 401 or 403 with an error that speaks of the client, or with none that can be read.
///
/// A credential that is spent by a try is not tried with: only `invalid_client` spends nothing.
pub(crate) fn may_want_another_way(
    status: u16,
    error: Option<&str>,
    description: Option<&str>,
    single_use: bool,
) -> bool {
    if !matches!(status, 400 | 401 | 403) {
        return false;
    }
    match error {
        Some(error) if single_use => error == "invalid_client",
        None => !single_use,
        Some(error) => {
            let error = error.to_ascii_lowercase();
            let client = |text: &str| text.contains("client");
            match error.as_str() {
                // the client was recognised: it may not use the grant
                "unauthorized_client" => false,
                "invalid_request" => {
                    description.is_some_and(|description| client(&description.to_ascii_lowercase()))
                }
                "unauthorized" => true,
                other => client(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, may_want_another_way};

    #[test]
    fn the_other_way_is_tried_only_where_the_client_was_not_recognised() {
        for (status, error, description, expected) in [
            (401, Some("invalid_client"), None, true),
            (400, Some("invalid_client"), None, true),
            (403, None, None, true),
            (401, None, None, true),
            (400, Some("invalid_request"), Some("The client_id parameter is missing"), true),
            (400, Some("invalid_request"), Some("scope is malformed"), false),
            (400, Some("invalid_clientid"), None, true),
            (400, Some("invalid_grant"), None, false),
            (400, Some("invalid_scope"), None, false),
            (400, Some("unauthorized_client"), None, false),
            (400, Some("unsupported_grant_type"), None, false),
            (404, None, None, false),
            (500, None, None, false),
            (429, Some("invalid_client"), None, false),
            (200, Some("invalid_client"), None, false),
        ] {
            assert_eq!(
                may_want_another_way(status, error, description, false),
                expected,
                "{status} {error:?}"
            );
        }
    }

    #[test]
    fn a_single_use_credential_is_never_probed_with() {
        assert!(may_want_another_way(401, Some("invalid_client"), None, true));
        for error in [None, Some("unauthorized"), Some("invalid_clientid"), Some("invalid_grant")] {
            assert!(!may_want_another_way(401, error, Some("client"), true), "{error:?}");
        }
    }

    #[test]
    fn a_style_is_named_as_the_file_does() {
        for style in [Style::Basic, Style::BasicRaw, Style::RequestBody, Style::BasicUsernamePassword] {
            assert_eq!(Style::named(style.as_str()), Some(style));
        }
        assert_eq!(Style::named("post"), None);
    }
}
