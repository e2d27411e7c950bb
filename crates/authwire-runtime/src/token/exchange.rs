//! The exchange: one token request after the other until there is a token, without any I/O.
//!
//! Ask for the [`next request`](Exchange::next_request), send it, tell the [`answer`](Exchange::on_answer), and do what the
//! [`Step`] says. It must not know how requests travel, nor where durable values are kept.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use authwire_core::plan::{At, LoginValue, RequestPlan, TokenPlan};
use bytes::Bytes;
use http::header::COOKIE;
use http::{HeaderValue, Request, Uri};
use zeroize::Zeroizing;

use super::answer::{Answer, Fault, Grant, Picks};
use super::client_authentication::{Style, may_want_another_way};
use super::error::{CODES, TokenAttempt, TokenError, TokenErrorKind};
use super::jar::Jar;
use super::request::{self, Draft};
use crate::dpop::{self, Prover};
use crate::error::Error;
use crate::made::Fresh;
use crate::mask::Mask;
use crate::material::Material;
use crate::phrase::Phrase;
use crate::retry;
use crate::template::{Picked, Scope};
use crate::transport::TransportError;

/// The requests for one token.
pub(crate) struct Exchange {
    material: Arc<Material>,
    connector: Arc<str>,
    kept: Vec<Option<Phrase>>,
    /// What a login brought; it is spent by the request.
    login: Vec<(LoginValue, Phrase)>,
    /// The number of the plan's request that is being made.
    at: Option<usize>,
    /// The number of the plan's step that comes next, if one is left.
    step: usize,
    /// What the steps picked.
    picked: Vec<Vec<Option<Picked>>>,
    /// The cookies of this login.
    jar: Jar,
    /// The nonce for the next proof of a key (RFC 9449 §8), and whether the server asked for one already.
    nonce: Option<String>,
    nonce_asked: bool,
    /// The style of a step, where it is to be found out.
    step_style: Option<Style>,
    /// The style that this try uses, where it is to be found out.
    style: Option<Style>,
    /// What the try under way looks like.
    current: Option<Current>,
    attempts: Vec<TokenAttempt>,
    mask: Mask,
    reloaded: bool,
    gone: bool,
}

struct Current {
    /// The number of the step that is being made; `None`: it is the token request.
    step: Option<usize>,
    uri: Uri,
    url: String,
    style: Option<Style>,
    auto: bool,
    spends_kept: bool,
    client_fields: Vec<String>,
    url_fields: Vec<String>,
}

/// What to do next.
pub(crate) enum Step {
    /// Ask for the next request.
    Again,
    /// A durable value was refused: read the store again, then tell [`Exchange::reloaded`].
    Reload,
    /// Here is the token.
    Granted {
        grant: Grant,
        /// The style that worked, where it was found out.
        found: Option<Style>,
        /// Whether the durable values that there were are of no use any more.
        gone: bool,
    },
    /// There is none.
    Failed(Error),
}

impl Exchange {
    /// The exchange for the token plan of `material`. `remembered` is the style that worked before, `kept` the durable
    /// values.
    pub(crate) fn new(
        material: Arc<Material>,
        connector: Arc<str>,
        kept: Vec<Option<Phrase>>,
        remembered: Option<Style>,
    ) -> Self {
        let mut mask = Mask::default();
        material.hidden_values().for_each(|secret| mask.add(secret));
        kept.iter().flatten().flat_map(Phrase::hidden_values).for_each(|secret| mask.add(secret));
        Self {
            material,
            connector,
            kept,
            login: Vec::new(),
            at: None,
            step: 0,
            picked: Vec::new(),
            jar: Jar::default(),
            nonce: None,
            nonce_asked: false,
            step_style: None,
            style: remembered,
            current: None,
            attempts: Vec::new(),
            mask,
            reloaded: false,
            gone: false,
        }
    }

    /// The same for what a login brought. What was kept before counts no more.
    pub(crate) fn with_login(mut self, login: Vec<(LoginValue, Phrase)>) -> Self {
        login.iter().flat_map(|(_, value)| value.hidden_values()).for_each(|secret| self.mask.add(secret));
        self.kept.iter_mut().for_each(|kept| *kept = None);
        self.gone = true;
        self.login = login;
        self
    }

    /// The next request.
    pub(crate) fn next_request(&mut self, now: SystemTime) -> Result<Request<Bytes>, Error> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let scope = self.scope(&fresh);
        let plan = plan(&self.material)?;
        let requests = &plan.requests;
        let none = || match plan.login {
            Some(_) => Error::LoginRequired { connector: self.connector.to_string() },
            None => Error::Request {
                message: "none of the plan's token requests is meant for this config".to_owned(),
            },
        };
        let at = match self.at {
            Some(at) => at,
            None => next_that_holds(&scope, requests, 0).ok_or_else(none)?,
        };
        let holds =
            |number: &usize| plan.steps.get(*number).is_some_and(|step| scope.holds(&step.request.when));
        let step = (self.step..plan.steps.len()).find(holds);
        let (request, style) = match step.and_then(|number| plan.steps.get(number)) {
            Some(step) => (&step.request, self.step_style),
            None => (requests.get(at).ok_or(Error::Interrupted)?, self.style),
        };
        let draft = request::draft(&scope, request, style)?;
        let mut written = draft.write(&scope, now)?;
        if !plan.steps.is_empty()
            && let Some(cookies) = self.jar.header(written.uri(), now)
        {
            add_cookies(&mut written, &cookies)?;
        }
        if let Some(dpop) = plan.dpop.as_ref().filter(|dpop| scope.holds(&dpop.when)) {
            let prover = Prover::read(&scope, &dpop.key)?.ok_or(Error::Interrupted)?;
            let proof = prover.proof(written.method(), written.uri(), now, self.nonce.as_deref(), None)?;
            let proof = HeaderValue::from_str(&proof).map_err(|_| Error::Interrupted)?;
            written.headers_mut().insert(dpop::HEADER, proof);
        }
        let hidden: Vec<Zeroizing<String>> = secrets_of(&draft).into_iter().chain(fresh.made()).collect();
        let client = request::client(&scope, request)?;
        let name = |field| self.material.field_name(field);
        let current = Current {
            step,
            uri: written.uri().clone(),
            url: draft.shown_url(),
            style: draft.style,
            auto: draft.auto,
            spends_kept: request::spends_kept(request),
            client_fields: client.iter().flat_map(|client| client.fields()).map(name).collect(),
            url_fields: draft.url.fields().iter().copied().map(name).collect(),
        };
        hidden.iter().for_each(|secret| self.mask.add(secret));
        self.current = Some(current);
        self.at = Some(at);
        Ok(written)
    }

    /// Whether the request under way may spend a durable value: if its answer is lost, it is repeated once.
    pub(crate) fn spends_kept(&self) -> bool {
        self.current.as_ref().is_some_and(|current| current.spends_kept)
    }

    /// Where the request under way goes, as it may be shown.
    pub(crate) fn url(&self) -> &str {
        self.current.as_ref().map_or("", |current| &current.url)
    }

    /// The server answered.
    pub(crate) fn on_answer(&mut self, answer: &Answer, now: SystemTime) -> Step {
        let (step, uri) = match &self.current {
            Some(current) => (current.step, current.uri.clone()),
            None => return Step::Failed(Error::Interrupted),
        };
        if self.carries_cookies() {
            self.jar.store(&uri, &answer.headers, now);
            self.jar.values().filter(|value| is_telling(value)).for_each(|value| self.mask.add(value));
        }
        if let Some(nonce) = dpop::nonce(&answer.headers) {
            self.nonce = Some(nonce);
        }
        if let Some(number) = step {
            return match self.pick(answer, number, now) {
                Ok(Ok(picked)) => {
                    self.after_step(number, picked);
                    Step::Again
                }
                Ok(Err(fault)) => self.refused(answer, fault, now),
                Err(error) => Step::Failed(error),
            };
        }
        match self.read(answer, now) {
            Ok(Ok(grant)) => {
                let found =
                    self.current.as_ref().filter(|current| current.auto).and_then(|current| current.style);
                Step::Granted { grant, found, gone: self.gone }
            }
            Ok(Err(fault)) => self.refused(answer, fault, now),
            Err(error) => Step::Failed(error),
        }
    }

    /// The server did not answer.
    pub(crate) fn on_failure(&mut self, error: TransportError) -> Step {
        let attempt = TokenAttempt { problem: Some(error.to_string()), ..self.attempt() };
        self.attempts.push(attempt);
        let hint = Some(format!("Check {} and the network", self.url_field()));
        self.failed(TokenErrorKind::Unreachable, hint, None, Some(error))
    }

    /// The answer could not be read to its end.
    pub(crate) fn on_unreadable(&mut self, status: u16, problem: String) -> Step {
        let attempt = TokenAttempt { status: Some(status), problem: Some(problem), ..self.attempt() };
        self.attempts.push(attempt);
        self.failed(TokenErrorKind::Unusable, None, None, None)
    }

    /// The store was read again, and this is what it holds now.
    pub(crate) fn reloaded(&mut self, kept: Vec<Option<Phrase>>) -> Step {
        let changed = kept.iter().zip(&self.kept).any(|(new, old)| {
            new.as_ref().map(|phrase| phrase.value()) != old.as_ref().map(|phrase| phrase.value())
        });
        if changed {
            kept.iter().flatten().flat_map(Phrase::hidden_values).for_each(|secret| self.mask.add(secret));
            self.kept = kept;
            self.begin_anew();
            self.attempts.clear();
            return Step::Again;
        }
        self.after_refusal()
    }

    fn read(&self, answer: &Answer, now: SystemTime) -> Result<Result<Grant, Fault>, Error> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let scope = self.scope(&fresh);
        let plan = plan(&self.material)?;
        answer.grant(&scope, &plan.response, &plan.keep, &self.jar, now)
    }

    fn pick(&self, answer: &Answer, number: usize, now: SystemTime) -> Result<Result<Picks, Fault>, Error> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let plan = plan(&self.material)?;
        let Some(step) = plan.steps.get(number) else { return Err(Error::Interrupted) };
        answer.picked(&self.scope(&fresh), &plan.response, step)
    }

    /// What a step picked is there for those after it.
    fn after_step(&mut self, number: usize, picks: Picks) {
        let names = plan(&self.material).ok().and_then(|plan| plan.steps.get(number));
        let shown = |at: usize| {
            let pick = names.and_then(|step| Some((&step.name, &step.pick.get(at)?.name)));
            pick.map_or_else(String::new, |(step, pick)| format!("<{step}.{pick}>"))
        };
        let mut picked = Vec::with_capacity(picks.len());
        for (at, value) in picks.into_iter().enumerate() {
            picked.push(value.map(|(value, is_text)| {
                if is_telling(&value) {
                    self.mask.add(&value);
                }
                Picked { phrase: Phrase::hidden(value, shown(at)).into_secret(), is_text }
            }));
        }
        self.picked.resize_with(self.picked.len().max(number + 1), Vec::new);
        if let Some(place) = self.picked.get_mut(number) {
            *place = picked;
        }
        self.step = number + 1;
        self.step_style = None;
        self.nonce_asked = false;
        self.attempts.clear();
    }

    /// Everything from the first step on: what was picked may be good for one try only.
    fn begin_anew(&mut self) {
        self.step = 0;
        self.picked.clear();
        self.jar = Jar::default();
        self.step_style = None;
        self.nonce_asked = false;
    }

    /// Whether cookies of answers matter.
    fn carries_cookies(&self) -> bool {
        plan(&self.material).is_ok_and(|plan| {
            !plan.steps.is_empty() || matches!(plan.response.access_token.at, At::Cookies(_))
        })
    }

    fn scope<'s>(&'s self, fresh: &'s Fresh<'_>) -> Scope<'s> {
        let bare = Scope::bare(&self.material, &self.connector, fresh);
        Scope { kept: &self.kept, picked: &self.picked, login: &self.login, ..bare }
    }

    fn refused(&mut self, answer: &Answer, fault: Fault, now: SystemTime) -> Step {
        let status = answer.status.as_u16();
        let (auto, style, spends_kept) = match &self.current {
            Some(current) => (current.auto, current.style, current.spends_kept),
            None => (false, None, false),
        };
        let error = fault.error.clone();
        if error.as_deref() == Some("use_dpop_nonce") && self.nonce.is_some() && !self.nonce_asked {
            self.nonce_asked = true;
            return Step::Again;
        }
        let other_way = auto
            && self.attempts.is_empty()
            && may_want_another_way(status, error.as_deref(), fault.description.as_deref(), spends_kept);
        let problem = fault.problem.map(|problem| self.mask.apply(&problem)).or_else(|| self.problem(answer));
        let attempt = TokenAttempt {
            status: Some(status),
            error: fault.error.map(|error| match CODES.contains(&error.as_str()) {
                true => error,
                false => self.mask.apply(&error),
            }),
            description: fault.description.map(|text| self.mask.apply(&text)),
            problem,
            ..self.attempt()
        };
        self.attempts.push(attempt);
        if other_way {
            let other = if style == Some(Style::RequestBody) { Style::Basic } else { Style::RequestBody };
            if self.current.as_ref().is_some_and(|current| current.step.is_some()) {
                self.step_style = Some(other);
            } else {
                self.style = Some(other);
                self.begin_anew();
            }
            return Step::Again;
        }
        let kind = match status {
            429 | 500..=599 => TokenErrorKind::Unavailable,
            200..=299 if error.is_none() => TokenErrorKind::Unusable,
            _ => TokenErrorKind::Refused,
        };
        let spends_kept = spends_kept && self.login.is_empty();
        // what is kept is of no use here, and there is another way without it
        let goes_on = spends_kept
            && kind == TokenErrorKind::Refused
            && error.as_deref() != Some("invalid_client")
            && self.other_request().is_some();
        if error.as_deref() == Some("invalid_grant") || goes_on {
            if spends_kept && !self.reloaded {
                self.reloaded = true;
                return Step::Reload;
            }
            return self.after_refusal();
        }
        let hint = self.hint(status, error.as_deref());
        self.failed(kind, hint, retry::retry_after(&answer.headers, now), None)
    }

    /// The request that can be made instead of this one, if there is one.
    fn other_request(&self) -> Option<usize> {
        let plan = plan(&self.material).ok()?;
        let fresh = Fresh::new(&self.material, &self.connector, SystemTime::UNIX_EPOCH);
        next_that_holds(&self.scope(&fresh), &plan.requests, self.at.map_or(0, |at| at + 1))
    }

    /// What was presented is of no use (`invalid_grant`): the next request is made, if there is one.
    fn after_refusal(&mut self) -> Step {
        let spent = self.spends_kept() && self.login.is_empty();
        if spent {
            self.gone = true;
            self.kept.iter_mut().for_each(|kept| *kept = None);
        }
        let next = self.other_request();
        if next.is_some() {
            self.at = next;
            self.begin_anew();
            self.attempts.clear();
            return Step::Again;
        }
        let hint = self.hint(400, Some("invalid_grant"));
        match self.failed(TokenErrorKind::Refused, hint, None, None) {
            Step::Failed(Error::Token(error)) if spent => Step::Failed(Error::ReauthRequired(error)),
            step => step,
        }
    }

    fn attempt(&self) -> TokenAttempt {
        TokenAttempt {
            style: self.current.as_ref().and_then(|current| current.style),
            ..TokenAttempt::default()
        }
    }

    fn problem(&self, answer: &Answer) -> Option<String> {
        if answer.status.is_redirection() {
            let to = answer.headers.get(http::header::LOCATION)?.to_str().ok()?;
            let to = to.split(['?', '#']).next().unwrap_or_default();
            return Some(format!("the server redirects to {}", self.mask.apply(to)));
        }
        answer.is_page.then(|| "the answer is a web page".to_owned())
    }

    fn hint(&self, status: u16, error: Option<&str>) -> Option<String> {
        let client =
            self.current.as_ref().map(|current| list(&current.client_fields)).filter(|list| !list.is_empty());
        Some(match (status, error) {
            (_, Some("invalid_client")) | (401, None) => match client {
                Some(client) => format!(
                    "Check {client}; if they are right, the server may want another client authentication"
                ),
                None => "Check the credentials".to_owned(),
            },
            (_, Some("invalid_grant")) => {
                "What was presented (a refresh token, a password, an assertion) is wrong, expired or revoked"
                    .to_owned()
            }
            (_, Some("invalid_scope")) => "Check the scope that is asked for".to_owned(),
            (_, Some("unauthorized_client")) => {
                "The server knows the client, but does not let it use this grant: change that there"
                    .to_owned()
            }
            (_, Some("unsupported_grant_type")) => {
                "The server does not know this grant: check the grant type and the token URL".to_owned()
            }
            (300..=399, _) => {
                format!("Token requests follow no redirects: put the last address into {}", self.url_field())
            }
            (404 | 405 | 410, _) => format!("Check {}: nothing hands out tokens there", self.url_field()),
            (429, _) => "The server asks for fewer requests: try again later".to_owned(),
            (500..=599, _) => "The server has trouble: try again later".to_owned(),
            (200..=299, None) => {
                format!("Check {}, and where in the answer the token stands", self.url_field())
            }
            _ => return None,
        })
    }

    fn url_field(&self) -> String {
        let fields =
            self.current.as_ref().map(|current| list(&current.url_fields)).filter(|list| !list.is_empty());
        fields.unwrap_or_else(|| "the token URL".to_owned())
    }

    fn failed(
        &mut self,
        kind: TokenErrorKind,
        hint: Option<String>,
        retry_after: Option<Duration>,
        transport: Option<TransportError>,
    ) -> Step {
        let attempts = std::mem::take(&mut self.attempts);
        let url = self.url().to_owned();
        let number = self.current.as_ref().and_then(|current| current.step);
        let plan = plan(&self.material).ok();
        let step = number.and_then(|number| Some(plan?.steps.get(number)?.name.to_string()));
        let error = TokenError { kind, url, step, attempts, hint, retry_after, transport };
        Step::Failed(Error::Token(Arc::new(error)))
    }
}

/// Whether a server's value is worth a mask: a number of two digits stands in every other sentence.
fn is_telling(value: &str) -> bool {
    value.len() >= 4
}

/// Adds the cookies of a login beside those of the plan.
fn add_cookies(request: &mut Request<Bytes>, cookies: &str) -> Result<(), Error> {
    let own = request.headers().get(COOKIE).and_then(|own| own.to_str().ok());
    let text = Zeroizing::new(own.map_or_else(|| cookies.to_owned(), |own| format!("{own}; {cookies}")));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Error::Request { message: "a cookie of the login cannot be sent back".to_owned() })?;
    value.set_sensitive(true);
    request.headers_mut().insert(COOKIE, value);
    Ok(())
}

fn plan(material: &Material) -> Result<&TokenPlan, Error> {
    material.plan().token.as_ref().ok_or(Error::Interrupted)
}

fn next_that_holds(scope: &Scope<'_>, requests: &[RequestPlan], from: usize) -> Option<usize> {
    (from..requests.len()).find(|at| requests.get(*at).is_some_and(|request| scope.holds(&request.when)))
}

fn secrets_of(draft: &Draft) -> Vec<Zeroizing<String>> {
    draft
        .headers
        .iter()
        .filter(|member| member.value.is_hidden())
        .map(|member| {
            let value = member.value.value();
            // of `Basic …` the part that may turn up elsewhere
            Zeroizing::new(value.split_once(' ').map_or(value.as_str(), |(_, rest)| rest).to_owned())
        })
        .collect()
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}
