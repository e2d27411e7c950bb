//! What of ours is to serde: values for `serde_json`, and a tree for any serializer.

use serde_core::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use crate::instance::Instance;
use crate::json::{Cursor, Kind};
use crate::number::Number;
use crate::table::Json;

/// What has the same value in `serde_json`.
pub trait ToValue {
    /// The same for `serde_json`. A number beyond `f64` becomes `null`; of duplicate keys the last stays.
    fn to_value(&self) -> Value;
}

impl ToValue for Number {
    fn to_value(&self) -> Value {
        match *self {
            Self::Unsigned(number) => number.into(),
            Self::Negative(number) => number.into(),
            Self::Float(number) => number.into(),
        }
    }
}

impl ToValue for Json {
    fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => number.to_value(),
            Self::String(text) => Value::String(text.to_string()),
            Self::Array(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Self::Object(members) => {
                object(&mut members.iter().map(|(name, value)| (name.to_string(), value.to_value())))
            }
        }
    }
}

impl ToValue for Instance<'_> {
    fn to_value(&self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Boolean => self.boolean().into(),
            Kind::Number => self.number().map_or(Value::Null, |number| number.to_value()),
            Kind::String => Value::String(self.string().unwrap_or_default().into_owned()),
            Kind::Array => Value::Array(self.items().map(|item| item.to_value()).collect()),
            Kind::Object => {
                object(&mut self.members().map(|(name, value)| (name.into_owned(), value.to_value())))
            }
        }
    }
}

impl ToValue for Cursor<'_> {
    fn to_value(&self) -> Value {
        Instance::Tree(*self).to_value()
    }
}

/// A number of `serde_json`.
#[must_use]
pub fn number(number: &serde_json::Number) -> Number {
    if let Some(number) = number.as_u64() {
        Number::Unsigned(number)
    } else if let Some(number) = number.as_i64() {
        Number::Negative(number)
    } else {
        Number::Float(number.as_f64().unwrap_or(f64::NAN))
    }
}

/// An object of these members. One function for all: to collect a map is a lot of code, compiled anew for each iterator.
fn object(members: &mut dyn Iterator<Item = (String, Value)>) -> Value {
    let mut object = serde_json::Map::new();
    for (name, value) in members {
        object.insert(name, value);
    }
    Value::Object(object)
}

/// A value of a tree for any serializer of serde's: in the order of the text, numbers as they are.
#[derive(Debug, Clone, Copy)]
pub struct Serialized<'d>(pub Cursor<'d>);

impl Serialize for Serialized<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.kind() {
            Kind::Null => serializer.serialize_unit(),
            Kind::Boolean => serializer.serialize_bool(self.0.boolean().unwrap_or_default()),
            Kind::String => serializer.serialize_str(&self.0.string().unwrap_or_default()),
            Kind::Number => match self.0.number() {
                Some(number) => match (number.as_u64(), number.as_i64()) {
                    (Some(number), _) => serializer.serialize_u64(number),
                    (None, Some(number)) => serializer.serialize_i64(number),
                    (None, None) => serializer.serialize_f64(number.as_f64()),
                },
                None => serializer.serialize_unit(),
            },
            Kind::Array => {
                let mut list = serializer.serialize_seq(Some(self.0.len()))?;
                for item in self.0.items() {
                    list.serialize_element(&Self(item))?;
                }
                list.end()
            }
            Kind::Object => {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for (key, value) in self.0.members() {
                    map.serialize_entry(&*key, &Self(value))?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Serialized, ToValue as _};
    use crate::json::Tree;

    #[test]
    fn a_tree_is_the_value_that_serde_json_reads() {
        let text = r#" {"a\"b" : [1, {"c": null}, true, -2, 1.5, 1e300], "d": "x\n", "e": {}} "#;
        let tree = Tree::parse(text.as_bytes()).unwrap();
        let read: Value = serde_json::from_str(text).unwrap();
        assert_eq!(tree.root().to_value(), read);
        assert_eq!(serde_json::to_value(Serialized(tree.root())).unwrap(), read);
    }
}
