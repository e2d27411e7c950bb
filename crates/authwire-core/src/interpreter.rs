//! The interpreter: checks a document against the tables and makes every finding.
//!
//! It is generic over what is wanted: a verdict, which stops at the first
//! violation, or every finding. What a keyword means stands in its file of `keyword/`; here stand the walk and
//! what is known about the place where it is.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::finding::{Code, Finding};
use crate::instance::Instance;
use crate::json::{Cursor, Kind};
use crate::keyword;
use crate::pointer::push_token;
use crate::table::{Display, Keyword, Node, NodeId, REFERENCE, Registry, Schema, Union};
use crate::text::sounds_secret;

/// Whether `instance` holds to the node `node` of `schema`.
pub fn is_valid<'d>(
    schema: &Schema,
    node: NodeId,
    registry: Registry<'_>,
    instance: impl Into<Instance<'d>>,
) -> bool {
    Spot::root(schema, node, registry, instance.into()).check(&mut Verdict)
}

/// Whether a value of a text holds to the node `node` of `schema`: what reads schemas asks of their defaults and examples.
#[must_use]
pub fn is_valid_tree(schema: &Schema, node: NodeId, registry: Registry<'_>, value: Cursor<'_>) -> bool {
    is_valid(schema, node, registry, value)
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
pub(crate) trait Sink: Sized {
    /// Whether the first violation ends the check.
    const STOPS: bool;
    /// What a spot knows of its place, to tell it.
    type Told<'s>: Copy;
    /// Takes what is known of a place, if it is ever told.
    fn tell<'s>(told: impl FnOnce() -> Told<'s>) -> Self::Told<'s>;
    /// What was taken.
    fn told<'s>(told: Self::Told<'s>) -> Told<'s>;
    /// Takes a finding; none is made where the first violation ends the check. A finding that stands there already is
    /// not taken twice.
    fn take(&mut self, found: Found);
    /// What `check` finds, kept apart; `None` where that is not wanted, within another such check above all: one in each of
    /// the branches at each level would be a million at twenty.
    fn apart(&self, check: impl FnOnce(&mut Self)) -> Option<Vec<Found>>;
}

/// Only whether it is valid.
pub(crate) struct Verdict;

impl Sink for Verdict {
    const STOPS: bool = true;
    type Told<'s> = ();
    fn tell<'s>(_: impl FnOnce() -> Told<'s>) {}
    fn told<'s>((): ()) -> Told<'s> {
        // nothing is known, and no finding asks
        Told {
            path: &Path::Root,
            title: None,
            display: Display::Secret,
            secret: true,
            branch_of: None,
            never: Code::AllOf,
            beside: None,
            around: None,
            required: false,
        }
    }
    fn take(&mut self, _: Found) {}
    fn apart(&self, _: impl FnOnce(&mut Self)) -> Option<Vec<Found>> {
        None
    }
}

/// Every finding.
#[derive(Default)]
pub(crate) struct Everything {
    found: Vec<Found>,
    /// What is found already, once it is too much to look through.
    seen: HashSet<String>,
    /// Whether it is kept apart.
    is_apart: bool,
}

/// How many findings are looked through: most documents have a few.
const FEW: usize = 16;

/// What tells a finding from others.
fn identity(finding: &Finding) -> (Code, &str, &str) {
    (finding.code, &finding.pointer, &finding.message)
}

/// The same as one text, to look up.
pub(crate) fn key(finding: &Finding) -> String {
    let (code, pointer, message) = identity(finding);
    [code.as_str(), pointer, message].join("\n")
}

impl Sink for Everything {
    const STOPS: bool = false;
    type Told<'s> = Told<'s>;
    fn tell<'s>(told: impl FnOnce() -> Told<'s>) -> Told<'s> {
        told()
    }
    fn told<'s>(told: Self::Told<'s>) -> Told<'s> {
        told
    }
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
    fn apart(&self, check: impl FnOnce(&mut Self)) -> Option<Vec<Found>> {
        if self.is_apart {
            return None;
        }
        let mut apart = Self { is_apart: true, ..Self::default() };
        check(&mut apart);
        Some(apart.found)
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
            Self::Name(_, name) => ["`", &shortened(name), "`"].concat(),
            Self::Index(_, index) => format!("item {}", index + 1),
        }
    }
}

/// The beginning of a name that is too long for a message, or all of it.
pub(crate) fn shortened(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &name[..end])),
        None => Cow::Borrowed(name),
    }
}

/// A value under a node: where the walk is, and what a check that tells `S` knows of the place.
pub(crate) struct Spot<'s, S: Sink> {
    pub(crate) schema: &'s Schema,
    pub(crate) registry: Registry<'s>,
    pub(crate) node: &'s Node,
    pub(crate) instance: Instance<'s>,
    told: S::Told<'s>,
}

impl<S: Sink> Clone for Spot<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Sink> Copy for Spot<'_, S> {}

/// What a finding says of the place where it is.
#[derive(Clone, Copy)]
pub(crate) struct Told<'s> {
    path: &'s Path<'s>,
    /// The title of the field, said by the outermost node that has one.
    title: Option<&'s str>,
    /// What of the value may be shown.
    display: Display,
    /// Whether all below here is secret.
    secret: bool,
    /// The union whose branch this is, and which.
    branch_of: Option<(&'s Union, usize)>,
    /// What a `false` schema means here.
    never: Code,
    /// The member that makes this node apply, if one does.
    beside: Option<&'s str>,
    /// The document's schema, where this is the auth config in it.
    around: Option<&'s Schema>,
    /// Whether its object must have it.
    required: bool,
}

impl<'s> Told<'s> {
    /// Of a value at `path` under `node`.
    fn new(path: &'s Path<'s>, node: &'s Node, secret: bool) -> Self {
        let secret = secret || node.display == Display::Secret;
        Self {
            path,
            title: node.title.as_deref(),
            display: if secret { Display::Secret } else { node.display },
            secret,
            branch_of: None,
            never: Code::AllOf,
            beside: None,
            around: None,
            required: false,
        }
    }

    /// Of the same value under `node` besides.
    fn under(self, node: &'s Node) -> Self {
        let secret = self.secret || node.display == Display::Secret;
        Self {
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
}

impl<'s, S: Sink> Spot<'s, S> {
    fn root(schema: &'s Schema, node: NodeId, registry: Registry<'s>, instance: Instance<'s>) -> Self {
        let node = schema.node(node);
        Self { schema, registry, node, instance, told: S::tell(|| Told::new(&Path::Root, node, false)) }
    }

    /// The same value under another node.
    pub(crate) fn under(self, node: NodeId) -> Self {
        let node = self.node_at(node);
        Self { node, told: S::tell(|| self.told().under(node)), ..self }
    }

    /// The same value, an auth config, under the root of its type's schema.
    pub(crate) fn under_schema(self, schema: &'s Schema) -> Self {
        let around = Some(self.schema);
        Self { schema, ..self }.under(schema.root()).telling(|told| Told { around, ..told })
    }

    /// The same as branch `branch` of `union`.
    pub(crate) fn as_branch(self, union: &'s Union, branch: usize) -> Self {
        self.under(union.branches[branch]).telling(|told| Told { branch_of: Some((union, branch)), ..told })
    }

    /// A child value under a node.
    pub(crate) fn child<'c>(self, node: NodeId, instance: Instance<'c>, path: &'c Path<'c>) -> Spot<'c, S>
    where
        's: 'c,
    {
        let node = self.node_at(node);
        let told = S::tell(|| {
            // a reference names a place, even where a secret is kept
            Told::new(path, node, self.told().secret && self.node.at != REFERENCE)
        });
        Spot { schema: self.schema, registry: self.registry, node, instance, told }
    }

    /// The member `instance` at `path`, which has no node of its own here: for a finding about it.
    pub(crate) fn member<'c>(self, instance: Instance<'c>, path: &'c Path<'c>) -> Spot<'c, S>
    where
        's: 'c,
    {
        let told = S::tell(|| Told { path, ..self.told() });
        Spot { schema: self.schema, registry: self.registry, node: self.node, instance, told }
    }

    /// The node at `id`; where nothing is told, that behind its references at once.
    fn node_at(&self, id: NodeId) -> &'s Node {
        self.schema.node(if S::STOPS { self.schema.resolved(id) } else { id })
    }

    /// A member of a map, known to people by the map's `title`: a literal under a name that sounds secret is one.
    pub(crate) fn as_map_member(self, name: &str, title: Option<&'s str>) -> Self {
        self.telling(|told| {
            let secret = told.secret || (sounds_secret(name) && self.instance.kind() == Kind::String);
            let display = if secret { Display::Secret } else { told.display };
            Told { secret, display, title: title.or(told.title), ..told }
        })
    }

    /// A member that its object must have, or need not.
    pub(crate) fn required(self, required: bool) -> Self {
        self.telling(|told| Told { required, ..told })
    }

    /// Where a `false` schema means `never`.
    pub(crate) fn meaning_never(self, never: Code) -> Self {
        self.telling(|told| Told { never, ..told })
    }

    /// Where the member `name` makes the node apply.
    pub(crate) fn beside(self, name: &'s str) -> Self {
        self.telling(|told| Told { beside: Some(name), ..told })
    }

    /// Where so much of the value may be shown, unless it is part of a secret.
    pub(crate) fn displayed(self, display: Display) -> Self {
        self.telling(|told| Told { display: if told.secret { Display::Secret } else { display }, ..told })
    }

    /// Where the field has this title, or none.
    pub(crate) fn titled(self, title: Option<&'s str>) -> Self {
        self.telling(|told| Told { title, ..told })
    }

    fn telling(self, change: impl FnOnce(Told<'s>) -> Told<'s>) -> Self {
        Self { told: S::tell(|| change(self.told())), ..self }
    }

    fn told(&self) -> Told<'s> {
        S::told(self.told)
    }

    /// The way to the value.
    pub(crate) fn path(&self) -> &'s Path<'s> {
        self.told().path
    }

    /// The title of the field.
    pub(crate) fn title(&self) -> Option<&'s str> {
        self.told().title
    }

    /// What of the value may be shown.
    pub(crate) fn display(&self) -> Display {
        self.told().display
    }

    /// The union whose branch this is, and which.
    pub(crate) fn branch_of(&self) -> Option<(&'s Union, usize)> {
        self.told().branch_of
    }

    /// What a `false` schema means here.
    pub(crate) fn never(&self) -> Code {
        self.told().never
    }

    /// The member that makes the node apply, if one does.
    pub(crate) fn made_by(&self) -> Option<&'s str> {
        self.told().beside
    }

    /// The document's schema, where this is the auth config in it.
    pub(crate) fn around(&self) -> Option<&'s Schema> {
        self.told().around
    }

    /// Whether its object must have it.
    pub(crate) fn is_required(&self) -> bool {
        self.told().required
    }

    /// The same place for a check that tells nothing.
    pub(crate) fn silent(&self) -> Spot<'s, Verdict> {
        let Self { schema, registry, node, instance, .. } = *self;
        Spot { schema, registry, node, instance, told: () }
    }

    /// Whether this node, without regard to the value, holds for nothing.
    pub(crate) fn is_never(&self) -> bool {
        matches!(*self.node.keywords, [Keyword::Never])
    }

    /// Checks every keyword.
    pub(crate) fn check(self, sink: &mut S) -> bool {
        if !S::STOPS && self.told().secret && self.instance.kind() == Kind::String {
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

    /// A violation at the value. Always `false`, so that a check can end with it.
    pub(crate) fn flag(&self, sink: &mut S, code: Code, rule: &str, flaw: impl FnOnce() -> Flaw) -> bool {
        if !S::STOPS {
            sink.take(self.found(code, rule, self.path().pointer(), self.instance.span(), flaw()));
        }
        false
    }

    /// A violation at the key of the member `name`.
    pub(crate) fn flag_key(
        &self,
        sink: &mut S,
        (name, value): (&str, Instance<'_>),
        code: Code,
        rule: &str,
        flaw: impl FnOnce() -> Flaw,
    ) -> bool {
        if !S::STOPS {
            let path = Path::Name(self.path(), name);
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
        finding.title = self.told().title.map(str::to_owned);
        finding.display = self.display();
        finding.schema = Some(if rule.is_empty() {
            self.node.at.to_string()
        } else {
            [&*self.node.at, "/", rule].concat()
        });
        Found { finding, span }
    }

    fn literal_secret(&self, sink: &mut S) {
        if self.instance.string().is_some_and(|text| !text.is_empty()) {
            self.flag(sink, Code::LiteralSecret, "", || {
                Flaw::new(format!("{} holds a secret in plain sight", self.path().name()))
                    .help("keep it elsewhere and refer to it: {\"env\": \"NAME\"}, {\"file\": \"PATH\"} or {\"store\": \"KEY\"}")
            });
        }
    }

    /// The value, if it may be shown.
    pub(crate) fn shown(&self) -> Option<String> {
        if self.display() != Display::Shown {
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

impl Spot<'_, Verdict> {
    /// Whether the value holds.
    pub(crate) fn holds(self) -> bool {
        self.check(&mut Verdict)
    }
}
