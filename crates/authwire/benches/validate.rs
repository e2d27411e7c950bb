//! A document in memory, checked: the interpreter over its tables beside the validators of jsonschema, compiled into the
//! program and at run time, on the same connector files in one run. Prints ratios: seconds depend on the machine's mood.
//!
//! `cargo bench -p authwire --bench validate`

#![allow(missing_docs, reason = "a program")]

use std::hint::black_box;

use authwire::{AuthConfig, ConnectorConfig};
use authwire_benches::{Table, nanoseconds};
use authwire_chores::corpus::ConnectorFiles;
use authwire_core::interpreter;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::table::Registry;
use authwire_schema::Library;
use serde_json::Value;

const DOCUMENTS: usize = 10_000;
const HOT: usize = 32;
const ROUNDS: usize = 11;

/// jsonschema's own code for the schema of connector files.
#[jsonschema_compiled::validator(path = "../../schemas/connector.bundle.json")]
struct Compiled;

fn main() -> std::io::Result<()> {
    let mut library = Library::new(is_valid_tree);
    let builtin = authwire_schema::builtin(&mut library).expect("the built-in schemas compile");
    let bundle = authwire_schema::bundle(&library, &builtin.connector, &builtin.auth);
    let oracle = jsonschema::draft202012::new(&serde_json::from_str(&bundle).expect("the bundle is JSON"))
        .expect("the bundle is a schema");
    let mut files = ConnectorFiles::new(&builtin, None, 7);
    let valid = documents(DOCUMENTS, || files.valid());
    let invalid = documents(DOCUMENTS, || files.invalid());
    for (documents, holds) in [(&valid, true), (&invalid, false)] {
        for value in documents {
            assert!(
                is_valid(value) == holds
                    && Compiled::is_valid(value) == holds
                    && oracle.is_valid(value) == holds
            );
        }
    }

    let verdicts: [Way<'_>; 4] = [
        ("authwire: the interpreter's verdict", &|value| assert!(is_valid(value))),
        ("authwire: ConnectorConfig::validate, the semantic layer too", &|value| {
            assert!(ConnectorConfig::validate(value).is_ok());
        }),
        ("jsonschema-compiled: is_valid of its macro", &|value| assert!(Compiled::is_valid(value))),
        ("jsonschema at run time: is_valid", &|value| assert!(oracle.is_valid(value))),
    ];
    let note = |count: usize| {
        format!(
            "{count} connector files of all built-in auth types by turns, as a `serde_json::Value`; medians of {ROUNDS} rounds."
        )
    };
    let everything: [Way<'_>; 5] = [
        ("authwire: the report of ConnectorConfig::validate", &|value| {
            drop(black_box(ConnectorConfig::validate(value).expect_err("it is invalid")));
        }),
        ("jsonschema-compiled: iter_errors of its macro", &|value| {
            Compiled::iter_errors(value).for_each(|error| drop(black_box(error)));
        }),
        ("jsonschema-compiled: those, each as a sentence", &|value| {
            Compiled::iter_errors(value).for_each(|error| drop(black_box(error.to_string())));
        }),
        ("jsonschema at run time: iter_errors", &|value| {
            oracle.iter_errors(value).for_each(|error| drop(black_box(error)));
        }),
        ("authwire: the interpreter's verdict alone", &|value| assert!(!is_valid(value))),
    ];
    let tables = [
        compare("Checking valid documents", &note(DOCUMENTS), &valid, &verdicts),
        compare("Checking a few valid documents again and again", &note(HOT), &valid[..HOT], &verdicts),
        compare("Everything that is wrong with invalid documents", &note(DOCUMENTS), &invalid, &everything),
    ];
    authwire_benches::publish("validate", &tables)
}

fn documents(count: usize, mut next: impl FnMut() -> String) -> Vec<Value> {
    (0..count).map(|_| serde_json::from_str(&next()).expect("it is JSON")).collect()
}

fn is_valid(value: &Value) -> bool {
    let schema = ConnectorConfig::tables();
    interpreter::is_valid(schema, schema.root(), Registry { types: AuthConfig::BUILTIN }, value)
}

type Way<'w> = (&'w str, &'w dyn Fn(&Value));

/// Each way through all documents, by turns.
fn compare(title: &str, note: &str, documents: &[Value], ways: &[Way<'_>]) -> Table {
    let times = DOCUMENTS / documents.len();
    let all: Vec<_> = ways
        .iter()
        .map(|(name, way)| {
            let all =
                move || (0..times).for_each(|_| documents.iter().for_each(|value| way(black_box(value))));
            (*name, all)
        })
        .collect();
    let contenders: Vec<authwire_benches::Contender<'_>> =
        all.iter().map(|(name, all)| (*name, all as &dyn Fn())).collect();
    let values = nanoseconds(ROUNDS, documents.len() * times, &contenders);
    let table = Table::new(title, "ns per document", note, values);
    println!("{table}");
    table
}
