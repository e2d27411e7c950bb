//! One verdict: the one-pass parser, the interpreter over bytes, the interpreter over a `Value`, the tables that are
//! built at run time, and the `jsonschema` crate over the bundle.
//!
//! The auth types share the documents that are made, 100,000 if `AUTHWIRE_DOCUMENTS` does not say how many. A million, with
//! progress on stderr, before a release and after any change of an evaluator:
//!
//! ```text
//! AUTHWIRE_DOCUMENTS=1000000 cargo test --release -p authwire --test agreement -- --nocapture
//! ```

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use authwire::{__private as private, AuthConfig, ConnectorConfig, Layer, Report};
use authwire_chores::corpus::Corpus;
use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{Builtin, Library};
use private::core::checker;
use private::core::table::{Registry, Schema};
use serde_json::Value;

struct Evaluators {
    builtin: Builtin,
    oracle: jsonschema::Validator,
}

impl Evaluators {
    fn new() -> Self {
        let mut library = Library::new(is_valid_tree);
        let builtin = authwire_schema::builtin(&mut library).unwrap();
        let bundle: Value =
            serde_json::from_str(&authwire_schema::bundle(&library, &builtin.connector, &builtin.auth))
                .unwrap();
        let oracle = jsonschema::draft202012::new(&bundle).unwrap();
        Self { builtin, oracle }
    }

    /// The verdict that all share, or the documents on which they differ.
    fn verdict(&self, value: &Value) -> Result<bool, String> {
        let bytes = serde_json::to_vec(value).unwrap();
        let built: Vec<&Schema> = self.builtin.auth.iter().map(|auth| &auth.schema).collect();
        let tables = Registry { types: AuthConfig::BUILTIN };
        let from_bytes = checker::report(ConnectorConfig::tables(), tables, &bytes, None);
        let from_value = checker::report_value(ConnectorConfig::tables(), tables, value, None);
        let verdicts = [
            ("the jsonschema crate", self.oracle.is_valid(value)),
            ("the one-pass parser", private::parses::<ConnectorConfig>(&bytes)),
            ("the interpreter over bytes", holds(&from_bytes)),
            ("the interpreter over a Value", holds(&from_value)),
            (
                "the tables built at run time",
                holds(&checker::report(
                    &self.builtin.connector.schema,
                    Registry { types: &built },
                    &bytes,
                    None,
                )),
            ),
        ];
        let config = ConnectorConfig::from_slice(&bytes);
        let one_verdict = verdicts.iter().all(|(_, verdict)| *verdict == verdicts[0].1);
        let one_report = marks(&from_bytes) == marks(&from_value);
        // with the semantic layer: a config if and only if the report allows one
        if one_verdict && one_report && config.is_ok() == from_bytes.is_valid() {
            return Ok(verdicts[0].1);
        }
        let config = if config.is_ok() { "a config" } else { "no config" };
        let text = serde_json::to_string_pretty(value).unwrap();
        Err(format!("{verdicts:#?}, {config}\n{text}\nfrom bytes: {from_bytes}\nfrom a Value: {from_value}"))
    }
}

/// What was found where.
fn marks(report: &Report) -> BTreeSet<(&'static str, &str)> {
    report.findings().iter().map(|finding| (finding.code.as_str(), finding.pointer.as_str())).collect()
}

/// Whether the schema layer holds.
fn holds(report: &Report) -> bool {
    !report.findings().iter().any(|finding| finding.layer() == Layer::Schema)
}

/// How many documents are made.
fn documents() -> usize {
    env::var("AUTHWIRE_DOCUMENTS")
        .map_or(100_000, |count| count.parse().expect("AUTHWIRE_DOCUMENTS is a number"))
}

/// Tells on stderr how far the work is, each time another hundredth is done.
struct Progress {
    total: usize,
    done: AtomicUsize,
}

impl Progress {
    fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of((self.total / 100).max(1)) {
            eprintln!("agreement: {done} of {} documents", self.total);
        }
    }
}

#[test]
fn every_evaluator_gives_one_verdict_on_generated_documents() {
    let evaluators = Evaluators::new();
    let types = &evaluators.builtin.auth;
    let each = documents().div_ceil(types.len());
    let progress = Progress { total: each * types.len(), done: AtomicUsize::new(0) };
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(auth) = types.get(next.fetch_add(1, Ordering::Relaxed)) {
                    one_verdict_on(&evaluators, &auth.schema, each, &progress);
                }
            });
        }
    });
}

/// Half of the documents are meant to be valid, the others have one, two or three mutations.
fn one_verdict_on(evaluators: &Evaluators, auth: &Schema, count: usize, progress: &Progress) {
    let mut corpus = Corpus::new(&evaluators.builtin.connector.schema, Some(auth), 1);
    let (mut valid, mut invalid) = (0, 0);
    for index in 0..count {
        let mut value = corpus.valid();
        let mutations = if index % 2 == 0 { 0 } else { 1 + index / 2 % 3 };
        (0..mutations).for_each(|_| corpus.mutate(&mut value));
        match evaluators.verdict(&value) {
            Ok(true) => valid += 1,
            Ok(false) => invalid += 1,
            Err(differences) => panic!("document {index} of {}: {differences}", &*auth.name),
        }
        progress.one_more();
    }
    println!("{}: {valid} valid, {invalid} invalid, one verdict on each", &*auth.name);
    assert!(valid * 4 > count, "{}: only {valid} valid documents were made", &*auth.name);
    assert!(invalid * 10 > count, "{}: only {invalid} invalid documents were made", &*auth.name);
}

#[test]
fn every_evaluator_finds_the_examples_valid() {
    let evaluators = Evaluators::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/connectors");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(evaluators.verdict(&value), Ok(true), "{}", path.display());
        files += 1;
    }
    assert!(files >= 10, "only {files} examples were found");
}

#[test]
fn every_evaluator_gives_one_verdict_on_the_fixtures() {
    let evaluators = Evaluators::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let (mut valid, mut invalid) = (0, 0);
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                match evaluators.verdict(&value) {
                    Ok(true) => valid += 1,
                    Ok(false) => invalid += 1,
                    Err(differences) => panic!("{}: {differences}", path.display()),
                }
            }
        }
    }
    assert!(valid > 50 && invalid > 100, "only {valid} valid and {invalid} invalid fixtures");
}

#[test]
fn the_static_tables_are_those_that_are_built_at_run_time() {
    let evaluators = Evaluators::new();
    assert_eq!(*ConnectorConfig::tables(), evaluators.builtin.connector.schema);
    assert_eq!(AuthConfig::BUILTIN.len(), evaluators.builtin.auth.len());
    for (written, built) in AuthConfig::BUILTIN.iter().zip(&evaluators.builtin.auth) {
        assert_eq!(**written, built.schema);
    }
}
