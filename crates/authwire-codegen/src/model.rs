//! Which Rust type says what a schema says.
//!
//! A shape is chosen for its fidelity: a closed object is a struct, alternatives with a tag are an enum, a string with a
//! list of values is one too. What no Rust type says well is a checked `serde_json::Value`. Where a node has rules that
//! the shape's reader does not look at, a *guard* has the interpreter check it first; it costs time, never correctness.

use std::collections::HashSet;

use authwire_model::compiled::Document;
use authwire_model::list::sorted;
use authwire_model::table::{
    Discriminant, Display, Json, Keyword, NodeId, Properties, REFERENCE, Schema, Types, Union,
};

use crate::name::{field_name, type_name};

/// How a value of a node is held.
#[derive(Debug)]
pub struct Held {
    /// The type.
    pub shape: Shape,
    /// The node, for its checks.
    pub node: NodeId,
    /// Whether the interpreter must look at it first.
    pub guarded: bool,
}

/// A Rust type.
#[derive(Debug)]
pub enum Shape {
    /// `String`
    String,
    /// `Text`: a string or a reference
    Text,
    /// `Secret`
    Secret,
    /// `TextMap`
    TextMap,
    /// `bool`
    Boolean,
    /// `u16`, `u32`, `u64` or `i64`
    Integer(Integer),
    /// `f64`
    Number,
    /// `Vec<T>`
    List(Box<Held>),
    /// A list of strings: an enum without data
    Names(Names),
    /// A closed object
    Struct(Struct),
    /// Alternatives with a tag
    Tagged(Tagged),
    /// The auth config of a connector file
    AuthConfig,
    /// `serde_json::Value`, checked
    Value,
}

/// An integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integer {
    /// 0 to 65,535
    U16,
    /// 0 to 4,294,967,295
    U32,
    /// From 0
    U64,
    /// Any
    I64,
}

/// An enum without data.
#[derive(Debug)]
pub struct Names {
    /// The type's name.
    pub name: String,
    /// The values as JSON writes them, with the variants' names.
    pub values: Vec<(String, String)>,
}

/// A struct.
#[derive(Debug)]
pub struct Struct {
    /// The type's name.
    pub name: String,
    /// Its fields, in the order of the schema's text.
    pub fields: Vec<Field>,
    /// Constants that are read and checked but not kept, and whether they must be there: `type`, a tag.
    pub constants: Vec<(String, NodeId, bool)>,
    /// `dependentRequired`
    pub needs: Vec<(String, Vec<String>)>,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// As JSON writes it.
    pub key: String,
    /// As Rust writes it.
    pub name: String,
    /// Its type.
    pub held: Held,
    /// Whether it must be there.
    pub required: bool,
    /// Its default.
    pub default: Option<Json>,
}

/// An enum whose variants a tag tells apart.
#[derive(Debug)]
pub struct Tagged {
    /// The type's name.
    pub name: String,
    /// The property that tells.
    pub tag: String,
    /// The values of the tag, the variant's name, its struct.
    pub variants: Vec<(Vec<String>, String, Struct)>,
}

/// The shape of a document's root, with types named after `name`.
#[must_use]
pub fn root(document: &Document, name: &str) -> Held {
    let mut modeller =
        Modeller { document, schema: &document.schema, taken: HashSet::new(), open: Vec::new() };
    let mut held = modeller.held(document.schema.root(), name);
    if !matches!(held.shape, Shape::Struct(_) | Shape::Tagged(_)) {
        held.shape = Shape::Value;
    }
    match &mut held.shape {
        Shape::Struct(shape) => shape.name = format!("{name}Config"),
        Shape::Tagged(shape) => shape.name = format!("{name}Config"),
        _ => {}
    }
    held
}

struct Modeller<'d> {
    document: &'d Document,
    schema: &'d Schema,
    taken: HashSet<String>,
    /// The nodes being modelled: one that stands in itself becomes a value.
    open: Vec<NodeId>,
}

impl<'d> Modeller<'d> {
    fn held(&mut self, node: NodeId, name: &str) -> Held {
        if self.open.contains(&node) {
            return Held { shape: Shape::Value, node, guarded: false };
        }
        self.open.push(node);
        let rows = self.rows(node);
        let (shape, guarded) = self.shape(node, &rows, name);
        self.open.pop();
        Held { shape, node, guarded }
    }

    /// The rows of a node and of those that it references.
    fn rows(&self, node: NodeId) -> Vec<&'d Keyword> {
        let mut rows = Vec::new();
        for row in &self.schema.node(node).keywords {
            match row {
                Keyword::Ref(target) => rows.extend(self.rows(*target)),
                row => rows.push(row),
            }
        }
        rows
    }

    fn shape(&mut self, node: NodeId, rows: &[&Keyword], name: &str) -> (Shape, bool) {
        let secret = self.schema.node(node).display == Display::Secret;
        if rows.iter().any(|row| matches!(row, Keyword::AuthType)) {
            return (Shape::AuthConfig, false);
        }
        if let Some(union) = the_only_union(rows) {
            if self.is_text(union) {
                return (if secret { Shape::Secret } else { Shape::Text }, false);
            }
            if let Some(tagged) = self.tagged(union, name) {
                return (Shape::Tagged(tagged), false);
            }
            return (Shape::Value, false);
        }
        let combined = |row: &&Keyword| {
            matches!(
                row,
                Keyword::AnyOf(_) | Keyword::OneOf(_) | Keyword::Not(_) | Keyword::If(_) | Keyword::AllOf(_)
            )
        };
        let guarded = rows.iter().any(combined);
        if let Some(values) = names(rows) {
            let values = values.iter().map(|value| (value.clone(), type_name(value))).collect::<Vec<_>>();
            if differ(values.iter().map(|(_, variant)| variant))
                && values.iter().all(|(_, variant)| !variant.is_empty())
            {
                return (Shape::Names(Names { name: self.fresh(name), values }), guarded);
            }
        }
        let types = rows.iter().fold(Types::ANY, |types, row| match row {
            Keyword::Type(only) => Types(types.0 & only.0),
            _ => types,
        });
        match types {
            Types::STRING if secret => (Shape::Secret, guarded),
            Types::STRING => (Shape::String, guarded),
            Types::BOOLEAN => (Shape::Boolean, guarded),
            Types::INTEGER => {
                integer(rows).map_or((Shape::Value, false), |integer| (Shape::Integer(integer), guarded))
            }
            Types::NUMBER => (Shape::Number, guarded),
            Types::ARRAY => self.list(rows, name, guarded),
            Types::OBJECT => self.object(rows, name, guarded),
            _ => (Shape::Value, false),
        }
    }

    fn list(&mut self, rows: &[&Keyword], name: &str, guarded: bool) -> (Shape, bool) {
        let plain = rows.iter().all(|row| {
            matches!(row, Keyword::Type(_) | Keyword::Items(_) | Keyword::MinItems(_) | Keyword::MaxItems(_))
        });
        match items(rows) {
            Some(item) => {
                let held = self.held(item, &format!("{name}Item"));
                (Shape::List(Box::new(held)), guarded || !plain)
            }
            None => (Shape::Value, false),
        }
    }

    fn object(&mut self, rows: &[&Keyword], name: &str, guarded: bool) -> (Shape, bool) {
        let mut all = rows.iter().filter_map(|row| match row {
            Keyword::Properties(rows) => Some(rows),
            _ => None,
        });
        let (Some(properties), None) = (all.next(), all.next()) else { return (Shape::Value, false) };
        if !properties.patterns.is_empty() {
            return (Shape::Value, false);
        }
        let Some(additional) = properties.additional else { return (Shape::Value, false) };
        let plain = rows.iter().all(|row| {
            matches!(
                row,
                Keyword::Type(_)
                    | Keyword::Properties(_)
                    | Keyword::Required(_)
                    | Keyword::DependentRequired(_)
            )
        });
        let closed = matches!(*self.schema.node(additional).keywords, [Keyword::Never]);
        if closed {
            return match self.fields(rows, properties, None, name) {
                Some(shape) => (Shape::Struct(shape), guarded || !plain),
                None => (Shape::Value, false),
            };
        }
        let rows_of_value = self.rows(additional);
        let texts = the_only_union(&rows_of_value).is_some_and(|union| self.is_text(union))
            && self.schema.node(additional).display != Display::Secret;
        if properties.named.is_empty() && texts {
            return (
                Shape::TextMap,
                guarded || !plain || rows.iter().any(|row| matches!(row, Keyword::Required(_))),
            );
        }
        (Shape::Value, false)
    }

    fn fields(
        &mut self,
        rows: &[&Keyword],
        properties: &Properties,
        tag: Option<&str>,
        name: &str,
    ) -> Option<Struct> {
        let mut required: Vec<&str> = Vec::new();
        for row in rows {
            if let Keyword::Required(names) = row {
                required.extend(names.iter().map(|name| &**name));
            }
        }
        if required.iter().any(|name| properties.named(name).is_none()) {
            return None;
        }
        let mut shape =
            Struct { name: self.fresh(name), fields: Vec::new(), constants: Vec::new(), needs: needs(rows) };
        let mut names = HashSet::new();
        let named = properties.named.iter().map(|(key, node)| (key.to_string(), *node)).collect();
        // in the order in which the schema's text has them: nodes are numbered as they are read
        for (key, node) in sorted(named, |(_, one): &(String, NodeId), (_, two)| one.cmp(two)) {
            let is_required = required.contains(&key.as_str());
            if matches!(*self.rows(node), [Keyword::Const(_)]) || tag == Some(&key) {
                shape.constants.push((key, node, is_required));
                continue;
            }
            let mut rust = field_name(&key);
            while rust.is_empty() || !names.insert(rust.clone()) {
                rust.push('_');
            }
            let held = self.held(node, &format!("{name}{}", type_name(&key)));
            let default = self.document.inherited(node, |note| note.default.clone());
            shape.fields.push(Field { key, name: rust, held, required: is_required, default });
        }
        Some(shape)
    }

    fn tagged(&mut self, union: &Union, name: &str) -> Option<Tagged> {
        let Discriminant::Tag(tag, values) = &union.by else { return None };
        let mut variants = Vec::new();
        for (branch, values) in union.branches.iter().zip(values) {
            let values: Option<Vec<String>> =
                values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            let values = values?;
            let variant = type_name(values.first()?);
            let rows = self.rows(*branch);
            let plain = rows.iter().all(|row| {
                matches!(
                    row,
                    Keyword::Type(_)
                        | Keyword::Properties(_)
                        | Keyword::Required(_)
                        | Keyword::DependentRequired(_)
                )
            });
            let properties = rows.iter().find_map(|row| match row {
                Keyword::Properties(rows) => Some(rows),
                _ => None,
            })?;
            let closed = properties
                .additional
                .is_some_and(|node| matches!(*self.schema.node(node).keywords, [Keyword::Never]));
            if !plain || !closed || !properties.patterns.is_empty() {
                return None;
            }
            // a tag with one value is known once the variant is; with several it is a field
            let tag = (values.len() == 1).then_some(&**tag);
            let shape = self.fields(&rows, properties, tag, &format!("{name}{variant}"))?;
            variants.push((values, variant, shape));
        }
        differ(variants.iter().map(|(_, variant, _)| variant)).then(|| Tagged {
            name: self.fresh(name),
            tag: tag.to_string(),
            variants,
        })
    }

    /// Whether a union is of a string and a reference.
    fn is_text(&self, union: &Union) -> bool {
        let [one, two] = *union.branches else { return false };
        let is_reference = |node: NodeId| self.schema.node(self.schema.resolved(node)).at == REFERENCE;
        let is_string =
            |node: NodeId| self.rows(node).iter().any(|row| matches!(row, Keyword::Type(Types::STRING)));
        matches!(union.by, Discriminant::Type(_))
            && ((is_string(one) && is_reference(two)) || (is_string(two) && is_reference(one)))
    }

    fn fresh(&mut self, name: &str) -> String {
        let mut name = name.to_owned();
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

/// The union that is all there is, beside `type` and the like.
fn the_only_union<'d>(rows: &[&'d Keyword]) -> Option<&'d Union> {
    let mut found = None;
    for row in rows {
        match row {
            Keyword::OneOf(union) | Keyword::AnyOf(union) if found.is_none() => found = Some(union),
            Keyword::Type(_) => {}
            _ => return None,
        }
    }
    found.map(|union| &**union)
}

fn names(rows: &[&Keyword]) -> Option<Vec<String>> {
    let mut found = None;
    for row in rows {
        match row {
            Keyword::Enum(values) if found.is_none() => {
                found = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
                found.as_ref()?;
            }
            Keyword::Type(types) if types.contains(Types::STRING) => {}
            _ => return None,
        }
    }
    found
}

fn items(rows: &[&Keyword]) -> Option<NodeId> {
    let mut all = rows.iter().filter_map(|row| match row {
        Keyword::Items(items) => Some(items),
        _ => None,
    });
    match (all.next(), all.next()) {
        (Some(items), None) if items.prefix.is_empty() => items.rest,
        _ => None,
    }
}

fn needs(rows: &[&Keyword]) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for row in rows {
        if let Keyword::DependentRequired(needs) = row {
            for (name, others) in needs {
                found.push((name.to_string(), others.iter().map(ToString::to_string).collect()));
            }
        }
    }
    found
}

/// Whether no name comes twice.
fn differ<'n>(mut names: impl Iterator<Item = &'n String>) -> bool {
    let mut seen = HashSet::new();
    names.all(|name| seen.insert(name.clone()))
}

/// The integer type that holds every value that the bounds let through; `None` if none does.
fn integer(rows: &[&Keyword]) -> Option<Integer> {
    let least = rows.iter().find_map(|row| match row {
        Keyword::Minimum(bound) => Some(*bound),
        _ => None,
    })?;
    let most = rows.iter().find_map(|row| match row {
        Keyword::Maximum(bound) => Some(*bound),
        _ => None,
    })?;
    match (least.as_u64(), most.as_u64()) {
        (Some(_), Some(0..=0xffff)) => Some(Integer::U16),
        (Some(_), Some(0..=0xffff_ffff)) => Some(Integer::U32),
        (Some(_), Some(_)) => Some(Integer::U64),
        _ => (least.as_i64().is_some() && most.as_i64().is_some()).then_some(Integer::I64),
    }
}
