//! Which fields an object has, given what is filled in already: the blanks of a form.
//!
//! A choice decides which fields follow it (`oneOf` with a tag), a condition which apply (`if`). It must not know who
//! fills the form in, nor any field by its name.

use authwire_core::interpreter::is_valid;
use authwire_core::table::{Discriminant, Display, If, Json, Keyword, NodeId, Registry, Types, Union};
use authwire_core::value::ToValue as _;
use authwire_schema::AuthType;
use serde_json::{Value, json};

/// The form of an auth type.
#[derive(Clone, Copy)]
pub(super) struct Form<'t> {
    pub(super) auth_type: &'t AuthType,
    pub(super) registry: Registry<'t>,
}

/// A field that may be filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Blank {
    /// Its name in a connector file.
    pub(super) name: String,
    /// Its label.
    pub(super) title: String,
    /// Its schema.
    pub(super) node: NodeId,
    /// Whether it has to be there, as things stand.
    pub(super) required: bool,
    /// Fields without which it may not be there.
    pub(super) needs: Vec<String>,
    /// Its values, where they are few.
    pub(super) choices: Vec<Choice>,
}

/// One of a field's few values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// The value.
    pub(super) value: Value,
    /// What the schema calls it: the title of the branch that it leads to.
    pub(super) title: Option<String>,
}

impl Choice {
    /// The value as a person writes it: a string without its quotes.
    pub(super) fn text(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }
}

impl Form<'_> {
    /// The fields that apply to `filled`, in the order of the schema's text.
    pub(super) fn blanks(self, filled: &Value) -> Vec<Blank> {
        let mut blanks = self.blanks_of(self.auth_type.schema.root(), filled);
        // the auth type's own name is no question
        blanks.retain(|blank| blank.name != "type");
        blanks
    }

    /// The fields of the object at `node` that apply to `filled`.
    pub(super) fn blanks_of(self, node: NodeId, filled: &Value) -> Vec<Blank> {
        let mut walk = Walk::new(self, filled);
        walk.node(node);
        walk.finish()
    }

    /// Whether `value` holds to the schema at `node`.
    pub(super) fn takes(self, node: NodeId, value: &Value) -> bool {
        is_valid(&self.auth_type.schema, node, self.registry, value)
    }

    /// Whether the values at `node` are secrets.
    pub(super) fn is_secret(self, node: NodeId) -> bool {
        self.auth_type.schema.node(node).display == Display::Secret
    }

    /// Whether a value at `node` may be kept elsewhere.
    pub(super) fn takes_reference(self, node: NodeId) -> bool {
        self.takes(node, &json!({ "env": "NAME" }))
            && !self.takes(node, &json!({ "env": "" }))
            && !self.takes(node, &json!({ "env": "NAME", "other": "NAME" }))
    }

    /// The JSON types that the schema at `node` lets through.
    pub(super) fn types(self, node: NodeId) -> Types {
        let mut types = Types::ANY;
        for row in &self.auth_type.schema.node(node).keywords {
            let only = match row {
                Keyword::Type(only) => *only,
                Keyword::Ref(target) => self.types(*target),
                Keyword::OneOf(union) | Keyword::AnyOf(union) => {
                    union.branches.iter().fold(Types(0), |all, branch| all.union(self.types(*branch)))
                }
                Keyword::Properties(_) | Keyword::AuthType => Types::OBJECT,
                _ => continue,
            };
            types = Types(types.0 & only.0);
        }
        types
    }

    /// The node of the member `name` of an object at `node`: its property, or what any other name is held to.
    pub(super) fn member(self, node: NodeId, name: &str) -> Option<NodeId> {
        self.auth_type.schema.node(node).keywords.iter().find_map(|row| match row {
            Keyword::Properties(rows) => rows.named(name).or(rows.additional),
            Keyword::Ref(target) => self.member(*target, name),
            Keyword::AllOf(nodes) => nodes.iter().find_map(|node| self.member(*node, name)),
            Keyword::OneOf(union) | Keyword::AnyOf(union) => {
                union.branches.iter().find_map(|branch| self.member(*branch, name))
            }
            _ => None,
        })
    }
}

/// A walk through the schemas that an object is held to.
struct Walk<'t, 'v> {
    form: Form<'t>,
    filled: &'v Value,
    found: Vec<Blank>,
    required: Vec<String>,
    forbidden: Vec<String>,
    needs: Vec<(String, String)>,
}

impl<'t, 'v> Walk<'t, 'v> {
    fn new(form: Form<'t>, filled: &'v Value) -> Self {
        Self {
            form,
            filled,
            found: Vec::new(),
            required: Vec::new(),
            forbidden: Vec::new(),
            needs: Vec::new(),
        }
    }

    fn node(&mut self, node: NodeId) {
        for row in &self.form.auth_type.schema.node(node).keywords {
            match row {
                Keyword::Ref(target) => self.node(*target),
                Keyword::AllOf(nodes) => nodes.iter().for_each(|node| self.node(*node)),
                Keyword::Properties(rows) => {
                    rows.named.iter().for_each(|(name, node)| self.property(name, *node));
                }
                Keyword::Required(names) => {
                    self.required.extend(names.iter().map(ToString::to_string));
                }
                Keyword::DependentRequired(rows) => {
                    for (name, needed) in rows {
                        if self.filled.get(&**name).is_some() {
                            self.required.extend(needed.iter().map(ToString::to_string));
                        }
                        let pairs = needed.iter().map(|needed| (name.to_string(), needed.to_string()));
                        self.needs.extend(pairs);
                    }
                }
                Keyword::OneOf(union) | Keyword::AnyOf(union) => self.union(union),
                Keyword::If(rows) => self.condition(rows),
                _ => {}
            }
        }
    }

    fn property(&mut self, name: &str, node: NodeId) {
        let keywords = &self.form.auth_type.schema.node(node).keywords;
        if matches!(**keywords, [Keyword::Never]) {
            self.forbidden.push(name.to_owned());
        } else if !self.found.iter().any(|blank| blank.name == name) {
            let choices = self.choices(node);
            self.add(name, node, choices);
        }
    }

    fn add(&mut self, name: &str, node: NodeId, choices: Vec<Choice>) {
        let title = self.form.auth_type.schema.node(node).title.as_deref().unwrap_or(name).to_owned();
        let name = name.to_owned();
        self.found.push(Blank { name, title, node, required: false, needs: Vec::new(), choices });
    }

    /// The values of an enum or a constant.
    fn choices(&self, node: NodeId) -> Vec<Choice> {
        let schema = &self.form.auth_type.schema;
        let choice = |value: &Json| Choice { value: value.to_value(), title: None };
        for row in &schema.node(schema.resolved(node)).keywords {
            match row {
                Keyword::Enum(values) => return values.iter().map(choice).collect(),
                Keyword::Const(value) => return vec![choice(value)],
                _ => {}
            }
        }
        Vec::new()
    }

    fn union(&mut self, union: &Union) {
        let chosen = match &union.by {
            Discriminant::Tag(tag, values) => {
                self.tag(tag, union, values);
                let value = self.filled.get(&**tag);
                value.and_then(|value| {
                    values.iter().position(|values| values.iter().any(|one| one.to_value() == *value))
                })
            }
            Discriminant::Type(types) => types.iter().position(|types| types.intersects(Types::OBJECT)),
            Discriminant::None => self.likeliest(union),
        };
        if let Some(branch) = chosen.and_then(|chosen| union.branches.get(chosen)) {
            self.node(*branch);
        }
    }

    /// Adds the field that chooses among the branches.
    fn tag(&mut self, tag: &str, union: &Union, values: &[authwire_core::list::List<Json>]) {
        let schema = &self.form.auth_type.schema;
        let node = union.branches.iter().find_map(|branch| self.form.member(*branch, tag));
        let Some(node) = node.filter(|_| !self.found.iter().any(|blank| blank.name == *tag)) else { return };
        let mut choices = Vec::new();
        for (branch, values) in union.branches.iter().zip(values) {
            let title = schema.node(*branch).title.as_deref().map(str::to_owned);
            choices
                .extend(values.iter().map(|value| Choice { value: value.to_value(), title: title.clone() }));
        }
        self.add(tag, node, choices);
        self.required.push(tag.to_owned());
    }

    /// Of branches that nothing tells apart the one that holds already, or else the one that most was filled in of.
    fn likeliest(&self, union: &Union) -> Option<usize> {
        let holds = union.branches.iter().position(|branch| self.form.takes(*branch, self.filled));
        holds.or_else(|| {
            let filled = |branch: NodeId| {
                let blanks = self.form.blanks_of(branch, self.filled);
                blanks.iter().filter(|blank| self.filled.get(&blank.name).is_some()).count()
            };
            let best = union.branches.iter().enumerate().rev().max_by_key(|(_, branch)| filled(**branch));
            best.map(|(index, _)| index)
        })
    }

    fn condition(&mut self, rows: &If) {
        let holds = self.form.takes(rows.test, self.filled);
        if let Some(node) = if holds { rows.then } else { rows.otherwise } {
            self.node(node);
        }
    }

    fn finish(self) -> Vec<Blank> {
        let Self { mut found, required, forbidden, needs, .. } = self;
        found.retain(|blank| !forbidden.contains(&blank.name));
        for blank in &mut found {
            blank.required = required.contains(&blank.name);
            blank.needs = needs
                .iter()
                .filter(|(name, _)| *name == blank.name)
                .map(|(_, needed)| needed.clone())
                .collect();
        }
        // nodes are numbered in the order of the text
        found.sort_by_key(|blank| blank.node);
        found
    }
}
