//! When two values are equal: by meaning, not by how they are written (Core §4.2.2).

use std::borrow::Cow;

use super::Instance;
use crate::json::Kind;
use crate::table::Json;

/// Whether a value of a document equals one of a schema.
pub(crate) fn equals(instance: Instance<'_>, value: &Json) -> bool {
    match value {
        Json::Null => instance.kind() == Kind::Null,
        Json::Bool(value) => instance.boolean() == Some(*value),
        Json::Number(value) => instance.number() == Some(*value),
        Json::String(value) => instance.string().is_some_and(|text| text == **value),
        Json::Array(items) => {
            instance.kind() == Kind::Array
                && instance.len() == items.len()
                && instance.items().zip(items).all(|(item, value)| equals(item, value))
        }
        Json::Object(members) => {
            instance.kind() == Kind::Object
                && instance.len() == members.len()
                && members
                    .iter()
                    .all(|(name, value)| instance.get(name).is_some_and(|found| equals(found, value)))
        }
    }
}

/// A text that two values of documents share exactly if they are equal.
pub(super) fn canonical(instance: Instance<'_>, into: &mut String) {
    use std::fmt::Write as _;
    let written = match instance.kind() {
        Kind::Null => write!(into, "null"),
        Kind::Boolean => write!(into, "{:?}", instance.boolean()),
        Kind::Number => match instance.number() {
            Some(number) if number.as_u64().is_some() => write!(into, "{:?}", number.as_u64()),
            Some(number) if number.as_i64().is_some() => write!(into, "{:?}", number.as_i64()),
            number => write!(into, "{:e}", number.map_or(f64::NAN, crate::number::Number::as_f64)),
        },
        Kind::String => write!(into, "{:?}", instance.string().unwrap_or_default()),
        Kind::Array => {
            into.push('[');
            for item in instance.items() {
                canonical(item, into);
                into.push(',');
            }
            write!(into, "]")
        }
        Kind::Object => {
            let member = |(name, value): (Cow<'_, str>, Instance<'_>)| {
                let mut text = format!("{name:?}:");
                canonical(value, &mut text);
                text
            };
            let mut members: Vec<String> = instance.members().map(member).collect();
            members.sort_unstable();
            write!(into, "{{{}}}", members.join(","))
        }
    };
    debug_assert!(written.is_ok(), "a String takes every write");
}
