//! The token request that a plan describes (RFC 6749 §4.1.3 and its kin).
//!
//! A request is drafted in phrases first, which an explanation shows, then written. It must not know who the client
//! is: that is [`super::client_authentication`]'s.

use std::collections::HashSet;
use std::time::SystemTime;

use authwire_core::plan::{Body, RequestPlan};
use authwire_core::{Code, plan};
use bytes::Bytes;
use http::{Method, Request};
use url::Url;
use zeroize::Zeroizing;

use super::client_authentication::{Client, Style};
use crate::address;
use crate::dpop;
use crate::error::{Error, Unusable};
use crate::judge;
use crate::members::{self, Member, Names, Origin};
use crate::percent;
use crate::phrase::Phrase;
use crate::placement::signature::{self, Signer};
use crate::placement::{Given, Outgoing, header};
use crate::template::{Scope, Tree};

/// A token request, not yet written.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) url: Phrase,
    pub(crate) query: Vec<Member<Phrase>>,
    pub(crate) headers: Vec<Member<Phrase>>,
    pub(crate) body: DraftBody,
    /// How the client proves who it is; `None` where it only names itself, or does not even that.
    pub(crate) style: Option<Style>,
    /// Whether the style is to be found out.
    pub(crate) auto: bool,
    /// Who signs it.
    pub(crate) signer: Option<Signer>,
}

/// The body of a token request, not yet written.
#[derive(Debug)]
pub(crate) enum DraftBody {
    Empty,
    Form(Vec<Member<Phrase>>),
    Json(Vec<Member<Tree>>),
}

/// Drafts the request of `plan`. Under auto authentication `style` says which way is this time's.
pub(crate) fn draft(scope: &Scope<'_>, plan: &RequestPlan, style: Option<Style>) -> Result<Draft, Error> {
    let method = Method::from_bytes(plan.method.as_bytes())
        .map_err(|_| Unusable::new(Code::Enum, format!("the plan's method `{}` is none", plan.method)))?;
    let Some(url) = scope.template(&plan.url)? else {
        return Err(Unusable::new(Code::Required, "the plan's token request has no URL").into());
    };
    let query = members::texts(scope, &plan.query, Names::Exact)?;
    let headers = members::texts(scope, &plan.headers, Names::AnyCase)?;
    let body = match &plan.body {
        Body::Empty => DraftBody::Empty,
        Body::Form(members) => DraftBody::Form(members::texts(scope, members, Names::Exact)?),
        Body::Json(members) => DraftBody::Json(members::trees(scope, members)?),
    };
    let signer = plan.sign.as_ref().map(|sign| signature::read(scope, sign)).transpose()?;
    let mut draft = Draft { method, url, query, headers, body, style: None, auto: false, signer };
    if let Some(client) = client(scope, plan)? {
        draft.style = client.first_style(style);
        draft.auto = client.is_auto();
        client.authenticate(scope, draft.style, &mut draft)?;
    }
    draft.keep_free_of_proof(scope)?;
    draft.add_default_headers();
    draft.drop_what_the_url_has();
    Ok(draft)
}

/// The client of `plan`'s request.
pub(crate) fn client(scope: &Scope<'_>, plan: &RequestPlan) -> Result<Option<Client>, Error> {
    match &plan.client_authentication {
        Some(authentication) => Client::read(scope, authentication),
        None => Ok(None),
    }
}

/// Whether the request of `plan` sends a durable value or what a login brought: it may be spent by that.
pub(crate) fn spends_kept(plan: &RequestPlan) -> bool {
    let members = match &plan.body {
        Body::Form(members) | Body::Json(members) => Some(members),
        Body::Empty => None,
    };
    let reads = |members: &plan::Members| members.named.iter().any(|(_, value)| reads_kept(value));
    let signs = plan.sign.as_ref().is_some_and(|sign| match sign {
        plan::SignaturePlan::Oauth1(plan::Oauth1Plan { verifier, token, .. }) => {
            verifier.iter().chain(token).any(|template| template.parts.iter().any(is_kept))
        }
        _ => false,
    });
    signs || members.is_some_and(reads) || reads(&plan.query) || reads(&plan.headers)
}

fn is_kept(part: &plan::Part) -> bool {
    matches!(part, plan::Part::Field(plan::Source::Kept(_) | plan::Source::Login(_)))
}

fn reads_kept(value: &plan::Value) -> bool {
    use plan::Value;
    match value {
        Value::Template(template) => template.parts.iter().any(is_kept),
        Value::Literal(_) => false,
        Value::Pattern { value, .. } | Value::First(value) | Value::Array(value) => {
            value.iter().any(reads_kept)
        }
        Value::Object(members) => members.named.iter().any(|(_, value)| reads_kept(value)),
    }
}

impl Draft {
    /// Writes the request, and signs it if that is its plan.
    pub(crate) fn write(&self, scope: &Scope<'_>, now: SystemTime) -> Result<Request<Bytes>, Error> {
        let url = judge::url(&self.url.value()).map_err(|fault| {
            let fault = Unusable::new(Code::Url, "the token URL cannot be used").with_help(fault.to_string());
            scope.blame(fault, self.url.fields())
        })?;
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = address::to_uri(&self.with_query(url))?;
        for member in &self.headers {
            let (name, value) = header::prepare(scope, member)?;
            request.headers_mut().insert(name, value);
        }
        *request.body_mut() = match &self.body {
            DraftBody::Empty => Bytes::new(),
            DraftBody::Form(members) => write_form(members),
            DraftBody::Json(members) => {
                let text = |phrase: &Phrase| phrase.value().to_string();
                let members = members.iter().map(|member| (member.name.clone(), member.value.to_json(&text)));
                Bytes::from(serde_json::Value::Object(members.collect()).to_string())
            }
        };
        match &self.signer {
            Some(signer) => signed(signer, request, now),
            None => Ok(request),
        }
    }

    /// The URL as it may be shown: of a resolved one, scheme and host.
    pub(crate) fn shown_url(&self) -> String {
        if !self.url.is_hidden() {
            let shown = self.url.shown();
            return shown.split_once('?').map_or(shown.clone(), |(address, _)| address.to_owned());
        }
        match Url::parse(&self.url.value()) {
            Ok(url) => format!("{}/…", url.origin().ascii_serialization()),
            Err(_) => self.url.shown(),
        }
    }

    fn with_query(&self, mut url: Url) -> Url {
        if !self.query.is_empty() {
            let mut query = url.query().unwrap_or_default().to_owned();
            for member in &self.query {
                if !query.is_empty() {
                    query.push('&');
                }
                query.push_str(&percent::query(&member.name));
                query.push('=');
                query.push_str(&percent::query(&member.value.value()));
            }
            url.set_query(Some(&query));
        }
        url
    }

    /// Refuses a header of the name of the proof that every token request carries under DPoP (RFC 9449 §5).
    fn keep_free_of_proof(&self, scope: &Scope<'_>) -> Result<(), Error> {
        let dpop = scope.material.plan().token.as_ref().and_then(|token| token.dpop.as_ref());
        if !dpop.is_some_and(|dpop| scope.holds(&dpop.when)) {
            return Ok(());
        }
        let Some(member) = self.headers.iter().find(|it| it.name.eq_ignore_ascii_case(dpop::HEADER)) else {
            return Ok(());
        };
        match &member.origin {
            Origin::Spread(field) => Err(members::overrides_secret(scope, &member.name, *field)),
            Origin::Plan { named_by, .. } => Err(members::sent_twice(scope, &member.name, named_by)),
        }
    }

    fn add_default_headers(&mut self) {
        let content = match self.body {
            DraftBody::Empty => None,
            DraftBody::Form(_) => Some("application/x-www-form-urlencoded"),
            DraftBody::Json(_) => Some("application/json"),
        };
        let defaults = [("Accept", Some("application/json")), ("Content-Type", content)];
        for (at, (name, value)) in defaults.into_iter().enumerate() {
            let there = self.headers.iter().any(|member| member.name.eq_ignore_ascii_case(name));
            if let (Some(value), false) = (value, there) {
                self.headers.insert(at.min(self.headers.len()), Member::added(name, Phrase::clear(value)));
            }
        }
    }

    /// A parameter that the URL's query has already is not sent again.
    fn drop_what_the_url_has(&mut self) {
        let url = self.url.value();
        let Some((_, query)) = url.split_once('?') else { return };
        let names: HashSet<String> = percent::pairs(query).map(|(name, _)| name).collect();
        self.query.retain(|member| !names.contains(&member.name));
        if let DraftBody::Form(members) = &mut self.body {
            members.retain(|member| !names.contains(&member.name));
        }
    }
}

fn signed(signer: &Signer, request: Request<Bytes>, now: SystemTime) -> Result<Request<Bytes>, Error> {
    let (mut parts, body) = request.into_parts();
    let now = || now;
    let mut outgoing = Outgoing {
        method: &parts.method,
        uri: &mut parts.uri,
        headers: &mut parts.headers,
        given: Given::Whole(&body),
        replaced: None,
        now: &now,
    };
    signer.sign(&mut outgoing)?;
    let replaced = outgoing.replaced;
    Ok(Request::from_parts(parts, replaced.unwrap_or(body)))
}

fn write_form(members: &[Member<Phrase>]) -> Bytes {
    let mut form = String::new();
    for member in members {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(&percent::form(&member.name));
        form.push('=');
        form.push_str(&Zeroizing::new(percent::form(&member.value.value())));
    }
    Bytes::from(form)
}
