//! Turns subschemas into nodes, one after the other, without recursion. Knows which nodes there are; what a keyword
//! means stands in `keyword/`.

use std::collections::HashMap;

use authwire_model::compiled::Annotations;
use authwire_model::json::Kind;
use authwire_model::list::{List, Str};
use authwire_model::suggest;
use authwire_model::table::{Json, Keyword, NodeId, Properties};

use crate::keyword::{RULES, Rule, UNSUPPORTED, vocabulary};
use crate::library::Library;
use crate::problems::{Problem, Problems};
use crate::scope::{MOST_SCOPES, Scopes};
use crate::source::{Site, Source};
use crate::subschema::Subschema;

/// A schema with more subschemas was not written by hand.
const MOST_NODES: usize = 10_000;

/// A node that is being made.
#[derive(Debug)]
pub(crate) struct Draft<'l> {
    /// Where the subschema stands.
    pub(crate) site: Site<'l>,
    /// Its pointer in its document.
    pub(crate) pointer: String,
    /// Whether it applies to a whole config of the auth type.
    pub(crate) whole: bool,
    /// The dynamic scope that it is reached in.
    pub(crate) scope: usize,
    /// Its title, if it says one.
    pub(crate) title: Option<Str>,
    /// Its annotations.
    pub(crate) note: Annotations,
    /// Its rows.
    pub(crate) rows: Vec<Keyword>,
    /// Whether something in it is wrong, so that what follows from it would mislead.
    pub(crate) broken: bool,
    /// Whether it stands in no file: see [`Compiler::add_type`].
    pub(crate) made: bool,
}

/// Reads a document with everything that it references.
pub(crate) struct Compiler<'l> {
    pub(crate) library: &'l Library,
    pub(crate) problems: Problems,
    pub(crate) drafts: Vec<Draft<'l>>,
    /// The auth type that the document describes, if it describes one.
    pub(crate) auth_type: Option<&'l str>,
    pub(crate) scopes: Scopes<'l>,
    /// Nodes by document, offset, whether they apply to a whole config, and scope.
    known: HashMap<(usize, usize, bool, usize), NodeId>,
    /// What is checked though nothing may reference it, in which scope.
    definitions: Vec<(Site<'l>, String, usize)>,
    /// The documents that were entered.
    documents: Vec<usize>,
}

impl<'l> Compiler<'l> {
    /// Begins.
    pub(crate) fn new(library: &'l Library, auth_type: Option<&'l str>) -> Self {
        Self {
            library,
            problems: Problems::default(),
            drafts: Vec::new(),
            auth_type,
            scopes: Scopes::new(),
            known: HashMap::new(),
            definitions: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Reads the document at `root`. Returns how many nodes it reaches: they come first; behind them stand those that
    /// were only checked.
    pub(crate) fn document(&mut self, root: Site<'l>) -> usize {
        self.node(root, String::new(), self.auth_type.is_some(), 0);
        let mut next = 0;
        self.compile_from(&mut next);
        let reached = self.drafts.len();
        while let Some((site, pointer, scope)) = self.definitions.pop() {
            let scope = self.entering(scope, site);
            let as_whole = (site.source.index, site.value.span().start, true, scope);
            if !self.known.contains_key(&as_whole) {
                self.node(site, pointer, false, scope);
                self.compile_from(&mut next);
            }
        }
        reached
    }

    /// The node of the subschema at `site`, to be read soon; `scope` is that of the subschema that leads to it.
    pub(crate) fn node(&mut self, site: Site<'l>, pointer: String, whole: bool, scope: usize) -> NodeId {
        let scope = self.entering(scope, site);
        let key = (site.source.index, site.value.span().start, whole, scope);
        if let Some(known) = self.known.get(&key).copied() {
            return known;
        }
        self.enter(site.source);
        let id = self.add(Draft {
            site,
            pointer,
            whole,
            scope,
            title: None,
            note: Annotations::default(),
            rows: Vec::new(),
            broken: false,
            made: false,
        });
        self.known.insert(key, id);
        id
    }

    /// The scope `scope` where the way leads to `site`; too many of them are told once, at the root.
    fn entering(&mut self, scope: usize, site: Site<'l>) -> usize {
        if self.auth_type.is_some() {
            // an auth type has no `$dynamicRef`, and nothing else asks for a scope
            return scope;
        }
        self.scopes.entering(scope, site).unwrap_or_else(|| {
            let root = self.drafts.first().map_or(site, |root| root.site);
            let message = format!("the schema has over {MOST_SCOPES} dynamic scopes");
            self.problems.push(Problem::error(root.spot(), message));
            0
        })
    }

    /// Notes that `source` is referenced: all of it is checked, and it may be no JSON at all.
    pub(crate) fn enter(&mut self, source: &'l Source) {
        if self.documents.contains(&source.index) {
            return;
        }
        self.documents.push(source.index);
        self.definitions.extend(source.root().map(|root| (root, String::new(), 0)));
        source.problems.iter().for_each(|problem| self.problems.push(problem.clone()));
    }

    fn add(&mut self, draft: Draft<'l>) -> NodeId {
        if self.drafts.len() >= MOST_NODES {
            // told once, at the last that is read
            let spot = self.drafts[MOST_NODES - 1].site.spot();
            self.problems.push(Problem::error(spot, format!("the schema has over {MOST_NODES} subschemas")));
            return 0;
        }
        self.drafts.push(draft);
        NodeId::try_from(self.drafts.len() - 1).unwrap_or_default()
    }

    /// Notes a subschema that is checked even if nothing references it.
    pub(crate) fn definition(&mut self, site: Site<'l>, pointer: String, scope: usize) {
        self.definitions.push((site, pointer, scope));
    }

    pub(crate) fn draft(&self, id: NodeId) -> &Draft<'l> {
        &self.drafts[id as usize]
    }

    pub(crate) fn draft_mut(&mut self, id: NodeId) -> &mut Draft<'l> {
        &mut self.drafts[id as usize]
    }

    fn compile_from(&mut self, next: &mut usize) {
        while *next < self.drafts.len() {
            if !self.drafts[*next].made {
                let id = NodeId::try_from(*next).unwrap_or_default();
                self.compile(id);
            }
            *next += 1;
        }
    }

    fn compile(&mut self, id: NodeId) {
        let site = self.draft(id).site;
        let mut schema = Subschema::new(self, id);
        match site.kind() {
            Kind::Boolean if site.value.boolean() == Some(true) => {}
            Kind::Boolean => schema.push(Keyword::Never),
            Kind::Object => {
                for (rule, value) in keywords(site, &mut schema) {
                    (rule.compile)(&mut schema, value);
                }
            }
            _ => schema.error(site.spot(), "a schema is an object, `true` or `false`"),
        }
        self.draft_mut(id).rows = schema.into_rows();
        self.add_type(id);
        note_required(&mut self.draft_mut(id).rows);
    }

    /// Reads a closed object that applies to a whole config and says nothing about `type` as if it allowed the auth
    /// type's name there: the name is said by the file's name, and written once.
    fn add_type(&mut self, id: NodeId) {
        let Some(name) = self.auth_type.filter(|_| self.draft(id).whole) else { return };
        let closes = |row: &Keyword| match row {
            Keyword::Properties(row) => self.is_false(row.additional),
            Keyword::UnevaluatedProperties(node) => self.is_false(Some(*node)),
            _ => false,
        };
        let names_it = |row: &Keyword| matches!(row, Keyword::Properties(row) if row.named("type").is_some());
        let rows = &self.draft(id).rows;
        if rows.iter().any(names_it) || !rows.iter().any(closes) {
            return;
        }
        let parent = self.draft(id);
        let made = Draft {
            site: parent.site,
            pointer: format!("{}/properties/type", parent.pointer),
            whole: false,
            scope: parent.scope,
            title: None,
            note: Annotations::default(),
            rows: vec![Keyword::Const(Json::String(name.into()))],
            broken: false,
            made: true,
        };
        let made = self.add(made);
        let add = |row: &mut Properties| {
            let at = row.named.partition_point(|(name, _)| **name < *"type");
            let mut named = row.named.to_vec();
            named.insert(at, ("type".into(), made));
            row.named = named.into();
        };
        let rows = &mut self.draft_mut(id).rows;
        let row = rows.iter_mut().find_map(|row| match row {
            Keyword::Properties(row) => Some(row),
            _ => None,
        });
        if let Some(row) = row {
            return row.change(add);
        }
        let (named, patterns) = (List::EMPTY, List::EMPTY);
        let mut row = Properties { named, patterns, additional: None, required: 0 };
        add(&mut row);
        let at = rows.iter().position(|row| matches!(row, Keyword::UnevaluatedProperties(_)));
        rows.insert(at.unwrap_or(rows.len()), Keyword::Properties(row.into()));
    }

    fn is_false(&self, node: Option<NodeId>) -> bool {
        node.is_some_and(|id| self.draft(id).site.value.boolean() == Some(false))
    }
}

/// Notes in the row of an object's members which of them `required` lists.
fn note_required(rows: &mut [Keyword]) {
    let required = rows.iter().find_map(|row| match row {
        Keyword::Required(names) => Some(names),
        _ => None,
    });
    let properties = rows.iter().find_map(Keyword::properties);
    let (Some(required), Some(properties)) = (required, properties) else { return };
    let bits = properties.bits_of(required);
    for row in rows {
        if let Keyword::Properties(row) = row {
            row.change(|row| row.required = bits);
        }
    }
}

/// The keywords of the subschema at `site`, in the order in which they are read. Tells of those that are not known.
fn keywords<'l>(site: Site<'l>, schema: &mut Subschema<'_, 'l>) -> Vec<(&'static Rule, Site<'l>)> {
    let mut found: [Option<Site<'l>>; RULES.len()] = [None; RULES.len()];
    let vocabularies = schema.vocabularies(site);
    for (name, value) in site.members() {
        match RULES.iter().enumerate().find(|(_, rule)| rule.name == name) {
            Some((_, rule)) if vocabularies.is_some_and(|these| !vocabulary::has(these, rule.vocabulary)) => {
                let message = format!("the metaschema has no vocabulary for `{name}`: it asserts nothing");
                schema.warning(value.key_spot(), message);
            }
            // of a duplicate, which is an error already, the first stays
            Some((at, _)) => {
                found[at].get_or_insert(value);
            }
            None => schema.problem(unknown(&name, value)),
        }
    }
    RULES.iter().zip(found).filter_map(|(rule, value)| Some((rule, value?))).collect()
}

fn unknown(name: &str, value: Site<'_>) -> Problem {
    match UNSUPPORTED.iter().find(|(known, _)| *known == name) {
        Some((_, instead)) => {
            Problem::error(value.key_spot(), format!("the keyword `{name}` is not supported"))
                .with_help(*instead)
        }
        None => Problem::error(value.key_spot(), format!("`{name}` is no keyword"))
            .with_guess(suggest::nearest(name, RULES.iter().map(|rule| rule.name))),
    }
}
