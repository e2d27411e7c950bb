//! What is found in a document under a schema, and what of it is shown: a line a case.

use authwire_core::interpreter::{findings, is_valid, is_valid_tree};
use authwire_core::table::{Display, Registry};
use authwire_schema::{Library, read_text};

/// The findings in `document` under `schema`, as `code pointer (display): message | help`.
fn found(schema: &str, document: &str) -> Vec<String> {
    let read = read_text(&mut Library::new(is_valid_tree), "test.json", schema);
    let schema = read.unwrap_or_else(|told| panic!("{told}")).0.schema;
    let value: serde_json::Value = serde_json::from_str(document).unwrap();
    let registry = Registry { types: &[] };
    let found = findings(&schema, registry, &value);
    let secrets = found.iter().filter(|found| found.finding.code.as_str() == "literal_secret").count();
    assert_eq!(is_valid(&schema, 0, registry, &value), found.len() == secrets, "{document}");
    let line = |finding: &authwire_core::finding::Finding| {
        let display = match finding.display {
            Display::Secret => "secret",
            Display::Masked => "masked",
            Display::Origin => "origin",
            Display::Shown => "shown",
        };
        let help = finding.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{} {} ({display}): {}{help}", finding.code, finding.pointer, finding.message)
    };
    found.iter().map(|found| line(&found.finding)).collect()
}

#[test]
fn a_tag_that_no_branch_has_is_told_as_what_it_is() {
    let tagged = |one: &str, two: &str, beside: &str| {
        format!(
            r#"{{"type": "object", {beside} "oneOf": [{{"properties": {{"kind": {one}}}, "required": ["kind"]}},
                {{"properties": {{"kind": {two}}}, "required": ["kind"]}}]}}"#
        )
    };
    let texts = tagged(r#"{"const": "one"}"#, r#"{"const": "two"}"#, "");
    let numbers = tagged(r#"{"const": 1}"#, r#"{"const": 2}"#, "");
    let secret = tagged(r#"{"const": "one"}"#, r#"{"const": "two"}"#, r#""writeOnly": true,"#);
    let secret_tag = tagged(r#"{"const": "one"}"#, r#"{"const": "two", "writeOnly": true}"#, "");
    for (schema, document, expected) in [
        (&texts, r#"{"kind": "one"}"#, None),
        (
            &texts,
            r#"{"kind": "on"}"#,
            Some(
                "enum /kind (shown): `on` is not a value of `kind`: it is one of `one`, `two` | did you mean `one`?",
            ),
        ),
        (
            &texts,
            r#"{"kind": 1}"#,
            Some("type /kind (shown): `kind` must be a string, not a number | write it in quotes"),
        ),
        (
            &numbers,
            r#"{"kind": 3}"#,
            Some("enum /kind (shown): `3` is not a value of `kind`: it is one of `1`, `2`"),
        ),
        (
            &numbers,
            r#"{"kind": "1"}"#,
            Some("type /kind (shown): `kind` must be a number, not a string | write it without quotes"),
        ),
        (
            &secret,
            r#"{"kind": "HUNTER2"}"#,
            Some("enum /kind (secret): the value is not a value of `kind`: it is one of `one`, `two`"),
        ),
        (
            &secret_tag,
            r#"{"kind": "HUNTER2"}"#,
            Some("enum /kind (secret): the value is not a value of `kind`: it is one of `one`, `two`"),
        ),
    ] {
        assert_eq!(found(schema, document), expected.into_iter().collect::<Vec<_>>(), "{document}");
    }
}
