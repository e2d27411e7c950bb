//! What no schema can say: checks that belong to the plan's primitives, so that a new auth type has them by using the
//! primitives.
//!
//! They are pure functions of the config. They read it by slot, whatever it is, and tolerate a config that breaks its
//! schema: what is not there or of the wrong kind is none of their business.

mod basic;
mod beside;
mod client_authentication;
mod connection;
mod connector;
mod cookie;
mod dpop;
mod header;
mod hmac;
mod jwt;
mod key;
mod login;
mod oauth1;
mod request;
mod spread;
mod url;
mod value_pattern;

pub use self::header::may_be_wrong as headers_may_be_wrong;

use std::borrow::Cow;

use crate::checker::auth_config;
use crate::few_set::FewSet;
use crate::finding::{Code, Severity};
use crate::instance::Instance;
use crate::judge::Judge;
use crate::plan::{
    Condition, Field, FieldId, FieldKind, Oauth1Plan, ParameterLocation, Part, Placed, Plan, SignaturePlan,
    Source, Template, Test,
};
use crate::pointer::push_token;
use crate::slot::{Config, Slot, Slots, read};
use crate::table::{Display, Json, Registry, Schema};
use crate::value::ToValue as _;

use header::Sent;
pub(crate) use url::UNUSABLE;

/// Something found.
pub(crate) struct Issue {
    pub(crate) code: Code,
    pub(crate) pointer: String,
    /// Whether it is about the key of the member, not its value.
    pub(crate) at_key: bool,
    pub(crate) title: Option<String>,
    pub(crate) display: Display,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) schema: Option<String>,
}

impl Issue {
    pub(crate) fn new(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            pointer: pointer.into(),
            at_key: false,
            title: None,
            display: Display::Masked,
            message: message.into(),
            help: None,
            schema: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn at_key(mut self) -> Self {
        self.at_key = true;
        self
    }
}

/// What was found.
pub(crate) struct Issues {
    found: Vec<Issue>,
    /// What was found where.
    places: FewSet<(Code, String)>,
    /// Whether errors are all that is asked for: nothing else is then looked for, let alone put into words.
    errors_only: bool,
}

impl Issues {
    fn new(errors_only: bool) -> Self {
        Self { found: Vec::new(), places: FewSet::default(), errors_only }
    }

    /// Whether an issue of `code` would be taken.
    fn wants(&self, code: Code) -> bool {
        !self.errors_only || code.severity() == Severity::Error
    }

    fn push(&mut self, issue: Issue) {
        if self.wants(issue.code) {
            self.places.insert((issue.code, issue.pointer.clone()));
            self.found.push(issue);
        }
    }

    /// Takes an issue, unless one of its code is there already.
    fn push_once(&mut self, issue: Issue) {
        if self.wants(issue.code) && self.places.insert((issue.code, issue.pointer.clone())) {
            self.found.push(issue);
        }
    }
}

/// Everything to be said of a document: a connector, or an auth config alone.
pub(crate) fn issues(
    schema: &Schema,
    registry: Registry<'_>,
    root: Instance<'_>,
    judge: Option<&dyn Judge>,
) -> Vec<Issue> {
    let mut issues = Issues::new(false);
    look_at(schema, registry, root, judge, &mut issues);
    issues.found
}

/// Whether a document that holds to its schema has an error of the semantic layer.
pub(crate) fn has_document_errors(schema: &Schema, registry: Registry<'_>, root: Instance<'_>) -> bool {
    let mut issues = Issues::new(true);
    look_at(schema, registry, root, None, &mut issues);
    !issues.found.is_empty()
}

fn look_at(
    schema: &Schema,
    registry: Registry<'_>,
    root: Instance<'_>,
    judge: Option<&dyn Judge>,
    issues: &mut Issues,
) {
    let auth = auth_config(schema, registry, root);
    let plan = auth
        .as_ref()
        .and_then(|(schema, config, prefix)| Some((*schema, schema.plan.as_ref()?, *config, prefix)));
    if let Some((schema, plan, config, prefix)) = plan {
        let config = &Written { plan, config };
        Check { name: &schema.name, plan, config, prefix, judge, issues }.plan();
    }
    if schema.plan.is_none() {
        let plan = plan.map(|(schema, plan, config, _)| (schema, plan, config));
        connector::check(root, plan, judge, issues);
    }
}

/// Whether a config that holds to its schema has an error of the semantic layer. Most have nothing that calls for a check.
#[must_use]
pub fn has_errors(config: &dyn Config) -> bool {
    if !config.needs_check() {
        return false;
    }
    let schema = config.schema();
    let Some(plan) = &schema.plan else { return false };
    let mut issues = Issues::new(true);
    Check { name: &schema.name, plan, config, prefix: "", judge: None, issues: &mut issues }.plan();
    !issues.found.is_empty()
}

/// A config as a document has it.
struct Written<'c> {
    plan: &'c Plan,
    config: Instance<'c>,
}

impl Slots for Written<'_> {
    fn slot(&self, field: FieldId) -> Slot<'_> {
        self.plan.field(field).map_or(Slot::Absent, |field| read(field, self.config))
    }
}

/// A plan over a config, and what was found.
struct Check<'c, 's> {
    name: &'c str,
    plan: &'c Plan,
    config: &'s dyn Slots,
    prefix: &'c str,
    judge: Option<&'c dyn Judge>,
    issues: &'c mut Issues,
}

/// Where a field stands in the document.
#[derive(Clone, Copy)]
struct FieldPlace<'c> {
    prefix: &'c str,
    pointer: &'c str,
}

impl FieldPlace<'_> {
    fn pointer(self) -> String {
        [self.prefix, self.pointer].concat()
    }

    /// The pointer of the member `name` of the field's map.
    fn member(self, name: &str) -> String {
        let mut pointer = self.pointer();
        push_token(&mut pointer, name);
        pointer
    }
}

impl<'c, 's> Check<'c, 's> {
    fn plan(&mut self) {
        let plan = self.plan;
        self.urls();
        if let Some(connection) = &plan.connection {
            self.connection(connection);
        }
        let placements: Vec<&Placed> =
            plan.apply.iter().filter(|it| self.holds(&it.when)).map(|it| &it.what).collect();
        for (at, placed) in placements.iter().enumerate() {
            let others = || placements.iter().enumerate().filter(|(other, _)| *other != at);
            let beside = |place| self.beside(place, others().map(|(_, placed)| *placed));
            match placed {
                Placed::Header(members) => {
                    let beside = beside(ParameterLocation::Header);
                    self.headers(members, &|| beside.iter().map(|name| Sent::secret(name)).collect());
                }
                Placed::Basic { username, password: _ } => self.basic(username),
                Placed::Signature(signature) => self.signature(signature),
                Placed::Query(members) => self.parameters_beside(members, &beside(ParameterLocation::Query)),
                Placed::Form(members) | Placed::Json(members) => {
                    self.parameters_beside(members, &beside(ParameterLocation::Body));
                }
                Placed::Cookie(members) => {
                    self.parameters_beside(members, &beside(ParameterLocation::Cookie));
                    self.cookies(members);
                }
                // a session's cookies are the server's
                Placed::Cookies(_) => {}
            }
        }
        if let Some(token) = plan.token.as_ref().filter(|token| self.holds(&token.when)) {
            if let Some(login) = &token.login {
                self.login(login);
            }
            if let Some(dpop) = token.dpop.as_ref().filter(|dpop| self.holds(&dpop.when)) {
                self.dpop(&dpop.key);
            }
            token.keep.iter().for_each(|keep| self.answer_place(&keep.from));
            for step in &token.steps {
                self.request(&step.request);
                step.pick.iter().for_each(|pick| self.answer_place(&pick.place));
            }
            for request in &token.requests {
                self.request(request);
            }
            self.answer(&token.response);
        }
        for make in &plan.make {
            let crate::plan::Made::Jwt(jwt) = &make.what;
            self.jwt(jwt);
        }
    }

    /// What signs a request. Whatever it is made of, the signature itself is legal.
    fn signature(&mut self, signature: &SignaturePlan) {
        match signature {
            SignaturePlan::Digest { username, .. } => self.digest(username),
            SignaturePlan::Oauth1(Oauth1Plan {
                client_secret,
                token,
                token_secret,
                private_key,
                signature_method,
                ..
            }) => self.oauth1(
                signature_method,
                private_key.as_ref(),
                [
                    ("client", true, client_secret.as_ref()),
                    ("token", token.as_ref().is_some_and(|token| self.present(token)), token_secret.as_ref()),
                ],
            ),
            SignaturePlan::Dpop { key, .. } => self.dpop(key),
            SignaturePlan::Hmac(plan) => self.hmac(plan),
            SignaturePlan::AwsSigv4(_) => {}
        }
    }

    fn field(&self, field: FieldId) -> Option<&'c Field> {
        self.plan.field(field)
    }

    fn slot(&self, field: FieldId) -> Slot<'s> {
        self.config.slot(field)
    }

    /// Where a field stands in the document.
    fn place(&self, field: FieldId) -> FieldPlace<'c> {
        FieldPlace { prefix: self.prefix, pointer: self.field(field).map_or("", |field| &field.pointer) }
    }

    fn add(&mut self, issue: Issue) {
        self.issues.push_once(issue);
    }

    /// An issue at a field, with its title; what of it may be shown follows from its kind.
    fn at(&self, field: FieldId, code: Code, message: impl Into<String>) -> Issue {
        let mut issue = Issue::new(code, self.place(field).pointer(), message);
        if let Some(field) = self.field(field) {
            issue.title = field.title.as_ref().map(ToString::to_string);
            issue.display = match field.kind {
                _ if field.secret => Display::Secret,
                FieldKind::Url => Display::Origin,
                FieldKind::Plain | FieldKind::Boolean | FieldKind::Number => Display::Shown,
                FieldKind::Secret | FieldKind::Text | FieldKind::Map | FieldKind::Json => Display::Masked,
            };
        }
        issue
    }

    /// The literal that a template comes to, as far as it is known without resolving a reference; with the field it is
    /// from, if it is a lone one.
    fn literal<'a>(&self, template: &'a Template) -> Option<(Cow<'a, str>, Option<FieldId>)>
    where
        's: 'a,
        'c: 'a,
    {
        // most are one part: nothing is copied
        match *template.parts {
            [] => return Some((Cow::Borrowed(""), None)),
            [Part::Literal(ref literal)] => return Some((Cow::Borrowed(literal), None)),
            [Part::Field(Source::Field(field))] => return Some((self.text(field)?, Some(field))),
            _ => {}
        }
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Field(Source::Field(field)) => text.push_str(&self.text(*field)?),
                Part::Field(_) => return None,
            }
        }
        Some((Cow::Owned(text), None))
    }

    /// The literal text that the file gives a template, with the field that it is from, or the first of several. For a
    /// default the schema answers.
    fn written(&self, template: &Template) -> Option<(Cow<'s, str>, FieldId)> {
        if let Some(field) = template.lone_field() {
            return text_in(self.slot(field)).map(|text| (text, field));
        }
        let field = template.parts.iter().find_map(|part| match part {
            Part::Field(Source::Field(field)) if text_in(self.slot(*field)).is_some() => Some(*field),
            _ => None,
        })?;
        let (text, _) = self.literal(template)?;
        Some((Cow::Owned(text.into_owned()), field))
    }

    /// The literal text of a field, or its default.
    fn text<'a>(&self, field: FieldId) -> Option<Cow<'a, str>>
    where
        's: 'a,
        'c: 'a,
    {
        match self.slot(field) {
            Slot::Absent => self.field(field)?.default.as_ref()?.as_str().map(Cow::Borrowed),
            slot => text_in(slot),
        }
    }

    /// Whether a template has a value, as far as the config decides it. What is made, kept or fetched has one.
    fn present(&self, template: &Template) -> bool {
        template.parts.iter().all(|part| match part {
            Part::Field(Source::Field(field)) => {
                self.slot(*field).is_present()
                    || self.field(*field).is_some_and(|field| field.default.is_some())
            }
            _ => true,
        })
    }

    /// Whether every condition holds, as far as the config decides it.
    fn holds(&self, when: &[Condition]) -> bool {
        when.iter().all(|condition| {
            let Source::Field(field) = condition.source else { return true };
            match &condition.test {
                Test::Present(wanted) => self.slot(field).is_present() == *wanted,
                Test::Equals(value) => self.equals(field, value),
            }
        })
    }

    fn equals(&self, field: FieldId, value: &Json) -> bool {
        match (self.slot(field), value) {
            (Slot::String(text), Json::String(value)) => text == **value,
            (Slot::Boolean(one), Json::Bool(value)) => one == *value,
            (Slot::Number(one), Json::Number(value)) => one == *value,
            (Slot::Json(one), value) => *one == value.to_value(),
            (Slot::Absent, value) => {
                self.field(field).is_some_and(|field| field.default.as_ref() == Some(value))
            }
            _ => false,
        }
    }
}

/// What is written of a scalar, also in a slot that may hold other JSON.
fn text_in(slot: Slot<'_>) -> Option<Cow<'_, str>> {
    match slot {
        Slot::String(text) => Some(text),
        Slot::Boolean(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
        Slot::Number(number) => Some(Cow::Owned(number.to_value().to_string())),
        Slot::Json(Cow::Borrowed(value)) => value.as_str().map(Cow::Borrowed),
        Slot::Json(Cow::Owned(serde_json::Value::String(text))) => Some(Cow::Owned(text)),
        _ => None,
    }
}

/// Whether the connector's own headers have an error of the semantic layer.
#[must_use]
pub fn has_connector_errors(headers: Option<&crate::text::TextMap>) -> bool {
    let Some(headers) = headers.filter(|headers| header::may_be_wrong(headers)) else { return false };
    let (mut issues, mut repeats) = (Issues::new(true), header::Repeats::default());
    for (at, (name, value)) in headers.iter().enumerate() {
        let repeated = repeats.has(name, headers.iter().take(at).map(|(name, _)| name));
        header::check_entry(name, value.as_literal(), repeated, &String::new, &mut issues);
    }
    !issues.found.is_empty()
}
