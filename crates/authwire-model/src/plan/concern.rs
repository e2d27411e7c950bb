//! What a plan can object to in a config that holds to its schema.
//!
//! The semantic layer of `authwire-core` says what is wrong. Here is said, of each primitive, what a config has in which it
//! can be wrong: a derived config is looked through for that alone, and most need not be looked at any further.
//!
//! A concern too many costs time. One too few would let a config pass that the report refuses, so each part of a plan is
//! taken apart whole: a new one is an error here until something is said of it.

use super::{
    AnswerPlace, At, AuthorizationPlan, AwsSigv4Plan, Body, CLIENT_ID_PARAMETER, CLIENT_SECRET_PARAMETERS,
    ClientAuthentication, ConnectionAuth, ConnectionPlan, FieldId, HmacPlan, Jwt, Keep, LoginPlan,
    MADE_CLAIMS, Made, Make, Members, Oauth1Plan, Pick, Placed, Placement, Plan, RequestPlan, ResponsePlan,
    SignaturePlan, Source, StepPlan, Template, TokenPlan, Value,
};
use crate::header::{is_value, name_fault};
use crate::key::{KeyEncoding, is_pem};
use crate::table::Json;
use crate::username;
use crate::value_pattern::prefix;

/// What calls for the semantic layer: all of these signs at once.
pub type Concern = Vec<Sign>;

/// Something that is to be seen in a config, without another look at its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// The field is written, or it is not.
    Written(FieldId, bool),
    /// The field holds a text, not a reference to one.
    Literal(FieldId),
    /// The field holds a text with this flaw.
    Flawed(FieldId, Flaw),
    /// The field holds `text`, or nothing where that comes to the same.
    Equals {
        /// The field.
        field: FieldId,
        /// What it holds.
        text: String,
        /// Whether this is its default.
        by_default: bool,
    },
    /// The field holds headers, and there is something about one of them.
    Headers(FieldId),
    /// The field holds a map or an object, and one of these names is in it.
    Names(FieldId, Vec<String>),
}

/// What a text may not have where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A user name for Basic or Digest with a colon or a control character (RFC 7617 §2, RFC 7616 §4).
    Username,
    /// A user name for NTLM with its domain (MS-NLMP §2.2.1.3).
    Domain,
    /// No name of a header that may be set (RFC 9110 §5.1).
    HeaderName,
    /// No value of a header (RFC 9110 §5.5).
    HeaderValue,
    /// A pattern without its one `%s`.
    Pattern,
    /// A URL with a query.
    Query,
    /// A key in PEM (RFC 7468).
    Pem,
}

impl Flaw {
    /// Whether `text` may have the flaw. What has it is always told, and little else.
    #[must_use]
    pub fn is_in(self, text: &str) -> bool {
        match self {
            Self::Username => username::may_be_wrong(text),
            Self::Domain => text.contains('\\'),
            Self::HeaderName => name_fault(text).is_some(),
            Self::HeaderValue => !is_value(text),
            Self::Pattern => prefix(text).is_err(),
            Self::Query => text.contains('?'),
            Self::Pem => is_pem(text),
        }
    }
}

impl Plan {
    /// Everything that calls for the semantic layer. A config that holds to its schema and has none of it is valid.
    #[must_use]
    pub fn concerns(&self) -> Vec<Concern> {
        let Self { version: _, fields: _, connection, make, token, apply } = self;
        let mut concerns = Concerns { plan: self, found: Vec::new() };
        if let Some(connection) = connection {
            concerns.connection(connection);
        }
        for (at, Placement { when: _, what }) in apply.iter().enumerate() {
            concerns.placed(what);
            let mut others = apply.iter().enumerate().filter(|(other, _)| *other != at);
            if others.any(|(_, other)| may_set_the_same(what, &other.what)) {
                concerns.beside(what);
            }
        }
        if let Some(token) = token {
            concerns.token(token);
        }
        for Make { name: _, what: Made::Jwt(jwt) } in make {
            concerns.jwt(jwt);
        }
        concerns.found
    }
}

/// The concerns of a plan, as they are found.
struct Concerns<'p> {
    plan: &'p Plan,
    found: Vec<Concern>,
}

impl Concerns<'_> {
    fn add(&mut self, concern: Concern) {
        if !self.found.contains(&concern) {
            self.found.push(concern);
        }
    }

    /// A certificate is only the judge's business.
    fn connection(&mut self, connection: &ConnectionPlan) {
        let ConnectionPlan { when: _, what } = connection;
        match what {
            ConnectionAuth::ClientCertificate { certificate: _, private_key: _, passphrase: _ } => {}
            ConnectionAuth::Ntlm { username, password: _, domain: _, workstation: _ } => {
                self.flaw(username, Flaw::Domain);
            }
        }
    }

    fn placed(&mut self, what: &Placed) {
        match what {
            Placed::Header(members) => self.headers(members, &[]),
            Placed::Basic { username, password: _ } => self.flaw(username, Flaw::Username),
            Placed::Signature(signature) => self.signature(signature),
            Placed::Form(members) | Placed::Json(members) | Placed::Query(members) => {
                self.parameters(members, &[]);
            }
            Placed::Cookie(members) => self.cookies(members),
            Placed::Cookies(_) => {}
        }
    }

    /// What is placed beside what others place.
    fn beside(&mut self, what: &Placed) {
        match what {
            Placed::Header(members)
            | Placed::Query(members)
            | Placed::Cookie(members)
            | Placed::Form(members)
            | Placed::Json(members) => self.open_names(members),
            Placed::Cookies(_) | Placed::Basic { username: _, password: _ } | Placed::Signature(_) => {}
        }
    }

    /// The names that the config says: what is spread, and those of its own.
    fn open_names(&mut self, members: &Members) {
        for spread in &members.spreads {
            self.add(vec![Sign::Written(*spread, true)]);
        }
        for (name, _) in &members.named {
            fields(name).for_each(|field| self.add(vec![Sign::Written(field, true)]));
        }
    }

    fn signature(&mut self, signature: &SignaturePlan) {
        match signature {
            SignaturePlan::Digest { username, password: _ } => self.flaw(username, Flaw::Username),
            SignaturePlan::Oauth1(Oauth1Plan {
                client_key: _,
                client_secret,
                token,
                token_secret,
                private_key,
                signature_method,
                callback: _,
                verifier: _,
                realm: _,
                placement: _,
            }) => {
                let by_key = self.equals(signature_method, "RSA-SHA1");
                self.both(by_key, self.absent(private_key.as_ref()));
                if let Some(key) = private_key {
                    self.add(self.written(key));
                }
                if let Some(no_secret) = self.absent(client_secret.as_ref()) {
                    self.add(no_secret);
                }
                if let Some(token) = token {
                    self.both(Some(self.written(token)), self.absent(token_secret.as_ref()));
                }
            }
            SignaturePlan::Hmac(plan) => self.hmac(plan),
            SignaturePlan::Dpop { key: _, token: _ } => {}
            SignaturePlan::AwsSigv4(AwsSigv4Plan {
                access_key_id: _,
                secret_access_key: _,
                session_token: _,
                region: _,
                service: _,
            }) => {}
        }
    }

    /// A literal key must be written as it is said to be.
    fn hmac(&mut self, plan: &HmacPlan) {
        let HmacPlan {
            algorithm: _,
            key,
            key_encoding,
            string: _,
            encoding: _,
            timestamp: _,
            headers,
            query: _,
        } = plan;
        self.headers(headers, &[]);
        self.encoded(key, key_encoding.as_ref());
    }

    /// A literal secret, and how it is written.
    fn encoded(&mut self, key: &Template, encoding: Option<&Template>) {
        let (Some(key), Some(encoding)) = (key.lone_field(), encoding) else { return };
        self.both(Some(self.written(encoding)), Some(vec![Sign::Literal(key)]));
    }

    fn token(&mut self, token: &TokenPlan) {
        // the key of `dpop` is only the judge's business
        let TokenPlan { when: _, keep, login, dpop: _, steps, requests, response, renew_on: _ } = token;
        if let Some(LoginPlan { authorization, device }) = login {
            if let Some(authorization) = authorization {
                self.authorization(authorization);
            }
            if let Some(device) = device {
                self.request(device);
            }
        }
        keep.iter().for_each(|Keep { name: _, initial: _, from }| self.answer_place(from));
        for StepPlan { name: _, request, pick } in steps {
            self.request(request);
            pick.iter().for_each(|Pick { name: _, place }| self.answer_place(place));
        }
        for request in requests {
            self.request(request);
        }
        let ResponsePlan { access_token, expires_in, token_type, error, base_url, pick } = response;
        self.answer_place(access_token);
        for place in [expires_in, token_type, error, base_url].into_iter().flatten() {
            self.answer_place(place);
        }
        pick.iter().for_each(|Pick { name: _, place }| self.answer_place(place));
    }

    /// The names of headers and cookies.
    fn answer_place(&mut self, place: &AnswerPlace) {
        let AnswerPlace { at, format: _, expect: _, when: _ } = place;
        match at {
            At::Header(name) | At::Cookie(name) => self.flaw(name, Flaw::HeaderName),
            At::Cookies(names) => names.iter().for_each(|name| self.flaw(name, Flaw::HeaderName)),
            At::Pointer(_) | At::Input(_) | At::Meta(_) => {}
        }
    }

    fn authorization(&mut self, plan: &AuthorizationPlan) {
        let AuthorizationPlan { when: _, temporary, url, query, redirect_uri: _, issuer: _ } = plan;
        if let Some(request) = temporary {
            self.request(request);
        }
        self.flaw(url, Flaw::Query);
        self.parameters(query, plan.parameters());
    }

    fn request(&mut self, request: &RequestPlan) {
        let RequestPlan { when: _, method: _, url: _, query, headers, body, client_authentication, sign } =
            request;
        if let Some(signature) = sign {
            self.signature(signature);
        }
        if let Some(client) = client_authentication {
            self.client_authentication(client);
        }
        let mut header: &[&str] = &[];
        let mut added: Vec<&str> = Vec::new();
        if let Some(client) = client_authentication {
            header = &["Authorization"];
            added.extend(CLIENT_SECRET_PARAMETERS);
            added.extend(self.plan.reads_secret(&client.id).then_some(CLIENT_ID_PARAMETER));
        }
        self.headers(headers, header);
        self.parameters(query, &[]);
        if sign.is_some() {
            self.open_names(headers);
            self.open_names(query);
        }
        match body {
            Body::Empty => {}
            Body::Form(members) | Body::Json(members) => self.parameters(members, &added),
        }
    }

    /// A style that is written, and no client for it or no secret.
    fn client_authentication(&mut self, client: &ClientAuthentication) {
        let ClientAuthentication { style, id, secret, username, password: _, assertion: _ } = client;
        if let Some(username) = username {
            self.flaw(username, Flaw::Username);
        }
        if let Some(style) = style {
            for needed in [Some(id), secret.as_ref()] {
                self.both(Some(self.written(style)), self.absent(needed));
            }
            for raw in ["basic_raw", "basic_username_password"] {
                let id = id.lone_field().map(|id| vec![Sign::Flawed(id, Flaw::Username)]);
                self.both(self.equals(style, raw), id);
            }
        }
    }

    fn jwt(&mut self, jwt: &Jwt) {
        let Jwt { algorithm, key, key_encoding, lifetime_seconds: _, jti: _, nbf: _, header, claims } = jwt;
        for spread in &header.spreads {
            self.add(vec![Sign::Names(*spread, vec!["alg".to_owned()])]);
        }
        let named = claims.named.iter().filter_map(|(name, _)| name.literal());
        let made: Vec<String> = MADE_CLAIMS.into_iter().chain(named).map(str::to_owned).collect();
        for spread in &claims.spreads {
            self.add(vec![Sign::Names(*spread, made.clone())]);
        }
        self.spread_twice(claims, true);
        if let Some(encoding) = key_encoding.as_ref().and_then(Template::lone_field) {
            self.add(vec![Sign::Written(encoding, true)]);
        }
        let usual = |field| {
            self.default(field).is_none_or(|usual| usual.as_str() == Some(KeyEncoding::Utf8.as_str()))
        };
        if !key_encoding.as_ref().and_then(Template::lone_field).is_some_and(usual) {
            self.encoded(key, key_encoding.as_ref());
        }
        if let Some(key) = key.lone_field() {
            self.both(self.equals(algorithm, "HS256"), Some(vec![Sign::Flawed(key, Flaw::Pem)]));
        }
    }

    /// What one spread brings after another has: of the same name where that is a secret, or wherever that may `never` be.
    fn spread_twice(&mut self, members: &Members, never: bool) {
        for (at, later) in members.spreads.iter().enumerate() {
            let earlier = members.spreads.iter().take(at);
            for earlier in earlier.filter(|earlier| never || self.plan.is_secret(**earlier)) {
                self.add(vec![Sign::Written(*earlier, true), Sign::Written(*later, true)]);
            }
        }
    }

    /// Headers, beside these others.
    fn headers(&mut self, members: &Members, others: &[&str]) {
        for (name, _) in &members.named {
            self.flaw(name, Flaw::HeaderName);
        }
        self.patterns(members, true);
        self.chosen_names(members, others);
        self.spread_twice(members, false);
        let is_guarded = members.named.iter().any(|(_, value)| self.is_guarded(value));
        for spread in &members.spreads {
            // names of headers are the same in other letters
            self.add(vec![if is_guarded { Sign::Written(*spread, true) } else { Sign::Headers(*spread) }]);
        }
    }

    /// Parameters of a query, a form, a cookie or a JSON object, beside these others.
    fn parameters(&mut self, members: &Members, others: &[&str]) {
        self.patterns(members, false);
        self.chosen_names(members, others);
        self.spread(members, others);
        members.named.iter().for_each(|(_, value)| self.objects(value));
    }

    /// Cookies, most of which the server made: what a config writes of one is looked at.
    fn cookies(&mut self, members: &Members) {
        self.parameters(members, &[]);
        self.open_names(members);
        members.named.iter().for_each(|(_, value)| self.cookie(value));
    }

    fn cookie(&mut self, value: &Value) {
        match value {
            Value::Template(template) => {
                fields(template).for_each(|field| self.add(vec![Sign::Literal(field)]));
            }
            Value::Pattern { pattern, value } => {
                fields(pattern).for_each(|field| self.add(vec![Sign::Literal(field)]));
                value.iter().for_each(|value| self.cookie(value));
            }
            Value::First(values) | Value::Array(values) => values.iter().for_each(|value| self.cookie(value)),
            Value::Literal(_) | Value::Object(_) => {}
        }
    }

    /// The objects in a value, each of which has parameters of its own.
    fn objects(&mut self, value: &Value) {
        match value {
            Value::Object(members) => self.parameters(members, &[]),
            Value::Array(values) | Value::First(values) => {
                values.iter().for_each(|value| self.objects(value))
            }
            Value::Template(_) | Value::Literal(_) | Value::Pattern { .. } => {}
        }
    }

    /// Names that the config chooses, where there is another that one may be the same as.
    fn chosen_names(&mut self, members: &Members, others: &[&str]) {
        if members.named.len() + others.len() < 2 {
            return;
        }
        for (name, _) in &members.named {
            for field in fields(name) {
                self.add(vec![Sign::Written(field, true)]);
            }
        }
    }

    /// Whether a value may not be replaced by one that is spread.
    fn is_guarded(&self, value: &Value) -> bool {
        matches!(value, Value::First(_)) || self.plan.carries_secret(value)
    }

    fn patterns(&mut self, members: &Members, header: bool) {
        for (_, value) in &members.named {
            self.pattern(value, header);
        }
    }

    fn pattern(&mut self, value: &Value, header: bool) {
        match value {
            Value::Template(template) if header => self.flaw(template, Flaw::HeaderValue),
            Value::Template(_) | Value::Literal(_) | Value::Object(_) => {}
            Value::First(values) | Value::Array(values) => {
                values.iter().for_each(|value| self.pattern(value, header));
            }
            Value::Pattern { pattern, value } => {
                value.iter().for_each(|value| self.pattern(value, header));
                if header {
                    self.flaw(pattern, Flaw::HeaderValue);
                }
                self.flaw(pattern, Flaw::Pattern);
            }
        }
    }

    /// Names that may not be set where the spread goes: those of `secret`, and those of values beside it that carry one or
    /// were chosen among several.
    fn spread(&mut self, members: &Members, secret: &[&str]) {
        self.spread_twice(members, false);
        let guarded: Vec<_> = members.named.iter().filter(|(_, value)| self.is_guarded(value)).collect();
        let names: Option<Vec<&str>> = guarded.iter().map(|(name, _)| name.literal()).collect();
        for spread in &members.spreads {
            match &names {
                // a name that the config says may be any
                None => self.add(vec![Sign::Written(*spread, true)]),
                Some(names) => {
                    let names: Vec<String> =
                        secret.iter().chain(names).map(|name| (*name).to_owned()).collect();
                    if !names.is_empty() {
                        self.add(vec![Sign::Names(*spread, names)]);
                    }
                }
            }
        }
    }

    /// The text of a field that a template is alone; of several parts, each may be what makes it so.
    fn flaw(&mut self, template: &Template, flaw: Flaw) {
        match template.lone_field() {
            Some(field) => self.add(vec![Sign::Flawed(field, flaw)]),
            None => fields(template).for_each(|field| self.add(vec![Sign::Written(field, true)])),
        }
    }

    /// What is told by the signs of one and of the other. `None` is what never holds.
    fn both(&mut self, one: Option<Concern>, other: Option<Concern>) {
        if let (Some(one), Some(other)) = (one, other) {
            self.add([one, other].concat());
        }
    }

    /// The signs that a template has a value.
    fn written(&self, template: &Template) -> Concern {
        let field = template.lone_field().filter(|field| self.default(*field).is_none());
        field.map(|field| Sign::Written(field, true)).into_iter().collect()
    }

    /// The signs that a template has no value, if it ever has none.
    fn absent(&self, template: Option<&Template>) -> Option<Concern> {
        match (template, template.and_then(Template::lone_field)) {
            (_, Some(field)) => self.default(field).is_none().then(|| vec![Sign::Written(field, false)]),
            (Some(template), None) => template.literal().is_none().then(Concern::new),
            (None, None) => Some(Concern::new()),
        }
    }

    /// The signs that a template comes to `text`, if it ever does.
    fn equals(&self, template: &Template, text: &str) -> Option<Concern> {
        match (template.literal(), template.lone_field()) {
            (Some(literal), _) => (literal == text).then(Concern::new),
            (None, Some(field)) => {
                let by_default = self.default(field).and_then(Json::as_str) == Some(text);
                Some(vec![Sign::Equals { field, text: text.to_owned(), by_default }])
            }
            (None, None) => Some(Concern::new()),
        }
    }

    fn default(&self, field: FieldId) -> Option<&Json> {
        self.plan.field(field)?.default.as_ref()
    }
}

/// Whether both may set something under one name.
fn may_set_the_same(one: &Placed, other: &Placed) -> bool {
    use Placed::{Basic, Cookie, Form, Header, Json, Query, Signature};
    matches!(
        (one, other),
        (Header(_), Header(_) | Basic { .. } | Signature(_))
            | (Query(_), Query(_) | Signature(_))
            | (Cookie(_), Cookie(_))
            | (Form(_) | Json(_), Form(_) | Json(_))
    )
}

/// The properties that a template reads.
fn fields(template: &Template) -> impl Iterator<Item = FieldId> + '_ {
    template.sources().filter_map(|source| match source {
        Source::Field(field) => Some(field),
        _ => None,
    })
}
