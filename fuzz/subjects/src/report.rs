//! The reporting path: no report in any format shows a secret, whatever is wrong around it.
//!
//! The input is a byte that says how the secrets are written, two that say where the text is broken and one that says how,
//! and a connector file. A secret stands in each field where the schema of its auth type wants one.

use authwire::AuthConfig;
use authwire_cli::fuzzing;
use authwire_core::table::{Display, Keyword, NodeId, Schema};
use serde_json::{Value, json};

use crate::canary::{self, CANARY};
use crate::pace;

/// Any bytes as such an input.
///
/// # Panics
/// Where a report shows a secret or cannot be written.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len(), || show(bytes));
}

fn show(bytes: &[u8]) {
    let Some(([form, high, low, fault], text)) = bytes.split_first_chunk::<4>() else { return };
    // as it is: it only has to be shown
    render(text);
    let Ok(mut connector) = serde_json::from_slice::<Value>(text) else { return };
    if !fill(&mut connector, *form) {
        return;
    }
    let text = if form & 0x80 == 0 { connector.to_string() } else { format!("{connector:#}") };
    let at = usize::from(u16::from_be_bytes([*high, *low])) % (text.len() + 1);
    let mut text = text.into_bytes();
    match fault % 4 {
        0 => {}
        1 => text.truncate(at),
        2 => drop(text.splice(at..(at + 1).min(text.len()), [])),
        _ => text.insert(at, b"{}[]\",:\\\nx7/-\xff\0 "[usize::from(fault >> 2) % 16]),
    }
    for output in render(&text) {
        canary::is_not_in(&output, "the report");
    }
}

fn render(text: &[u8]) -> Vec<String> {
    let outputs = fuzzing::reports("connector.json", text).expect("a report can always be written");
    let (json, sarif) = (&outputs[2], &outputs[3]);
    for document in [json, sarif] {
        assert!(serde_json::from_str::<Value>(document).is_ok(), "this is no JSON: {document}");
    }
    outputs
}

/// Puts a secret into each field of the auth config that wants one; `false` if there is none.
fn fill(connector: &mut Value, form: u8) -> bool {
    let Some(config) = connector.get_mut("auth_config").and_then(Value::as_object_mut) else { return false };
    let name = config.get("type").and_then(Value::as_str);
    let Some(schema) = AuthConfig::BUILTIN.iter().find(|schema| Some(&*schema.name) == name) else {
        return false;
    };
    let mut filled = false;
    for (field, node) in properties(schema) {
        if is_secret(schema, node) {
            let secret = match form % 5 {
                0 => json!(CANARY),
                1 => json!([CANARY]),
                2 => json!({ "value": CANARY }),
                3 => json!({ "env": "A", "file": [CANARY] }),
                _ => json!({ "env": { "env": CANARY } }),
            };
            config.insert(field.to_owned(), secret);
            filled = true;
        }
    }
    filled
}

fn properties(schema: &Schema) -> impl Iterator<Item = (&str, NodeId)> {
    let rows = schema.nodes.iter().flat_map(|node| node.keywords.iter());
    let named = rows.filter_map(|row| match row {
        Keyword::Properties(properties) => Some(&properties.named),
        _ => None,
    });
    named.flat_map(|named| named.iter().map(|(name, node)| (&**name, *node)))
}

fn is_secret(schema: &Schema, node: NodeId) -> bool {
    [node, schema.resolved(node)].iter().any(|node| schema.node(*node).display == Display::Secret)
}
