//! The meta-schema, which editors hold a schema file to, takes every built-in auth type. The oracle is the `jsonschema`
//! crate.

#![allow(missing_docs, reason = "tests")]

use std::path::Path;

use serde_json::Value;

#[test]
fn every_built_in_auth_type_is_what_the_meta_schema_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let read = |path: &Path| -> Value {
        let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&text).expect("it is JSON")
    };
    let meta = jsonschema::draft202012::new(&read(&root.join("meta/auth-type.json"))).expect("a schema");
    let mut seen = 0;
    for entry in root.join("auth").read_dir().expect("schemas/auth") {
        let path = entry.expect("an entry").path();
        let faults: Vec<String> = meta
            .iter_errors(&read(&path))
            .map(|fault| format!("{}: {}", fault.instance_path(), fault.schema_path()))
            .collect();
        assert_eq!(faults, [""; 0], "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} schema files");
}
