//! `types` and `schema`: what auth types there are.

use serde_json::{Value, json};

use crate::support::Folder;

/// The auth types, which the folder of their schemas lists.
fn types() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/auth");
    let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut names: Vec<String> =
        files.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_types_are_listed_and_each_shows_its_fields() {
    let folder = Folder::new();
    let run = folder.run(&["types"]).ends_with(0);
    let names: Vec<&str> = run.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, types());
    for name in &types() {
        let human = folder.run(&["types", name]).ends_with(0).stdout;
        let whole = folder.run(&["types", name, "--format", "json"]).ends_with(0).json();
        assert_eq!(whole["type"], **name);
        for field in whole["fields"].as_array().expect("fields") {
            let (name, title) =
                (field["name"].as_str().expect("a name"), field["title"].as_str().expect("a title"));
            assert!(human.contains(&format!("  {name}  {title}  (")), "{name}\n{human}");
        }
    }
}

#[test]
fn a_field_says_what_it_is_for() {
    let folder = Folder::new();
    let field = |auth_type: &str, name: &str| -> Value {
        let whole = folder.run(&["types", auth_type, "--format", "json"]).json();
        let fields = whole["fields"].as_array().cloned().unwrap_or_default();
        fields.into_iter().find(|field| field["name"] == name).expect("the field")
    };
    for (auth_type, name, kind, required, when) in [
        ("basic_auth", "password", "secret", true, Value::Null),
        ("api_key", "api_key_auth_type", "header_auth | param_auth", true, Value::Null),
        ("api_key", "header_auth_key", "string", true, json!("api_key_auth_type header_auth")),
        ("jwt_bearer", "client_secret", "secret", false, json!("token_url and client_id")),
        ("oauth2_password", "additional_headers", "map of texts", false, Value::Null),
        ("oauth2_password", "token_url", "url, or a reference to one", true, Value::Null),
        ("oauth2_password", "client_id", "text, or a reference to one", true, Value::Null),
    ] {
        let field = field(auth_type, name);
        assert_eq!(
            (&field["kind"], &field["required"], &field["when"]),
            (&json!(kind), &json!(required), &when),
            "{auth_type} {name}"
        );
    }
}

#[test]
fn what_an_object_holds_is_shown_too_and_one_that_holds_itself_is_so_to_a_point() {
    let folder = Folder::new();
    let shown = folder.run(&["types", "jwt_bearer"]).ends_with(0).stdout;
    assert!(
        shown.contains("\n  token_response.expires_in  Expires In  (string; default \"/expires_in\")"),
        "{shown}"
    );
    let told = folder.run(&["types", "jwt_bearer", "--format", "json"]).ends_with(0).json();
    let fields = told["fields"].as_array().expect("fields");
    let response = fields.iter().find(|field| field["name"] == "token_response").expect("the field");
    assert_eq!(response["fields"][0]["name"], "access_token");
    assert!(
        fields.iter().all(|field| field["name"] == "token_response" || field["fields"].is_null()),
        "{told}"
    );
    let schema = json!({
        "title": "Tree", "description": "It holds itself.", "type": "object",
        "properties": {"tree": {"title": "Tree", "description": "A tree.", "$ref": "#/$defs/tree"}},
        "$defs": {"tree": {"type": "object", "additionalProperties": false, "properties": {
            "more": {"title": "More", "description": "More of it.", "$ref": "#/$defs/tree"},
        }}},
        "additionalProperties": false, "x-auth": {"apply": []},
    });
    std::fs::create_dir(folder.path().join("types")).expect("a folder");
    folder.write("types/own.json", schema.to_string());
    let shown = folder.run(&["types", "own", "--schemas", "types"]).ends_with(0).stdout;
    assert_eq!(shown.matches("More of it.").count(), 4, "{shown}");
}

#[test]
fn a_definition_is_told_by_what_it_says_whatever_it_is_called() {
    let folder = Folder::new();
    let schema = json!({
        "title": "Own", "description": "It has definitions of its own.", "type": "object",
        "properties": {
            "place": {"title": "Place", "description": "Where.", "$ref": "#/$defs/map"},
            "either": {
                "title": "Either", "description": "One of two.",
                "anyOf": [{"type": "string"}, {"$ref": "#/$defs/reference"}],
            },
        },
        "$defs": {
            "map": {"type": "object", "additionalProperties": false, "properties": {
                "x": {"title": "X", "description": "Along.", "type": "number"},
            }},
            "reference": {"type": "integer"},
        },
        "additionalProperties": false, "x-auth": {"apply": []},
    });
    std::fs::create_dir(folder.path().join("types")).expect("a folder");
    folder.write("types/own.json", schema.to_string());
    let told = folder.run(&["types", "own", "--schemas", "types", "--format", "json"]).ends_with(0).json();
    let fields = told["fields"].as_array().expect("fields");
    let kind = |name: &str| &fields.iter().find(|field| field["name"] == name).expect("the field")["kind"];
    assert_eq!((kind("place"), kind("either")), (&json!("object"), &json!("string or integer")));
    assert!(told.to_string().contains("Along."), "{told}");
}

#[test]
fn a_name_that_is_nearly_right_is_guessed() {
    let run = Folder::new().run(&["types", "basic-auth"]).ends_with(2);
    assert!(run.stderr.contains("did you mean `basic_auth`?"), "{}", run.stderr);
}

#[test]
fn schemas_are_printed_whole_or_as_they_were_written() {
    let folder = Folder::new();
    let bundle = folder.run(&["schema"]).ends_with(0);
    let generated = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/connector.bundle.json"));
    assert_eq!(bundle.json(), serde_json::from_str::<Value>(generated).expect("the generated bundle"));

    let source = folder.run(&["schema", "basic_auth", "--source"]).ends_with(0);
    let written = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/auth/basic_auth.json"));
    assert_eq!(source.stdout.trim_end(), written.trim_end());

    let whole = folder.run(&["schema", "basic_auth"]).ends_with(0);
    assert!(!whole.stdout.contains("authwire:common#"), "{}", whole.stdout);
}
