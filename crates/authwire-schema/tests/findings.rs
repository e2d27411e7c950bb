//! What is found in a document under a schema, and what of it is shown: a line a case.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use authwire_core::checker;
use authwire_core::interpreter::{findings, is_valid, is_valid_tree};
use authwire_core::table::{Display, Registry};
use authwire_schema::{Library, read_auth_type, read_text};

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

#[test]
fn an_empty_text_is_told_once_whichever_keyword_refuses_it() {
    let empty = "min_length  (DISPLAY): the document is empty | an empty text is never a value: leave the field out, or fill it in";
    for (schema, display) in [
        (r#"{"type": "string", "minLength": 1}"#, "masked"),
        (r#"{"enum": ["a", "b"]}"#, "shown"),
        (r#"{"type": "string", "pattern": "^[a-z]+$"}"#, "masked"),
        (r#"{"type": "string", "minLength": 2, "pattern": "^[a-z]+$", "enum": ["ab", "cd"]}"#, "shown"),
    ] {
        assert_eq!(found(schema, r#""""#), [empty.replace("DISPLAY", display)], "{schema}");
    }
    assert_eq!(found(r#"{"enum": ["", "b"], "pattern": "^b?$"}"#, r#""""#), [""; 0]);
    let other = found(r#"{"enum": ["a", "b"]}"#, r#""c""#);
    assert_eq!(
        other,
        ["enum  (shown): `c` is not a value of the document: it is one of `a`, `b` | did you mean `a`?"]
    );
}

#[test]
fn a_member_that_nothing_spoke_of_is_told_with_what_may_have_been_meant() {
    let schema = r##"{"$ref": "#/$defs/base", "properties": {"alpha": {"type": "integer"}}, "unevaluatedProperties": false,
        "if": {"properties": {"mode": {"const": 1}}, "required": ["mode"]}, "then": {"properties": {"extra": true}},
        "anyOf": [{"properties": {"one": true}, "required": ["one"]}, {"properties": {"two": true}, "required": ["two"]}, true],
        "$defs": {"base": {"properties": {"beta": {"type": "integer"}}}}}"##;
    let fields = "the fields here are `alpha`, `beta`, `extra`, `mode`, `one`, `two`";
    for (document, expected) in [
        (r#"{"alpha": 1, "beta": 2, "one": 1, "mode": 1, "extra": 1}"#, vec![]),
        (
            r#"{"alhpa": 1}"#,
            vec!["unknown_field /alhpa (masked): unknown field `alhpa` | did you mean `alpha`?".to_owned()],
        ),
        (
            r#"{"mode": 2, "x": 1}"#,
            vec![
                format!("unknown_field /mode (masked): unknown field `mode` | {fields}"),
                format!("unknown_field /x (masked): unknown field `x` | {fields}"),
            ],
        ),
        // what does not hold speaks of nothing, but what stands beside does
        (
            r#"{"alpha": "x", "beta": 1}"#,
            vec!["type /alpha (shown): `alpha` must be a whole number, not a string".to_owned()],
        ),
    ] {
        assert_eq!(found(schema, document), expected, "{document}");
    }
}

#[test]
fn what_nothing_spoke_of_is_found_in_time_however_deep_the_schema_is() {
    // as deep as a schema may be
    for (levels, row) in
        [(14, r##""$ref": "#/$defs/lNEXT""##), (6, r##""anyOf": [{"$ref": "#/$defs/lNEXT"}]"##)]
    {
        let level = |level: usize| {
            let row = row.replace("NEXT", &(level + 1).to_string());
            format!(r#""l{level}": {{{row}, "unevaluatedProperties": {{"type": "string"}}}}"#)
        };
        let chain: Vec<String> = (0..levels).map(level).collect();
        let schema = format!(
            r##"{{"$ref": "#/$defs/l0", "$defs": {{{}, "l{levels}": {{"properties": {{"a": {{"type": "string"}}}}}}}}}}"##,
            chain.join(", ")
        );
        let members: Vec<String> = (0..2000).map(|name| format!(r#""k{name}": "s""#)).collect();
        assert_eq!(found(&schema, &format!("{{{}}}", members.join(", "))), [""; 0]);
        assert!(!found(&schema, r#"{"k": 1, "a": "s"}"#).is_empty());
    }
}

#[test]
fn nor_does_it_take_long_however_deep_the_document_is() {
    for apply in [
        r#""anyOf": [BRANCH]"#,
        r#""oneOf": [BRANCH, false]"#,
        r#""allOf": [{"anyOf": [BRANCH]}]"#,
        r#""if": {"minItems": 1, "required": ["x"]}, "then": BRANCH"#,
        r#""dependentSchemas": {"x": BRANCH}"#,
        r##""$ref": "#/$defs/branch", "$defs": {"branch": {"anyOf": [BRANCH]}}"##,
    ] {
        // each asks of its own kind of value, and lets the other kind pass
        let both = r#""unevaluatedItems": false, "unevaluatedProperties": false"#;
        for (rest, branch, (open, close), empty, wrong) in [
            (r#""unevaluatedProperties": false"#, MEMBER, (r#"{"x": "#, "}"), "{}", r#"{"y": 1}"#),
            (both, MEMBER, (r#"{"x": "#, "}"), "{}", r#"{"y": 1}"#),
            (r#""unevaluatedItems": false"#, ITEM, ("[", "]"), "[]", "[[], 1]"),
            (both, ITEM, ("[", "]"), "[]", "[[], 1]"),
        ] {
            // it speaks of objects only
            if branch == ITEM && apply.contains("dependentSchemas") {
                continue;
            }
            let schema = format!("{{{}, {rest}}}", apply.replace("BRANCH", branch));
            let nested = |inner: &str| format!("{}{inner}{}", open.repeat(60), close.repeat(60));
            assert_eq!(found(&schema, &nested(empty)), [""; 0], "{schema}");
            assert!(!found(&schema, &nested(wrong)).is_empty(), "{schema}");
        }
    }
}

/// What holds of the member `x` as of the whole document.
const MEMBER: &str = r##"{"properties": {"x": {"$ref": "#"}}}"##;

/// What holds of the first item as of the whole document.
const ITEM: &str = r##"{"prefixItems": [{"$ref": "#"}]}"##;

#[test]
fn nor_does_it_however_many_mistakes_there_are() {
    let schema = br##"{"title": "Jar", "description": "d", "type": "object",
        "properties": {"cookies": {"title": "C", "description": "d", "$ref": "authwire:common#/$defs/map"}},
        "x-auth": {"apply": [{"cookie": {"...": "{cookies}"}}]}}"##;
    let mut library =
        Library::with_loader(is_valid_tree, |_: &Path| -> io::Result<Vec<u8>> { Ok(schema.to_vec()) });
    let read = read_auth_type(&mut library, Path::new("jar.json"));
    let schema = read.unwrap_or_else(|told| panic!("{told}")).0.schema;
    let cookies: Vec<String> = (0..40_000).map(|at| format!(r#""a b{at}": "x""#)).collect();
    let document = format!(r#"{{"type": "jar", "cookies": {{{}}}}}"#, cookies.join(", "));
    let begun = Instant::now();
    let report = checker::report(&schema, Registry { types: &[&schema] }, document.as_bytes(), None);
    assert_eq!(report.findings().len(), cookies.len());
    assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?}", begun.elapsed());
}
