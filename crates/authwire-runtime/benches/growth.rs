//! How costs grow: with the size of a document, with the number of connectors in one process, with the number of
//! properties of a schema. What is told is the cost of one (byte, finding, connector, property): it should not grow, but
//! for what a larger working set costs the processor.
//!
//! `cargo bench -p authwire-runtime --bench growth`

#![allow(missing_docs, reason = "a program")]

use std::fmt::Write as _;
use std::future::ready;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use authwire::ConnectorConfig;
use authwire_benches::{Table, nanoseconds};
use authwire_core::interpreter;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::table::Registry;
use authwire_runtime::{Authenticator, Body, Connector, SendOptions, Sending, Services, Transport};
use authwire_schema::Library;
use http::{Request, Response};
use serde_json::{Map, Value};

const ROUNDS: usize = 7;
/// The smallest document has so many headers, the next ones twice as many each.
const HEADERS: usize = 16;
const DOUBLED: u32 = 8;
/// So many bytes are read in a round, of whatever size the documents are.
const BYTES: usize = 8 << 20;
const CONNECTORS: [usize; 6] = [1, 10, 100, 1_000, 10_000, 100_000];
/// So many requests get their auth in a round, by all connectors by turns.
const REQUESTS: usize = 200_000;
/// A schema may have up to 10,000 subschemas.
const PROPERTIES: [usize; 4] = [9, 90, 900, 9_000];

fn main() -> std::io::Result<()> {
    let mut tables = vec![
        documents("A valid document twice as large: reading it", "ns per byte", &|size| valid(size), false),
        documents(
            "A document with twice as many mistakes: its report",
            "ns per mistake",
            &|size| wrong(size),
            true,
        ),
    ];
    tables.extend(connectors());
    tables.extend(properties());
    authwire_benches::publish("growth", &tables)
}

/// A connector file with so many headers.
fn valid(headers: usize) -> String {
    document(headers, |text, number| write!(text, r#""X-Header-{number}": "value {number}""#))
}

/// One with so many headers that are numbers instead of texts.
fn wrong(headers: usize) -> String {
    document(headers, |text, number| write!(text, r#""X-Header-{number}": {number}"#))
}

fn document(headers: usize, header: impl Fn(&mut String, usize) -> std::fmt::Result) -> String {
    let mut text = String::from(
        r#"{"name": "acme", "base_url": "https://api.example/v1", "auth_config": {"type": "no_auth"}, "headers": {"#,
    );
    for number in 0..headers {
        text.push_str(if number > 0 { ", " } else { "" });
        header(&mut text, number).expect("a String takes everything");
    }
    text.push_str("}}");
    text
}

/// Documents, each of twice as many headers as the one before: what one byte costs, or one of `mistakes`.
fn documents(title: &str, unit: &str, document: &dyn Fn(usize) -> String, mistakes: bool) -> Table {
    let sizes: Vec<usize> = (0..DOUBLED).map(|power| HEADERS << power).collect();
    let documents: Vec<String> = sizes.iter().map(|size| document(*size)).collect();
    let mut values = Vec::new();
    for (size, text) in sizes.iter().zip(&documents) {
        let found =
            ConnectorConfig::from_slice(text.as_bytes()).err().map_or(0, |report| report.findings().len());
        assert_eq!(found, if mistakes { *size } else { 0 });
    }
    let works: Vec<_> = documents
        .iter()
        .zip(&sizes)
        .map(|(text, size)| {
            let times = (BYTES / text.len() / if mistakes { 8 } else { 1 }).max(1);
            let one = if mistakes { *size } else { text.len() };
            let work = move || {
                for _ in 0..times {
                    let config = ConnectorConfig::from_slice(black_box(text.as_bytes()));
                    assert!(black_box(config).is_err() == mistakes);
                }
            };
            (format!("authwire: {size} headers, {} bytes", text.len()), times * one, work)
        })
        .collect();
    for (name, ones, work) in &works {
        values.extend(nanoseconds(ROUNDS, *ones, &[(name.as_str(), work as &dyn Fn())]));
    }
    told(title, unit, "The documents differ in the number of their headers alone.", values)
}

/// Says no: what is measured asks for nothing.
struct Nobody;

impl Transport for Nobody {
    fn send(&self, _: Request<Body>, _: SendOptions) -> Sending<'_> {
        Box::pin(ready(Ok(Response::new(Body::from("{}")))))
    }
}

fn authenticator(number: usize) -> Authenticator {
    let text = format!(
        r#"{{"name": "connector-{number}", "base_url": "https://api.example/v1", "auth_config":
        {{"type": "basic_auth", "username": "user-{number}", "password": "open sesame {number}"}}}}"#
    );
    let config = ConnectorConfig::from_slice(text.as_bytes()).expect("it is valid");
    Authenticator::new(Connector::from(config), Services::new(Arc::new(Nobody)))
}

/// Ten times as many connectors in one process, each with a config of its own: to make one, and to use one.
fn connectors() -> [Table; 2] {
    let uri = http::Uri::from_static("https://api.example/v1/users?page=1");
    let apply = |authenticator: &Authenticator| {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.uri = uri.clone();
        match pin!(authenticator.apply(&mut parts)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(applied) => drop(black_box(applied.expect("it is ready"))),
            Poll::Pending => panic!("what is static makes nobody wait"),
        }
        black_box(parts);
    };
    let (mut made, mut used) = (Vec::new(), Vec::new());
    for count in CONNECTORS {
        let name = format!("authwire: {count} connectors");
        let times = (CONNECTORS[CONNECTORS.len() - 1] / count / 10).max(1);
        let make = || {
            for _ in 0..times {
                let all: Vec<Authenticator> = (0..count).map(authenticator).collect();
                all.iter().for_each(&apply);
                black_box(all);
            }
        };
        made.extend(nanoseconds(ROUNDS, count * times, &[(&name, &make as &dyn Fn())]));
        let all: Vec<Authenticator> = (0..count).map(authenticator).collect();
        all.iter().for_each(&apply);
        // not one after the other, as they lie in memory: 7,919 is a prime number
        let apply = || (0..REQUESTS).for_each(|turn| apply(&all[turn * 7_919 % count]));
        used.extend(nanoseconds(ROUNDS, REQUESTS, &[(&name, &apply as &dyn Fn())]));
    }
    [
        told(
            "Ten times as many connectors: to read, prepare and drop them all",
            "ns per connector",
            "`basic_auth`; each has its own config, and applies its auth once.",
            made,
        ),
        told(
            "Ten times as many connectors: a request of one of them",
            "ns per request",
            &format!("{REQUESTS} requests, each of another connector than the one before."),
            used,
        ),
    ]
}

/// Ten times as many properties: to compile the schema, and to check a document that has them all.
fn properties() -> [Table; 3] {
    let names: Vec<String> = PROPERTIES.iter().map(|count| format!("authwire: {count} properties")).collect();
    let (mut compiled, mut checked, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (count, name) in PROPERTIES.into_iter().zip(&names) {
        let text = schema(count);
        let compile = || {
            black_box(
                authwire_schema::read_text(&mut Library::new(is_valid_tree), "wide", &text)
                    .expect("it is a schema"),
            );
        };
        compiled.extend(nanoseconds(ROUNDS, count, &[(name, &compile as &dyn Fn())]));

        let schema = authwire_schema::read_text(&mut Library::new(is_valid_tree), "wide", &text)
            .expect("it is a schema")
            .0
            .schema;
        let value = |value: fn(usize) -> Value| -> Value {
            (0..count)
                .map(|number| (format!("property_{number}"), value(number)))
                .collect::<Map<_, _>>()
                .into()
        };
        let (valid, wrong) = (value(|number| format!("value {number}").into()), value(Into::into));
        let registry = Registry { types: &[] };
        let times = (PROPERTIES[PROPERTIES.len() - 1] / count).max(1) * 10;
        let check = || {
            for _ in 0..times {
                assert!(interpreter::is_valid(&schema, schema.root(), registry, black_box(&valid)));
            }
        };
        checked.extend(nanoseconds(ROUNDS, count * times, &[(name, &check as &dyn Fn())]));
        let refuse = || {
            for _ in 0..times {
                let found = interpreter::findings(&schema, registry, black_box(&wrong));
                assert_eq!(found.len(), count);
            }
        };
        refused.extend(nanoseconds(ROUNDS, count * times, &[(name, &refuse as &dyn Fn())]));
    }
    [
        told(
            "Ten times as many properties: to compile the schema",
            "ns per property",
            "From its text to its tables.",
            compiled,
        ),
        told(
            "Ten times as many properties: the verdict on a document that has them all",
            "ns per property",
            "A `serde_json::Value`.",
            checked,
        ),
        told(
            "Ten times as many properties: all of them wrong",
            "ns per property",
            "A `serde_json::Value`, and a finding for each.",
            refused,
        ),
    ]
}

fn schema(properties: usize) -> String {
    let mut text = String::from(r#"{"title": "Wide", "type": "object", "properties": {"#);
    for number in 0..properties {
        let comma = if number > 0 { ", " } else { "" };
        write!(
            text,
            r#"{comma}"property_{number}": {{"title": "Property {number}", "type": "string", "minLength": 1}}"#
        )
        .expect("a String takes everything");
    }
    text.push_str(r#"}, "additionalProperties": false}"#);
    text
}

fn told(title: &str, unit: &str, note: &str, values: Vec<(String, f64)>) -> Table {
    let note = format!("{note} Medians of {ROUNDS} rounds.");
    let table = Table::new(title, unit, &note, values);
    println!("{table}");
    table
}
