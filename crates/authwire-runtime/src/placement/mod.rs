//! Placements: what auth adds to a request, and where.
//!
//! A plan's placements are read into [`Edit`]s, which an explanation shows and [`Edits`] prepares. What does not
//! change from request to request is prepared once: applying it clones ready values. It must not know where a
//! credential comes from.

mod basic;
mod beside;
pub(crate) mod body;
mod cookie;
pub(crate) mod header;
pub(crate) mod outgoing;
mod query;
pub(crate) mod signature;

use std::time::SystemTime;

use authwire_core::Code;
use authwire_core::plan::{Placed, SignaturePlan};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::error::{Error, Unusable};
use crate::members::{self, Member, Names};
use crate::phrase::Phrase;
use crate::template::Scope;

pub(crate) use basic::{check_username, credentials};
use body::BodyPart;
pub(crate) use outgoing::{Given, Outgoing};
use signature::Signer;

/// One edit of a request, as a plan says it.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Header(Member<Phrase>),
    Query(Member<Phrase>),
    Cookie(Member<Phrase>),
    /// The cookies of a session, as `Cookie` writes them.
    Cookies(Phrase),
    Body(BodyPart),
    Sign(Box<Signer>),
}

/// The edits of every request: those placements whose `when` holds.
pub(crate) fn read(scope: &Scope<'_>) -> Result<Vec<Edit>, Error> {
    let mut edits = Vec::new();
    let mut signatures: Vec<&SignaturePlan> = Vec::new();
    for placement in scope.material.plan().apply.iter().filter(|placement| scope.holds(&placement.when)) {
        match &placement.what {
            Placed::Header(members) => {
                edits.extend(members::texts(scope, members, Names::AnyCase)?.into_iter().map(Edit::Header));
            }
            Placed::Query(members) => {
                edits.extend(members::texts(scope, members, Names::Exact)?.into_iter().map(Edit::Query));
            }
            Placed::Cookie(members) => {
                edits.extend(members::texts(scope, members, Names::Exact)?.into_iter().map(Edit::Cookie));
            }
            Placed::Form(members) => edits.push(Edit::Body(BodyPart::form(scope, members)?)),
            Placed::Json(members) => edits.push(Edit::Body(BodyPart::json(scope, members)?)),
            Placed::Cookies(session) => edits.extend(scope.template(session)?.map(Edit::Cookies)),
            Placed::Basic { username, password } => {
                edits.extend(basic::read(scope, username, password)?.map(Edit::Header));
            }
            Placed::Signature(plan) => {
                edits.push(Edit::Sign(Box::new(signature::read(scope, plan)?)));
                signatures.push(plan);
            }
        }
    }
    beside::check(scope, &edits, &signatures)?;
    Ok(edits)
}

/// Ready edits.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<query::Pair>,
    cookies: Vec<cookie::Pair>,
    sessions: Vec<cookie::Session>,
    body: Vec<BodyPart>,
    signers: Vec<Signer>,
    /// The connector's own: auth and the caller win.
    own_headers: Vec<(HeaderName, HeaderValue)>,
    own_query: Vec<query::Pair>,
}

impl Edits {
    /// Prepares `edits` and the connector's own headers and query.
    pub(crate) fn prepare(scope: &Scope<'_>, edits: Vec<Edit>) -> Result<Self, Error> {
        let mut ready = Self::default();
        for edit in edits {
            match edit {
                Edit::Header(member) => {
                    let (name, value) = header::prepare(scope, &member)?;
                    ready.headers.retain(|(known, _)| *known != name);
                    ready.headers.push((name, value));
                }
                Edit::Query(member) => {
                    let pair = query::prepare(&member.name, &member.value);
                    ready.query.retain(|known| !known.is_of(&pair));
                    ready.query.push(pair);
                }
                Edit::Cookie(member) => {
                    let pair = cookie::prepare(scope, &member)?;
                    ready.cookies.retain(|known| !known.is_of(&pair));
                    ready.cookies.push(pair);
                }
                Edit::Cookies(session) => ready.sessions.push(cookie::Session::read(&session.value())),
                Edit::Body(part) => ready.body.push(part),
                Edit::Sign(signer) => ready.signers.push(*signer),
            }
        }
        for (name, value) in &scope.material.headers {
            let (name, value) =
                header::ready(name, value).map_err(|fault| fault.at(format!("headers.{name}")))?;
            if ready.own_headers.iter().any(|(known, _)| *known == name) {
                let fault = Unusable::new(Code::Conflict, "the header is given twice, in another case");
                return Err(fault.at(format!("headers.{name}")).into());
            }
            if !ready.headers.iter().any(|(known, _)| *known == name) {
                ready.own_headers.push((name, value));
            }
        }
        for (name, value) in &scope.material.query {
            let pair = query::prepare(name, value);
            if !ready.query.iter().any(|known| known.is_of(&pair)) {
                ready.own_query.push(pair);
            }
        }
        Ok(ready)
    }

    /// Edits a request. Doing so twice does no more than doing so once.
    pub(crate) fn apply(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        for (name, value) in &self.headers {
            header::apply(name, value, request.headers);
        }
        for (name, value) in &self.own_headers {
            if let http::header::Entry::Vacant(vacant) = request.headers.entry(name) {
                vacant.insert(value.clone());
            }
        }
        if !self.cookies.is_empty() {
            cookie::apply(&self.cookies, request.headers)?;
        }
        self.sessions.iter().try_for_each(|session| session.apply(request))?;
        if !self.query.is_empty() || !self.own_query.is_empty() {
            query::apply(&self.query, &self.own_query, request.uri)?;
        }
        self.body.iter().try_for_each(|part| part.put(request))?;
        self.signers.iter().try_for_each(|signer| signer.sign(request))
    }

    /// Takes what an answer of the API at `base` does to the session's cookies.
    pub(crate) fn answered(&self, base: &Uri, headers: &HeaderMap, now: impl Fn() -> SystemTime) {
        self.sessions.iter().for_each(|session| session.update(base, headers, now()));
        self.signers.iter().for_each(|signer| signer.answered(headers));
    }

    /// Takes the challenge of an answer that refused a request; `None` if nothing here answers one.
    pub(crate) fn challenged(&self, headers: &HeaderMap) -> Option<Result<(), Error>> {
        self.signers.iter().find_map(|signer| signer.challenged(headers))
    }

    /// Whether no auth is in it.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.headers.is_empty()
            && self.query.is_empty()
            && self.cookies.is_empty()
            && self.sessions.is_empty()
            && self.body.is_empty()
            && self.signers.is_empty()
    }
}
