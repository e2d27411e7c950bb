//! A subschema while its keywords are read: what the files in `keyword/` are given. Reads values, tells what is wrong,
//! and takes rows.

use std::borrow::Cow;
use std::collections::HashSet;

use authwire_model::compiled::Annotations;
use authwire_model::json::{Cursor, Kind};
use authwire_model::list::{List, Str};
use authwire_model::number::Number;
use authwire_model::pattern::Pattern;
use authwire_model::pointer::push_token;
use authwire_model::table::{Contains, If, Items, Json, Keyword, NodeId, Properties};

use crate::compiler::Compiler;
use crate::keyword::vocabulary;
use crate::library::Library;
use crate::problems::{Problem, Spot};
use crate::resource::Resource;
use crate::source::Site;

/// The subschema whose keywords are being read.
pub(crate) struct Subschema<'c, 'l> {
    compiler: &'c mut Compiler<'l>,
    id: NodeId,
    rows: Vec<Keyword>,
}

impl<'c, 'l> Subschema<'c, 'l> {
    /// Begins to read the node `id`.
    pub(crate) fn new(compiler: &'c mut Compiler<'l>, id: NodeId) -> Self {
        Self { compiler, id, rows: Vec::new() }
    }

    /// The rows that were read.
    pub(crate) fn into_rows(self) -> Vec<Keyword> {
        self.rows
    }

    /// The library.
    pub(crate) fn library(&self) -> &'l Library {
        self.compiler.library
    }

    /// Whether it is a whole document.
    pub(crate) fn is_root(&self) -> bool {
        self.compiler.draft(self.id).pointer.is_empty()
    }

    /// Whether it, or what refers to it, is an auth type's.
    pub(crate) fn is_of_auth_type(&self) -> bool {
        self.compiler.auth_type.is_some()
    }

    /// The `$vocabulary` that the metaschema of the schema at `site` lists, if that is one of its own. Who gets an auth
    /// type's schema, an editor, knows the draft's metaschema alone: there is no other.
    pub(crate) fn vocabularies(&self, site: Site<'l>) -> Option<Site<'l>> {
        vocabulary::of(site, self.library()).filter(|_| !self.is_of_auth_type())
    }

    /// The resource that its `$id` opens; that of a whole document, whatever its `$id`.
    pub(crate) fn opens(&self) -> Option<&'l Resource> {
        self.compiler.draft(self.id).site.opens()
    }

    /// Whether the anchor `name` is its own, rather than that of a subschema that comes first.
    pub(crate) fn is_anchored(&self, name: &str) -> bool {
        let site = self.compiler.draft(self.id).site;
        let resource = site.source.resources.get(site.resource());
        let first = resource.and_then(|it| it.anchors.iter().find(|anchor| anchor.name == name));
        first.is_none_or(|first| first.at == site.value.span().start)
    }

    // rows

    /// Adds a row.
    pub(crate) fn push(&mut self, row: Keyword) {
        self.rows.push(row);
    }

    /// What stands beside the keyword that is being read.
    pub(crate) fn sibling(&self, name: &str) -> Option<Site<'l>> {
        self.compiler.draft(self.id).site.get(name)
    }

    /// The annotations.
    pub(crate) fn note(&mut self) -> &mut Annotations {
        &mut self.compiler.draft_mut(self.id).note
    }

    /// Sets the title.
    pub(crate) fn set_title(&mut self, title: &str) {
        self.compiler.draft_mut(self.id).title = Some(title.into());
    }

    /// Fills in the row that `properties`, `patternProperties` and `additionalProperties` share.
    pub(crate) fn set_properties(&mut self, set: impl FnOnce(&mut Properties)) {
        let row = self.rows.iter_mut().find_map(|row| match row {
            Keyword::Properties(row) => Some(row),
            _ => None,
        });
        if let Some(row) = row {
            return row.change(set);
        }
        let (named, patterns) = (List::EMPTY, List::EMPTY);
        let mut row = Properties { named, patterns, additional: None, required: 0 };
        set(&mut row);
        self.rows.push(Keyword::Properties(row.into()));
    }

    /// Fills in the row that `prefixItems` and `items` share.
    pub(crate) fn set_items(&mut self, set: impl FnOnce(&mut Items)) {
        let row = self.rows.iter_mut().find_map(|row| match row {
            Keyword::Items(row) => Some(row),
            _ => None,
        });
        if let Some(row) = row {
            return row.change(set);
        }
        let mut row = Items { prefix: List::EMPTY, rest: None };
        set(&mut row);
        self.rows.push(Keyword::Items(row.into()));
    }

    /// Adds the row of `if`.
    pub(crate) fn push_if(&mut self, test: NodeId) {
        self.rows.push(Keyword::If(If { test, then: None, otherwise: None }));
    }

    /// The row of `if`, if there is one.
    pub(crate) fn condition(&mut self) -> Option<&mut If> {
        self.rows.iter_mut().find_map(|row| match row {
            Keyword::If(condition) => Some(condition),
            _ => None,
        })
    }

    /// The row of `contains`, if there is one.
    pub(crate) fn contains(&mut self) -> Option<&mut Contains> {
        self.rows.iter_mut().find_map(|row| match row {
            Keyword::Contains(rows) => Some(rows),
            _ => None,
        })
    }

    // subschemas

    /// The node of the subschema at `tokens` from here, which applies to a part of the value or is only tried.
    pub(crate) fn child(&mut self, site: Site<'l>, tokens: &[&str]) -> NodeId {
        let (pointer, scope) = (self.pointer(tokens), self.compiler.draft(self.id).scope);
        self.compiler.node(site, pointer, false, scope)
    }

    /// As [`Self::child`], of a subschema that applies to the same value.
    pub(crate) fn child_in_place(&mut self, site: Site<'l>, tokens: &[&str]) -> NodeId {
        let (pointer, draft) = (self.pointer(tokens), self.compiler.draft(self.id));
        let (whole, scope) = (draft.whole, draft.scope);
        self.compiler.node(site, pointer, whole, scope)
    }

    /// Adds the row of a reference to the subschema at `site`.
    pub(crate) fn refer(&mut self, site: Site<'l>) {
        let draft = self.compiler.draft(self.id);
        let (whole, scope) = (draft.whole, draft.scope);
        let node = self.compiler.node(site, site.pointer(), whole, scope);
        let refers = |row: &Keyword| matches!(row, Keyword::Ref(_));
        // who reads tables follows one reference a node
        self.rows.push(match self.rows.iter().any(refers) {
            true => Keyword::AllOf(vec![node].into()),
            false => Keyword::Ref(node),
        });
    }

    /// The subschema of the outermost dynamic anchor `name` on the way here.
    pub(crate) fn outermost(&self, name: &str) -> Option<Site<'l>> {
        let scope = self.compiler.draft(self.id).scope;
        let (source, at) = self.compiler.scopes.outermost(scope, name)?;
        self.library().source(source)?.site_at(at)
    }

    /// Notes that a `$ref` names the document at `index`. Returns whether it is JSON; that it is not is told.
    pub(crate) fn enter(&mut self, index: usize) -> bool {
        let Some(source) = self.library().source(index) else { return false };
        self.compiler.enter(source);
        source.root().is_some()
    }

    /// Notes a subschema that is checked even if nothing references it.
    pub(crate) fn definition(&mut self, site: Site<'l>, tokens: &[&str]) {
        let (pointer, scope) = (self.pointer(tokens), self.compiler.draft(self.id).scope);
        self.compiler.definition(site, pointer, scope);
    }

    /// The nodes of an array of schemas that apply to the same value, at least one.
    pub(crate) fn branches(&mut self, keyword: &str, value: Site<'l>) -> Option<Vec<NodeId>> {
        self.array_of_schemas(keyword, value, true)
    }

    /// The nodes of an array of schemas, at least one.
    pub(crate) fn schemas(&mut self, keyword: &str, value: Site<'l>) -> Option<Vec<NodeId>> {
        self.array_of_schemas(keyword, value, false)
    }

    fn array_of_schemas(&mut self, keyword: &str, value: Site<'l>, in_place: bool) -> Option<Vec<NodeId>> {
        if value.kind() != Kind::Array || value.value.is_empty() {
            self.error(value.spot(), format!("`{keyword}` wants an array of at least one schema"));
            return None;
        }
        let mut nodes = Vec::new();
        for (index, item) in value.items().enumerate() {
            let index = index.to_string();
            let tokens = [keyword, &index];
            nodes.push(match in_place {
                true => self.child_in_place(item, &tokens),
                false => self.child(item, &tokens),
            });
        }
        Some(nodes)
    }

    fn pointer(&self, tokens: &[&str]) -> String {
        let mut pointer = self.compiler.draft(self.id).pointer.clone();
        tokens.iter().for_each(|token| push_token(&mut pointer, token));
        pointer
    }

    // values

    /// A string.
    pub(crate) fn string(&mut self, keyword: &str, value: Site<'l>) -> Option<Cow<'l, str>> {
        let string = value.string();
        if string.is_none() {
            self.error(value.spot(), format!("`{keyword}` wants a string"));
        }
        string
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, keyword: &str, value: Site<'l>) -> Option<bool> {
        let boolean = value.value.boolean();
        if boolean.is_none() {
            self.error(value.spot(), format!("`{keyword}` wants `true` or `false`"));
        }
        boolean
    }

    /// A number that `f64` can hold.
    pub(crate) fn number(&mut self, keyword: &str, value: Site<'l>) -> Option<Number> {
        let Some(number) = value.value.number() else {
            self.error(value.spot(), format!("`{keyword}` wants a number"));
            return None;
        };
        if !number.as_f64().is_finite() {
            self.error(value.spot(), "the number is beyond a double's range");
            return None;
        }
        Some(number)
    }

    /// A whole number from 0.
    pub(crate) fn count(&mut self, keyword: &str, value: Site<'l>) -> Option<u64> {
        let count = value.value.number().and_then(Number::as_u64);
        if count.is_none() {
            self.error(value.spot(), format!("`{keyword}` wants a whole number, 0 or more"));
        }
        count
    }

    /// An array of names, none twice.
    pub(crate) fn names(&mut self, keyword: &str, value: Site<'l>) -> Option<Vec<Str>> {
        if value.kind() != Kind::Array {
            self.error(value.spot(), format!("`{keyword}` wants an array of names"));
            return None;
        }
        let mut names: Vec<Str> = Vec::new();
        let mut known = HashSet::new();
        for item in value.items() {
            match item.string() {
                None => {
                    self.error(item.spot(), format!("`{keyword}` wants names: strings"));
                    return None;
                }
                Some(name) => {
                    names.push((*name).into());
                    if !known.insert(name.clone()) {
                        names.pop();
                        self.error(item.spot(), format!("`{name}` stands in `{keyword}` twice"));
                    }
                }
            }
        }
        Some(names)
    }

    /// Whether the value is an object.
    pub(crate) fn is_object(&mut self, keyword: &str, value: Site<'l>) -> bool {
        let is = value.kind() == Kind::Object;
        if !is {
            self.error(value.spot(), format!("`{keyword}` wants an object"));
        }
        is
    }

    /// Any JSON.
    pub(crate) fn json(&mut self, value: Site<'l>) -> Option<Json> {
        match json(value.value) {
            Ok(json) => Some(json),
            Err(beyond) => {
                let spot = Spot { source: value.source.index, span: beyond.span() };
                self.error(spot, "the number is beyond a double's range");
                None
            }
        }
    }

    /// A pattern; `at` finds a byte of it in the file.
    pub(crate) fn pattern(&mut self, source: &str, at: impl Fn(usize) -> Spot) -> Option<Pattern> {
        match self.library().pattern(source) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.error(at(error.at), error.message);
                None
            }
        }
    }

    // what is wrong

    /// Tells an error.
    pub(crate) fn error(&mut self, spot: Spot, message: impl Into<String>) {
        self.problem(Problem::error(spot, message));
    }

    /// Tells an error and what to do about it.
    pub(crate) fn error_with_help(
        &mut self,
        spot: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problem(Problem::error(spot, message).with_help(help));
    }

    /// Tells a warning.
    pub(crate) fn warning(&mut self, spot: Spot, message: impl Into<String>) {
        self.compiler.problems.push(Problem::warning(spot, message));
    }

    /// Tells a problem: the node is not what its author meant.
    pub(crate) fn problem(&mut self, problem: Problem) {
        self.broken();
        self.compiler.problems.push(problem);
    }

    /// Notes that the node is not what its author meant, which was told elsewhere.
    pub(crate) fn broken(&mut self) {
        self.compiler.draft_mut(self.id).broken = true;
    }
}

/// A value as table data. The error is a number that `f64` cannot hold.
pub(crate) fn json(value: Cursor<'_>) -> Result<Json, Cursor<'_>> {
    Ok(match value.kind() {
        Kind::Null => Json::Null,
        Kind::Boolean => Json::Bool(value.boolean().unwrap_or_default()),
        Kind::Number => match value.number() {
            Some(number) if number.as_f64().is_finite() => Json::Number(number),
            _ => return Err(value),
        },
        Kind::String => Json::String(value.string().unwrap_or_default().into_owned().into()),
        Kind::Array => Json::Array(value.items().map(json).collect::<Result<Vec<_>, _>>()?.into()),
        Kind::Object => {
            let members = value.members().map(|(name, value)| Ok((name.into_owned().into(), json(value)?)));
            Json::Object(members.collect::<Result<Vec<_>, _>>()?.into())
        }
    })
}
