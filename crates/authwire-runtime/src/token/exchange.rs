//! The exchange: one token request after the other until there is a token, without any I/O.
//!
//! Ask for the [`next request`](Exchange::next_request), send it, tell the [`answer`](Exchange::on_answer), and do what the
//! [`Step`] says. It must not know how requests travel, nor where durable values are kept.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use authwire_core::Code;
use authwire_core::plan::{At, LoginValue, RequestPlan, TokenPlan};
use bytes::Bytes;
use http::header::COOKIE;
use http::{HeaderValue, Method, Request, Uri};
use zeroize::Zeroizing;

use super::answer::{Answer, AnswerError, Fault, Grant, Picks};
use super::client_authentication::{Style, may_want_another_way};
use super::error::{CODES, TokenAttempt, TokenError, TokenErrorKind};
use super::hint::Fields;
use super::jar::Jar;
use super::request::{self, Draft};
use crate::dpop::{self, Prover};
use crate::error::{Error, Unusable};
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
    /// The number of the plan's request that is made; `None`: the first that is meant for this config.
    at: Option<usize>,
    /// The style that the token request uses, where it is to be found out.
    style: Option<Style>,
    run: Run,
    /// The nonce for the next proof of a key (RFC 9449 §8).
    nonce: Option<String>,
    attempts: Vec<TokenAttempt>,
    mask: Mask,
    reloaded: bool,
    gone: bool,
}

/// How far the requests got from the first step to the token. Begun anew, nothing of it counts: what was picked may be good
/// for one try only.
#[derive(Default)]
struct Run {
    /// The number of the plan's step that comes next, if one is left.
    step: usize,
    /// What the steps picked.
    picked: Vec<Vec<Option<Picked>>>,
    /// The cookies of this login.
    jar: Jar,
    /// The style of a step, where it is to be found out.
    step_style: Option<Style>,
    /// Whether the server asked for a nonce already.
    nonce_asked: bool,
}

/// A request that waits for its answer.
pub(crate) struct InFlight {
    /// The number of the plan's request that it is, or leads to.
    at: usize,
    /// The number of the step that it is; `None`: it is the token request.
    step: Option<usize>,
    uri: Uri,
    url: String,
    style: Option<Style>,
    /// Whether the style is to be found out.
    auto: bool,
    spends_kept: bool,
    fields: Fields,
}

impl InFlight {
    /// Whether it may spend a durable value: if its answer is lost, it is repeated once.
    pub(crate) fn spends_kept(&self) -> bool {
        self.spends_kept
    }

    /// Where it goes, as it may be shown.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn attempt(&self) -> TokenAttempt {
        TokenAttempt { style: self.style, ..TokenAttempt::default() }
    }
}

/// What to do next.
pub(crate) enum Step {
    /// Ask for the next request.
    Again,
    /// A durable value was refused by the answer to this: read the store again, then tell [`Exchange::reloaded`].
    Reload(InFlight),
    /// Here is the token.
    Granted {
        grant: Grant,
        /// What is to be kept, by the plan's `keep`.
        kept: Kept,
        /// The style that worked, where it was found out.
        found: Option<Style>,
        /// Whether the durable values that there were are of no use any more.
        gone: bool,
    },
    /// There is none.
    Failed(Error),
    /// There is none, but what is to be kept came with the answer: it is all that is left of what was presented.
    Spoiled { error: Error, kept: Kept },
}

impl From<Result<(), Error>> for Step {
    fn from(next: Result<(), Error>) -> Self {
        match next {
            Ok(()) => Self::Again,
            Err(error) => Self::Failed(error),
        }
    }
}

/// The durable values out of an answer, by the plan's `keep`; `None` where it held nothing new.
pub(crate) type Kept = Vec<Option<Zeroizing<String>>>;

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
            style: remembered,
            run: Run::default(),
            nonce: None,
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
    pub(crate) fn next_request(&mut self, now: SystemTime) -> Result<(Request<Bytes>, InFlight), Error> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let scope = self.scope(&fresh);
        let plan = plan(&self.material)?;
        let requests = &plan.requests;
        let none = || match plan.login {
            Some(_) => Error::LoginRequired { connector: self.connector.to_string() },
            None => {
                let message = "none of the plan's token requests is meant for this config";
                Unusable::new(Code::OneOf, message).into()
            }
        };
        let at = match self.at {
            Some(at) => at,
            None => next_that_holds(&scope, requests, 0).ok_or_else(none)?,
        };
        let holds =
            |number: &usize| plan.steps.get(*number).is_some_and(|step| scope.holds(&step.request.when));
        let step = (self.run.step..plan.steps.len()).find(holds);
        let (request, style) = match step.and_then(|number| plan.steps.get(number)) {
            Some(step) => (&step.request, self.run.step_style),
            None => (requests.get(at).ok_or_else(none)?, self.style),
        };
        let draft = request::draft(&scope, request, style)?;
        let mut written = draft.write(&scope, now)?;
        if !plan.steps.is_empty()
            && let Some(cookies) = self.run.jar.header(written.uri(), now)
        {
            add_cookies(&mut written, &cookies)?;
        }
        if let Some(dpop) = plan.dpop.as_ref().filter(|dpop| scope.holds(&dpop.when)) {
            let unproved = || Error::Internal { message: "a token request has no proof of its key" };
            let prover = Prover::read(&scope, &dpop.key)?.ok_or_else(unproved)?;
            let proof = prover.proof(written.method(), written.uri(), now, self.nonce.as_deref(), None)?;
            let proof = HeaderValue::from_str(&proof).map_err(|_| unproved())?;
            written.headers_mut().insert(dpop::HEADER, proof);
        }
        let hidden: Vec<Zeroizing<String>> = secrets_of(&draft).into_iter().chain(fresh.made()).collect();
        let client = request::client(&scope, request)?;
        let name = |field| self.material.field_name(field);
        let sent = InFlight {
            at,
            step,
            uri: written.uri().clone(),
            url: draft.shown_url(),
            style: draft.style,
            // the other way is the body
            auto: draft.auto && !matches!(draft.method, Method::GET | Method::HEAD),
            spends_kept: request::spends_kept(request),
            fields: Fields {
                client: client.iter().flat_map(|client| client.fields()).map(name).collect(),
                url: draft.url.fields().iter().copied().map(name).collect(),
            },
        };
        hidden.iter().for_each(|secret| self.mask.add(secret));
        Ok((written, sent))
    }

    /// The server answered what was sent.
    pub(crate) fn on_answer(&mut self, sent: InFlight, answer: &Answer, now: SystemTime) -> Step {
        if self.carries_cookies() {
            self.run.jar.store(&sent.uri, &answer.headers, now);
            self.run.jar.values().filter(|value| is_telling(value)).for_each(|value| self.mask.add(value));
        }
        if let Some(nonce) = dpop::nonce(&answer.headers) {
            self.nonce = Some(nonce);
        }
        if let Err(error) = self.mask_tokens(answer, now) {
            return Step::Failed(error);
        }
        if let Some(number) = sent.step {
            return match self.pick(answer, number, now) {
                Ok(picked) => {
                    self.after_step(number, picked);
                    Step::Again
                }
                Err(AnswerError::Fault(fault)) => self.refused(sent, answer, fault, now),
                Err(AnswerError::Other(error)) => Step::Failed(error),
            };
        }
        let kept = match self.kept(answer, now) {
            Ok(kept) => kept,
            Err(error) => return Step::Failed(error),
        };
        let step = match self.read(answer, now) {
            Ok(mut grant) => {
                // a server may put anything there
                grant.scope = grant.scope.map(|scope| self.mask.hide(&scope));
                let found = sent.style.filter(|_| sent.auto);
                return Step::Granted { grant, kept, found, gone: self.gone };
            }
            Err(AnswerError::Fault(fault)) => self.refused(sent, answer, fault, now),
            Err(AnswerError::Other(error)) => Step::Failed(error),
        };
        match step {
            Step::Failed(error) if kept.iter().any(Option::is_some) => Step::Spoiled { error, kept },
            step => step,
        }
    }

    /// The server did not answer what was sent.
    pub(crate) fn on_failure(&mut self, sent: &InFlight, error: TransportError) -> Error {
        self.attempts.push(TokenAttempt { problem: Some(error.to_string()), ..sent.attempt() });
        let hint = Some(sent.fields.unreachable());
        Error::Token(self.failed(sent, TokenErrorKind::Unreachable, hint, None, Some(error)))
    }

    /// The answer to what was sent could not be read to its end.
    pub(crate) fn on_unreadable(&mut self, sent: &InFlight, status: u16, problem: String) -> Error {
        let attempt = TokenAttempt { status: Some(status), problem: Some(problem), ..sent.attempt() };
        self.attempts.push(attempt);
        Error::Token(self.failed(sent, TokenErrorKind::Unusable, None, None, None))
    }

    /// The store was read again after the answer to `sent`, and this is what it holds now. Then there is a next request, or
    /// none that could help.
    pub(crate) fn reloaded(&mut self, sent: &InFlight, kept: Vec<Option<Phrase>>) -> Result<(), Error> {
        let changed = kept.iter().zip(&self.kept).any(|(new, old)| {
            new.as_ref().map(|phrase| phrase.value()) != old.as_ref().map(|phrase| phrase.value())
        });
        if changed {
            kept.iter().flatten().flat_map(Phrase::hidden_values).for_each(|secret| self.mask.add(secret));
            self.kept = kept;
            self.run = Run::default();
            self.attempts.clear();
            return Ok(());
        }
        self.after_refusal(sent)
    }

    fn read(&self, answer: &Answer, now: SystemTime) -> Result<Grant, AnswerError> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let scope = self.scope(&fresh);
        let plan = plan(&self.material)?;
        answer.grant(&scope, &plan.response, &self.run.jar, now)
    }

    /// A token that came with an answer is a secret from here on, even if the answer is refused.
    fn mask_tokens(&mut self, answer: &Answer, now: SystemTime) -> Result<(), Error> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let tokens = answer.tokens(&self.scope(&fresh), plan(&self.material)?)?;
        tokens.iter().filter(|token| is_telling(token)).for_each(|token| self.mask.add(token));
        Ok(())
    }

    fn kept(&self, answer: &Answer, now: SystemTime) -> Result<Kept, Error> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let plan = plan(&self.material)?;
        answer.kept(&self.scope(&fresh), &plan.response, &plan.keep)
    }

    fn pick(&self, answer: &Answer, number: usize, now: SystemTime) -> Result<Picks, AnswerError> {
        let fresh = Fresh::new(&self.material, &self.connector, now);
        let plan = plan(&self.material)?;
        let none = Error::Internal { message: "a step that is not in the plan was made" };
        let step = plan.steps.get(number).ok_or(none)?;
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
        let run = &mut self.run;
        run.picked.resize_with(run.picked.len().max(number + 1), Vec::new);
        if let Some(place) = run.picked.get_mut(number) {
            *place = picked;
        }
        (run.step, run.step_style, run.nonce_asked) = (number + 1, None, false);
        self.attempts.clear();
    }

    /// Whether cookies of answers matter.
    fn carries_cookies(&self) -> bool {
        plan(&self.material).is_ok_and(|plan| {
            !plan.steps.is_empty() || matches!(plan.response.access_token.at, At::Cookies(_))
        })
    }

    fn scope<'s>(&'s self, fresh: &'s Fresh<'_>) -> Scope<'s> {
        let bare = Scope::bare(&self.material, &self.connector, fresh);
        Scope { kept: &self.kept, picked: &self.run.picked, login: &self.login, ..bare }
    }

    fn refused(&mut self, sent: InFlight, answer: &Answer, fault: Fault, now: SystemTime) -> Step {
        let status = answer.status.as_u16();
        let error = fault.error.clone();
        if error.as_deref() == Some("use_dpop_nonce") && self.nonce.is_some() && !self.run.nonce_asked {
            self.run.nonce_asked = true;
            return Step::Again;
        }
        let description = fault.description.as_deref();
        let other_way = sent.auto
            && self.attempts.is_empty()
            && may_want_another_way(status, error.as_deref(), description, sent.spends_kept);
        let problem = fault.problem.map(|problem| self.mask.apply(&problem)).or_else(|| self.problem(answer));
        let attempt = TokenAttempt {
            status: Some(status),
            error: fault.error.map(|error| match CODES.contains(&error.as_str()) {
                true => error,
                false => self.mask.apply(&error),
            }),
            description: fault.description.map(|text| self.mask.apply(&text)),
            problem,
            ..sent.attempt()
        };
        self.attempts.push(attempt);
        if other_way {
            let other =
                if sent.style == Some(Style::RequestBody) { Style::Basic } else { Style::RequestBody };
            if sent.step.is_some() {
                self.run.step_style = Some(other);
            } else {
                self.style = Some(other);
                self.run = Run::default();
            }
            return Step::Again;
        }
        let kind = match status {
            429 | 500..=599 => TokenErrorKind::Unavailable,
            200..=299 if error.is_none() => TokenErrorKind::Unusable,
            _ => TokenErrorKind::Refused,
        };
        let spends_kept = sent.spends_kept && self.login.is_empty();
        // what is kept is of no use here, and there is another way without it; fewer requests are fewer in that way too
        let goes_on = spends_kept
            && status != 429
            && error.as_deref() != Some("invalid_client")
            && self.other_request(&sent).is_some();
        if goes_on && kind != TokenErrorKind::Refused {
            return self.after_refusal(&sent).into();
        }
        if error.as_deref() == Some("invalid_grant") || goes_on {
            if spends_kept && !self.reloaded {
                self.reloaded = true;
                return Step::Reload(sent);
            }
            return self.after_refusal(&sent).into();
        }
        let hint = match answer.packed() {
            Some(_) => Some("Have the server, or the proxy before it, send it as it is".to_owned()),
            None => sent.fields.hint(status, error.as_deref()),
        };
        let retry_after = retry::retry_after(&answer.headers, now);
        Step::Failed(Error::Token(self.failed(&sent, kind, hint, retry_after, None)))
    }

    /// The request that can be made instead of `sent`, if there is one.
    fn other_request(&self, sent: &InFlight) -> Option<usize> {
        let plan = plan(&self.material).ok()?;
        let fresh = Fresh::new(&self.material, &self.connector, SystemTime::UNIX_EPOCH);
        next_that_holds(&self.scope(&fresh), &plan.requests, sent.at + 1)
    }

    /// What was presented is of no use (`invalid_grant`): the next request is made, if there is one.
    fn after_refusal(&mut self, sent: &InFlight) -> Result<(), Error> {
        let spent = sent.spends_kept && self.login.is_empty();
        if spent {
            self.gone = true;
            self.kept.iter_mut().for_each(|kept| *kept = None);
        }
        let next = self.other_request(sent);
        if next.is_some() {
            self.at = next;
            self.run = Run::default();
            self.attempts.clear();
            return Ok(());
        }
        let hint = sent.fields.hint(400, Some("invalid_grant"));
        let error = self.failed(sent, TokenErrorKind::Refused, hint, None, None);
        Err(if spent { Error::ReauthRequired(error) } else { Error::Token(error) })
    }

    fn problem(&self, answer: &Answer) -> Option<String> {
        if answer.status.is_redirection() {
            let to = answer.headers.get(http::header::LOCATION)?.to_str().ok()?;
            // masked first: a part of a secret is none that the mask knows
            let to = self.mask.apply(to);
            return Some(format!(
                "the server redirects to {}",
                to.split(['?', '#']).next().unwrap_or_default()
            ));
        }
        let packed = answer.packed().map(|packed| self.mask.apply(&packed));
        packed.or_else(|| answer.is_page.then(|| "the answer is a web page".to_owned()))
    }

    /// There is no token.
    fn failed(
        &mut self,
        sent: &InFlight,
        kind: TokenErrorKind,
        hint: Option<String>,
        retry_after: Option<Duration>,
        transport: Option<TransportError>,
    ) -> Arc<TokenError> {
        let attempts = std::mem::take(&mut self.attempts);
        let plan = plan(&self.material).ok();
        let step = sent.step.and_then(|number| Some(plan?.steps.get(number)?.name.to_string()));
        Arc::new(TokenError { kind, url: sent.url.clone(), step, attempts, hint, retry_after, transport })
    }
}

/// Whether a server's value is worth a mask: a number of two digits stands in every other sentence.
fn is_telling(value: &str) -> bool {
    value.len() >= 4
}

/// Adds the cookies of a login beside those of the plan.
fn add_cookies(request: &mut Request<Bytes>, cookies: &str) -> Result<(), Error> {
    let cookies = cookies.as_bytes();
    let own = request.headers().get(COOKIE).map(HeaderValue::as_bytes);
    let all = Zeroizing::new(own.map_or_else(|| cookies.to_vec(), |own| [own, cookies].join(&b"; "[..])));
    let mut value = HeaderValue::from_bytes(&all)
        .map_err(|_| Error::Request { message: "a cookie of the login cannot be sent back".to_owned() })?;
    value.set_sensitive(true);
    request.headers_mut().insert(COOKIE, value);
    Ok(())
}

fn plan(material: &Material) -> Result<&TokenPlan, Error> {
    material
        .plan()
        .token
        .as_ref()
        .ok_or(Error::Internal { message: "a token was asked for that the plan does not know" })
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
