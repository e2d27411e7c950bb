//! The engine knows primitives and no auth type: no built-in type's name stands in a string of the crates that hold the
//! tables, read schemas, check configs, generate code or send requests. So a type from outside can do whatever a built-in
//! one can.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const CRATES: [&str; 6] = [
    "authwire-model",
    "authwire-core",
    "authwire-schema",
    "authwire-codegen",
    "authwire-chores",
    "authwire-runtime",
];

/// Where the plan's grammar is read: some of its words are names of types too (`digest`, `cookie`).
const GRAMMAR: &str = "authwire-schema/src/plan";

/// Words that are no type's name where they stand.
const OTHER_WORDS: [(&str, &str); 3] = [
    // a header or parameter of such a name sounds secret
    ("authwire-core/src/text.rs", "cookie"),
    // the reference page names the placement
    ("authwire-chores/src/docs/wire/placement.rs", "cookie"),
    // the scheme of a challenge (RFC 7616 §3.3)
    ("authwire-runtime/src/digest/challenge.rs", "digest"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names of the built-in types: those of the folder.
fn types() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("schemas/auth")).expect("schemas/auth");
    let name = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    entries.map(|entry| name(entry.expect("an entry").path())).collect()
}

/// The words of the plan's grammar.
fn words() -> BTreeSet<String> {
    fn collect(value: &Value, words: &mut BTreeSet<String>) {
        if let Some(properties) = value["properties"].as_object() {
            words.extend(properties.keys().cloned());
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| collect(value, words)),
            Value::Array(items) => items.iter().for_each(|value| collect(value, words)),
            _ => {}
        }
    }
    let text = fs::read_to_string(root().join("schemas/meta/auth-type.json")).expect("the meta-schema");
    let mut words = BTreeSet::new();
    collect(&serde_json::from_str(&text).expect("JSON"), &mut words);
    words
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The strings of a source file that no test and no comment holds, each with its line.
fn strings(text: &str) -> Vec<(usize, String)> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut strings = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        let line = line.trim_start();
        if line.starts_with("//") {
            continue;
        }
        let mut parts = line.split('"');
        parts.next();
        while let (Some(string), Some(_)) = (parts.next(), parts.next()) {
            strings.push((number, string.to_owned()));
        }
    }
    strings
}

#[test]
fn no_built_in_type_is_known_by_its_name() {
    let (types, words) = (types(), words());
    assert!(types.contains("oauth2_client_credentials") && words.contains("digest"));
    let mut found = Vec::new();
    let mut read = 0;
    let mut used = 0;
    for name in CRATES {
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        for file in files {
            let shown = file.to_string_lossy().into_owned();
            let is_grammar = shown.contains(GRAMMAR);
            let is_other =
                |string: &str| OTHER_WORDS.iter().any(|(at, word)| shown.ends_with(at) && *word == string);
            for (line, string) in strings(&fs::read_to_string(&file).expect("a source file")) {
                read += 1;
                if !types.contains(&string) || (is_grammar && words.contains(&string)) {
                    continue;
                }
                match is_other(&string) {
                    true => used += 1,
                    false => found.push(format!("{shown}:{line}: {string:?}")),
                }
            }
        }
    }
    assert!(read > 1000, "only {read} strings were read");
    assert_eq!(used, OTHER_WORDS.len(), "a word that is excused and not there any more");
    assert_eq!(found, [""; 0], "an engine that knows types by name");
}

#[test]
fn a_name_would_be_found() {
    let text = "// \"no_auth\"\nif name == \"no_auth\" {}\n#[cfg(test)]\nmod tests {\n\"mtls\"";
    assert_eq!(strings(text), [(2, "no_auth".to_owned())]);
}
