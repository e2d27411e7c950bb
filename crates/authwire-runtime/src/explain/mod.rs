//! What would be sent, without sending it and without needing any secret to be there.
//!
//! The requests come out of the same code that makes them, in phrases that know what may be shown.

mod curl;
mod login;
mod planned;
mod step;

use std::fmt;

use authwire_core::plan::Made;
use http::Method;
use serde_json::{Value, json};

pub(crate) use curl::ByCurl;
use curl::Command;
use planned::{Planned, PlannedBody};

use crate::address;
use crate::connection;
use crate::connector::Connector;
use crate::error::Error;
use crate::jwt::claims;
use crate::made::Named;
use crate::material::{Material, REDACTED};
use crate::outline;
use crate::percent;
use crate::phrase::Phrase;
use crate::placement::{self, Edit};
use crate::template::{Scope, Token, Tree};
use crate::token::Style;
use crate::token::lifecycle::initial_values;
use crate::token::request;

/// Every request that a call would make, in order.
///
/// A reference is shown as `<env:NAME>`, a secret that stands in the connector file as `<redacted>`.
///
/// # Errors
///
/// If the connector holds a value that cannot be sent, or `path` leads to another origin.
pub fn explain(connector: &Connector, method: &Method, path: &str) -> Result<Explanation, Error> {
    let material = Material::unresolved(connector)?;
    let maker = Named(&material);
    let bare = Scope::bare(&material, &connector.name, &maker);
    let kept = initial_values(&bare)?;
    let scope = Scope { kept: &kept, ..bare };
    let mut requests = Vec::new();
    let token = material.plan().token.as_ref().filter(|token| scope.holds(&token.when));
    if let Some(token) = token {
        // what would be kept, once an answer held it
        let later: Vec<Option<Phrase>> = token
            .keep
            .iter()
            .map(|keep| Some(Phrase::unknown(format!("<kept {}>", keep.name)).into_secret()))
            .collect();
        let later = Scope { kept: &later, ..scope };
        if let Some(login) = &token.login {
            login::explain(&scope, login, token, &mut requests)?;
        }
        let picked = step::explain(&scope, token, &mut requests)?;
        let (scope, later) = (Scope { picked: &picked, ..scope }, Scope { picked: &picked, ..later });
        let mut first = true;
        for plan in &token.requests {
            if scope.holds(&plan.when) {
                let when = (!first).then(|| "if what was presented is refused".to_owned());
                explain_token(&scope, plan, when, &mut requests)?;
                first = false;
            }
        }
        for plan in token.requests.iter().filter(|plan| !scope.holds(&plan.when) && later.holds(&plan.when)) {
            let when = "once the answer held what is kept, in place of the above".to_owned();
            explain_token(&later, plan, Some(when), &mut requests)?;
        }
    }
    let token = token.map(Token::unknown);
    let scope = Scope { token: token.as_ref(), ..scope };
    requests.push(explain_call(&scope, method, path)?);
    let connection = connection::explain(&scope)?;
    if let Some(by_curl) = connection::by_curl(&scope)? {
        let only_calls = scope.material.plan().connection.as_ref().is_some_and(connection::is_for_calls);
        let proves = |request: &&mut Planned| !only_calls || request.purpose == Purpose::Call;
        for request in requests.iter_mut().filter(proves) {
            request.by_curl.options.extend(by_curl.options.iter().cloned());
        }
    }
    let requests = requests.into_iter().map(Planned::explained).collect();
    Ok(Explanation { connection, made: explain_made(&scope)?, requests })
}

/// Every request that a call would make, in order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// What the connections prove, in words.
    pub connection: Option<String>,
    /// What is made for them.
    pub made: Vec<ExplainedJwt>,
    /// The requests.
    pub requests: Vec<ExplainedRequest>,
}

/// A JWT before it is signed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExplainedJwt {
    /// As the plan calls it, and as `<name>` stands for it in the requests.
    pub name: String,
    /// Its header.
    pub header: Value,
    /// Its claims; what is made on the spot is a placeholder.
    pub claims: Value,
}

/// A URL, or the path of one with its query, as it may be shown: the values of parameters whose names sound secret are
/// `<redacted>`.
///
/// ```
/// assert_eq!(authwire_runtime::shown_url("/items?api_key=abc&page=2"), "/items?api_key=<redacted>&page=2");
/// ```
#[must_use]
pub fn shown_url(url: &str) -> String {
    Phrase::url(url, REDACTED).shown()
}

/// One request, redacted.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExplainedRequest {
    /// What it is for.
    pub purpose: Purpose,
    /// When it is made, if not always.
    pub when: Option<String>,
    /// Its method.
    pub method: String,
    /// Its URL, query included.
    pub url: String,
    /// Its headers, in the order in which they are set.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: ExplainedBody,
    curl: Command,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A person logs in with it.
    Login,
    /// It goes before the one that asks for a token; `when` says how the plan calls it.
    Step,
    /// It asks for a token.
    Token,
    /// It calls the API.
    Call,
}

/// The body of a request, redacted.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ExplainedBody {
    /// None; or, of a call, the caller's.
    None,
    /// A form: its parameters, not yet encoded.
    Form(Vec<(String, String)>),
    /// JSON.
    Json(Value),
}

impl Explanation {
    /// The same for a program.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let made =
            self.made.iter().map(|jwt| json!({"name": jwt.name, "header": jwt.header, "claims": jwt.claims}));
        let requests = self.requests.iter().map(ExplainedRequest::to_value);
        json!({
            "connection": self.connection,
            "made": made.collect::<Value>(),
            "requests": requests.collect::<Value>(),
        })
    }
}

impl ExplainedRequest {
    /// What it is for, and when it is made: `the token, if …`.
    #[must_use]
    pub fn heading(&self) -> String {
        let what = match self.purpose {
            Purpose::Login => "the login",
            Purpose::Step => "before the token",
            Purpose::Token => "the token",
            Purpose::Call => "the call",
        };
        self.when.as_ref().map_or_else(|| what.to_owned(), |when| format!("{what}, {when}"))
    }

    /// The same for a program.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let pairs = |pairs: &[(String, String)]| -> Value {
            pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
        };
        let purpose = match self.purpose {
            Purpose::Login => "login",
            Purpose::Step => "step",
            Purpose::Token => "token",
            Purpose::Call => "call",
        };
        let body = match &self.body {
            ExplainedBody::None => Value::Null,
            ExplainedBody::Form(form) => json!({ "form": pairs(form) }),
            ExplainedBody::Json(value) => json!({ "json": value }),
        };
        json!({
            "purpose": purpose,
            "when": self.when,
            "method": self.method,
            "url": self.url,
            "headers": pairs(&self.headers),
            "body": body,
        })
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(connection) = &self.connection {
            writeln!(f, "{connection}\n")?;
        }
        for jwt in &self.made {
            writeln!(f, "<{}> is a JWT, signed anew each time", jwt.name)?;
            for (what, value) in [("header", &jwt.header), ("claims", &jwt.claims)] {
                writeln!(f, "   {what}: {value}")?;
            }
            f.write_str("\n")?;
        }
        for (index, request) in self.requests.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            writeln!(f, "{}. {}", index + 1, request.heading())?;
            write!(f, "{request}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ExplainedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "   {} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(f, "   {name}: {value}")?;
        }
        match &self.body {
            ExplainedBody::None => Ok(()),
            ExplainedBody::Form(pairs) => {
                writeln!(f)?;
                pairs.iter().try_for_each(|(name, value)| writeln!(f, "   {name}={value}"))
            }
            ExplainedBody::Json(value) => {
                let text = serde_json::to_string_pretty(value).map_err(|_| fmt::Error)?;
                writeln!(f)?;
                text.lines().try_for_each(|line| writeln!(f, "   {line}"))
            }
        }
    }
}

fn explain_made(scope: &Scope<'_>) -> Result<Vec<ExplainedJwt>, Error> {
    let object = |members: &[(String, Tree)]| -> Value {
        Value::Object(
            members.iter().map(|(name, tree)| (name.clone(), tree.to_json(&Phrase::shown))).collect(),
        )
    };
    let mut made = Vec::new();
    for make in &scope.material.plan().make {
        let Made::Jwt(jwt) = &make.what;
        let draft = claims::explain(scope, jwt)?;
        made.push(ExplainedJwt {
            name: make.name.to_string(),
            header: object(&draft.header),
            claims: object(&draft.claims),
        });
    }
    Ok(made)
}

fn explain_token(
    scope: &Scope<'_>,
    plan: &authwire_core::plan::RequestPlan,
    when: Option<String>,
    requests: &mut Vec<Planned>,
) -> Result<(), Error> {
    let draft = request::draft(scope, plan, None)?;
    // where there is no body, the client can be proved in one way only
    let auto = draft.auto && has_body(&draft.method);
    let at = requests.len();
    requests.push(Planned::of_draft(draft, when));
    if auto {
        let other = request::draft(scope, plan, Some(Style::RequestBody))?;
        let when = if request::spends_kept(plan) {
            "only if the server answers invalid_client"
        } else {
            "only if the server does not accept the client so (400, 401 or 403)"
        };
        requests.push(Planned::of_draft(other, Some(when.to_owned())));
    }
    let dpop = scope.material.plan().token.as_ref().and_then(|token| token.dpop.as_ref());
    if dpop.is_some_and(|dpop| scope.holds(&dpop.when)) {
        let proof = ("DPoP".to_owned(), Phrase::unknown("<proof>"));
        requests.iter_mut().skip(at).for_each(|request| request.headers.push(proof.clone()));
    }
    Ok(())
}

fn explain_call(scope: &Scope<'_>, method: &Method, path: &str) -> Result<Planned, Error> {
    let mut call = Planned::new(Purpose::Call, method, Phrase::default());
    let (mut query, mut cookies) = (Vec::new(), Vec::new());
    for edit in placement::read(scope)? {
        match edit {
            Edit::Header(member) => {
                if member.value.is_known() {
                    placement::header::prepare(scope, &member)?;
                }
                call.headers.push((member.name, member.value));
            }
            Edit::Query(member) => query.push((member.name, member.value)),
            Edit::Sign(signer) => {
                let added = signer.added(method);
                call.headers.extend(added.headers);
                query.extend(added.query);
                if !added.form.is_empty() {
                    call.body.add(PlannedBody::Form(added.form));
                }
                call.by_curl = signer.by_curl().unwrap_or(call.by_curl);
            }
            Edit::Body(part) => call.body.add(PlannedBody::of(part)),
            Edit::Cookies(session) => cookies.push(session),
            Edit::Cookie(member) => {
                let mut cookie = Phrase::clear(format!("{}=", member.name));
                cookie.push(member.value);
                cookies.push(cookie);
            }
        }
    }
    call.add_own_headers(&scope.material.headers);
    cookies.into_iter().for_each(|cookie| call.add_cookie(cookie));
    if let Some(media_type) = call.body.media_type() {
        if call.header("content-type").is_none() {
            call.headers.push(("Content-Type".to_owned(), Phrase::clear(media_type)));
        }
        if !has_body(method) {
            call.when =
                Some(format!("which is refused: auth is part of its body, and a {method} request has none"));
        }
    }
    // as the placement does it: auth replaces its namesakes, the connector's own are added where they are not there
    let name_of = |pair: &str| percent::decode(pair.split_once('=').map_or(pair, |(name, _)| name));
    let (address, given) = address_of(scope, path)?;
    let is_auth = |name: &str| query.iter().any(|(known, _)| known == name);
    let given: Vec<&str> =
        given.split('&').filter(|pair| !pair.is_empty() && !is_auth(&name_of(pair))).collect();
    let is_given = |name: &str| given.iter().any(|pair| name_of(pair) == name);
    let own = scope.material.query.iter().filter(|(name, _)| !is_auth(name) && !is_given(name));
    call.query = own.cloned().collect();
    call.url = address;
    if !given.is_empty() {
        call.url.push(Phrase::url(&format!("?{}", given.join("&")), REDACTED));
    }
    call.query.extend(query);
    Ok(call)
}

/// Whether a request of this method has a body.
fn has_body(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// Where a call for `path` goes, and its query.
fn address_of(scope: &Scope<'_>, path: &str) -> Result<(Phrase, String), Error> {
    let base = &scope.material.base_url;
    let (mut address, target) = if !base.is_known() {
        address::check_path(path, &base.shown())?;
        let mut address = base.without_end('/');
        address.push(Phrase::clear("/"));
        (address, path.trim_start_matches('/').to_owned())
    } else {
        let url = address::base(&base.value())?.join(path)?;
        match url.path_and_query().filter(|_| outline::moves(scope)) {
            Some(target) => (Phrase::unknown("<base_url>"), target.to_string()),
            None => (Phrase::default(), url.to_string()),
        }
    };
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    address.push(Phrase::clear(path));
    Ok((address, query.to_owned()))
}
