//! What stands in a field until a person fills it in: a value that the field's schema takes.

use authwire_core::table::{Json, Keyword, NodeId, Types};
use authwire_core::value::ToValue as _;
use serde_json::{Map, Number, Value, json};

use super::form::{Blank, Form};

/// Objects inside of objects are filled in so deep and no deeper.
const DEPTH: u32 = 8;

/// What stands for a text of which nothing is known.
const TEXT: &str = "CHANGE_ME";

/// A value for `blank`; `None` where none is known that the schema takes.
///
/// A secret becomes a reference to the environment variable `variable`.
pub(super) fn value(form: Form<'_>, blank: &Blank, variable: &str) -> Option<Value> {
    let choices = blank.choices.iter().map(|choice| choice.value.clone());
    let of_node = candidates(form, blank.node, variable, DEPTH);
    let whole = whole_examples(form, &blank.name);
    let takes = |value: &Value| !blank.choices.is_empty() || form.takes(blank.node, value);
    if form.is_secret(blank.node) && form.takes_reference(blank.node) {
        return Some(reference(variable));
    }
    // an example of the field, then one of the whole, before what only the rules say
    let examples = examples(form, blank.node);
    examples.into_iter().chain(whole).chain(choices).chain(of_node).find(takes)
}

/// A reference to an environment variable.
pub(super) fn reference(variable: &str) -> Value {
    json!({ "env": variable })
}

/// The name of the environment variable that holds a field of a connector: `ZOOM_CLIENT_SECRET`.
pub(super) fn variable(connector: &str, field: &str) -> String {
    let letter = |one: char| if one.is_ascii_alphanumeric() { one.to_ascii_uppercase() } else { '_' };
    format!("{connector}_{field}").chars().map(letter).collect()
}

/// The field `name` of the examples of the whole type.
fn whole_examples(form: Form<'_>, name: &str) -> Vec<Value> {
    let examples = examples(form, form.auth_type.schema.root());
    examples.into_iter().filter_map(|example| example.get(name).cloned()).collect()
}

fn examples(form: Form<'_>, node: NodeId) -> Vec<Value> {
    let examples =
        form.auth_type.inherited(node, |note| (!note.examples.is_empty()).then_some(&note.examples));
    let default = form.auth_type.inherited(node, |note| note.default.as_ref());
    examples.into_iter().flatten().chain(default).map(Json::to_value).collect()
}

/// What might do at `node`, best first.
fn candidates(form: Form<'_>, node: NodeId, variable: &str, depth: u32) -> Vec<Value> {
    let mut found = examples(form, node);
    let Some(depth) = depth.checked_sub(1) else { return found };
    if form.is_secret(node) && form.takes_reference(node) {
        found.insert(0, reference(variable));
    }
    let schema = &form.auth_type.schema;
    let rows = &schema.node(schema.resolved(node)).keywords;
    for row in rows {
        match row {
            Keyword::Const(value) => found.push(value.to_value()),
            Keyword::Enum(values) => found.extend(values.iter().map(Json::to_value)),
            Keyword::OneOf(union) | Keyword::AnyOf(union) => {
                for branch in &union.branches {
                    found.extend(candidates(form, *branch, variable, depth));
                }
            }
            Keyword::AllOf(nodes) => {
                for node in nodes {
                    found.extend(candidates(form, *node, variable, depth));
                }
            }
            _ => {}
        }
    }
    let types = form.types(node);
    if types.contains(Types::STRING) {
        found.extend(texts(rows));
    }
    if types.contains(Types::INTEGER) {
        found.extend(numbers(rows));
    }
    if types.contains(Types::BOOLEAN) {
        found.extend([json!(false), json!(true)]);
    }
    if types.contains(Types::ARRAY) {
        found.push(array(form, rows, variable, depth));
    }
    if types.contains(Types::OBJECT) {
        found.push(object(form, node, variable, depth));
    }
    found
}

fn texts(rows: &[Keyword]) -> Vec<Value> {
    let mut text = TEXT.to_owned();
    for row in rows {
        match row {
            Keyword::MinLength(least) => {
                let missing = usize::try_from(*least).unwrap_or(0).min(1 << 16).saturating_sub(text.len());
                text.extend(std::iter::repeat_n('_', missing));
            }
            Keyword::MaxLength(most) => text.truncate(usize::try_from(*most).unwrap_or(usize::MAX)),
            _ => {}
        }
    }
    vec![json!(text), json!("https://example.com/"), json!("/"), json!("0"), json!("")]
}

/// The bounds and what lies beside them.
fn numbers(rows: &[Keyword]) -> Vec<Value> {
    let mut found = vec![json!(1), json!(0)];
    for row in rows {
        let (bound, beside): (_, &[f64]) = match row {
            Keyword::Minimum(bound) | Keyword::Maximum(bound) | Keyword::MultipleOf(bound) => (bound, &[0.0]),
            Keyword::ExclusiveMinimum(bound) => (bound, &[1.0, 0.5]),
            Keyword::ExclusiveMaximum(bound) => (bound, &[-1.0, -0.5]),
            _ => continue,
        };
        found.push(bound.to_value());
        found.extend(beside.iter().filter_map(|by| number(bound.as_f64() + by)));
    }
    found
}

/// The number, written as an integer where it is one.
fn number(value: f64) -> Option<Value> {
    let whole = value.fract() == 0.0 && value.abs() < 9e15;
    // the cast loses nothing: it is whole and small
    if whole { Some(json!(value as i64)) } else { Number::from_f64(value).map(Value::Number) }
}

fn array(form: Form<'_>, rows: &[Keyword], variable: &str, depth: u32) -> Value {
    let least = rows.iter().find_map(|row| match row {
        Keyword::MinItems(least) => usize::try_from(*least).ok(),
        _ => None,
    });
    let items = rows.iter().find_map(|row| match row {
        Keyword::Items(items) => Some(items),
        _ => None,
    });
    let item = |index: usize| {
        let node = items.and_then(|items| items.prefix.get(index).copied().or(items.rest));
        let values = node.map(|node| (node, candidates(form, node, variable, depth)));
        let value =
            values.and_then(|(node, values)| values.into_iter().find(|value| form.takes(node, value)));
        value.unwrap_or_else(|| json!(TEXT))
    };
    Value::Array((0..least.unwrap_or(0).min(64)).map(item).collect())
}

/// An object with what it has to have.
fn object(form: Form<'_>, node: NodeId, variable: &str, depth: u32) -> Value {
    let mut filled = Value::Object(Map::new());
    loop {
        let missing = |blank: &Blank| blank.required && filled.get(&blank.name).is_none();
        let Some(blank) = form.blanks_of(node, &filled).into_iter().find(missing) else { return filled };
        let variable = self::variable(variable, &blank.name);
        let choices = blank.choices.iter().map(|choice| choice.value.clone());
        let below = candidates(form, blank.node, &variable, depth);
        let takes = |value: &Value| !blank.choices.is_empty() || form.takes(blank.node, value);
        let Some(value) = choices.chain(below).find(takes) else { return filled };
        filled[blank.name] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn a_variable_is_named_after_connector_and_field() {
        assert_eq!(variable("zoom-eu", "client_secret"), "ZOOM_EU_CLIENT_SECRET");
    }
}
