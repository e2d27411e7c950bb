//! The interpreter: checks a document against the tables and makes every finding.
//!
//! It is generic over what is wanted: a verdict, which stops at the first
//! violation, or every finding. What a keyword means stands in its file of `keyword/`; here stand the walk and
//! what is known about the place where it is.

use std::collections::HashSet;
use std::ops::Range;

use crate::finding::{Code, Finding};
use crate::instance::Instance;
use crate::json::Kind;
use crate::keyword;
use crate::place::push_token;
use crate::table::{Display, Keyword, Node, NodeId, REFERENCE, Registry, Schema, Union};
use crate::text::sounds_secret;

/// Whether `instance` holds to the node `node` of `schema`.
pub fn is_valid<'d>(
    schema: &Schema,
    node: NodeId,
    registry: Registry<'_>,
    instance: impl Into<Instance<'d>>,
) -> bool {
    let spot = Spot::root(schema, node, registry, instance.into());
    spot.check(&mut Verdict)
}

/// Everything that `instance` violates of `schema`, and the literal secrets in it.
pub fn findings<'d>(
    schema: &Schema,
    registry: Registry<'_>,
    instance: impl Into<Instance<'d>>,
) -> Vec<Found> {
    let mut everything = Everything::default();
    Spot::root(schema, schema.root(), registry, instance.into()).check(&mut everything);
    everything.found
}

/// A finding with the bytes that it is about.
#[derive(Debug)]
pub struct Found {
    /// The finding, as yet without its place.
    pub finding: Finding,
    /// The bytes, where the document has places.
    pub span: Option<Range<usize>>,
}

/// What is wanted of a check.
pub(crate) trait Sink {
    /// Whether the first violation ends the check.
    const STOPS: bool;
    /// Takes a finding; none is made where the first violation ends the check. A finding that stands there already is
    /// not taken twice.
    fn take(&mut self, found: Found);
}

/// Only whether it is valid.
pub(crate) struct Verdict;

impl Sink for Verdict {
    const STOPS: bool = true;
    fn take(&mut self, _: Found) {}
}

/// Every finding.
#[derive(Default)]
pub(crate) struct Everything {
    found: Vec<Found>,
    /// What is found already, once it is too much to look through.
    seen: HashSet<String>,
}

/// How many findings are looked through: most documents have a few.
const FEW: usize = 16;

/// What tells a finding from others.
fn identity(finding: &Finding) -> (Code, &str, &str) {
    (finding.code, &finding.pointer, &finding.message)
}

/// The same as one text, to look up.
fn key(finding: &Finding) -> String {
    let (code, pointer, message) = identity(finding);
    [code.as_str(), pointer, message].join("\n")
}

impl Sink for Everything {
    const STOPS: bool = false;
    fn take(&mut self, found: Found) {
        let is_new = if self.found.len() < FEW {
            self.found.iter().all(|known| identity(&known.finding) != identity(&found.finding))
        } else {
            if self.seen.is_empty() {
                self.seen.extend(self.found.iter().map(|found| key(&found.finding)));
            }
            self.seen.insert(key(&found.finding))
        };
        if is_new {
            self.found.push(found);
        }
    }
}

/// What is wrong, in a keyword's words.
pub(crate) struct Flaw {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Flaw {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

/// The way from the root to a value.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    Root,
    Name(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    fn write(&self, pointer: &mut String) {
        match self {
            Self::Root => {}
            Self::Name(parent, name) => {
                parent.write(pointer);
                push_token(pointer, name);
            }
            Self::Index(parent, index) => {
                parent.write(pointer);
                push_token(pointer, &index.to_string());
            }
        }
    }

    /// How long its pointer is, if nothing in it is escaped.
    fn length(&self) -> usize {
        match self {
            Self::Root => 0,
            Self::Name(parent, name) => parent.length() + 1 + name.len(),
            Self::Index(parent, _) => parent.length() + 4,
        }
    }

    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::with_capacity(self.length());
        self.write(&mut pointer);
        pointer
    }

    /// What a message calls the value: its own name, or the document.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Root => "the document".to_owned(),
            Self::Name(_, name) => ["`", name, "`"].concat(),
            Self::Index(_, index) => format!("item {}", index + 1),
        }
    }
}

/// A value under a node: where the walk is.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) registry: Registry<'s>,
    pub(crate) node: &'s Node,
    pub(crate) instance: Instance<'s>,
    pub(crate) path: &'s Path<'s>,
    /// The title of the field, said by the outermost node that has one.
    pub(crate) title: Option<&'s str>,
    /// What of the value may be shown.
    pub(crate) display: Display,
    /// Whether all below here is secret.
    pub(crate) secret: bool,
    /// The union whose branch this is, and which.
    pub(crate) branch_of: Option<(&'s Union, usize)>,
    /// What a `false` schema means here.
    pub(crate) never: Code,
    /// The member that makes this node apply, if one does.
    pub(crate) beside: Option<&'s str>,
}

impl<'s> Spot<'s> {
    fn root(schema: &'s Schema, node: NodeId, registry: Registry<'s>, instance: Instance<'s>) -> Self {
        let node = schema.node(node);
        Self {
            schema,
            registry,
            node,
            instance,
            path: &Path::Root,
            title: node.title.as_deref(),
            display: node.display,
            secret: node.display == Display::Secret,
            branch_of: None,
            never: Code::AllOf,
            beside: None,
        }
    }

    /// The same value under another node, for a check that tells `S`: a verdict tells nothing of where it is.
    pub(crate) fn under<S: Sink>(self, node: NodeId) -> Self {
        if S::STOPS {
            return Self { node: self.schema.node(self.schema.resolved(node)), ..self };
        }
        let node = self.schema.node(node);
        let secret = self.secret || node.display == Display::Secret;
        Self {
            node,
            title: self.title.or(node.title.as_deref()),
            display: match (secret, self.display) {
                (true, _) => Display::Secret,
                (false, Display::Masked) => node.display,
                (false, display) => display,
            },
            secret,
            branch_of: None,
            never: Code::AllOf,
            beside: None,
            ..self
        }
    }

    /// The same value under the root of another schema.
    pub(crate) fn under_schema<S: Sink>(self, schema: &'s Schema) -> Self {
        Self { schema, title: self.title, ..self }.under::<S>(schema.root())
    }

    /// The same as branch `branch` of `union`.
    pub(crate) fn as_branch<S: Sink>(self, union: &'s Union, branch: usize) -> Self {
        Self { branch_of: Some((union, branch)), ..self.under::<S>(union.branches[branch]) }
    }

    /// A child value under a node, for a check that tells `S`.
    pub(crate) fn child<'c, S: Sink>(
        self,
        node: NodeId,
        instance: Instance<'c>,
        path: &'c Path<'c>,
    ) -> Spot<'c>
    where
        's: 'c,
    {
        if S::STOPS {
            let node = self.schema.node(self.schema.resolved(node));
            return Spot { node, instance, path, title: None, branch_of: None, ..self };
        }
        // a reference names a place, even where a secret is kept
        let inherited = self.secret && self.node.at != REFERENCE;
        let node = self.schema.node(node);
        let secret = inherited || node.display == Display::Secret;
        Spot {
            schema: self.schema,
            registry: self.registry,
            node,
            instance,
            path,
            title: node.title.as_deref(),
            display: if secret { Display::Secret } else { node.display },
            secret,
            branch_of: None,
            never: Code::AllOf,
            beside: None,
        }
    }

    /// A member of a map: a literal under a name that sounds secret is one.
    pub(crate) fn as_map_member<S: Sink>(self, name: &str) -> Self {
        if S::STOPS {
            return self;
        }
        let secret = self.secret || (sounds_secret(name) && self.instance.kind() == Kind::String);
        Self { secret, display: if secret { Display::Secret } else { self.display }, ..self }
    }

    pub(crate) fn meaning_never(self, never: Code) -> Self {
        Self { never, ..self }
    }

    pub(crate) fn beside(self, name: &'s str) -> Self {
        Self { beside: Some(name), ..self }
    }

    /// Whether this node, without regard to the value, holds for nothing.
    pub(crate) fn is_never(&self) -> bool {
        matches!(*self.node.keywords, [Keyword::Never])
    }

    /// Checks every keyword.
    pub(crate) fn check<S: Sink>(self, sink: &mut S) -> bool {
        if !S::STOPS && self.secret && self.instance.kind() == Kind::String {
            self.literal_secret(sink);
        }
        let mut valid = true;
        for keyword in &self.node.keywords {
            if !keyword::check(keyword, &self, sink) {
                if S::STOPS {
                    return false;
                }
                valid = false;
                // what has the wrong type is one mistake: that it is no value of an `enum` either is not another
                if matches!(keyword, Keyword::Type(_)) {
                    break;
                }
            }
        }
        valid
    }

    /// Whether the value holds, without a finding.
    pub(crate) fn holds(self) -> bool {
        self.check(&mut Verdict)
    }

    /// A violation at the value. Always `false`, so that a check can end with it.
    pub(crate) fn flag<S: Sink>(
        &self,
        sink: &mut S,
        code: Code,
        rule: &str,
        flaw: impl FnOnce() -> Flaw,
    ) -> bool {
        if !S::STOPS {
            sink.take(self.found(code, rule, self.path.pointer(), self.instance.span(), flaw()));
        }
        false
    }

    /// A violation at the key of the member `name`.
    pub(crate) fn flag_key<S: Sink>(
        &self,
        sink: &mut S,
        (name, value): (&str, Instance<'_>),
        code: Code,
        rule: &str,
        flaw: impl FnOnce() -> Flaw,
    ) -> bool {
        if !S::STOPS {
            let path = Path::Name(self.path, name);
            let mut found = self.found(code, rule, path.pointer(), value.key_span(), flaw());
            found.finding.title = None;
            sink.take(found);
        }
        false
    }

    fn found(
        &self,
        code: Code,
        rule: &str,
        pointer: String,
        span: Option<Range<usize>>,
        flaw: Flaw,
    ) -> Found {
        let mut finding = Finding::new(code, pointer, flaw.message);
        finding.help = flaw.help;
        finding.title = self.title.map(str::to_owned);
        finding.display = self.display;
        finding.schema = Some(if rule.is_empty() {
            self.node.at.to_string()
        } else {
            [&*self.node.at, "/", rule].concat()
        });
        Found { finding, span }
    }

    fn literal_secret<S: Sink>(&self, sink: &mut S) {
        if self.instance.string().is_some_and(|text| !text.is_empty()) {
            self.flag(sink, Code::LiteralSecret, "", || {
                Flaw::new(format!("{} holds a secret in plain sight", self.path.name()))
                    .help("keep it elsewhere and refer to it: {\"env\": \"NAME\"}, {\"file\": \"PATH\"} or {\"store\": \"KEY\"}")
            });
        }
    }

    /// The value, if it may be shown.
    pub(crate) fn shown(&self) -> Option<String> {
        if self.display != Display::Shown {
            return None;
        }
        let text = match self.instance.kind() {
            Kind::String => self.instance.string()?.into_owned(),
            Kind::Number => self.instance.number()?.to_string(),
            Kind::Boolean => self.instance.boolean()?.to_string(),
            Kind::Null => "null".to_owned(),
            Kind::Array | Kind::Object => return None,
        };
        (text.chars().count() <= 64).then(|| format!("`{}`", text.escape_debug()))
    }
}
