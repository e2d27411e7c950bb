//! What a schema says that no Rust type says by itself: a derived config takes what the interpreter takes, shows no secret,
//! and answers a plan what a document that is read at run time answers.

#![allow(
    missing_docs,
    missing_debug_implementations,
    dead_code,
    reason = "the types are for the tests alone"
)]

use std::sync::Arc;

use authwire::{__private as private, Connector, Document, Report};
use authwire_chores::corpus::Corpus;
use authwire_core::interpreter::is_valid;
use authwire_core::number::Number;
use authwire_core::slot::{Config, Slot, Slots as _};
use authwire_core::table::Registry;
use authwire_core::value::ToValue as _;
use serde_json::{Value, json};

#[derive(Connector)]
#[connector(schema = "tests/types/narrowed.json")]
struct Narrowed;

#[derive(Connector)]
#[connector(schema = "tests/types/hidden.json")]
struct Hidden;

#[derive(Connector)]
#[connector(schema = "tests/types/hidden_root.json")]
struct HiddenRoot;

#[derive(Connector)]
#[connector(schema = "tests/types/read_whole.json")]
struct ReadWhole;

#[derive(Connector)]
#[connector(schema = "tests/types/names.json")]
struct Names;

#[derive(Connector)]
#[connector(schema = "tests/types/branches.json")]
struct Branches;

#[derive(Connector)]
#[connector(schema = "tests/types/recursive.json")]
struct Recursive;

#[derive(Connector)]
#[connector(schema = "tests/types/odd.json")]
struct Odd;

#[test]
fn a_type_beside_a_reference_narrows_it_down() {
    let kept = json!({"env": "K"});
    for (document, valid) in [
        (json!({"password": "p"}), true),
        (json!({"password": kept}), false),
        (json!({"password": "p", "elsewhere": kept}), true),
        (json!({"password": "p", "elsewhere": "k"}), false),
        (json!({"password": "p", "user": "u", "url": "https://a.example"}), true),
        (json!({"password": "p", "user": kept}), false),
        (json!({"password": "p", "url": kept}), false),
        (json!({"password": "p", "more": {"a": "b"}}), true),
        (json!({"password": "p", "more": {"a": kept}}), false),
    ] {
        assert_eq!(Narrowed::validate(&document).is_ok(), valid, "{document}");
        assert_eq!(NarrowedConfig::try_from(&document).is_ok(), valid, "{document}");
    }
}

#[test]
fn no_secret_is_shown_or_written_whatever_it_is() {
    for (name, literal) in [
        ("key", json!("canary_1234")),
        ("prefixed", json!("canary_1234")),
        ("all", json!("canary_1234")),
        ("map", json!({"a": "canary_1234"})),
        ("hidden_map", json!({"a": "canary_1234"})),
        ("pin", json!(4_711_112)),
        ("size", json!("canary_s")),
        ("flag", json!(true)),
        ("list", json!(["canary_1234"])),
        ("inner", json!({"name": "canary_1234"})),
        ("inner", json!({"count": 4_711_112})),
        ("open", json!({"token": "canary_1234", "note": "n"})),
    ] {
        let document = json!({name: literal});
        let config = HiddenConfig::try_from(&document).unwrap_or_else(|report| panic!("{name}: {report}"));
        let shown = format!("{config:?}");
        let is_shown = ["canary", "4711112", "true"].iter().any(|secret| shown.contains(secret));
        assert!(!is_shown, "{name}: {shown}");
        let error = serde_json::to_string(&config).expect_err(name).to_string();
        assert!(error.contains("refer to it") && !error.contains("canary"), "{name}: {error}");
    }
}

#[test]
fn a_secret_that_is_kept_elsewhere_is_written_whatever_it_is() {
    let kept = json!({"env": "K"});
    for document in [
        json!({"key": kept, "prefixed": kept, "all": kept}),
        json!({"map": {"a": kept}, "hidden_map": {"a": kept}}),
        json!({"open": {"token": kept, "note": "n"}}),
    ] {
        let config =
            HiddenConfig::try_from(&document).unwrap_or_else(|report| panic!("{document}: {report}"));
        assert_eq!(serde_json::to_value(&config).unwrap(), {
            let mut written = document;
            written["type"] = json!("hidden");
            written
        });
    }
    let config: HiddenConfig = r#"{"key": "canary_1234"}"#.parse().unwrap();
    assert_eq!(config.key().and_then(|key| key.expose_literal()), Some("canary_1234"));
    assert!(r#"{"key": "short"}"#.parse::<HiddenConfig>().is_err());
}

#[test]
fn a_root_that_is_a_value_hides_its_secrets() {
    let config = HiddenRootConfig::try_from(&json!({"api_token": "canary", "note": "n"})).unwrap();
    assert!(!format!("{config:?}").contains("canary"));
    assert!(serde_json::to_string(&config).is_err());
    let document = json!({"api_token": {"env": "T"}, "note": "n"});
    let config = HiddenRootConfig::try_from(&document).unwrap();
    assert_eq!(serde_json::to_value(&config).unwrap(), document);
    same_slots::<HiddenRootConfig>(&document);
}

#[test]
fn a_plan_reads_a_derived_config_as_it_reads_a_document() {
    for rest in [
        json!({}),
        json!({"edition": "e3"}),
        json!({"cred": {"kind": "user", "user": "ada"}}),
        json!({"cred": {"kind": "user", "user": "ada", "secret": "s"}}),
        json!({"cred": {"kind": "app", "app": "a"}}),
        json!({"profile": {"name": "ada", "age": 36}}),
        json!({"profile": {"name": "ada", "schema": "p1"}}),
        json!({"nested": {"version": "n1"}}),
        json!({"objects": [{"id": "1"}], "rows": [["a"], []]}),
        json!({"ratio": 5, "ratios": [1, -2, 0.5]}),
        json!({"ratio": -5}),
        json!({"ratio": 1e300}),
    ] {
        let mut document = rest;
        document["version"] = json!("v2");
        document["major"] = json!(2);
        same_slots::<ReadWholeConfig>(&document);
        let config = ReadWholeConfig::try_from(&document).unwrap();
        if !document["cred"]["secret"].is_string() {
            document["type"] = json!("read_whole");
            assert_eq!(serde_json::to_value(&config).unwrap(), document);
        }
    }
}

#[test]
fn every_property_has_a_name_of_its_own() {
    let made = NamesConfig::builder()
        .__("a")
        .___("b")
        .self_("c")
        .self__("d")
        .super_("e")
        .super__("f")
        .builder_("g")
        .build_("h")
        .value("i")
        .config(json!({"builder": "j"}))
        .build()
        .unwrap();
    let written = json!({
        "type": "names", "名前": "a", "鍵": "b", "self": "c", "Self": "d", "super": "e", "super_": "f",
        "builder": "g", "build": "h", "value": "i", "config": {"builder": "j"},
    });
    assert_eq!(serde_json::to_value(&made).unwrap(), written);
    assert_eq!(made.config().and_then(NamesConfig_::builder), Some("j"));
    let starred = NamesConfig::try_from(&json!({"star": {"of": "*", "name": "n"}})).unwrap();
    assert_eq!(starred.star(), Some(&json!({"of": "*", "name": "n"})));
}

#[test]
fn a_builder_makes_each_branch() {
    let made = BranchesConfig::builder()
        .kind("a")
        .kind_("k")
        .client_id("c")
        .mode("x")
        .size("large")
        .either(BranchesAEither::P)
        .build()
        .unwrap();
    let expected = json!({"type": "branches", "kind": "a", "Kind": "k", "clientId": "c", "mode": "x", "size": "large", "either": "p"});
    assert_eq!(serde_json::to_value(&made).unwrap(), expected);
    let made = BranchesConfig::builder()
        .kind("b")
        .client_id_("c")
        .mode(&BranchesBMode::Z)
        .size(&3)
        .either(BranchesAEither::Q)
        .version(&2)
        .build()
        .unwrap();
    let expected = json!({"type": "branches", "kind": "b", "client_id": "c", "mode": "z", "size": 3, "either": "q", "version": 2});
    assert_eq!(serde_json::to_value(&made).unwrap(), expected);
}

#[test]
fn a_definition_is_one_type_and_a_value_where_it_stands_in_itself() {
    let document = json!({
        "type": "recursive", "name": "n", "one": {"to1": {"to0": {"name": "deep"}}}, "other": {"to1": {"name": "read"}},
    });
    let config = RecursiveConfig::try_from(&document).unwrap();
    assert_eq!(serde_json::to_value(&config).unwrap(), document);
    same_slots::<RecursiveConfig>(&document);
    assert!(RecursiveConfig::try_from(&json!({"name": "n", "one": {"to1": {"to0": {"name": 1}}}})).is_err());
}

#[test]
fn a_derived_parser_gives_the_interpreter_s_verdict() {
    one_verdict::<NarrowedConfig>(3000);
    one_verdict::<HiddenConfig>(3000);
    one_verdict::<HiddenRootConfig>(3000);
    one_verdict::<ReadWholeConfig>(3000);
    one_verdict::<NamesConfig>(3000);
    one_verdict::<BranchesConfig>(3000);
    one_verdict::<RecursiveConfig>(100);
    one_verdict::<OddConfig>(3000);
}

/// Holds a parser to the interpreter on documents made by chance, and what is read to what is read at run time.
fn one_verdict<C: private::Parse + Config + for<'d> TryFrom<&'d Value, Error = Report>>(documents: usize) {
    let (mut corpus, mut valid) = (Corpus::new(C::SCHEMA, None, 1), 0);
    for index in 0..documents {
        let mut document = corpus.valid();
        (0..index % 3).for_each(|_| corpus.mutate(&mut document));
        let verdict = is_valid(C::SCHEMA, C::SCHEMA.root(), Registry { types: &[] }, &document);
        let text = document.to_string();
        let parses = private::parses::<C>(text.as_bytes());
        assert_eq!(parses, verdict, "of {}: {document}", &*C::SCHEMA.name);
        let config = C::try_from(&document);
        let report = private::check::<C>(text.as_bytes()).report;
        assert_eq!(config.is_ok(), report.is_valid(), "{document}: {report}");
        if config.is_ok() {
            valid += 1;
            same_slots::<C>(&with_whole_numbers(document));
        }
    }
    assert!(valid > 20, "only {valid} of {} were valid", &*C::SCHEMA.name);
}

/// The same with `5` for `5.0`: which of them was written, an `f64` does not know.
fn with_whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            number.as_f64().map_or(Value::Null, |number| Number::from(number).to_value())
        }
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, with_whole_numbers(value))).collect()
        }
        value => value,
    }
}

/// Holds the slots of a config to those of a document of a type that is loaded at run time.
fn same_slots<'d, C: Config + TryFrom<&'d Value, Error = Report>>(document: &'d Value) {
    let config = C::try_from(document).unwrap_or_else(|report| panic!("{document}: {report}"));
    let at_run_time = Document::new(Arc::new(config.schema().clone()), document);
    let fields = &config.schema().plan.as_ref().unwrap().fields;
    for (index, field) in (0..).zip(fields.iter()) {
        let (derived, loaded) = (config.slot(index), at_run_time.slot(index));
        assert_eq!(derived, loaded, "{} of {document}", &*field.path);
        if let (Slot::Number(derived), Slot::Number(loaded)) = (derived, loaded) {
            assert_eq!(format!("{derived:?}"), format!("{loaded:?}"), "{}", &*field.path);
        }
    }
}
