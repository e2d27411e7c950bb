//! A value of the tree for any serializer of serde's: in the order of the text, numbers as they are.

use serde_core::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use super::{Cursor, Kind};

impl Serialize for Cursor<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind() {
            Kind::Null => serializer.serialize_unit(),
            Kind::Boolean => serializer.serialize_bool(self.boolean().unwrap_or_default()),
            Kind::String => serializer.serialize_str(&self.string().unwrap_or_default()),
            Kind::Number => match self.number() {
                Some(number) => match (number.as_u64(), number.as_i64()) {
                    (Some(number), _) => serializer.serialize_u64(number),
                    (None, Some(number)) => serializer.serialize_i64(number),
                    (None, None) => serializer.serialize_f64(number.as_f64()),
                },
                None => serializer.serialize_unit(),
            },
            Kind::Array => {
                let mut list = serializer.serialize_seq(Some(self.len()))?;
                for item in self.items() {
                    list.serialize_element(&item)?;
                }
                list.end()
            }
            Kind::Object => {
                let mut map = serializer.serialize_map(Some(self.len()))?;
                for (key, value) in self.members() {
                    map.serialize_entry(&*key, &value)?;
                }
                map.end()
            }
        }
    }
}
