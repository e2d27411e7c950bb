//! A token answer (RFC 6749 §5.1, §5.2): JSON or form-encoded, the values where the plan says.

use std::time::SystemTime;

use authwire_core::list::List;
use authwire_core::plan::{AnswerPlace, At, Keep, Pick, ResponsePlan, StepPlan, Template, TokenPlan};
use authwire_core::secret_value::wipe;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::expiry;
use super::jar::{Jar, Session};
use crate::address;
use crate::error::Error;
use crate::html;
use crate::judge;
use crate::percent;
use crate::template::Scope;

/// What some servers put before their JSON, against RFC 8259 §8.1.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The longest token answer that is read.
pub(crate) const LONGEST: usize = 1 << 20;

/// An answer, read as far as it could be.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body as a document; `None` if it is none.
    document: Option<Value>,
    /// The body where it is a JSON text: no document, but what an empty pointer leads to.
    text: Option<Zeroizing<String>>,
    /// Whether the document is taken for a form that does not say so.
    is_guessed: bool,
    /// Whether it looks like a web page.
    pub(crate) is_page: bool,
    /// The web page, if it is one.
    page: Option<Zeroizing<String>>,
}

/// The values that were picked, by a `pick` of the plan, each with whether it is a text.
pub(crate) type Picks = Vec<Option<(Zeroizing<String>, bool)>>;

/// A token, as the server granted it.
pub(crate) struct Grant {
    pub(crate) access_token: Zeroizing<String>,
    /// When it ends; `None` if nobody says.
    pub(crate) expires_at: Option<SystemTime>,
    /// The scope that was granted (RFC 6749 §3.3), where the answer says so.
    pub(crate) scope: Option<String>,
    /// Where the API is, where the answer says so.
    pub(crate) base_url: Option<String>,
    /// What belongs to the token besides.
    pub(crate) values: Picks,
}

/// Why an answer gives no token. Holds what the server said: to be masked before it is shown.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) problem: Option<String>,
}

/// Why an answer is not what it was asked to be.
pub(crate) enum AnswerError {
    /// It says something else.
    Fault(Fault),
    /// What was asked for cannot be said.
    Other(Error),
}

impl From<Fault> for AnswerError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for AnswerError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Answer {
    /// Reads an answer's body, whatever it says it is: servers mislabel both kinds.
    pub(crate) fn read(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        let media_type = headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
            .unwrap_or_default();
        let is_page = media_type == "text/html" || media_type == "application/xhtml+xml";
        let (json, text) = match serde_json::from_slice(body.strip_prefix(MARK).unwrap_or(&body)).ok() {
            Some(Value::String(text)) => (None, Some(Zeroizing::new(text))),
            json => (json, None),
        };
        let is_form = media_type == "application/x-www-form-urlencoded";
        // no page begins so: servers of OAuth 1.0 call their forms anything
        let like_a_form = || body.contains(&b'=') && !body.trim_ascii_start().starts_with(b"<");
        let is_guessed = json.is_none()
            && !is_form
            && matches!(media_type.as_str(), "" | "text/plain" | "text/html")
            && like_a_form();
        let document = json.or_else(|| {
            let text = std::str::from_utf8(&body).ok().filter(|_| is_form || is_guessed)?;
            let pairs = percent::pairs(text.trim()).map(|(name, value)| (name, Value::String(value)));
            Some(Value::Object(pairs.collect()))
        });
        let page = is_page.then(|| Zeroizing::new(String::from_utf8_lossy(&body).into_owned()));
        wipe_bytes(body);
        Self { status, headers, document, text, is_guessed, is_page, page }
    }

    /// The answer as `T`, where it says that all is well; else why not.
    pub(crate) fn parsed<T: serde::de::DeserializeOwned>(&self) -> Result<T, Fault> {
        let text = |name: &str| {
            let value = self.document.as_ref().and_then(|document| document.get(name));
            value.and_then(Value::as_str).map(str::to_owned)
        };
        let error = text("error").or_else(|| text("oauth_problem"));
        let fault = Fault { error, description: text("error_description"), problem: None };
        if fault.error.is_some() || !self.status.is_success() {
            return Err(fault);
        }
        let Some(document) = &self.document else { return Err(self.unread()) };
        // what it says of a value would show it
        T::deserialize(document)
            .map_err(|_| Fault::problem(format!("the answer lacks what is needed{}", self.has(document))))
    }

    /// The error code that stands where RFC 6749 §5.2 has it.
    pub(crate) fn error_code(&self) -> Option<&str> {
        self.document.as_ref()?.get("error")?.as_str()
    }

    /// The tokens in it, whatever else it says: to be masked.
    pub(crate) fn tokens(
        &self,
        scope: &Scope<'_>,
        plan: &TokenPlan,
    ) -> Result<Vec<Zeroizing<String>>, Error> {
        let mut found = vec![self.place(scope, &plan.response.access_token)?];
        for pick in &plan.response.pick {
            found.push(self.place(scope, &pick.place)?);
        }
        for keep in &plan.keep {
            found.push(self.place(scope, &keep.from)?);
        }
        // RFC 6749 §5.1, OpenID Connect Core §3.1.3.3: a server may send one that was not asked for
        let standard = ["access_token", "refresh_token", "id_token"];
        found.extend(standard.map(|name| self.document.as_ref()?.get(name).cloned()));
        let text = |value| match value {
            Value::String(text) => Some(Zeroizing::new(text)),
            _ => None,
        };
        Ok(found.into_iter().flatten().filter_map(text).collect())
    }

    /// What is to be kept, by the plan's `keep`; `None` where the answer holds nothing new. A server has spent what was
    /// presented by the time it says these, whatever else is wrong with its answer.
    pub(crate) fn kept(
        &self,
        scope: &Scope<'_>,
        plan: &ResponsePlan,
        keep: &[Keep],
    ) -> Result<Vec<Option<Zeroizing<String>>>, Error> {
        let is_answer = self.status.is_success() && self.error(scope, plan)?.error.is_none();
        let value = |keep: &Keep| {
            Ok(match self.place(scope, &keep.from)?.filter(|_| is_answer) {
                Some(Value::String(text)) if !text.is_empty() => Some(Zeroizing::new(text)),
                Some(Value::Number(number)) => Some(Zeroizing::new(number.to_string())),
                _ => None,
            })
        };
        keep.iter().map(value).collect()
    }

    /// The token in the answer.
    pub(crate) fn grant(
        &self,
        scope: &Scope<'_>,
        plan: &ResponsePlan,
        jar: &Jar,
        now: SystemTime,
    ) -> Result<Grant, AnswerError> {
        let error = self.error(scope, plan)?;
        // a login often answers with a redirect: what it sets in its head counts, and nobody follows
        let in_head = is_in_head(&plan.access_token);
        let in_page = matches!(plan.access_token.at, At::Input(_) | At::Meta(_));
        let is_answer = self.status.is_success() || (in_head && self.status.is_redirection());
        if error.error.is_some() || !is_answer {
            return Err(error.into());
        }
        if self.document.is_none() && self.text.is_none() && !in_head && !in_page {
            return Err(self.unread().into());
        }
        let session = match &plan.access_token.at {
            At::Cookies(names) => Some(self.session(scope, names, jar, now)?),
            _ => None,
        };
        let (session, session_ends_at) = session.map(|session| (session.cookies, session.ends_at)).unzip();
        let access_token = match (session, self.place(scope, &plan.access_token)?) {
            (Some(cookies), _) => cookies,
            (None, Some(Value::String(token))) if !token.is_empty() => Zeroizing::new(token),
            _ => return Err(self.lacks(scope, "token", &plan.access_token)?.into()),
        };
        // RFC 6749, appendix A.12: what else is in it, no header carries
        if !access_token.chars().all(|it| matches!(it, ' '..='~')) {
            return Err(Fault::problem("the token holds a character that no token has").into());
        }
        if let Some(fault) = self.token_type_fault(scope, plan)? {
            return Err(fault.into());
        }
        let expires_at = match self.expiry(scope, plan, now)? {
            Some(end) => Some(end),
            None => session_ends_at.unwrap_or_else(|| expiry::of_jwt(&access_token)),
        };
        let granted_scope = self.document.as_ref().and_then(|document| document.get("scope"));
        let granted_scope = granted_scope.and_then(Value::as_str).map(str::to_owned);
        let base_url = match &plan.base_url {
            Some(place) => match self.place(scope, place)? {
                Some(Value::String(url)) if !url.is_empty() => Some(url),
                _ => None,
            },
            None => None,
        };
        if let Some(Err(fault)) = base_url.as_deref().map(judge::base_url) {
            let message = format!("the answer says that the API is where no credential may be sent: {fault}");
            return Err(Fault::problem(message).into());
        }
        let values = self.picks(scope, &plan.pick)?;
        Ok(Grant { access_token, expires_at, scope: granted_scope, base_url, values })
    }

    /// What a step picks out of the answer.
    pub(crate) fn picked(
        &self,
        scope: &Scope<'_>,
        response: &ResponsePlan,
        step: &StepPlan,
    ) -> Result<Picks, AnswerError> {
        let error = self.error(scope, response)?;
        let in_head = step.pick.iter().all(|pick| is_in_head(&pick.place));
        let is_answer = self.status.is_success() || (in_head && self.status.is_redirection());
        if error.error.is_some() || !is_answer {
            return Err(error.into());
        }
        self.picks(scope, &step.pick)
    }

    /// The values of `picks`, each of which must be there.
    fn picks(&self, scope: &Scope<'_>, picks: &[Pick]) -> Result<Picks, AnswerError> {
        let mut picked = Vec::with_capacity(picks.len());
        for Pick { name, place } in picks {
            if !scope.holds(&place.when) {
                picked.push(None);
                continue;
            }
            let value = match self.place(scope, place)? {
                Some(Value::String(text)) if !text.is_empty() => (Zeroizing::new(text), true),
                Some(value @ (Value::Number(_) | Value::Bool(_))) => {
                    (Zeroizing::new(value.to_string()), false)
                }
                _ => return Err(self.lacks(scope, &format!("`{name}`"), place)?.into()),
            };
            let expected = match &place.expect {
                Some(expected) => scope.template(expected)?,
                None => None,
            };
            if let Some(expected) =
                expected.filter(|expected| !expected.value().eq_ignore_ascii_case(&value.0))
            {
                let message = format!("`{name}` in the answer is not `{}`", expected.shown());
                return Err(Fault::problem(message).into());
            }
            picked.push(Some(value));
        }
        Ok(picked)
    }

    /// The cookies that are the session.
    fn session(
        &self,
        scope: &Scope<'_>,
        names: &[Template],
        jar: &Jar,
        now: SystemTime,
    ) -> Result<Session, AnswerError> {
        let mut wanted = Vec::with_capacity(names.len());
        for name in names {
            wanted.extend(scope.template(name)?.map(|name| name.value().to_string()));
        }
        let base = address::base_url(&scope.material.base_url.value()).map_err(Error::from)?;
        match jar.of_api(&base, &wanted, now) {
            Ok(Some(session)) => Ok(session),
            Ok(None) => Err(Fault::problem("no cookie was set that the API would be sent").into()),
            Err(missing) => Err(Fault::problem(format!("no cookie `{missing}` was set for the API")).into()),
        }
    }

    /// What was done to the body that nobody here undoes (RFC 9110 §8.4), where that is why it cannot be read.
    pub(crate) fn packed(&self) -> Option<String> {
        let coding = self.headers.get(http::header::CONTENT_ENCODING)?.to_str().ok()?.trim();
        let is_packed = !coding.is_empty() && !coding.eq_ignore_ascii_case("identity");
        let is_unread = self.document.is_none() && self.text.is_none();
        (is_packed && is_unread)
            .then(|| format!("the answer is packed (`{coding}`), which it was asked not to be"))
    }

    fn unread(&self) -> Fault {
        Fault::problem(
            self.packed().unwrap_or_else(|| "the answer is neither JSON nor form-encoded".to_owned()),
        )
    }

    /// Nothing stands where `what` should, or nothing that can be sent.
    fn lacks(&self, scope: &Scope<'_>, what: &str, place: &AnswerPlace) -> Result<Fault, Error> {
        let kind = match self.place(scope, place)? {
            Some(Value::Object(_)) => "an object",
            Some(Value::Array(_)) => "an array",
            Some(Value::Number(_)) => "a number",
            Some(Value::Bool(_)) => "a boolean",
            Some(Value::Null) => "null",
            Some(Value::String(_)) => "an empty text",
            None => "",
        };
        if !kind.is_empty() {
            return Ok(Fault::problem(format!(
                "the answer has no {what}: {kind} stands at {}",
                describe(scope, &place.at)?
            )));
        }
        let has = match &self.document {
            Some(document) if matches!(place.at, At::Pointer(_)) => self.has(document),
            _ => String::new(),
        };
        Ok(Fault::problem(format!("the answer has no {what} at {}{has}", describe(scope, &place.at)?)))
    }

    /// The names of the members of `document`, which help and are no secrets; unless they may be none: a token with a `=` in
    /// it looks like a form.
    fn has(&self, document: &Value) -> String {
        let members: Vec<(&String, &Value)> = document.as_object().into_iter().flatten().collect();
        let is_name = |value: &Value| value.as_str().is_none_or(|value| !value.trim_matches('=').is_empty());
        let names = members.iter().filter(|(_, value)| !self.is_guessed && is_name(value));
        let names: Vec<String> = names.take(8).map(|(name, _)| format!("`{name}`")).collect();
        match names.as_slice() {
            [] if members.is_empty() => "; it has no members".to_owned(),
            [] => String::new(),
            names => format!("; it has {}", names.join(", ")),
        }
    }

    /// The answer's error. A member that says there is none (`null`, `""`, `false`, `0`) is no error; one that is no text
    /// counts as one that cannot be read.
    fn error(&self, scope: &Scope<'_>, plan: &ResponsePlan) -> Result<Fault, Error> {
        let value = match &plan.error {
            Some(place) => self.place(scope, place)?,
            None => None,
        };
        let description = self.document.as_ref().and_then(|document| {
            ["error_description", "message", "detail"]
                .iter()
                .find_map(|name| document.get(name)?.as_str().map(str::to_owned))
        });
        Ok(match value {
            Some(Value::String(error)) if !error.is_empty() => {
                Fault { error: Some(error), description, problem: None }
            }
            Some(Value::Number(code)) if code.as_f64() == Some(0.0) && self.status.is_success() => {
                Fault { error: None, description: None, problem: None }
            }
            Some(Value::Array(_) | Value::Number(_) | Value::Bool(true)) if self.status.is_success() => {
                Fault { error: Some("error".to_owned()), description, problem: None }
            }
            Some(Value::Object(members)) => {
                let inner = members.get("message").and_then(Value::as_str).map(str::to_owned);
                let error = self.status.is_success().then(|| "error".to_owned());
                Fault { error, description: inner.or(description), problem: None }
            }
            _ => Fault {
                error: None,
                description: description.filter(|_| !self.status.is_success()),
                problem: None,
            },
        })
    }

    fn token_type_fault(&self, scope: &Scope<'_>, plan: &ResponsePlan) -> Result<Option<Fault>, Error> {
        let Some(place) = &plan.token_type else { return Ok(None) };
        let token = scope.material.plan().token.as_ref();
        if token.and_then(|token| token.dpop.as_ref()).is_some_and(|dpop| scope.holds(&dpop.when)) {
            return self.binding_fault(scope, place);
        }
        let (Some(expected), Some(Value::String(found))) = (&place.expect, self.place(scope, place)?) else {
            return Ok(None);
        };
        let Some(expected) = scope.template(expected)? else { return Ok(None) };
        if found.is_empty() || found.eq_ignore_ascii_case(&expected.value()) {
            return Ok(None);
        }
        let mut fault = Fault::problem(format!("the token is of the type `{}`", found));
        fault.description = Some(format!(
            "only `{}` is known how to be sent; give the header pattern to send it anyway",
            expected.shown()
        ));
        Ok(Some(fault))
    }

    /// A token that was asked for with a proof is bound to its key, and says so (RFC 9449 §5).
    fn binding_fault(&self, scope: &Scope<'_>, place: &AnswerPlace) -> Result<Option<Fault>, Error> {
        let always = AnswerPlace { when: List::EMPTY, ..place.clone() };
        let Some(Value::String(found)) = self.place(scope, &always)? else { return Ok(None) };
        if found.is_empty() || found.eq_ignore_ascii_case("dpop") {
            return Ok(None);
        }
        let mut fault = Fault::problem(format!("the token is of the type `{}`", found));
        fault.description = Some(
            "it is not bound to the key: have DPoP switched on for this client, or leave the key out"
                .to_owned(),
        );
        Ok(Some(fault))
    }

    fn expiry(
        &self,
        scope: &Scope<'_>,
        plan: &ResponsePlan,
        now: SystemTime,
    ) -> Result<Option<SystemTime>, Error> {
        let Some(place) = &plan.expires_in else { return Ok(None) };
        let Some(value) = self.place(scope, place)? else { return Ok(None) };
        let format = match &place.format {
            Some(format) => scope.template(format)?,
            None => None,
        };
        let format = format.map_or_else(|| "seconds".to_owned(), |format| format.value().to_string());
        let end = expiry::read(&value, &format, now);
        if end.is_none() && !value.is_null() {
            tracing::warn!(target: "authwire", %format, "the answer's expiry says no time to come");
        }
        Ok(end)
    }

    /// What stands at a place of the answer; `None` if nothing does or the place is not to be looked at.
    fn place(&self, scope: &Scope<'_>, place: &AnswerPlace) -> Result<Option<Value>, Error> {
        if !scope.holds(&place.when) {
            return Ok(None);
        }
        match &place.at {
            At::Pointer(pointer) => self.at_pointer(scope, pointer),
            At::Header(name) => {
                let Some(name) = scope.template(name)? else { return Ok(None) };
                let value = self.headers.get(name.value().as_str()).and_then(|value| value.to_str().ok());
                Ok(value.map(Value::from))
            }
            At::Cookie(name) => {
                let Some(name) = scope.template(name)? else { return Ok(None) };
                let cookies = self.headers.get_all(http::header::SET_COOKIE).iter();
                let mut pairs =
                    cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next()?.split_once('='));
                let found = pairs.find(|(known, _)| known.trim() == name.value().as_str());
                Ok(found.map(|(_, value)| Value::from(value.trim())))
            }
            At::Input(name) => self.in_page(scope, name, html::input),
            At::Meta(name) => self.in_page(scope, name, html::meta),
            // out of the jar: no answer alone has them
            At::Cookies(_) => Ok(None),
        }
    }

    fn in_page(
        &self,
        scope: &Scope<'_>,
        name: &Template,
        find: fn(&str, &str) -> Option<Zeroizing<String>>,
    ) -> Result<Option<Value>, Error> {
        let (Some(name), Some(page)) = (scope.template(name)?, &self.page) else { return Ok(None) };
        Ok(find(page, &name.value()).map(|value| Value::from(value.as_str())))
    }

    fn at_pointer(&self, scope: &Scope<'_>, pointer: &Template) -> Result<Option<Value>, Error> {
        let Some(pointer) = scope.template(pointer)? else { return Ok(None) };
        let pointer = pointer.value();
        let found = self.document.as_ref().and_then(|document| document.pointer(&pointer)).cloned();
        Ok(found.or_else(|| Some(Value::from(self.text.as_ref().filter(|_| pointer.is_empty())?.as_str()))))
    }
}

impl Fault {
    fn problem(text: impl Into<String>) -> Self {
        Self { problem: Some(text.into()), ..Self::default() }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(document) = &mut self.document {
            wipe(document);
        }
    }
}

/// Overwrites a body, if nobody else holds it.
fn wipe_bytes(body: Bytes) {
    if let Ok(mut bytes) = body.try_into_mut() {
        bytes.as_mut().zeroize();
    }
}

fn describe(scope: &Scope<'_>, at: &At) -> Result<String, Error> {
    let (kind, template) = match at {
        At::Cookies(_) => return Ok("the cookies".to_owned()),
        At::Input(template) => ("the form field ", template),
        At::Meta(template) => ("the meta element ", template),
        At::Pointer(template) => ("", template),
        At::Header(template) => ("the header ", template),
        At::Cookie(template) => ("the cookie ", template),
    };
    Ok(format!("{kind}`{}`", scope.template(template)?.map(|place| place.shown()).unwrap_or_default()))
}

/// Whether a place is in the answer's head: then its body may be anything, and its status a redirect.
fn is_in_head(place: &AnswerPlace) -> bool {
    matches!(place.at, At::Header(_) | At::Cookie(_) | At::Cookies(_))
}
