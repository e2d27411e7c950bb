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

/// The plans of the cases, with their titles, and whether the reader refuses them.
fn plans() -> Vec<(&'static str, Value, bool)> {
    let cases = include_str!("cases/plans.txt").split("\n# ").map(|case| case.trim_start_matches("# "));
    let plan = |case: &'static str| {
        let (title, rest) = case.split_once('\n')?;
        let told = |line: &&str| ["! ", "? ", "^ "].iter().any(|mark| line.starts_with(mark));
        let text: Vec<&str> = rest.lines().filter(|line| !told(line)).collect();
        let is_refused = rest.lines().any(|line| line.starts_with("! "));
        Some((title, serde_json::from_str(&text.join("\n")).expect("a plan is JSON"), is_refused))
    };
    cases.filter_map(plan).collect()
}

#[test]
fn the_meta_schema_takes_the_plans_that_the_reader_takes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let read = |path: &Path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let meta = jsonschema::draft202012::new(&read(&root.join("meta/auth-type.json"))).expect("a schema");
    let whole = read(&root.join("auth/basic_auth.json"));
    let fine: Vec<_> = plans().into_iter().filter(|(_, _, is_refused)| !is_refused).collect();
    assert!(fine.len() >= 30, "only {} plans", fine.len());
    let mut refused = Vec::new();
    for (title, plan, _) in fine {
        let mut whole = whole.clone();
        whole["x-auth"] = plan;
        let faults = meta.iter_errors(&whole);
        refused.extend(faults.map(|fault| format!("{title}: {}: {fault}", fault.instance_path())));
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn the_meta_schema_refuses_what_it_can_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let read = |path: &Path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let meta = jsonschema::draft202012::new(&read(&root.join("meta/auth-type.json"))).expect("a schema");
    let whole = read(&root.join("auth/basic_auth.json"));
    let plans = plans();
    for wanted in [
        "a body with GET",
        "cookies that are no session's",
        "empty texts",
        "empty texts of a token request",
        "spreads of nothing",
        "a pattern around what is no text",
        "a session's cookies, in place of something else",
        "user names that no server takes",
        "styles without what they send",
        "signatures without what signs",
        "one status",
    ] {
        let known = plans.iter().find(|(title, _, is_refused)| *title == wanted && *is_refused);
        let (_, plan, _) = known.unwrap_or_else(|| panic!("no case {wanted}"));
        let mut whole = whole.clone();
        whole["x-auth"] = plan.clone();
        assert!(!meta.is_valid(&whole), "{wanted}");
    }
}
