//! Reads a plan (`x-auth`): the closed grammar, one primitive a file, every path checked against the properties.
//!
//! A primitive's file says what may stand in it and which slots must be filled. [`slot`] says what a slot takes,
//! [`property`] what a property holds, [`proof`] whether it is there. Knows nothing of the wire.

mod alternatives;
mod client_authentication;
mod connection;
mod dpop;
mod grammar;
mod hmac;
mod jwt;
mod keep;
mod login;
mod make;
mod members;
mod placement;
mod proof;
#[cfg(test)]
mod proof_tests;
mod property;
mod request;
mod response;
mod signature;
mod slot;
mod statuses;
mod step;
mod template;
mod token;
mod value;
mod when;

use std::borrow::Cow;

use authwire_model::list::List;
use authwire_model::plan::{Condition, Field, LoginValue, Part as Piece, Plan, Source, Template, Test};

use crate::compiler::Draft;
use crate::problems::{Problem, Problems, Spot};
use crate::shape::Shape;
use crate::source::Site;

use property::Property;

/// The version of the language.
const VERSION: u64 = 1;

/// The heads of paths that are no properties.
const HEADS: [&str; 7] = ["make", "token", "kept", "steps", "login", "request", "connector"];

/// Those that no property may be called. Each of the others gives way to a property of its name.
const RESERVED: [&str; 4] = ["make", "token", "kept", "connector"];

/// Reads the plan of the auth type at `root`, whose nodes are `shape`. What is wrong goes into `problems`.
pub(crate) fn compile(
    root: Site<'_>,
    shape: Shape<'_>,
    drafts: &[Draft<'_>],
    problems: &mut Problems,
) -> Option<Plan> {
    let site = root.get("x-auth")?;
    let mut planner = Planner::new(shape, drafts, problems);
    planner.refuse_reserved_properties();
    let members = planner.object(site, "`x-auth`", &["version", "connection", "make", "token", "apply"])?;
    if let Some(version) = members.get("version")
        && version.value.number().and_then(|number| number.as_u64()) != Some(VERSION)
    {
        planner.error(version.spot(), format!("this version of the language is not known; it is {VERSION}"));
    }
    planner.declare(&members);
    let connection = members.get("connection").and_then(|site| planner.connection(site));
    let make = members.get("make").map(|site| planner.make(site)).unwrap_or_default();
    let token = members.get("token").and_then(|site| planner.token(site));
    let apply = match planner.required(&members, "apply") {
        Some(apply) => planner.placements(apply),
        None => Vec::new(),
    };
    let fields: List<Field> = planner.fields.iter().map(|property| property.field.clone()).collect();
    Some(Plan { version: 1, fields, connection, make: make.into(), token, apply: apply.into() })
}

/// Reads a plan.
struct Planner<'p, 'l> {
    shape: Shape<'p>,
    drafts: &'p [Draft<'l>],
    problems: &'p mut Problems,
    /// The properties that were read so far.
    fields: Vec<Property>,
    /// The names under `make`.
    made: Vec<String>,
    /// What `token.keep` names.
    kept: Vec<keep::Known>,
    /// What a person's login brings, if the token comes from one.
    brought: Option<Vec<LoginValue>>,
    /// What of that token requests read.
    read_of_login: Vec<LoginValue>,
    /// Whether the token is the cookies of a session, once that is known.
    is_session: Option<bool>,
    /// The names under `token.response.pick`, and under which conditions each is there.
    token_values: Vec<(String, Vec<Condition>)>,
    /// The steps that were read so far.
    steps: Vec<step::Known>,
    /// The conditions under which there is a token; `None` where there is none at all.
    token: Option<Vec<Condition>>,
}

/// In which part of the plan something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Connection,
    Make,
    /// Whether there is a token at all, and what is kept at first: nothing was kept, made or brought yet.
    Beginning,
    /// How a person logs in.
    Login,
    /// Token requests and their answers.
    Token,
    Apply,
}

/// In which part of a signature over a request something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signing {
    /// In what is signed.
    String,
    /// In what carries the signature.
    Carrier,
}

/// Where something stands: the part, and what holds there.
#[derive(Debug, Clone, Copy)]
struct Scope<'f> {
    part: Part,
    facts: &'f [Condition],
    signing: Option<Signing>,
}

impl<'f> Scope<'f> {
    /// In `part`, where `facts` hold.
    fn new(part: Part, facts: &'f [Condition]) -> Self {
        Self { part, facts, signing: None }
    }

    /// What holds there, and `when` besides.
    fn facts_and(self, when: &[Condition]) -> Vec<Condition> {
        self.facts.iter().chain(when).cloned().collect()
    }

    /// The same place, where `facts` hold.
    fn with(self, facts: &[Condition]) -> Scope<'_> {
        Scope { facts, ..self }
    }
}

impl<'p, 'l> Planner<'p, 'l> {
    fn new(shape: Shape<'p>, drafts: &'p [Draft<'l>], problems: &'p mut Problems) -> Self {
        Self {
            shape,
            drafts,
            problems,
            fields: Vec::new(),
            made: Vec::new(),
            kept: Vec::new(),
            brought: None,
            read_of_login: Vec::new(),
            is_session: None,
            token_values: Vec::new(),
            steps: Vec::new(),
            token: None,
        }
    }

    fn error(&mut self, spot: Spot, message: impl Into<String>) {
        self.problem(Problem::error(spot, message));
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The heads of paths would hide properties of the same name.
    fn refuse_reserved_properties(&mut self) {
        for (name, node) in self.shape.properties(0) {
            let Some(draft) = self.drafts.get(node as usize).filter(|_| RESERVED.contains(&name)) else {
                continue;
            };
            let message =
                format!("a property may not be named `{name}`: in plans that is the head of a path");
            self.problems.push(Problem::error(draft.site.key_spot(), message));
        }
    }

    /// Notes what the parts of a plan may refer to before any is read.
    fn declare(&mut self, members: &grammar::Members<'l>) {
        let names = |site: Option<Site<'l>>| -> Vec<String> {
            site.map(|site| site.members().map(|(name, _)| name.into_owned()).collect()).unwrap_or_default()
        };
        self.made = names(members.get("make"));
        let token = members.get("token");
        self.token = token.map(|_| Vec::new());
        self.brought = token.and_then(|token| token.get("login")).map(login::brings);
        let keep = names(token.and_then(|token| token.get("keep")));
        self.kept = keep.into_iter().map(keep::Known::new).collect();
    }

    /// Whether `source` has a value wherever `facts` hold.
    fn has(&self, source: Source, facts: &[Condition]) -> bool {
        let said = |condition: &Condition| {
            condition.source == source && matches!(condition.test, Test::Present(true) | Test::Equals(_))
        };
        if facts.iter().any(said) {
            return true;
        }
        match source {
            Source::Field(id) => match self.fields.get(usize::from(id)) {
                Some(property) if property.field.always || property.broken => true,
                Some(property) => {
                    let path: Vec<&str> = property.field.path.split('.').collect();
                    proof::Proof::new(self.shape).has(0, &path, &self.facts(facts))
                }
                None => true,
            },
            Source::Make(_) | Source::Request(_) | Source::BaseUrl | Source::ConnectorName => true,
            Source::Kept(index) => self.kept.get(usize::from(index)).is_none_or(|kept| kept.is_certain),
            Source::Picked(step, pick) => self.is_picked(step, pick, facts),
            Source::Login(value) => self.is_brought(value, facts),
            Source::AccessToken => match &self.token {
                Some(when) => when.iter().all(|condition| self.holds(condition, facts)),
                None => true,
            },
            Source::TokenValue(index) => {
                let when = self.token_values.get(usize::from(index)).map(|(_, when)| when.as_slice());
                let picked = when.unwrap_or_default().iter().all(|condition| self.holds(condition, facts));
                picked && self.has(Source::AccessToken, facts)
            }
        }
    }

    /// Whether a login brings `value` wherever `facts` hold: a code and a verifier come with what they were asked for with.
    fn is_brought(&self, value: LoginValue, facts: &[Condition]) -> bool {
        let brought = |value| self.has(Source::Login(value), facts);
        match value {
            LoginValue::Code | LoginValue::DeviceCode | LoginValue::Verifier => false,
            LoginValue::CodeVerifier => brought(LoginValue::Code),
            LoginValue::Token | LoginValue::TokenSecret => brought(LoginValue::Verifier),
            LoginValue::RedirectUri => brought(LoginValue::Code) || brought(LoginValue::Verifier),
        }
    }

    /// Whether `condition` holds wherever `facts` do.
    fn holds(&self, condition: &Condition, facts: &[Condition]) -> bool {
        facts.contains(condition)
            || match condition.test {
                Test::Present(true) => self.is_written(condition.source, facts),
                _ => false,
            }
    }

    /// Whether `source` is written wherever `facts` hold.
    fn is_written(&self, source: Source, facts: &[Condition]) -> bool {
        match source {
            Source::Field(id) => self.fields.get(usize::from(id)).is_some_and(|property| {
                let path: Vec<&str> = property.field.path.split('.').collect();
                proof::Proof::new(self.shape).is_written(0, &path, &self.facts(facts))
            }),
            _ => self.has(source, facts),
        }
    }

    /// The text of a template where the file says nothing: its own, and the defaults of its properties.
    fn said<'t>(&'t self, template: &'t Template) -> Option<Cow<'t, str>> {
        let said = |part: &'t Piece| match part {
            Piece::Literal(text) => Some(&**text),
            Piece::Field(Source::Field(id)) => {
                self.fields.get(usize::from(*id))?.field.default.as_ref()?.as_str()
            }
            Piece::Field(_) => None,
        };
        match &*template.parts {
            [part] => said(part).map(Cow::Borrowed),
            parts => parts.iter().map(said).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    /// `conditions` as facts about properties.
    fn facts<'f>(&'f self, conditions: &'f [Condition]) -> Vec<proof::Fact<'f>> {
        let fact = |condition: &'f Condition| {
            let Source::Field(id) = condition.source else { return None };
            let field = &self.fields.get(usize::from(id))?.field;
            let path = field.path.split('.').collect();
            Some(proof::Fact { path, test: &condition.test, default: field.default.as_ref() })
        };
        conditions.iter().filter_map(fact).collect()
    }
}
