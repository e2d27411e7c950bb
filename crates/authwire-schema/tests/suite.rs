//! The official JSON Schema test suite (draft 2020-12), through the model that is built at run time.
//!
//! Each group is either accepted, and then every test in it has to agree, or refused with an error that names what is not
//! supported. `AUTHWIRE_SUITE` names the suite's folder; without it, the one beside the checkout is taken if there is one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use authwire_core::interpreter;
use authwire_core::json::Tree;
use authwire_core::table::Registry;
use authwire_schema::Library;
use serde_json::Value;

/// Where the suite is; `None` where there is none to be found.
fn suite() -> Option<PathBuf> {
    if let Some(path) = env::var_os("AUTHWIRE_SUITE") {
        let path = PathBuf::from(path);
        assert!(
            path.join("tests").is_dir(),
            "AUTHWIRE_SUITE: {} is no JSON Schema test suite",
            path.display()
        );
        return Some(path);
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites/json-schema-test-suite");
    beside.is_dir().then_some(beside)
}

/// The documents that references lead to, by the URIs at which the suite has them.
fn remotes(folder: &Path, uri: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the remotes") {
        let path = entry.expect("an entry").path();
        let uri = format!("{uri}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        // of other drafts nothing is referenced
        if path.is_dir() {
            if !uri.contains("/draft") || uri.contains("2020-12") {
                found.extend(remotes(&path, &uri));
            }
        } else {
            found.push((uri, fs::read(&path).expect("a file")));
        }
    }
    found
}

#[derive(Default)]
struct Counts {
    groups: usize,
    accepted: usize,
    tests: usize,
    passed: usize,
    refused: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

#[test]
fn whatever_is_accepted_means_what_the_suite_says() {
    let Some(suite) = suite() else {
        println!("SKIPPED: there is no JSON Schema test suite: name its folder by AUTHWIRE_SUITE");
        return;
    };
    let mut files: Vec<PathBuf> = fs::read_dir(suite.join("tests/draft2020-12"))
        .expect("the tests")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let remotes = remotes(&suite.join("remotes"), "http://localhost:1234");
    let mut counts = Counts::default();
    for file in &files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let groups: Vec<Value> = serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON");
        for group in &groups {
            run(&name, group, &remotes, &mut counts);
        }
    }
    println!(
        "{} files, {} groups: {} accepted; {} tests in them: {} passed, {} wrong",
        files.len(),
        counts.groups,
        counts.accepted,
        counts.tests,
        counts.passed,
        counts.wrong.len()
    );
    let mut refused: Vec<_> = counts.refused.iter().collect();
    refused.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (why, count) in refused {
        println!("{count:4} groups refused: {why}");
    }
    assert!(counts.wrong.is_empty(), "{}", counts.wrong.join("\n"));
}

fn run(file: &str, group: &Value, remotes: &[(String, Vec<u8>)], counts: &mut Counts) {
    counts.groups += 1;
    let text = serde_json::to_string_pretty(&group["schema"]).expect("JSON");
    let mut library = Library::new();
    for (uri, bytes) in remotes {
        library.add(uri, bytes.clone());
    }
    let document = match authwire_schema::read_text(&mut library, "schema", &text) {
        Ok((document, _)) => document,
        Err(diagnostics) => {
            let why = diagnostics.iter().next().map(|first| first.message.clone()).unwrap_or_default();
            *counts.refused.entry(format!("{why} [{file}]")).or_default() += 1;
            return;
        }
    };
    counts.accepted += 1;
    let schema = &document.schema;
    for test in group["tests"].as_array().into_iter().flatten() {
        counts.tests += 1;
        let data = &test["data"];
        let in_memory = interpreter::is_valid(schema, schema.root(), Registry { types: &[] }, data);
        let text = data.to_string();
        let over_bytes = Tree::parse(text.as_bytes()).is_ok_and(|tree| {
            interpreter::is_valid(schema, schema.root(), Registry { types: &[] }, tree.root())
        });
        if Some(in_memory) == test["valid"].as_bool() && in_memory == over_bytes {
            counts.passed += 1;
        } else {
            counts.wrong.push(format!(
                "{file}: {}: {}: in memory {in_memory}, over bytes {over_bytes}, expected {}",
                group["description"], test["description"], test["valid"]
            ));
        }
    }
}
