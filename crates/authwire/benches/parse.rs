//! From bytes to a config: the derive's one-pass parser beside what people write today, on the same documents in one
//! run; and the readers that could drive it. Prints ratios: seconds depend on the machine's mood.
//!
//! `cargo bench -p authwire --bench parse`

#![allow(missing_docs, dead_code, clippy::large_enum_variant, reason = "the fields are there to be filled")]

use std::collections::BTreeMap;
use std::hint::black_box;

use authwire::__private as private;
use authwire::ConnectorConfig;
use authwire_benches::{Table, nanoseconds};
use authwire_chores::corpus::ConnectorFiles;
use authwire_core::interpreter::is_valid_tree;
use authwire_schema::Library;
use private::core::json::{Kind, Reader};
use serde::Deserialize;
use serde_json::Value;

const DOCUMENTS: usize = 10_000;
const ROUNDS: usize = 15;

/// jsonschema's own code for the schema of connector files.
#[jsonschema_compiled::validator(path = "../../schemas/connector.bundle.json")]
struct Compiled;

fn main() -> std::io::Result<()> {
    let mut library = Library::new(is_valid_tree);
    let builtin = authwire_schema::builtin(&mut library).expect("the built-in schemas compile");
    let bundle = authwire_schema::bundle(&library, &builtin.connector, &builtin.auth);
    let oracle = jsonschema::draft202012::new(&serde_json::from_str(&bundle).expect("the bundle is JSON"))
        .expect("the bundle is a schema");
    let mut files = ConnectorFiles::new(&builtin, None, 7).only(&["basic_auth", "oauth2_client_credentials"]);
    let documents: Vec<Vec<u8>> = (0..DOCUMENTS).map(|_| files.valid().into_bytes()).collect();
    for bytes in &documents {
        assert!(ConnectorConfig::from_slice(bytes).is_ok());
        assert!(serde_json::from_slice::<plain::Connector>(bytes).is_ok());
    }
    let bytes: usize = documents.iter().map(Vec::len).sum();
    let note = format!(
        "{DOCUMENTS} connector files of `basic_auth` and `oauth2_client_credentials`, {} bytes on average; medians of {ROUNDS} rounds.",
        bytes / documents.len()
    );

    let configs = compare(
        "Bytes to a config",
        &note,
        &documents,
        &[
            ("authwire, validated (from_slice)", &|bytes| {
                drop(black_box(ConnectorConfig::from_slice(bytes)))
            }),
            ("authwire, without the semantic layer", &|bytes| {
                black_box(private::parses::<ConnectorConfig>(bytes));
            }),
            ("serde_json derive, unvalidated", &|bytes| {
                drop(black_box(serde_json::from_slice::<plain::Connector>(bytes)))
            }),
            ("sonic-rs derive, unvalidated", &|bytes| {
                drop(black_box(sonic_rs::from_slice::<plain::Connector>(bytes)))
            }),
            ("Value + jsonschema's macro + from_value", &|bytes| {
                let value: Value = serde_json::from_slice(bytes).expect("it is JSON");
                assert!(Compiled::is_valid(&value));
                drop(black_box(serde_json::from_value::<plain::Connector>(value)));
            }),
            ("Value + jsonschema at run time + from_value", &|bytes| {
                let value: Value = serde_json::from_slice(bytes).expect("it is JSON");
                assert!(oracle.is_valid(&value));
                drop(black_box(serde_json::from_value::<plain::Connector>(value)));
            }),
        ],
    );
    let readers = compare(
        "Reading alone, every key and string looked at",
        &note,
        &documents,
        &[
            ("authwire's reader", &|bytes| own(&mut Reader::new(bytes).expect("it is UTF-8"))),
            ("jiter", &|bytes| {
                let mut jiter = jiter::Jiter::new(bytes);
                let peek = jiter.peek().expect("it is JSON");
                foreign(&mut jiter, peek);
            }),
            ("serde_json (IgnoredAny: makes neither)", &|bytes| {
                black_box(serde_json::from_slice::<serde::de::IgnoredAny>(bytes).expect("it is JSON"));
            }),
        ],
    );
    authwire_benches::publish("parse", &[configs, readers])
}

type Way<'w> = (&'w str, &'w dyn Fn(&[u8]));

/// Each way through all documents, by turns.
fn compare(title: &str, note: &str, documents: &[Vec<u8>], ways: &[Way<'_>]) -> Table {
    let all: Vec<_> = ways
        .iter()
        .map(|(name, way)| (*name, move || documents.iter().for_each(|bytes| way(black_box(bytes)))))
        .collect();
    let contenders: Vec<authwire_benches::Contender<'_>> =
        all.iter().map(|(name, all)| (*name, all as &dyn Fn())).collect();
    let values = nanoseconds(ROUNDS, documents.len(), &contenders);
    let table = Table::new(title, "ns per document", note, values);
    println!("{table}");
    table
}

fn own(reader: &mut Reader<'_>) {
    match reader.peek().expect("a value") {
        Kind::Object => {
            let mut object = reader.object().expect("an object");
            while let Some(key) = reader.key(&mut object).expect("a key") {
                black_box(&key);
                own(reader);
            }
        }
        Kind::Array => {
            let mut array = reader.array().expect("an array");
            while reader.item(&mut array).expect("an item") {
                own(reader);
            }
        }
        Kind::String => drop(black_box(reader.string())),
        _ => drop(black_box(reader.skip())),
    }
}

fn foreign(jiter: &mut jiter::Jiter<'_>, peek: jiter::Peek) {
    match peek {
        jiter::Peek::Object => {
            let mut key = jiter.known_object().expect("an object").is_some();
            while key {
                let peek = jiter.peek().expect("a value");
                foreign(jiter, peek);
                key = jiter.next_key().expect("a key").is_some();
            }
        }
        jiter::Peek::Array => {
            let mut peek = jiter.known_array().expect("an array");
            while let Some(item) = peek {
                foreign(jiter, item);
                peek = jiter.array_step().expect("a step");
            }
        }
        jiter::Peek::String => {
            black_box(jiter.known_str().expect("a string"));
        }
        other => jiter.known_skip(other).expect("a value"),
    }
}

/// What people write today.
mod plain {
    use super::{BTreeMap, Deserialize};

    #[derive(Deserialize)]
    pub(crate) struct Connector {
        #[serde(rename = "$schema")]
        schema: Option<String>,
        name: String,
        description: Option<String>,
        base_url: Text,
        auth_config: Auth,
        headers: Option<BTreeMap<String, Text>>,
        query: Option<BTreeMap<String, Text>>,
        test: Option<Test>,
        http: Option<Http>,
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    pub(crate) enum Text {
        Literal(String),
        Reference(Reference),
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(crate) enum Reference {
        Env(String),
        File(String),
        Store(String),
    }

    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub(crate) enum Auth {
        BasicAuth { username: Text, password: Text },
        Oauth2ClientCredentials(ClientCredentials),
    }

    #[derive(Deserialize)]
    pub(crate) struct ClientCredentials {
        client_id: Text,
        client_secret: Text,
        token_url: Text,
        scope: Option<String>,
        client_authentication: Option<String>,
        additional_headers: Option<BTreeMap<String, Text>>,
        additional_request_data: Option<BTreeMap<String, Text>>,
        custom_grant_type: Option<String>,
        header_auth_key: Option<String>,
        header_auth_value_pattern: Option<String>,
        refresh_on_status: Option<Vec<f64>>,
        token_response: Option<TokenResponse>,
    }

    #[derive(Deserialize)]
    pub(crate) struct TokenResponse {
        access_token: Option<String>,
        expires_in: Option<String>,
        refresh_token: Option<String>,
        expires_in_format: Option<String>,
    }

    #[derive(Deserialize)]
    pub(crate) struct Test {
        method: Option<String>,
        path: String,
        expect_status: Option<Vec<f64>>,
    }

    #[derive(Deserialize)]
    pub(crate) struct Http {
        ca_file: Option<String>,
        connect_timeout_seconds: Option<f64>,
        timeout_seconds: Option<f64>,
        max_retries: Option<f64>,
    }
}
