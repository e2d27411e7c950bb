//! Authwire's own schemas compile, without a warning.

use std::path::Path;

use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{Library, builtin, bundle, bundle_type, read_folder};

#[test]
fn every_built_in_schema_compiles() {
    let builtin =
        builtin(&mut Library::new(is_valid_tree)).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    assert_eq!(builtin.connector.name, "connector");
    assert!(builtin.connector.schema.plan.is_none());
    let names: Vec<&str> = builtin.auth.iter().map(|auth| &*auth.name).collect();
    let files = authwire_schemas::FILES.iter().filter_map(authwire_schemas::File::auth_type);
    assert_eq!(names, files.collect::<Vec<_>>());
    for auth in &builtin.auth {
        assert!(auth.schema.plan.is_some(), "{} has no plan", auth.name);
        assert_eq!(auth.schema.nodes.len(), auth.notes.len());
    }
}

#[test]
fn so_do_the_types_that_are_tried_against_servers() {
    for folder in ["tests/types", "tests/schemas"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
        let read = read_folder(&mut Library::new(is_valid_tree), &folder);
        let (types, warnings) = read.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        assert!(!types.is_empty() && warnings.is_empty(), "{warnings}");
    }
}

#[test]
fn the_bundle_is_one_document_without_anything_of_ours() {
    let mut library = Library::new(is_valid_tree);
    let builtin = builtin(&mut library).unwrap();
    let text = bundle(&library, &builtin.connector, &builtin.auth);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for ours in ["authwire:", "x-auth", "\"$id\"", "header-name"] {
        assert!(!text.contains(ours), "{ours}");
    }
    let mut open = vec![&value];
    while let Some(next) = open.pop() {
        if let Some(reference) = next.get("$ref").and_then(|it| it.as_str()) {
            assert!(value.pointer(&reference[1..]).is_some(), "{reference} is dangling");
        }
        match next {
            serde_json::Value::Object(members) => open.extend(members.values()),
            serde_json::Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    for auth in &builtin.auth {
        let text = bundle_type(&library, auth);
        assert!(text.starts_with("{\n  \"$schema\": ") && text.ends_with("}\n"), "{text}");
    }
}
