//! Through the interpreter, over tables that are built at run time.

use std::collections::BTreeMap;

use authwire_core::interpreter;
use authwire_core::json::Tree;
use authwire_core::table::Registry;
use serde_json::Value;

use crate::Suite;

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
    let Some(suite) = Suite::find() else { return };
    let mut counts = Counts::default();
    for (file, group) in &suite.groups {
        run(&suite, file, group, &mut counts);
    }
    println!(
        "{} groups: {} accepted; {} tests in them: {} passed, {} wrong",
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
    assert!(counts.refused.is_empty(), "{} groups are refused", counts.groups - counts.accepted);
}

fn run(suite: &Suite, file: &str, group: &Value, counts: &mut Counts) {
    counts.groups += 1;
    let document = match suite.read(group) {
        Ok(document) => document,
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
