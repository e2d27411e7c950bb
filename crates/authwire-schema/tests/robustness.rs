//! No text makes the reader panic or run away: built-in schemas, cut, mixed and changed.

mod random;

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{Library, read_auth_type};
use random::Random;

/// Reads `text` as an auth type; only that it ends matters.
fn read(text: &[u8]) {
    let text = text.to_vec();
    let mut library =
        Library::with_loader(is_valid_tree, move |_| -> io::Result<Vec<u8>> { Ok(text.clone()) });
    let begun = Instant::now();
    if let Err(told) = read_auth_type(&mut library, Path::new("acme.json")) {
        assert!(!told.to_string().is_empty());
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "it runs away");
}

fn texts() -> impl Iterator<Item = &'static str> {
    authwire_schemas::FILES.iter().filter(|file| file.auth_type().is_some()).map(|file| file.text)
}

#[test]
fn a_schema_may_end_anywhere() {
    for text in texts() {
        let step = text.len() / 40;
        for end in (0..text.len()).step_by(step.max(1)) {
            read(&text.as_bytes()[..end]);
        }
    }
}

#[test]
fn a_value_may_be_any_other() {
    let others = [
        "null",
        "true",
        "0",
        "1e999",
        "\"\"",
        "\"{\"",
        "\"{a.b}\"",
        "[]",
        "{}",
        "[[]]",
        "{\"$ref\": \"#\"}",
        "\"#/x-auth\"",
    ];
    let mut random = Random::new(11);
    for text in texts() {
        for _ in 0..30 {
            let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
            for _ in 0..=random.below(2) {
                let other = serde_json::from_str(random.pick(&others)).unwrap_or_default();
                replace(&mut value, &mut random, other);
            }
            read(value.to_string().as_bytes());
        }
    }
}

/// Replaces some value in `value` by `other`.
fn replace(value: &mut serde_json::Value, random: &mut Random, other: serde_json::Value) {
    let children = match value {
        serde_json::Value::Array(items) => items.len(),
        serde_json::Value::Object(members) => members.len(),
        _ => 0,
    };
    if children == 0 || random.below(6) == 0 {
        *value = other;
        return;
    }
    let at = random.below(children);
    match value {
        serde_json::Value::Array(items) => replace(&mut items[at], random, other),
        serde_json::Value::Object(members) => {
            if let Some((_, child)) = members.iter_mut().nth(at) {
                replace(child, random, other);
            }
        }
        _ => {}
    }
}

#[test]
fn a_byte_may_be_any_other() {
    let mut random = Random::new(13);
    for text in texts() {
        for _ in 0..40 {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                bytes[at] = random.pick(b"{}[]\":,\\x0\xc3");
            }
            read(&bytes);
        }
    }
}

#[test]
fn what_is_large_or_deep_is_refused_or_read_in_time() {
    let nested = |n: usize, open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    let wrap = |inner: &str| {
        format!(r#"{{"type": "object", "properties": {{"a": {inner}}}, "x-auth": {{"apply": []}}}}"#)
    };
    read(wrap(&nested(120, r#"{"not": "#, "true", "}")).as_bytes());
    read(wrap(&nested(200, r#"{"not": "#, "true", "}")).as_bytes());
    read(wrap(&nested(60, r#"{"items": "#, r#"{"properties": {"x": true}}"#, "}")).as_bytes());
    let many: Vec<String> = (0..20_000).map(|n| format!(r#""p{n}": {{"type": "string"}}"#)).collect();
    read(
        format!(r#"{{"type": "object", "properties": {{{}}}, "x-auth": {{"apply": []}}}}"#, many.join(","))
            .as_bytes(),
    );
    let many: Vec<String> = (0..60_000).map(|n| format!(r#""p{n}""#)).collect();
    read(wrap(&format!(r#"{{"required": [{}]}}"#, many.join(","))).as_bytes());
    let many: Vec<String> = (0..2_000).map(|n| format!(r#""p{n}": {{"minLenght": 1}}"#)).collect();
    read(
        format!(r#"{{"type": "object", "properties": {{{}}}, "x-auth": {{"apply": []}}}}"#, many.join(","))
            .as_bytes(),
    );
    let many: Vec<String> =
        (0..3_000).map(|n| format!(r##""p{n}": {{"$ref": "#/properties/p{}"}}"##, n + 1)).collect();
    read(
        format!(r#"{{"type": "object", "properties": {{{}}}, "x-auth": {{"apply": []}}}}"#, many.join(","))
            .as_bytes(),
    );
    let many: Vec<String> = (0..2_000).map(|n| format!(r#"{{"header": {{"X-{n}": "{{p{n}}}"}}}}"#)).collect();
    let names: Vec<String> = (0..2_000).map(|n| format!(r#""p{n}": {{"type": "string"}}"#)).collect();
    read(
        format!(
            r#"{{"type": "object", "properties": {{{}}}, "x-auth": {{"apply": [{}]}}}}"#,
            names.join(","),
            many.join(",")
        )
        .as_bytes(),
    );
    read(&vec![b' '; 2 << 20]);
    // a sample as deep as one may be, through as many subschemas as may apply to one value
    let chain = nested(
        30,
        r#"{"allOf": ["#,
        r##"{"properties": {"a": {"$ref": "#/$defs/d"}}, "minProperties": 0}"##,
        "]}",
    );
    let sample = nested(31, r#"{"a": "#, "{}", "}");
    read(format!(r##"{{"type": "object", "$defs": {{"d": {chain}}}, "$ref": "#/$defs/d", "default": {sample}, "x-auth": {{"apply": []}}}}"##).as_bytes());
}
