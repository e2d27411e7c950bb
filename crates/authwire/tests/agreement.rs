//! One verdict: the one-pass parser, the interpreter over bytes, the interpreter over a `Value`, the tables that are
//! built at run time, and the `jsonschema` crate over the bundle.
//!
//! `AUTHWIRE_DOCUMENTS` says how many documents are made per auth type (10,000 if it is not set).

use std::path::Path;
use std::{env, fs};

use authwire::{__private as private, AuthConfig, ConnectorConfig, Layer, Report};
use authwire_codegen::corpus::Corpus;
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
        let mut library = Library::new();
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
        let verdicts = [
            ("the jsonschema crate", self.oracle.is_valid(value)),
            ("the one-pass parser", private::parses::<ConnectorConfig>(&bytes)),
            (
                "the interpreter over bytes",
                holds(&checker::report(ConnectorConfig::tables(), tables, &bytes, None)),
            ),
            (
                "the interpreter over a Value",
                holds(&checker::report_value(ConnectorConfig::tables(), tables, value, None)),
            ),
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
        if verdicts.iter().all(|(_, verdict)| *verdict == verdicts[0].1) {
            Ok(verdicts[0].1)
        } else {
            let report = checker::report(ConnectorConfig::tables(), tables, &bytes, None);
            Err(format!("{verdicts:#?}\n{}\n{report}", serde_json::to_string_pretty(value).unwrap()))
        }
    }
}

/// Whether the schema layer holds.
fn holds(report: &Report) -> bool {
    !report.findings().iter().any(|finding| finding.layer() == Layer::Schema)
}

fn documents() -> usize {
    env::var("AUTHWIRE_DOCUMENTS")
        .ok()
        .map_or(10_000, |count| count.parse().expect("AUTHWIRE_DOCUMENTS is a number"))
}

#[test]
fn every_evaluator_gives_one_verdict_on_generated_documents() {
    let evaluators = Evaluators::new();
    for auth in &evaluators.builtin.auth {
        let mut corpus = Corpus::new(&evaluators.builtin.connector.schema, Some(&auth.schema), 1);
        let (mut valid, mut invalid) = (0, 0);
        for index in 0..documents() {
            let value = if index % 2 == 0 { corpus.valid() } else { corpus.mutated() };
            match evaluators.verdict(&value) {
                Ok(true) => valid += 1,
                Ok(false) => invalid += 1,
                Err(differences) => panic!("document {index} of {}: {differences}", auth.name),
            }
        }
        println!("{}: {valid} valid, {invalid} invalid, one verdict on each", auth.name);
        assert!(valid * 4 > documents(), "{}: only {valid} valid documents were made", auth.name);
        assert!(invalid * 10 > documents(), "{}: only {invalid} invalid documents were made", auth.name);
    }
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
