//! A value with a secret in it that is no text: a map of secrets, a list, a number. It is never shown.

use std::fmt;

use serde_json::Value;
use zeroize::Zeroize as _;

use crate::secrecy::{below, in_place, is_reference};
use crate::table::{Display, NodeId, Schema};

/// JSON that is a secret, or has one in it. Its texts are wiped from memory when it is dropped.
#[derive(Clone)]
pub struct SecretValue {
    value: Value,
    has_literal: bool,
}

impl SecretValue {
    /// A value that holds to `node`: a secret as a whole, or what `node` says.
    #[must_use]
    pub fn new(value: Value, schema: &Schema, node: NodeId, is_secret: bool) -> Self {
        let has_literal = has_literal(&value, schema, &in_place(&schema.nodes, node), is_secret);
        Self { value, has_literal }
    }

    /// The value. The name is long so that a reviewer sees it.
    #[must_use]
    pub fn expose_value(&self) -> &Value {
        &self.value
    }

    /// Whether a secret stands in it, and not only references to where it is kept.
    #[must_use]
    pub fn has_literal(&self) -> bool {
        self.has_literal
    }
}

impl PartialEq for SecretValue {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Drop for SecretValue {
    fn drop(&mut self) {
        wipe(&mut self.value);
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(redacted)")
    }
}

/// Wipes every string of `value`.
pub fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a secret stands in `value`, to which all of `nodes` may apply, or which is a secret as a whole.
fn has_literal(value: &Value, schema: &Schema, nodes: &[NodeId], is_secret: bool) -> bool {
    let is_secret = is_secret || nodes.iter().any(|node| schema.node(*node).display == Display::Secret);
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => is_secret,
        // an empty password hides nothing
        Value::String(text) => is_secret && !text.is_empty(),
        Value::Array(items) => {
            let nodes = below(schema, nodes, None);
            items.iter().any(|item| has_literal(item, schema, &nodes, is_secret))
        }
        Value::Object(members) if is_secret && is_reference(members.keys().map(String::as_str)) => false,
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| has_literal(value, schema, &below(schema, nodes, Some(name)), is_secret)),
    }
}
