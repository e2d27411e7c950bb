//! Chooses the shapes: each definition becomes one type, wherever it stands.

use std::collections::HashSet;
use std::rc::Rc;

use authwire_model::compiled::{Document, chain};
use authwire_model::list::sorted;
use authwire_model::plan::{Field as Read, FieldKind};
use authwire_model::pointer::push_token;
use authwire_model::secrecy::{holds_secret, is_secret, is_text};
use authwire_model::table::{
    Discriminant, Json, Keyword, NodeId, Properties, REFERENCE, Schema, Types, Union,
};

use super::{Constant, Field, Held, Integer, Names, Shape, Struct, Tagged};
use crate::name::{distinct, field_name, type_name};

/// The shape of a document's root, with types named after `name`.
#[must_use]
pub fn root(document: &Document, name: &str) -> Held {
    let config = format!("{name}Config");
    let taken = HashSet::from([name.to_owned(), format!("{config}Builder"), config.clone()]);
    let mut modeller = Modeller {
        document,
        schema: &document.schema,
        taken,
        open: Vec::new(),
        known: Vec::new(),
        at: String::new(),
        config,
    };
    let held = modeller.held(document.schema.root(), name, false);
    if matches!(held.shape, Shape::Struct(_) | Shape::Tagged(_)) {
        return held;
    }
    Held { shape: modeller.value(held.node, false), guarded: false, ..held }
}

struct Modeller<'d> {
    document: &'d Document,
    schema: &'d Schema,
    taken: HashSet<String>,
    /// The definitions being modelled: one that stands in itself becomes a value.
    open: Vec<NodeId>,
    /// What was modelled: each definition becomes one type, wherever it stands.
    known: Vec<(Definition<'d>, Known)>,
    /// Where in a config that is, as the plan's pointers say it.
    at: String,
    /// The name of the root's type.
    config: String,
}

/// What makes a type: a node, whether it is a secret as a whole, and what the plan reads of it.
#[derive(PartialEq)]
struct Definition<'d> {
    node: NodeId,
    secret: bool,
    read: Vec<(&'d str, FieldKind)>,
}

/// A type that was modelled, and whether it is guarded.
struct Known(Type, bool);

enum Type {
    Struct(Rc<Struct>),
    Tagged(Rc<Tagged>),
    None,
}

impl<'d> Modeller<'d> {
    fn held(&mut self, node: NodeId, name: &str, secret: bool) -> Held {
        let behind = chain(&self.schema.nodes, node).last().unwrap_or(node);
        if self.open.contains(&behind) {
            return Held { shape: self.value(node, secret), node, guarded: false, shared: false };
        }
        let definition = Definition { node: self.schema.resolved(node), secret, read: self.read_below() };
        if let Some((_, Known(known, guarded))) = self.known.iter().find(|(known, _)| *known == definition) {
            let (shape, shared) = match known {
                Type::Struct(shape) => (Shape::Struct(shape.clone()), true),
                Type::Tagged(shape) => (Shape::Tagged(shape.clone()), true),
                Type::None => (self.value(node, secret || is_secret(self.schema, node)), false),
            };
            return Held { shape, node, guarded: *guarded, shared };
        }
        let known = self.known.len();
        self.open.push(behind);
        let rows = self.rows(node);
        let (mut shape, mut guarded) = self.shape(node, &rows, name, secret);
        self.open.pop();
        // what a plan does not read as a text or a map it reads as JSON
        if matches!(shape, Shape::Text | Shape::Secret | Shape::TextMap)
            && self.read() == Some(FieldKind::Json)
        {
            (shape, guarded) = (self.value(node, secret || is_secret(self.schema, node)), false);
        }
        let of = match &shape {
            Shape::Struct(shape) => Some(Type::Struct(shape.clone())),
            Shape::Tagged(shape) => Some(Type::Tagged(shape.clone())),
            Shape::Value | Shape::SecretValue(_) => {
                // what was begun for it is not written
                self.known.truncate(known);
                Some(Type::None)
            }
            _ => None,
        };
        self.known.extend(of.map(|of| (definition, Known(of, guarded))));
        Held { shape, node, guarded, shared: false }
    }

    /// A value without a type of its own.
    fn value(&self, node: NodeId, secret: bool) -> Shape {
        match secret || holds_secret(self.schema, node) {
            true => Shape::SecretValue(secret),
            false => Shape::Value,
        }
    }

    /// What the plan reads of this place and what stands in it: pointers from here.
    fn read_below(&self) -> Vec<(&'d str, FieldKind)> {
        let below = |field: &'d Read| {
            let rest = field.pointer.strip_prefix(&*self.at)?;
            (rest.is_empty() || rest.starts_with('/')).then_some((rest, field.kind))
        };
        self.schema.plan.iter().flat_map(|plan| &plan.fields).filter_map(below).collect()
    }

    /// As what the plan reads this place itself.
    fn read(&self) -> Option<FieldKind> {
        self.read_below().into_iter().find(|(rest, _)| rest.is_empty()).map(|(_, kind)| kind)
    }

    /// Does `model` one step below this place.
    fn at<T>(&mut self, step: &str, model: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.at.len();
        push_token(&mut self.at, step);
        let modelled = model(self);
        self.at.truncate(before);
        modelled
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

    fn shape(&mut self, node: NodeId, rows: &[&Keyword], name: &str, secret: bool) -> (Shape, bool) {
        let secret = secret || is_secret(self.schema, node);
        let value = (self.value(node, secret), false);
        if rows.iter().any(|row| matches!(row, Keyword::AuthType)) {
            return (Shape::AuthConfig, false);
        }
        let union = the_only_union(rows);
        if let Some((union, types)) = union
            && self.is_text(union)
        {
            let narrowed = !types.contains(Types::STRING.union(Types::OBJECT));
            return (if secret { Shape::Secret } else { Shape::Text }, narrowed);
        }
        let types = rows.iter().fold(Types::ANY, |types, row| match row {
            Keyword::Type(only) => types.intersection(*only),
            _ => types,
        });
        let combined = |row: &&Keyword| {
            matches!(
                row,
                Keyword::AnyOf(_) | Keyword::OneOf(_) | Keyword::Not(_) | Keyword::If(_) | Keyword::AllOf(_)
            )
        };
        let guarded = rows.iter().any(combined);
        if secret {
            return match types {
                Types::STRING => (Shape::Secret, guarded),
                _ if is_text(self.schema, node) => (Shape::Secret, true),
                Types::OBJECT => self.object(rows, name, guarded, true).unwrap_or(value),
                _ => value,
            };
        }
        if let Some((union, types)) = union {
            let tagged = self.tagged(union, name);
            return tagged
                .map_or(value, |tagged| (Shape::Tagged(tagged.into()), !types.contains(Types::OBJECT)));
        }
        if let Some(values) = names(rows) {
            let values = values.iter().map(|value| (value.clone(), type_name(value))).collect::<Vec<_>>();
            if differ(values.iter().map(|(_, variant)| variant))
                && values.iter().all(|(_, variant)| !variant.is_empty())
            {
                return (Shape::Names(Names { name: self.fresh(name), values }), guarded);
            }
        }
        match types {
            Types::STRING => (Shape::String, guarded),
            Types::BOOLEAN => (Shape::Boolean, guarded),
            Types::INTEGER => integer(rows).map_or(value, |integer| (Shape::Integer(integer), guarded)),
            Types::NUMBER => (Shape::Number, guarded),
            Types::ARRAY => self.list(rows, name, guarded).unwrap_or(value),
            Types::OBJECT => self.object(rows, name, guarded, false).unwrap_or(value),
            _ => value,
        }
    }

    fn list(&mut self, rows: &[&Keyword], name: &str, guarded: bool) -> Option<(Shape, bool)> {
        let plain = rows.iter().all(|row| {
            matches!(row, Keyword::Type(_) | Keyword::Items(_) | Keyword::MinItems(_) | Keyword::MaxItems(_))
        });
        let item = items(rows)?;
        let is_read = self.read().is_some();
        let held = self.at("-", |this| this.held(item, &format!("{name}Item"), false));
        let is_plain_json = matches!(
            held.shape,
            Shape::Names(_)
                | Shape::String
                | Shape::Boolean
                | Shape::Integer(_)
                | Shape::Number
                | Shape::Value
        );
        (is_plain_json || !is_read).then(|| (Shape::List(Box::new(held)), guarded || !plain))
    }

    fn object(
        &mut self,
        rows: &[&Keyword],
        name: &str,
        guarded: bool,
        secret: bool,
    ) -> Option<(Shape, bool)> {
        let mut all = rows.iter().filter_map(|row| row.properties());
        let (Some(properties), None) = (all.next(), all.next()) else { return None };
        if !properties.patterns.is_empty() {
            return None;
        }
        let additional = properties.additional?;
        let plain = rows.iter().all(is_of_struct);
        if self.is_closed(properties) {
            if self.read().is_some() {
                return None;
            }
            let own = self.own_name(name);
            let shape = self.fields(rows, properties, None, own, name, secret)?;
            return Some((Shape::Struct(shape.into()), guarded || !plain));
        }
        let rows_of_value = self.rows(additional);
        let (union, types) = the_only_union(&rows_of_value)?;
        let is_texts = properties.named.is_empty() && self.is_text(union);
        if secret || !is_texts || is_secret(self.schema, additional) {
            return None;
        }
        let narrowed = !types.contains(Types::STRING.union(Types::OBJECT));
        let demanding = rows.iter().any(|row| matches!(row, Keyword::Required(_)));
        Some((Shape::TextMap, guarded || !plain || narrowed || demanding))
    }

    fn is_closed(&self, properties: &Properties) -> bool {
        properties.additional.is_some_and(|node| matches!(*self.schema.node(node).keywords, [Keyword::Never]))
    }

    /// The struct of an object, whose name is `own`; types in it are named after `name`.
    fn fields(
        &mut self,
        rows: &[&Keyword],
        properties: &Properties,
        tag: Option<(&str, &str)>,
        own: String,
        name: &str,
        secret: bool,
    ) -> Option<Struct> {
        let required: Vec<&str> = rows.iter().flat_map(|row| row.required()).map(|name| &**name).collect();
        if required.iter().any(|name| properties.named(name).is_none()) {
            return None;
        }
        let mut shape = Struct {
            name: own,
            fields: Vec::new(),
            constants: Vec::new(),
            needs: needs(rows),
            comparable: true,
        };
        // the root's type has a function of this name
        let is_root = self.open.len() == 1;
        let mut names = if is_root { HashSet::from(["builder".to_owned()]) } else { HashSet::new() };
        let named = properties.named.iter().map(|(key, node)| (key.to_string(), *node)).collect();
        // in the order in which the schema's text has them: nodes are numbered as they are read
        for (key, node) in sorted(named, |(_, one): &(String, NodeId), (_, two)| one.cmp(two)) {
            let required = required.contains(&key.as_str());
            let constant = match (tag, &*self.rows(node)) {
                (Some((tag, value)), _) if tag == key => Some(Json::String(value.to_owned().into())),
                (_, [Keyword::Const(value)]) if required || (is_root && key == "type") => {
                    // a plan reads it as it stands, or not at all
                    let read = self.at(&key, |this| this.read());
                    let is_plain = matches!(value, Json::String(_) | Json::Bool(_) | Json::Number(_));
                    (read.is_none() || (is_plain && read != Some(FieldKind::Json))).then(|| value.clone())
                }
                _ => None,
            };
            if let Some(value) = constant {
                shape.constants.push(Constant { key, node, required, value });
                continue;
            }
            let rust = distinct(field_name(&key), &mut names);
            let held = self.at(&key, |this| this.held(node, &format!("{name}{}", type_name(&key)), secret));
            shape.comparable &= held.shape.is_comparable();
            let default = self.document.inherited(node, |note| note.default.clone());
            shape.fields.push(Field { key, name: rust, held, required, default });
        }
        Some(shape)
    }

    fn tagged(&mut self, union: &Union, name: &str) -> Option<Tagged> {
        let Discriminant::Tag(tag, values) = &union.by else { return None };
        if self.read().is_some() {
            return None;
        }
        let mut variants = Vec::new();
        for (branch, values) in union.branches.iter().zip(values) {
            let values: Option<Vec<String>> =
                values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            let values = values?;
            let variant = Some(type_name(values.first()?)).filter(|variant| !variant.is_empty())?;
            let rows = self.rows(*branch);
            let properties = rows.iter().find_map(|row| row.properties())?;
            let plain = rows.iter().all(is_of_struct) && properties.patterns.is_empty();
            if !plain || !self.is_closed(properties) {
                return None;
            }
            // a tag with one value is known once the variant is; with several it is a field
            let tag = match &values[..] {
                [value] => Some((&**tag, value.as_str())),
                _ => None,
            };
            let prefix = format!("{name}{variant}");
            let own = self.fresh(&prefix);
            let shape = self.fields(&rows, properties, tag, own, &prefix, false)?;
            variants.push((values, variant, shape));
        }
        differ(variants.iter().map(|(_, variant, _)| variant)).then(|| Tagged {
            name: self.own_name(name),
            tag: tag.to_string(),
            variants,
        })
    }

    /// The name of the type of this place: the root's is known.
    fn own_name(&mut self, name: &str) -> String {
        if self.open.len() == 1 { self.config.clone() } else { self.fresh(name) }
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

/// Whether the reader of a struct looks at a row.
fn is_of_struct(row: &&Keyword) -> bool {
    matches!(
        row,
        Keyword::Type(_) | Keyword::Properties(_) | Keyword::Required(_) | Keyword::DependentRequired(_)
    )
}

/// The union that is all there is, but for the types that are let through to it.
fn the_only_union<'d>(rows: &[&'d Keyword]) -> Option<(&'d Union, Types)> {
    let (mut found, mut types) = (None, Types::ANY);
    for row in rows {
        match row {
            Keyword::OneOf(union) | Keyword::AnyOf(union) if found.is_none() => found = Some(union),
            Keyword::Type(only) => types = types.intersection(*only),
            _ => return None,
        }
    }
    found.map(|union| (&**union, types))
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
