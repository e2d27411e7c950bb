//! The fast path of generated parsers: each reads one value off the reader and checks it against its row of the tables.
//!
//! A reader answers a value that holds, or [`Reject`]: then the interpreter is asked, which says why. Nothing here makes
//! a finding.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::instance::Instance;
use crate::interpreter::is_valid;
use crate::json::{Error, Expected, Key, Kind, Pass, Reader, Tree};
use crate::keyword::{self, equal};
use crate::number::Number;
use crate::reference::Reference;
use crate::rules::by_type;
pub use crate::rules::{NumberRules, Others, StringRules, TextRules};
use crate::secret::Secret;
use crate::secret_value::SecretValue;
use crate::table::{Discriminant, Keyword, NodeId, Registry, Schema, Types};
use crate::text::{Text, TextMap};
use crate::value::ToValue as _;

/// "Ask the interpreter": the document may be invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reject;

impl From<Error> for Reject {
    fn from(_: Error) -> Self {
        Self
    }
}

/// What a reader of the fast path answers.
pub type Read<T> = Result<T, Reject>;

/// The auth types that were loaded at run time: what a connector file may name beside the built-in ones.
pub type Loaded<'t> = &'t [Arc<Schema>];

/// The key of a reference.
const SOURCES: &[Key] = &{
    let [env, file, store] = Reference::SOURCES;
    [Key::new(env), Key::new(file), Key::new(store)]
};

/// No auth types: for parts of a document that hold none.
const NO_TYPES: Registry<'static> = Registry { types: &[] };

/// Turns a test into an answer.
///
/// # Errors
/// If it failed.
#[inline]
pub fn demand(holds: bool) -> Read<()> {
    if holds { Ok(()) } else { Err(Reject) }
}

/// Reads a string.
///
/// # Errors
/// If it is none, or does not hold to `rules`.
pub fn string<'t>(reader: &mut Reader<'t>, schema: &Schema, rules: StringRules) -> Read<Cow<'t, str>> {
    let text = reader.string()?;
    demand(keyword::min_length::holds(rules.min_length, &text))?;
    let others = match rules.others {
        Others::None => true,
        Others::Pattern(row) => match schema.node(rules.node).keywords.get(row) {
            Some(Keyword::Pattern(pattern)) => pattern.matches(&text),
            _ => false,
        },
        Others::Rows => string_holds(schema, rules.node, &text),
    };
    demand(others)?;
    Ok(text)
}

/// Reads a text: a string or a reference.
///
/// # Errors
/// If it is neither, or does not hold to `rules`.
pub fn text(reader: &mut Reader<'_>, schema: &Schema, rules: &TextRules) -> Read<Text> {
    match reader.peek()? {
        Kind::String => Ok(Text::Literal(string(reader, schema, rules.string)?.into_owned())),
        _ => reference(reader, schema, rules, Text::Reference),
    }
}

/// Reads a secret: a string or, where the schema allows it, a reference.
///
/// # Errors
/// If it is neither, or does not hold to `rules`.
pub fn secret(reader: &mut Reader<'_>, schema: &Schema, rules: &TextRules) -> Read<Secret> {
    match reader.peek()? {
        Kind::String => Ok(Secret::literal(string(reader, schema, rules.string)?)),
        _ => reference(reader, schema, rules, Secret::reference),
    }
}

/// Reads a map of texts.
///
/// # Errors
/// If it is none, or a value does not hold to `rules`.
pub fn text_map(reader: &mut Reader<'_>, schema: &Schema, rules: &TextRules) -> Read<TextMap> {
    let mut map = TextMap::new();
    let mut object = reader.object()?;
    while let Some(name) = reader.key(&mut object)? {
        let text = text(reader, schema, rules)?;
        demand(map.insert(name, text).is_none())?;
    }
    Ok(map)
}

/// Reads a number.
///
/// # Errors
/// If it is none, or does not hold to `rules`.
pub fn number(reader: &mut Reader<'_>, schema: &Schema, rules: NumberRules) -> Read<Number> {
    let (number, holds) = match reader.whole() {
        Some(whole) => {
            let within = (rules.least..=rules.most).contains(&whole);
            (Number::Unsigned(whole), within && !rules.others)
        }
        None => (reader.number()?, false),
    };
    demand(holds || number_holds(schema, rules.node, number))?;
    Ok(number)
}

/// Reads `true` or `false`.
///
/// # Errors
/// If it is neither, or does not hold to `node`.
pub fn boolean(reader: &mut Reader<'_>, schema: &Schema, node: NodeId) -> Read<bool> {
    let value = reader.boolean()?;
    let only_type =
        matches!(&*schema.node(node).keywords, [Keyword::Type(types)] if types.intersects(Types::BOOLEAN));
    demand(only_type || is_valid(schema, node, NO_TYPES, &Value::Bool(value)))?;
    Ok(value)
}

/// Reads an array, each item by `item`.
///
/// # Errors
/// If it is none, or does not hold to `node`.
pub fn list<'t, T>(
    reader: &mut Reader<'t>,
    schema: &Schema,
    node: NodeId,
    mut item: impl FnMut(&mut Reader<'t>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut items = Vec::new();
    let mut array = reader.array()?;
    while reader.item(&mut array)? {
        items.push(item(reader)?);
    }
    demand(length_holds(schema, node, items.len() as u64))?;
    Ok(items)
}

fn length_holds(schema: &Schema, node: NodeId, len: u64) -> bool {
    schema.node(node).keywords.iter().all(|row| match row {
        Keyword::MinItems(bound) => len >= *bound,
        Keyword::MaxItems(bound) => len <= *bound,
        Keyword::Ref(target) => length_holds(schema, *target, len),
        // the items are read by their own rows, and every other rule has a guard
        _ => true,
    })
}

/// Reads any JSON, checked: what no Rust type says well.
///
/// # Errors
/// If it does not hold to `node`, or a number in it is beyond `f64`.
pub fn value(reader: &mut Reader<'_>, schema: &Schema, node: NodeId) -> Read<Value> {
    let tree = Tree::read(reader)?;
    demand(tree.duplicates().is_empty() && is_valid(schema, node, NO_TYPES, tree.root()))?;
    Ok(tree.root().to_value())
}

/// The same, where there may be a secret in it, or all of it is one.
///
/// # Errors
/// As [`value`].
pub fn secret_value(
    reader: &mut Reader<'_>,
    schema: &Schema,
    node: NodeId,
    is_secret: bool,
) -> Read<SecretValue> {
    value(reader, schema, node).map(|value| SecretValue::new(value, schema, node, is_secret))
}

/// Checks the value that comes next against the whole of `node`, and leaves the reader where it is: for rules that a
/// typed reader does not look at.
///
/// # Errors
/// If it does not hold.
pub fn guard(reader: &Reader<'_>, schema: &Schema, node: NodeId) -> Read<()> {
    let tree = Tree::read(&mut reader.clone())?;
    demand(tree.duplicates().is_empty() && is_valid(schema, node, NO_TYPES, tree.root()))
}

/// The value of the member `tag` of the object that comes next, wherever in it that stands; leaves the reader where it
/// is.
///
/// # Errors
/// If it is not there, or no string.
pub fn tag<'t>(reader: &Reader<'t>, tag: &str) -> Read<Cow<'t, str>> {
    let mut ahead = reader.clone();
    demand(ahead.find_member(tag))?;
    Ok(ahead.string()?)
}

/// Reads the string `constant` and drops it.
///
/// # Errors
/// If it is anything else.
pub fn same(reader: &mut Reader<'_>, constant: &str) -> Read<()> {
    demand(reader.string()? == constant)
}

/// Reads a constant or an enum value of any type and drops it.
///
/// # Errors
/// If it does not hold to `node`.
pub fn constant(reader: &mut Reader<'_>, schema: &Schema, node: NodeId) -> Read<()> {
    match reader.peek()? {
        Kind::String => demand(string_holds(schema, node, &reader.string()?)),
        _ => value(reader, schema, node).map(drop),
    }
}

/// Whether to ask for each of `keys` once more. No other key may come.
///
/// # Errors
/// If one does, or the text is no JSON here.
#[inline]
pub fn pass(reader: &mut Reader<'_>, object: &mut Expected, keys: &[Key]) -> Read<bool> {
    match reader.pass(object, keys)? {
        Pass::Over => Ok(true),
        Pass::Done => Ok(false),
        Pass::Unexpected => Err(Reject),
    }
}

/// Reads a reference, and makes of it at once what it is for, so that it is not moved.
#[inline]
fn reference<T>(
    reader: &mut Reader<'_>,
    schema: &Schema,
    rules: &TextRules,
    made: impl Fn(Reference) -> T,
) -> Read<T> {
    let Some(source) = reader.first_member(SOURCES) else {
        return other_reference(reader, schema, rules).map(made);
    };
    let name = source_name(reader, schema, rules, source)?;
    // it has one member, and nothing but the end of the object behind that
    demand(reader.end_object())?;
    Reference::at(source, name).map(made).ok_or(Reject)
}

/// The same, where the key is written with escapes, or there may be no reference at all.
#[cold]
fn other_reference(reader: &mut Reader<'_>, schema: &Schema, rules: &TextRules) -> Read<Reference> {
    let (mut object, mut read) = (reader.object()?, None);
    while let Some(key) = reader.key(&mut object)? {
        demand(read.is_none())?;
        let source = SOURCES.iter().position(|source| source.name() == key).ok_or(Reject)?;
        read = Reference::at(source, source_name(reader, schema, rules, source)?);
    }
    read.ok_or(Reject)
}

/// Reads the name that a reference has at `source`.
#[inline]
fn source_name<'t>(
    reader: &mut Reader<'t>,
    schema: &Schema,
    rules: &TextRules,
    source: usize,
) -> Read<Cow<'t, str>> {
    string(reader, schema, rules.reference.get(source).copied().flatten().ok_or(Reject)?)
}

fn string_holds(schema: &Schema, node: NodeId, text: &str) -> bool {
    schema.node(node).keywords.iter().all(|row| match row {
        Keyword::Type(types) => types.intersects(Types::STRING),
        Keyword::MinLength(bound) => keyword::min_length::holds(*bound, text),
        Keyword::MaxLength(bound) => keyword::max_length::holds(*bound, text),
        Keyword::Pattern(pattern) => pattern.matches(text),
        Keyword::Const(value) => value.as_str() == Some(text),
        Keyword::Enum(values) => values.iter().any(|value| value.as_str() == Some(text)),
        Keyword::Ref(target) => string_holds(schema, *target, text),
        Keyword::AllOf(nodes) => nodes.iter().all(|node| string_holds(schema, *node, text)),
        Keyword::OneOf(union) | Keyword::AnyOf(union) if matches!(union.by, Discriminant::Type(_)) => {
            by_type(union, Types::STRING).is_some_and(|branch| string_holds(schema, branch, text))
        }
        Keyword::Never
        | Keyword::AnyOf(_)
        | Keyword::OneOf(_)
        | Keyword::Not(_)
        | Keyword::If(_)
        | Keyword::AuthType => is_valid(schema, node, NO_TYPES, &Value::String(text.to_owned())),
        // rules for other types
        _ => true,
    })
}

fn number_holds(schema: &Schema, node: NodeId, number: Number) -> bool {
    schema.node(node).keywords.iter().all(|row| match row {
        Keyword::Type(types) => {
            types.contains(Types::NUMBER) || (types.intersects(Types::INTEGER) && number.is_integer())
        }
        Keyword::Minimum(bound) => keyword::minimum::holds(*bound, number),
        Keyword::Maximum(bound) => keyword::maximum::holds(*bound, number),
        Keyword::ExclusiveMinimum(bound) => keyword::exclusive_minimum::holds(*bound, number),
        Keyword::ExclusiveMaximum(bound) => keyword::exclusive_maximum::holds(*bound, number),
        Keyword::MultipleOf(divisor) => keyword::multiple_of::holds(*divisor, number),
        Keyword::Ref(target) => number_holds(schema, *target, number),
        Keyword::AllOf(nodes) => nodes.iter().all(|node| number_holds(schema, *node, number)),
        Keyword::Const(value) => equal::equals(Instance::Number(number), value),
        Keyword::Enum(values) => values.iter().any(|value| equal::equals(Instance::Number(number), value)),
        Keyword::Never
        | Keyword::AnyOf(_)
        | Keyword::OneOf(_)
        | Keyword::Not(_)
        | Keyword::If(_)
        | Keyword::AuthType => is_valid(schema, node, NO_TYPES, Instance::Number(number)),
        _ => true,
    })
}
