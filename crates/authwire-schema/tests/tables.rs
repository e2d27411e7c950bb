//! What the tables say: titles, what may be shown, what tells branches apart, what a plan's properties hold.

use std::io;
use std::path::Path;

use authwire_core::interpreter::is_valid;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::plan::{Field, FieldKind};
use authwire_core::table::{Discriminant, Display, Json, Keyword, Node, Registry, Schema, Types};
use authwire_schema::{AuthType, Document, Library, builtin, bundle_type, read_auth_type, read_text};

fn document(text: &str) -> Document {
    read_text(&mut Library::new(is_valid_tree), "test.json", text).unwrap_or_else(|told| panic!("{told}")).0
}

/// An auth type `acme`, and the library that has it.
fn auth_type(text: &str) -> (AuthType, Library) {
    let text = text.to_owned();
    let load = move |_: &Path| -> io::Result<Vec<u8>> { Ok(text.clone().into_bytes()) };
    let mut library = Library::with_loader(is_valid_tree, load);
    let read = read_auth_type(&mut library, Path::new("schemas/acme.json"));
    (read.unwrap_or_else(|told| panic!("{told}")).0, library)
}

fn node<'s>(schema: &'s Schema, at: &str) -> &'s Node {
    schema.nodes.iter().find(|node| *node.at == *at).unwrap_or_else(|| panic!("no node {at}"))
}

fn field<'s>(auth: &'s AuthType, path: &str) -> &'s Field {
    let plan = auth.schema.plan.as_ref().unwrap();
    plan.fields.iter().find(|field| *field.path == *path).unwrap_or_else(|| panic!("no field {path}"))
}

#[test]
fn a_reference_says_what_its_target_says_unless_it_says_its_own() {
    let document = document(
        r##"{"properties": {
            "a": {"$ref": "#/$defs/secret"},
            "b": {"title": "B", "description": "b", "$ref": "#/$defs/secret"}},
        "$defs": {"secret": {"title": "Secret", "description": "s", "type": "string", "writeOnly": true}}}"##,
    );
    let (a, b) = (
        node(&document.schema, "test.json#/properties/a"),
        node(&document.schema, "test.json#/properties/b"),
    );
    assert_eq!((a.title.as_deref(), a.display), (Some("Secret"), Display::Secret));
    assert_eq!((b.title.as_deref(), b.display), (Some("B"), Display::Secret));
    let id =
        |at: &Node| document.schema.nodes.iter().position(|node| node == at).unwrap().try_into().unwrap();
    assert_eq!(document.description(id(a)), Some("s"));
    assert_eq!(document.description(id(b)), Some("b"));
}

#[test]
fn what_may_be_shown() {
    for (schema, display) in [
        (r#"{"type": "string"}"#, Display::Masked),
        (r#"{"type": "string", "writeOnly": true, "enum": ["a"]}"#, Display::Secret),
        (r#"{"enum": ["a"]}"#, Display::Shown),
        (r#"{"const": 1}"#, Display::Shown),
        (r#"{"oneOf": [{"const": "a"}, {"const": "b"}]}"#, Display::Shown),
        (r#"{"type": "integer"}"#, Display::Shown),
        (r#"{"type": ["boolean", "number"]}"#, Display::Shown),
        (r#"{"type": ["string", "number"]}"#, Display::Masked),
        (r#"{"type": "string", "format": "header-name"}"#, Display::Shown),
        (r#"{"type": "string", "format": "uri"}"#, Display::Origin),
        (r#"{"type": "string", "format": "uuid"}"#, Display::Masked),
        (r#"{"type": "object"}"#, Display::Masked),
        ("true", Display::Masked),
        ("false", Display::Masked),
        (
            r#"{"oneOf": [{"type": "string", "format": "uri"}, {"$ref": "authwire:common#/$defs/reference"}]}"#,
            Display::Origin,
        ),
        (r#"{"anyOf": [{"type": "string", "format": "name"}, {"type": "string"}]}"#, Display::Masked),
        (r#"{"anyOf": [{"type": "integer"}, {"type": "string", "writeOnly": true}]}"#, Display::Secret),
        (r#"{"$ref": "authwire:common#/$defs/token_url"}"#, Display::Origin),
        (r#"{"$ref": "authwire:common#/$defs/secret"}"#, Display::Secret),
        (r#"{"allOf": [{"$ref": "authwire:common#/$defs/secret"}]}"#, Display::Secret),
        (
            r#"{"anyOf": [{"allOf": [{"type": "string", "writeOnly": true}]}, {"enum": ["a"]}]}"#,
            Display::Secret,
        ),
        (r#"{"enum": ["a"], "if": {"const": "a"}, "then": {"writeOnly": true}}"#, Display::Secret),
        (r#"{"type": "integer", "not": {"writeOnly": true}}"#, Display::Shown),
        (r#"{"$ref": "authwire:common#/$defs/text"}"#, Display::Masked),
    ] {
        assert_eq!(document(schema).schema.nodes[0].display, display, "{schema}");
    }
}

#[test]
fn branches_are_told_apart_where_that_is_certain() {
    let by = |schema: &str| {
        let document = document(schema);
        let union = document.schema.nodes[0].keywords.iter().find_map(|row| match row {
            Keyword::OneOf(union) | Keyword::AnyOf(union) => Some(union.by.clone()),
            _ => None,
        });
        union.unwrap()
    };
    let types = |types: &[Types]| Discriminant::Type(types.to_vec().into());
    let tag = |name: &str, values: &[&[&str]]| {
        let row = |values: &&[&str]| values.iter().map(|value| Json::String((*value).into())).collect();
        Discriminant::Tag(name.into(), values.iter().map(row).collect())
    };
    let object = |rest: &str| format!(r#"{{"type": "object", {rest}}}"#);
    let tagged =
        |tag: &str| object(&format!(r#""properties": {{"x": true, "kind": {tag}}}, "required": ["kind"]"#));
    for (schema, expected) in [
        (r#"{"oneOf": [{"type": "string"}, {"type": "object"}]}"#.to_owned(), types(&[Types::STRING, Types::OBJECT])),
        (r#"{"anyOf": [{"const": "a"}, {"enum": [1, null]}]}"#.to_owned(), types(&[Types::STRING, Types(5)])),
        (r#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#.to_owned(), Discriminant::None),
        (r#"{"oneOf": [{"type": "string"}, {"minLength": 1}]}"#.to_owned(), Discriminant::None),
        (
            format!(r#"{{"oneOf": [{}, {}]}}"#, tagged(r#"{"const": "a"}"#), tagged(r#"{"enum": ["b", "c"]}"#)),
            tag("kind", &[&["a"], &["b", "c"]]),
        ),
        // values that overlap
        (
            format!(r#"{{"oneOf": [{}, {}]}}"#, tagged(r#"{"const": "a"}"#), tagged(r#"{"enum": ["a", "c"]}"#)),
            Discriminant::None,
        ),
        // a tag that need not be there
        (
            format!(r#"{{"oneOf": [{}, {}]}}"#, tagged(r#"{"const": "a"}"#), object(r#""properties": {"kind": {"const": "b"}}"#)),
            Discriminant::None,
        ),
        // a branch that also takes what is no object
        (
            format!(
                r#"{{"oneOf": [{}, {{"properties": {{"kind": {{"const": "b"}}}}, "required": ["kind"]}}]}}"#,
                tagged(r#"{"const": "a"}"#)
            ),
            Discriminant::None,
        ),
        // unless nothing else comes here
        (
            r#"{"type": "object", "oneOf": [{"properties": {"k": {"const": 1}}, "required": ["k"]}, {"properties": {"k": {"const": 2}}, "required": ["k"]}]}"#.to_owned(),
            Discriminant::Tag("k".into(), [1_u64, 2].map(|k| vec![Json::Number(authwire_core::number::Number::Unsigned(k))].into()).into_iter().collect()),
        ),
    ] {
        assert_eq!(by(&schema), expected, "{schema}");
    }
}

#[test]
fn the_rows_come_in_one_order_however_they_are_written() {
    let one = document(
        r#"{"type": "object", "required": ["a"], "properties": {"a": true, "B": true}, "additionalProperties": false}"#,
    );
    let two = document(
        r#"{"additionalProperties": false, "properties": {"B": true, "a": true}, "required": ["a"], "type": "object"}"#,
    );
    let kinds = |document: &Document| {
        document.schema.nodes[0].keywords.iter().map(std::mem::discriminant).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&one), kinds(&two));
    for document in [one, two] {
        let Some(Keyword::Properties(row)) =
            document.schema.nodes[0].keywords.iter().find(|row| matches!(row, Keyword::Properties(_)))
        else {
            panic!("no properties")
        };
        assert!(row.named("a").is_some() && row.named("B").is_some() && row.named("c").is_none());
    }
}

#[test]
fn the_built_in_plans_know_their_properties() {
    let builtin = builtin(&mut Library::new(is_valid_tree)).unwrap();
    let auth = |name: &str| builtin.auth.iter().find(|auth| auth.name == name).unwrap();
    let text = |text: &str| Some(Json::String(text.into()));
    for (name, path, kind, always, default) in [
        ("basic_auth", "username", FieldKind::Text, true, None),
        ("basic_auth", "password", FieldKind::Secret, true, None),
        ("api_key", "api_key_auth_type", FieldKind::Plain, true, None),
        ("api_key", "header_auth_key", FieldKind::Plain, false, None),
        ("api_key", "header_auth_value_pattern", FieldKind::Plain, true, text("%s")),
        ("oauth2_client_credentials", "token_url", FieldKind::Url, true, None),
        ("oauth2_client_credentials", "client_id", FieldKind::Text, true, None),
        ("oauth2_client_credentials", "additional_headers", FieldKind::Map, false, None),
        (
            "oauth2_client_credentials",
            "token_response.access_token",
            FieldKind::Plain,
            true,
            text("/access_token"),
        ),
        ("oauth2_client_credentials", "scope", FieldKind::Plain, false, None),
        ("jwt_bearer", "claims_expiry_seconds", FieldKind::Number, true, None),
        ("jwt_bearer", "include_jti", FieldKind::Boolean, true, Some(Json::Bool(false))),
        ("jwt_bearer", "claims_audience", FieldKind::Json, false, None),
        ("jwt_bearer", "additional_claims", FieldKind::Json, false, None),
        ("jwt_bearer", "token_url", FieldKind::Url, false, None),
    ] {
        let field = field(auth(name), path);
        assert_eq!(field.kind, kind, "{name}: {path}");
        assert_eq!(field.always, always, "{name}: {path}");
        assert_eq!(field.default, default, "{name}: {path}");
    }
    let nested = field(auth("jwt_bearer"), "token_response.expires_in_format");
    assert_eq!(&*nested.pointer, "/token_response/expires_in_format");
    assert_eq!(nested.title.as_deref(), Some("Expires In Format"));
    let root = &auth("api_key").schema.nodes[0];
    assert!(root.keywords.iter().any(|row| matches!(
        row,
        Keyword::OneOf(union) if matches!(&union.by, Discriminant::Tag(name, _) if *name == "api_key_auth_type")
    )));
}

/// What a config is, and whether it is valid.
fn holds(auth: &AuthType, library: &Library, cases: &[(&str, bool)]) {
    let bundle = document(&bundle_type(library, auth));
    for (config, expected) in cases {
        let value: serde_json::Value = serde_json::from_str(config).unwrap();
        assert_eq!(is_valid(&auth.schema, 0, Registry { types: &[] }, &value), *expected, "{config}");
        assert_eq!(
            is_valid(&bundle.schema, 0, Registry { types: &[] }, &value),
            *expected,
            "bundled: {config}"
        );
    }
}

#[test]
fn a_resource_inside_of_a_schema_is_what_its_id_leads_to() {
    let (auth, library) = auth_type(
        r#"{"type": "object", "properties": {"a": {"$ref": "https://acme.example/kinds/key#short"},
            "b": {"$id": "https://acme.example/kinds/", "$ref": "key#/$defs/short"}},
            "$defs": {"kinds": {"$id": "https://acme.example/kinds/all", "$defs": {"key": {"$id": "key", "$defs": {"short":
            {"$anchor": "short", "maxLength": 1}}}}}}, "x-auth": {"apply": []}}"#,
    );
    assert_eq!(
        &*node(&auth.schema, "acme.json#/$defs/kinds/$defs/key/$defs/short").keywords,
        [Keyword::MaxLength(1)]
    );
    holds(
        &auth,
        &library,
        &[(r#"{"a": "x", "b": "y"}"#, true), (r#"{"a": "xx"}"#, false), (r#"{"b": "yy"}"#, false)],
    );
}

#[test]
fn a_closed_auth_type_knows_its_name_without_saying_it() {
    let (auth, library) = auth_type(
        r#"{"type": "object", "properties": {"a": true}, "additionalProperties": false, "x-auth": {"apply": []}}"#,
    );
    holds(
        &auth,
        &library,
        &[
            (r#"{"type": "acme", "a": 1}"#, true),
            ("{}", true),
            (r#"{"type": "acne"}"#, false),
            (r#"{"b": 1}"#, false),
        ],
    );
    assert_eq!(&*node(&auth.schema, "acme.json#/properties/type").at, "acme.json#/properties/type");
}

#[test]
fn so_does_each_branch_and_what_it_refers_to_but_nothing_inside() {
    let (auth, library) = auth_type(
        r##"{"type": "object", "oneOf": [
            {"$ref": "#/$defs/one"},
            {"title": "Two", "$ref": "#/$defs/two"},
            {"properties": {"k": {"const": 3}, "type": {"type": "string"}}, "required": ["k"], "additionalProperties": false}],
        "$defs": {
            "one": {"type": "object", "properties": {"k": {"const": 1}, "inner": {"$ref": "#/$defs/one"}}, "required": ["k"], "additionalProperties": false},
            "two": {"allOf": [{"properties": {"k": {"const": 2}}, "required": ["k"], "additionalProperties": false}]}},
        "x-auth": {"apply": []}}"##,
    );
    holds(
        &auth,
        &library,
        &[
            (r#"{"k": 1, "type": "acme"}"#, true),
            (r#"{"k": 1, "inner": {"k": 1}}"#, true),
            (r#"{"k": 1, "inner": {"k": 1, "type": "acme"}}"#, false),
            (r#"{"k": 2, "type": "acme"}"#, true),
            (r#"{"k": 2, "type": "acne"}"#, false),
            (r#"{"k": 2}"#, true),
            (r#"{"k": 3, "type": "acme"}"#, true),
            (r#"{"k": 3, "x": 1}"#, false),
        ],
    );
}

#[test]
fn so_does_what_needs_another_member_and_what_is_closed_by_what_nothing_spoke_of() {
    let (auth, library) = auth_type(
        r##"{"type": "object", "dependentSchemas": {"a": {"properties": {"a": true}, "additionalProperties": false},
            "b": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"properties": {"b": true}, "additionalProperties": false}},
            "x-auth": {"apply": []}}"##,
    );
    holds(
        &auth,
        &library,
        &[
            (r#"{"a": 1, "type": "acme"}"#, true),
            (r#"{"b": 1, "type": "acme"}"#, true),
            (r#"{"b": 1, "type": "acne"}"#, false),
            (r#"{"a": 1, "b": 1}"#, false),
        ],
    );
    let (auth, library) =
        auth_type(r#"{"type": "object", "additionalProperties": false, "x-auth": {"apply": []}}"#);
    holds(&auth, &library, &[(r#"{"type": "acme"}"#, true), (r#"{"a": 1}"#, false)]);
    for inner in [r#""properties": {"b": true}, "#, ""] {
        let (auth, library) = auth_type(&format!(
            r#"{{"type": "object", {inner} "allOf": [{{"properties": {{"a": true}}}}], "unevaluatedProperties": false,
                "x-auth": {{"apply": []}}}}"#
        ));
        holds(
            &auth,
            &library,
            &[
                (r#"{"a": 1, "type": "acme"}"#, true),
                (r#"{"type": "acne"}"#, false),
                (r#"{"a": 1, "c": 1}"#, false),
                (r#"{"b": 1}"#, !inner.is_empty()),
            ],
        );
    }
}

#[test]
fn every_built_in_type_and_its_bundle_agree() {
    let mut library = Library::new(is_valid_tree);
    let builtin = builtin(&mut library).unwrap();
    for auth in &builtin.auth {
        let root: serde_json::Value = serde_json::from_str(&auth.text).unwrap();
        let mut cases = Vec::new();
        for example in root["examples"].as_array().unwrap() {
            cases.push((example.to_string(), true));
            let mut other = example.clone();
            other["surprise"] = 1.into();
            cases.push((other.to_string(), false));
            let mut other = example.clone();
            other["type"] = "nothing".into();
            cases.push((other.to_string(), false));
        }
        let cases: Vec<(&str, bool)> = cases.iter().map(|(text, valid)| (&**text, *valid)).collect();
        holds(auth, &library, &cases);
    }
}
