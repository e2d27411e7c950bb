//! A request as it is planned: in phrases, out of which comes what is shown and the command for curl.

use http::Method;
use http::header::COOKIE;
use serde_json::Value;

use super::curl::{ByCurl, Command};
use super::{ExplainedBody, ExplainedRequest, Purpose};
use crate::members::Member;
use crate::percent;
use crate::phrase::Phrase;
use crate::placement::body::BodyPart;
use crate::template::Tree;
use crate::token::request::{Draft, DraftBody};

/// A request that is not sent.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) purpose: Purpose,
    pub(super) when: Option<String>,
    pub(super) method: Method,
    /// Without the parameters of `query`.
    pub(super) url: Phrase,
    /// What is added to the URL's own query, not yet encoded.
    pub(super) query: Vec<(String, Phrase)>,
    pub(super) headers: Vec<(String, Phrase)>,
    pub(super) body: PlannedBody,
    pub(super) by_curl: ByCurl,
}

/// Its body.
#[derive(Clone)]
pub(super) enum PlannedBody {
    None,
    Form(Vec<(String, Phrase)>),
    Json(Tree),
}

impl Planned {
    /// A request without anything beside its URL.
    pub(super) fn new(purpose: Purpose, method: &Method, url: Phrase) -> Self {
        Self {
            purpose,
            when: None,
            method: method.clone(),
            url,
            query: Vec::new(),
            headers: Vec::new(),
            body: PlannedBody::None,
            by_curl: ByCurl::default(),
        }
    }

    /// A request of the token plan.
    pub(super) fn of_draft(draft: Draft, when: Option<String>) -> Self {
        let mut planned = Self { when, ..Self::new(Purpose::Token, &draft.method, draft.url) };
        planned.query = pairs(draft.query);
        planned.headers = pairs(draft.headers);
        planned.body = match draft.body {
            DraftBody::Empty => PlannedBody::None,
            DraftBody::Form(members) => PlannedBody::Form(pairs(members)),
            DraftBody::Json(members) => PlannedBody::Json(object(members)),
        };
        if let Some(signer) = draft.signer {
            let added = signer.added(&planned.method);
            planned.headers.extend(added.headers);
            planned.query.extend(added.query);
            match &mut planned.body {
                PlannedBody::Form(pairs) => pairs.extend(added.form),
                body if !added.form.is_empty() => *body = PlannedBody::Form(added.form),
                _ => {}
            }
        }
        planned
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&Phrase> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Adds the connector's own headers, where auth sets none.
    pub(super) fn add_own_headers(&mut self, own: &[(String, Phrase)]) {
        for (name, value) in own {
            if self.header(name).is_none() {
                self.headers.push((name.clone(), value.clone()));
            }
        }
    }

    /// Adds a cookie beside those that are there, as it is done when the call is made.
    pub(super) fn add_cookie(&mut self, cookie: Phrase) {
        match self.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(COOKIE.as_str())) {
            Some((_, others)) => {
                others.push(Phrase::clear("; "));
                others.push(cookie);
            }
            None => self.headers.push(("Cookie".to_owned(), cookie)),
        }
    }

    /// The request as it may be shown.
    pub(super) fn explained(self) -> ExplainedRequest {
        let shown = |pairs: &[(String, Phrase)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| (name.clone(), value.shown())).collect()
        };
        let mut url = self.url.shown();
        for (name, value) in &self.query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&percent::query(name));
            url.push('=');
            url.push_str(&value.encode(percent::query).shown());
        }
        ExplainedRequest {
            curl: Command::of(&self),
            headers: shown(&self.headers),
            body: match &self.body {
                PlannedBody::None => ExplainedBody::None,
                PlannedBody::Form(pairs) => ExplainedBody::Form(shown(pairs)),
                PlannedBody::Json(tree) => ExplainedBody::Json(tree.to_json(&Phrase::shown)),
            },
            purpose: self.purpose,
            when: self.when,
            method: self.method.to_string(),
            url,
        }
    }
}

impl PlannedBody {
    /// What auth puts into a call's body, beside what the caller does.
    pub(super) fn of(part: BodyPart) -> Self {
        match part {
            BodyPart::Form(members) => Self::Form(pairs(members)),
            BodyPart::Json(members) => Self::Json(object(members)),
        }
    }

    /// Adds what goes into it as well; no two parts of a body set the same.
    pub(super) fn add(&mut self, more: Self) {
        match (&mut *self, more) {
            (Self::Form(pairs), Self::Form(more)) => pairs.extend(more),
            (Self::Json(Tree::Object(members)), Self::Json(Tree::Object(more))) => members.extend(more),
            (body, more) => *body = more,
        }
    }

    /// What a header calls it.
    pub(super) fn media_type(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Json(_) => Some("application/json"),
        }
    }
}

fn pairs(members: Vec<Member<Phrase>>) -> Vec<(String, Phrase)> {
    members.into_iter().map(|member| (member.name, member.value)).collect()
}

fn object(members: Vec<Member<Tree>>) -> Tree {
    Tree::Object(members.into_iter().map(|member| (member.name, member.value)).collect())
}

/// A JSON text, whose parts still know whether they may be shown.
pub(super) fn json_text(tree: &Tree) -> Phrase {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut written = Phrase::default();
    match tree {
        Tree::Text(phrase) => {
            let inner = |text: &str| quoted(text).trim_matches('"').to_owned();
            written.push(Phrase::clear("\""));
            written.push(phrase.encode(inner));
            written.push(Phrase::clear("\""));
        }
        Tree::Scalar(phrase) => written.push(phrase.clone()),
        Tree::Plain(value) => written.push(Phrase::clear(value.to_string())),
        Tree::Object(members) => {
            for (at, (name, value)) in members.iter().enumerate() {
                let before = if at == 0 { "{" } else { "," };
                written.push(Phrase::clear(format!("{before}{}:", quoted(name))));
                written.push(json_text(value));
            }
            written.push(Phrase::clear(if members.is_empty() { "{}" } else { "}" }));
        }
        Tree::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                written.push(Phrase::clear(if at == 0 { "[" } else { "," }));
                written.push(json_text(item));
            }
            written.push(Phrase::clear(if items.is_empty() { "[]" } else { "]" }));
        }
    }
    written
}
