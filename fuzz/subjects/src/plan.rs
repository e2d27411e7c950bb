//! The plan reader: any bytes as the `x-auth` of a type with a property of each kind are refused with words, or become a
//! plan that says what would be sent without showing a secret.

use std::sync::Arc;

use authwire_core::Document;
use authwire_runtime::{Connector, explain};
use http::Method;
use serde_json::{Value, json};

use crate::canary::{self, CANARY};
use crate::{pace, schema};

/// The schema around the plan.
const SHAPE: &str = r##""type": "object", "required": ["secret", "text", "choice"], "additionalProperties": false, "properties": {
  "type": {"const": "acme"},
  "secret": {"title": "Secret", "$ref": "authwire:common#/$defs/secret"},
  "text": {"title": "Text", "$ref": "authwire:common#/$defs/text"},
  "url": {"title": "URL", "$ref": "authwire:common#/$defs/url"},
  "choice": {"title": "Choice", "enum": ["one", "two"]},
  "plain": {"title": "Plain", "type": "string", "minLength": 1},
  "seconds": {"title": "Seconds", "type": "integer", "minimum": 1, "maximum": 86400},
  "flag": {"title": "Flag", "type": "boolean"},
  "statuses": {"title": "Statuses", "type": "array", "items": {"type": "integer", "minimum": 400, "maximum": 499}},
  "map": {"title": "Map", "$ref": "authwire:common#/$defs/map"},
  "answer": {"title": "Answer", "type": "object", "additionalProperties": false, "properties": {
    "token": {"title": "Token", "type": "string", "minLength": 1, "default": "/token"}}}
}"##;

/// Any bytes as a plan.
///
/// # Panics
/// Where it is neither compiled nor refused with words, or where what it would send shows a secret.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len() + SHAPE.len(), || {
        let text = [b"{", SHAPE.as_bytes(), b", \"x-auth\": ", bytes, b"}"].concat();
        if let Some(auth) = schema::read(text) {
            let plan = Arc::new(auth.schema);
            configs().iter().for_each(|config| explained(Document::new(Arc::clone(&plan), config)));
        }
    });
}

fn configs() -> [Value; 2] {
    let least = json!({"type": "acme", "secret": CANARY, "text": "t", "choice": "one"});
    let most = json!({
        "type": "acme", "secret": CANARY, "text": {"env": "ACME_TEXT"}, "url": "https://auth.example/token", "choice": "two",
        "plain": "p", "seconds": 60, "flag": true, "statuses": [401, 419], "map": {"X-Secret": CANARY, "X-Plain": "p"},
        "answer": {"token": "/data/token"},
    });
    [least, most]
}

fn explained(config: Document) {
    let connector = Connector::new("acme", "https://api.example/v1", Arc::new(config));
    let told = match explain(&connector, &Method::GET, "/users/me") {
        Ok(explanation) => format!("{explanation}\n{explanation:?}"),
        Err(error) => format!("{error}\n{error:?}"),
    };
    canary::is_not_in(&told, "the explanation");
}
