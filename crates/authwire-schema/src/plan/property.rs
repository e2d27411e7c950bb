//! A property that a plan reads: found by its path, through nested objects and branches; what it holds; its default.

use std::collections::HashSet;

use authwire_model::json::Kind;
use authwire_model::plan::{Condition, Field, FieldId, FieldKind, LoginValue, RequestPart, Source};
use authwire_model::pointer::push_token;
use authwire_model::suggest;
use authwire_model::table::{Display, Json, Keyword, NodeId, Types};

use super::proof::{Fact, Proof};
use super::{HEADS, Planner};
use crate::compiler::Draft;
use crate::problems::{Problem, Spot};
use crate::shape::{self, Shape};
use crate::source::Site;

/// A property that a plan reads.
#[derive(Debug)]
pub(super) struct Property {
    /// What goes into the plan.
    pub(super) field: Field,
    /// The values that it may have, if they are listed.
    pub(super) values: Option<Vec<Json>>,
    /// The JSON types that it may have.
    pub(super) types: Types,
    /// Why it is not read as a whole, if it holds what a plan reads by its path only: what to do instead.
    pub(super) not_whole: Option<String>,
    /// Whether its default is not the same in every branch, so that it is another property where other facts hold.
    varies: bool,
    /// Whether its schema is not what its author meant, so that what follows from it would mislead.
    pub(super) broken: bool,
}

impl Property {
    /// Whether it is a string, a number or a boolean, whichever of them.
    pub(super) fn is_scalar(&self) -> bool {
        const SCALAR: Types = Types::STRING.union(Types::NUMBER).union(Types::BOOLEAN);
        self.field.kind == FieldKind::Json && self.types.0 != 0 && SCALAR.contains(self.types)
    }

    /// The values that it may have, if they are listed, or as few as those of a boolean.
    pub(super) fn listed(&self) -> Option<Vec<Json>> {
        let booleans = || (self.types == Types::BOOLEAN).then(|| vec![Json::Bool(true), Json::Bool(false)]);
        self.values.clone().or_else(booleans)
    }
}

impl<'l> Planner<'_, 'l> {
    /// The property at `path`, which is written at `spot` where `facts` hold.
    pub(super) fn property(&mut self, path: &str, facts: &[Condition], spot: Spot) -> Option<FieldId> {
        let known = self.fields.iter().position(|known| *known.field.path == *path && !known.varies);
        if let Some(known) = known {
            return FieldId::try_from(known).ok();
        }
        let segments: Vec<&str> = path.split('.').collect();
        let found = self.find(&segments, path, &spot)?;
        let property = match self.describe(path, &segments, &found, facts) {
            Ok(property) => property,
            Err(wrong) => {
                self.problem(Problem::error(wrong.at.unwrap_or(spot), wrong.message).or_help(wrong.help));
                return None;
            }
        };
        let is_it = |known: &Property| {
            known.field.path == property.field.path && known.field.default == property.field.default
        };
        if let Some(known) = self.fields.iter().position(is_it) {
            return FieldId::try_from(known).ok();
        }
        let Ok(id) = FieldId::try_from(self.fields.len()) else {
            self.error(spot, "the plan reads too many properties");
            return None;
        };
        self.fields.push(property);
        Some(id)
    }

    /// Whether a config may have a property called `name`.
    pub(super) fn names_property(&self, name: &str) -> bool {
        let is_it = |(known, node): (&str, NodeId)| known == name && !self.shape.is_never(node);
        self.shape.properties(0).into_iter().any(is_it)
    }

    /// The property of a source, if it is one.
    pub(super) fn property_of(&self, source: Source) -> Option<&Property> {
        match source {
            Source::Field(id) => self.fields.get(usize::from(id)),
            _ => None,
        }
    }

    /// The nodes that describe the property; what is wrong is told.
    fn find(&mut self, segments: &[&str], path: &str, spot: &Spot) -> Option<Found> {
        let mut found = Found { nodes: vec![0], secret: false, broken: false };
        for (depth, segment) in segments.iter().enumerate() {
            let mut properties: Vec<(&str, NodeId)> = Vec::new();
            let mut hidden = false;
            for node in &found.nodes {
                properties.extend(self.shape.properties(*node));
                found.broken |= self.is_broken(*node);
                hidden |= self.hides_properties(*node);
            }
            let named =
                properties.iter().filter(|(name, node)| name == segment && !self.shape.is_never(*node));
            let nodes: Vec<NodeId> = named.map(|(_, node)| *node).collect();
            if nodes.is_empty() {
                if !hidden {
                    self.problem(self.unknown(&found.nodes, segments, depth, path, spot));
                }
                return None;
            }
            let secret = |node: &NodeId| self.display(*node) == Display::Secret;
            found.secret |= nodes.iter().any(secret);
            found.nodes = nodes;
        }
        found.broken |= found.nodes.iter().any(|node| self.is_broken(*node));
        Some(found)
    }

    fn describe(
        &self,
        path: &str,
        segments: &[&str],
        found: &Found,
        facts: &[Condition],
    ) -> Result<Property, Wrong> {
        let shape = self.shape;
        let mut pointer = String::new();
        segments.iter().for_each(|segment| push_token(&mut pointer, segment));
        let mut kinds: Vec<(FieldKind, bool)> = Vec::new();
        for node in &found.nodes {
            if let Some(kind) = kind(shape, *node, found.secret)
                && !kinds.contains(&kind)
            {
                kinds.push(kind);
            }
        }
        let kind = match kinds[..] {
            [] => (FieldKind::Json, found.secret),
            [kind] => kind,
            // what is a string in one branch may be a reference in another
            [(FieldKind::Plain | FieldKind::Text, _), (FieldKind::Plain | FieldKind::Text, _)] => {
                (FieldKind::Text, found.secret)
            }
            [..] if found.broken => (FieldKind::Json, found.secret),
            [one, two, ..] => {
                let (one, two) = (in_words(one.0), in_words(two.0));
                return Err(Wrong::new(format!("`{path}` is {one} in one branch and {two} in another")));
            }
        };
        let in_all = default(shape, 0, segments, &[]);
        let varies = in_all == Default::Mixed;
        let default = match if varies { default(shape, 0, segments, &self.facts(facts)) } else { in_all } {
            Default::Value(said) if holds_references(kind.0, said.value) && !found.broken => {
                return Err(self.default_of_references(path, said));
            }
            Default::Value(said) => Some(said.value.clone()),
            Default::Mixed if !found.broken => {
                let message = format!("`{path}` has a default in one branch that it has not in another");
                let help =
                    "ask with `when` for what tells the branches apart, or give it the same default in each";
                return Err(Wrong { help: Some(help.to_owned()), ..Wrong::new(message) });
            }
            Default::Torn if !found.broken => {
                let parent = segments.split_last().map(|(_, parent)| parent.join(".")).unwrap_or_default();
                let message = format!(
                    "`{path}` is one thing where `{parent}` is absent, by its default, and another where `{parent}` \
                     leaves it out"
                );
                let help = format!("give it the default that it has there, or require it in `{parent}`");
                return Err(Wrong { help: Some(help), ..Wrong::new(message) });
            }
            _ => None,
        };
        let not_whole = (kind.0 == FieldKind::Json && !found.broken)
            .then(|| found.nodes.iter().find_map(|node| self.not_whole(path, *node)))
            .flatten();
        let types = found.nodes.iter().map(|node| shape.types(*node));
        let title = found.nodes.iter().find_map(|node| shape.nodes.get(*node as usize)?.title.clone());
        let always = default.is_some() || Proof::new(shape).is_written(0, segments, &[]);
        Ok(Property {
            field: Field {
                path: path.into(),
                pointer: pointer.into(),
                title,
                kind: kind.0,
                secret: kind.1,
                always,
                may_be_binary: false,
                default,
            },
            values: shape.values_of(0, segments).map(|values| values.into_iter().cloned().collect()),
            types: types.fold(Types(0), Types::union),
            not_whole,
            varies,
            broken: found.broken,
        })
    }

    /// That `nodes`, to which the first `depth` of `segments` lead, have no property of the next name.
    fn unknown(&self, nodes: &[NodeId], segments: &[&str], depth: usize, path: &str, spot: &Spot) -> Problem {
        let (parents, rest) = segments.split_at(depth);
        let parent = parents.join(".");
        let message = match parent.is_empty() {
            true => format!("there is no property `{path}`"),
            false => format!("`{parent}` has no property `{}`", rest.first().copied().unwrap_or_default()),
        };
        let heads = if depth == 0 && segments.len() > 1 { &HEADS[..] } else { &[] };
        let guess = self.meant(nodes, rest, heads).map(|meant| [parents, &meant].concat().join("."));
        let whole = rest.join(".");
        let dotted = rest.len() > 1
            && nodes.iter().any(|node| self.shape.properties(*node).iter().any(|(name, _)| *name == whole));
        let help =
            dotted.then_some("a plan reads no property with a dot in its name: the dot leads into an object");
        Problem::error(spot.clone(), message).with_guess(guess.as_deref()).or_help(help.map(str::to_owned))
    }

    /// The path that may have been meant by `segments`, all of which is there; `heads` are names that may come first.
    fn meant<'a>(
        &'a self,
        nodes: &[NodeId],
        segments: &[&'a str],
        heads: &[&'a str],
    ) -> Option<Vec<&'a str>> {
        let Some((segment, rest)) = segments.split_first() else { return Some(Vec::new()) };
        let properties: Vec<(&str, NodeId)> =
            nodes.iter().flat_map(|node| self.shape.properties(*node)).collect();
        let names = || properties.iter().map(|(name, _)| *name);
        let name = match names().find(|name| name == segment) {
            Some(name) => name,
            None => suggest::nearest(segment, names().chain(heads.iter().copied()))?,
        };
        let below: Vec<NodeId> =
            properties.iter().filter(|(known, _)| *known == name).map(|(_, node)| *node).collect();
        let rest = match below.is_empty() {
            true => self.head_has(name, &rest.join(".")).then(|| rest.to_vec()),
            false => self.meant(&below, rest, &[]),
        }?;
        Some([&[name], &rest[..]].concat())
    }

    /// Whether the path `rest` leads somewhere behind the head `head`.
    fn head_has(&self, head: &str, rest: &str) -> bool {
        match head {
            "connector" => ["base_url", "name"].contains(&rest),
            "make" => self.made.iter().any(|name| name == rest),
            "kept" => self.kept.iter().any(|kept| kept.name == rest),
            "token" => rest == "access_token" || self.token_values.iter().any(|(name, _)| name == rest),
            "login" => LoginValue::ALL.iter().any(|value| value.as_str() == rest),
            "request" => RequestPart::ALL.iter().any(|part| part.as_str() == rest),
            _ => true,
        }
    }

    /// What is wrong with the default `said` of `path`, which names references.
    fn default_of_references(&self, path: &str, said: Said<'_>) -> Wrong {
        let site = self.drafts.get(said.node as usize).and_then(|draft| draft.site.get("default"));
        Wrong {
            at: site.map(Site::spot),
            message: format!("the default of `{path}` is a reference, and a default is a value itself"),
            help: Some(
                "say the value, or leave the default out: a reference is the connector file's".to_owned(),
            ),
        }
    }

    /// What to do instead of reading a JSON value under `node` as a whole, if it holds secrets or references: nobody would
    /// resolve them, or hide them.
    fn not_whole(&self, path: &str, node: NodeId) -> Option<String> {
        let mut open = vec![(node, Some(path.to_owned()))];
        let mut seen = HashSet::new();
        while let Some((node, path)) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            for node in self.shape.in_place(node) {
                if self.display(node) == Display::Secret || self.shape.is_reference(node) {
                    return Some(match path {
                        Some(path) => format!("read what it holds by its path: `{{{path}}}`"),
                        None => {
                            "only a map of texts or secrets, `authwire:common#/$defs/map`, is sent as it is"
                                .to_owned()
                        }
                    });
                }
                for row in self.shape.rows(node) {
                    match row {
                        Keyword::Properties(row) => {
                            let named = row.named.iter().map(|(name, node)| {
                                (*node, path.as_ref().map(|path| format!("{path}.{name}")))
                            });
                            open.extend(named);
                            let others = row.patterns.iter().map(|(_, node)| *node).chain(row.additional);
                            open.extend(others.map(|node| (node, None)));
                        }
                        Keyword::Items(row) => {
                            open.extend(row.prefix.iter().copied().chain(row.rest).map(|node| (node, None)));
                        }
                        Keyword::UnevaluatedItems(node) | Keyword::UnevaluatedProperties(node) => {
                            open.push((*node, None));
                        }
                        _ => {}
                    }
                }
            }
        }
        None
    }

    fn display(&self, node: NodeId) -> Display {
        self.shape.nodes.get(node as usize).map_or(Display::Masked, |node| node.display)
    }

    /// Whether something is wrong with the node, or with one that applies to the same value.
    fn is_broken(&self, node: NodeId) -> bool {
        self.broken_in_place(node).next().is_some()
    }

    /// Whether what is wrong with the node may hide properties: then one that is missing is no second mistake.
    fn hides_properties(&self, node: NodeId) -> bool {
        self.broken_in_place(node).any(|draft| {
            let named = draft.site.get("properties").is_some_and(|site| site.kind() == Kind::Object);
            !named || draft.site.get("$ref").is_some()
        })
    }

    fn broken_in_place(&self, node: NodeId) -> impl Iterator<Item = &Draft<'l>> {
        let nodes = self.shape.in_place(node).into_iter();
        nodes.filter_map(|node| self.drafts.get(node as usize)).filter(|draft| draft.broken)
    }
}

/// Why a property is of no use to a plan.
struct Wrong {
    /// Where, if that is not the path.
    at: Option<Spot>,
    message: String,
    help: Option<String>,
}

impl Wrong {
    fn new(message: String) -> Self {
        Self { at: None, message, help: None }
    }
}

struct Found {
    nodes: Vec<NodeId>,
    secret: bool,
    broken: bool,
}

/// What a value under `node` is, and whether it is a secret; `None` if the node does not say, as one that only narrows
/// down what another says.
fn kind(shape: Shape<'_>, node: NodeId, secret: bool) -> Option<(FieldKind, bool)> {
    let types = shape.types(node);
    if types == Types::ANY {
        return None;
    }
    if let Some(text) = text_kind(shape, node, secret) {
        return Some((text, secret));
    }
    Some(match types {
        Types::BOOLEAN => (FieldKind::Boolean, secret),
        _ if types.0 != 0 && Types::NUMBER.contains(types) => (FieldKind::Number, secret),
        Types::OBJECT => match texts(shape, node) {
            Some(secrets) => (FieldKind::Map, secret || secrets),
            None => (FieldKind::Json, secret),
        },
        _ => (FieldKind::Json, secret),
    })
}

/// Which kind of text a value under `node` is, if it is one.
fn text_kind(shape: Shape<'_>, node: NodeId, secret: bool) -> Option<FieldKind> {
    let types = shape.types(node);
    let kind = if types == Types::STRING {
        FieldKind::Plain
    } else if types == Types::STRING.union(Types::OBJECT) && takes_reference(shape, node) {
        if is_url(shape, node) { FieldKind::Url } else { FieldKind::Text }
    } else {
        return None;
    };
    Some(if secret { FieldKind::Secret } else { kind })
}

/// Whether the objects that fulfil the node are references.
fn takes_reference(shape: Shape<'_>, node: NodeId) -> bool {
    let objects = |branch: &&NodeId| shape.types(**branch).intersects(Types::OBJECT);
    let mut branches = shape.alternatives(node).iter().filter(objects).peekable();
    branches.peek().is_some() && branches.all(|branch| shape.is_reference(*branch))
}

fn is_url(shape: Shape<'_>, node: NodeId) -> bool {
    let uri = |node: NodeId| {
        shape
            .line(node)
            .any(|node| shape.note(node).is_some_and(|note| note.format.as_deref() == Some("uri")))
    };
    uri(node) || shape.alternatives(node).iter().any(|branch| uri(*branch))
}

/// Whether there are secrets among the members of an object; `None` if one of them may be no text.
fn texts(shape: Shape<'_>, node: NodeId) -> Option<bool> {
    let is_bounded = |node: NodeId| {
        let bounds = |row: &Keyword| match row {
            Keyword::Properties(row) => row.additional.is_some(),
            Keyword::UnevaluatedProperties(_) => true,
            _ => false,
        };
        shape.rows(node).iter().any(bounds).then_some(true)
    };
    let is_bounded = shape.fold(node, &is_bounded, &|one, two| one || two, &|one, two| one && two);
    let rows = shape.in_place(node).into_iter().flat_map(|node| shape.rows(node));
    let members: Vec<NodeId> = rows.flat_map(members).filter(|member| !shape.is_never(*member)).collect();
    if is_bounded != Some(true) || members.is_empty() || shape.is_reference(node) {
        return None;
    }
    members.into_iter().try_fold(false, |secrets, member| {
        let secret = shape.nodes.get(member as usize)?.display == Display::Secret;
        text_kind(shape, member, secret).map(|_| secrets || secret)
    })
}

/// The nodes that `row` has for members of an object.
fn members(row: &Keyword) -> Vec<NodeId> {
    match row {
        Keyword::Properties(row) => {
            let named = row.named.iter().map(|(_, node)| *node);
            let others = row.patterns.iter().map(|(_, node)| *node).chain(row.additional);
            named.chain(others).collect()
        }
        Keyword::UnevaluatedProperties(node) => vec![*node],
        _ => Vec::new(),
    }
}

/// What a kind is called.
pub(super) fn in_words(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Plain => "a string",
        FieldKind::Text => "a text",
        FieldKind::Url => "a URL",
        FieldKind::Secret => "a secret",
        FieldKind::Map => "a map",
        FieldKind::Boolean => "a boolean",
        FieldKind::Number => "a number",
        FieldKind::Json => "structured JSON",
    }
}

/// What branches say about a property's default.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Default<'s> {
    /// Nothing about the property.
    Silent,
    /// It may not be there.
    Forbidden,
    /// It may be there and has none.
    Absent,
    /// It is always there, and needs none.
    Needless,
    /// It has one.
    Value(Said<'s>),
    /// One branch says this, another that.
    Mixed,
    /// The default of what it stands in says this, its own that.
    Torn,
}

/// A default, and the node that says it.
#[derive(Debug, Clone, Copy)]
struct Said<'s> {
    value: &'s Json,
    node: NodeId,
}

impl PartialEq for Said<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// Whether a property of `kind` would send a reference as it is written, by its default.
fn holds_references(kind: FieldKind, default: &Json) -> bool {
    match (kind, default) {
        (FieldKind::Text | FieldKind::Url | FieldKind::Secret, default) => matches!(default, Json::Object(_)),
        (FieldKind::Map, Json::Object(members)) => {
            members.iter().any(|(_, value)| matches!(value, Json::Object(_)))
        }
        _ => false,
    }
}

/// The default of a value under `node`, or of the part at `path` of it.
fn default_below<'s>(shape: Shape<'s>, node: NodeId, path: &[&str]) -> Default<'s> {
    let own =
        shape.chain(node).find_map(|node| Some(Said { value: shape.note(node)?.default.as_ref()?, node }));
    if path.is_empty() {
        return own.map_or(Default::Absent, Default::Value);
    }
    let part = default(shape, node, path, &[]);
    let inside = own.and_then(|own| Some(Said { value: member(own.value, path)?, node: own.node }));
    match (inside, part) {
        (None, part) => part,
        (Some(inside), Default::Value(part)) if inside == part => Default::Value(part),
        // where the whole is written, it is written as well
        (Some(inside), _) if Proof::new(shape).is_written(node, path, &[]) => Default::Value(inside),
        (Some(_), Default::Forbidden) => Default::Forbidden,
        (Some(_), _) => Default::Torn,
    }
}

/// What stands in `value` at `path`.
fn member<'s>(value: &'s Json, path: &[&str]) -> Option<&'s Json> {
    path.iter().try_fold(value, |value, name| match value {
        Json::Object(members) => members.iter().find(|(known, _)| **known == **name).map(|(_, value)| value),
        _ => None,
    })
}

/// The same of what is in one of the branches that `facts` leave.
fn default<'s>(shape: Shape<'s>, node: NodeId, path: &[&str], facts: &[Fact<'_>]) -> Default<'s> {
    let Some((name, rest)) = path.split_first() else { return default_below(shape, node, path) };
    let proof = Proof::new(shape);
    let own = |node: NodeId| {
        if !facts.iter().all(|fact| proof.allows(node, fact)) {
            return Some(Default::Forbidden);
        }
        let said = match shape.own_property(node, name) {
            shape::Property::Named(child) => default_below(shape, child, rest),
            shape::Property::Forbidden => Default::Forbidden,
            shape::Property::Open => Default::Silent,
        };
        let demands = |row: &Keyword| matches!(row, Keyword::Required(names) if names.iter().any(|known| **known == **name));
        let is_there = rest.is_empty() && shape.rows(node).iter().any(demands);
        Some(match said {
            Default::Silent | Default::Absent if is_there => Default::Needless,
            said => said,
        })
    };
    let narrow = |one, two| match (one, two) {
        (Default::Forbidden, _) | (_, Default::Forbidden) => Default::Forbidden,
        (Default::Needless, Default::Value(said)) | (Default::Value(said), Default::Needless) => {
            Default::Value(said)
        }
        (Default::Needless, _) | (_, Default::Needless) => Default::Needless,
        (Default::Torn, _) | (_, Default::Torn) => Default::Torn,
        (Default::Silent | Default::Absent, other) | (other, Default::Silent | Default::Absent) => other,
        (one, two) if one == two => one,
        _ => Default::Mixed,
    };
    let widen = |one, two| match (one, two) {
        (Default::Forbidden, other) | (other, Default::Forbidden) => other,
        (Default::Needless, other) | (other, Default::Needless) => other,
        (Default::Torn, _) | (_, Default::Torn) => Default::Torn,
        (Default::Silent | Default::Absent, Default::Silent | Default::Absent) => Default::Absent,
        (one, two) if one == two => one,
        _ => Default::Mixed,
    };
    shape.fold(node, &own, &narrow, &widen).unwrap_or(Default::Silent)
}
