//! Which documents a `$ref` reaches, folders of auth types, and which files are read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use authwire_core::interpreter::is_valid;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::table::Registry;
use authwire_schema::{Diagnostics, Library, Severity, read_auth_type, read_builtin, read_folder, read_text};

fn library(files: &[(&str, &str)]) -> Library {
    let files: HashMap<PathBuf, String> =
        files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect();
    Library::with_loader(is_valid_tree, move |path| match files.get(path) {
        Some(text) => Ok(text.clone().into_bytes()),
        None => Err(io::ErrorKind::NotFound.into()),
    })
}

fn acme(rest: &str) -> String {
    format!(r#"{{"type": "object", {rest}, "x-auth": {{"apply": [{{"query": {{"key": "{{key}}"}}}}]}}}}"#)
}

fn told(diagnostics: &Diagnostics) -> Vec<String> {
    let line = |it: &authwire_schema::Diagnostic| {
        format!("{}:{}:{} {}", it.file, it.place.line, it.place.column, it.message)
    };
    diagnostics.iter().map(line).collect()
}

#[test]
fn files_refer_to_files_by_path_and_every_file_is_known() {
    let text = acme(r#""properties": {"key": {"$ref": "./shared/kinds.json#/$defs/key"}}"#);
    let mut library = library(&[
        ("s/acme.json", &text),
        (
            "s/shared/kinds.json",
            r#"{"$defs": {"key": {"$ref": "../base.json"}, "loop": {"properties": {"x": {"$ref": "kinds.json"}}}}}"#,
        ),
        ("s/base.json", r##"{"type": "string", "writeOnly": true}"##),
    ]);
    let (acme, warnings) = read_auth_type(&mut library, Path::new("s/acme.json")).unwrap();
    assert!(warnings.is_empty(), "{warnings}");
    assert_eq!(acme.name, "acme");
    assert_eq!(acme.text, text);
    let read: Vec<String> = library.files_read().iter().map(|path| path.display().to_string()).collect();
    assert_eq!(read, ["s/acme.json", "s/shared/kinds.json", "s/base.json"]);
    // where nodes stand does not depend on where the files stand
    let places: Vec<&str> = acme.schema.nodes.iter().map(|node| &*node.at).collect();
    assert_eq!(places, ["acme.json#", "acme.json#/properties/key", "kinds.json#/$defs/key", "base.json#"]);
}

#[test]
fn a_mistake_in_a_referenced_file_is_told_there() {
    let text = acme(
        r#""properties": {"key": {"$ref": "kinds.json#/$defs/key"}, "other": {"$ref": "gone.json"}, "third": {"$ref": "broken.json"}}"#,
    );
    let mut library = library(&[
        ("acme.json", &text),
        ("kinds.json", "{\"$defs\": {\"key\": {\"type\": \"string\"},\n \"unused\": {\"typ\": 1}}}"),
        ("broken.json", "{"),
    ]);
    let error = read_auth_type(&mut library, Path::new("acme.json")).unwrap_err();
    let told = told(&error);
    assert_eq!(told.len(), 3, "{error}");
    assert!(told[0].starts_with("acme.json:1:95 `gone.json` cannot be read"), "{error}");
    assert_eq!(told[1], "kinds.json:2:13 `typ` is no keyword");
    assert_eq!(told[2], "broken.json:1:2 the text ends inside of an object");
    assert_eq!(error[1].pointer, "/$defs/unused/typ");
    assert!(error.to_string().contains("\n  help: did you mean `type`?"), "{error}");
}

#[test]
fn ids_are_bases_for_paths() {
    let text = acme(
        r#""$id": "https://acme.example/auth/acme.json", "properties": {"key": {"$ref": "kinds.json"}, "b": {"$ref": "../b.json"}}"#,
    );
    let mut good = library(&[
        ("acme.json", &text),
        ("kinds.json", r#"{"$id": "https://acme.example/auth/kinds.json", "type": "string"}"#),
        ("../b.json", "true"),
    ]);
    let (acme, _) = read_auth_type(&mut good, Path::new("acme.json")).unwrap();
    assert_eq!(&*acme.schema.nodes[0].at, "https://acme.example/auth/acme.json#");
    let mut bad = library(&[
        ("acme.json", &text),
        ("kinds.json", r#"{"$id": "https://other.example/kinds.json", "type": "string"}"#),
        ("../b.json", "true"),
    ]);
    let error = read_auth_type(&mut bad, Path::new("acme.json")).unwrap_err();
    assert!(
        told(&error)[0].contains("the file there has the id `https://other.example/kinds.json`"),
        "{error}"
    );
}

#[test]
fn a_resource_inside_of_another_document_is_found_by_its_id() {
    let text = acme(
        r#""properties": {"key": {"$ref": "urn:acme:key"}, "b": {"$ref": "urn:acme:number"}},
           "$defs": {"kinds": {"$ref": "kinds.json"}, "number": {"$id": "urn:acme:number", "type": "number"}}"#,
    );
    let mut library = library(&[
        ("acme.json", &text),
        (
            "kinds.json",
            r#"{"$defs": {"key": {"$id": "urn:acme:key", "type": "string"}, "number": {"$id": "urn:acme:number"}}}"#,
        ),
    ]);
    let (acme, _) =
        read_auth_type(&mut library, Path::new("acme.json")).unwrap_or_else(|told| panic!("{told}"));
    let places: Vec<&str> = acme.schema.nodes.iter().map(|node| &*node.at).collect();
    // a document's own come before those of others
    assert!(
        places.contains(&"kinds.json#/$defs/key") && places.contains(&"acme.json#/$defs/number"),
        "{places:?}"
    );
    assert!(!places.contains(&"kinds.json#/$defs/number"), "{places:?}");
}

/// What is told about a schema of a metaschema with these vocabularies, and whether it takes a number below 10.
fn read_under(vocabularies: &str) -> (Vec<String>, Option<bool>) {
    let mut library = library(&[]);
    let metaschema = format!(r#"{{"$vocabulary": {{{vocabularies}}}}}"#);
    assert!(library.add("https://acme.example/meta", metaschema.into_bytes()));
    let schema = r#"{"$schema": "https://acme.example/meta", "minimum": 10}"#;
    match read_text(&mut library, "a.json", schema) {
        Ok((document, warnings)) => {
            let holds = is_valid(&document.schema, 0, Registry { types: &[] }, &serde_json::json!(1));
            (told(&warnings), Some(holds))
        }
        Err(error) => (told(&error), None),
    }
}

#[test]
fn a_metaschema_says_which_keywords_assert_something() {
    let core = r#""https://json-schema.org/draft/2020-12/vocab/core": true"#;
    let validation = r#""https://json-schema.org/draft/2020-12/vocab/validation": true"#;
    let optional = r#""urn:acme:vocabulary": false"#;
    assert_eq!(read_under(&format!("{core}, {validation}, {optional}")), (vec![], Some(false)));
    assert_eq!(
        read_under(core),
        (
            vec!["a.json:1:42 the metaschema has no vocabulary for `minimum`: it asserts nothing".to_owned()],
            Some(true)
        )
    );
    assert_eq!(
        read_under(&format!(r#"{core}, "urn:acme:vocabulary": true"#)).0,
        [
            "a.json:1:13 this metaschema requires the vocabulary `urn:acme:vocabulary`, which is not supported",
            "a.json:1:42 the metaschema has no vocabulary for `minimum`: it asserts nothing"
        ]
    );
    // none of this draft
    assert_eq!(read_under(validation).0, ["a.json:1:13 this draft of JSON Schema is not supported"]);
}

#[test]
fn an_auth_type_is_no_schema_that_an_editor_would_misread() {
    let text = acme(
        r#""$schema": "https://acme.example/meta", "properties": {"key": {"$dynamicRef": "kinds.json#key"}}"#,
    );
    let mut library = library(&[
        ("acme.json", &text),
        ("kinds.json", r#"{"$defs": {"key": {"$dynamicAnchor": "key", "type": "string"}}}"#),
    ]);
    let metaschema = r#"{"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true}}"#;
    assert!(library.add("https://acme.example/meta", metaschema.into()));
    let error = read_auth_type(&mut library, Path::new("acme.json")).unwrap_err();
    assert_eq!(
        told(&error),
        [
            "acme.json:1:31 this draft of JSON Schema is not supported",
            "acme.json:1:83 `$dynamicRef` does not stand in auth types",
        ]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let mut library = library(&[]);
    let error = read_auth_type(&mut library, Path::new("nowhere/acme.json")).unwrap_err();
    assert_eq!(error.len(), 1);
    assert!(
        told(&error)[0].starts_with("nowhere/acme.json:1:1 `nowhere/acme.json` cannot be read"),
        "{error}"
    );
    assert_eq!(library.files_read(), [PathBuf::from("nowhere/acme.json")]);
}

#[test]
fn the_file_name_is_the_type() {
    let text = acme(r#""properties": {"key": {"type": "string"}}"#);
    let mut library = library(&[("no type.json", &text), ("9.json", &text), ("my-type_2.json", &text)]);
    for path in ["no type.json", "9.json"] {
        let error = read_auth_type(&mut library, Path::new(path)).unwrap_err();
        assert!(error.to_string().contains("is no name for one"), "{error}");
    }
    let (named, _) = read_auth_type(&mut library, Path::new("my-type_2.json")).unwrap();
    assert_eq!(&*named.schema.name, "my-type_2");
}

#[test]
fn a_built_in_type_can_be_read_alone() {
    let mut library = Library::new(is_valid_tree);
    let (basic, _) = read_builtin(&mut library, "basic_auth").unwrap().unwrap();
    assert_eq!(basic.name, "basic_auth");
    assert!(library.files_read().is_empty());
    assert!(read_builtin(&mut library, "connector").is_none());
    // and the very same file from the disk is the same type
    let file = authwire_schemas::FILES.iter().find(|file| file.auth_type() == Some("basic_auth")).unwrap();
    let mut on_disk = self::library(&[("schemas/auth/basic_auth.json", file.text)]);
    let (same, _) = read_auth_type(&mut on_disk, Path::new("schemas/auth/basic_auth.json")).unwrap();
    assert_eq!(same.schema, basic.schema);
}

/// A folder with these files, empty before.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

#[test]
fn a_folder_holds_types_and_what_they_refer_to() {
    let key = r#""properties": {"key": {"$ref": "urn:acme:kinds#/$defs/key"}}"#;
    let folder = folder(
        "types",
        &[
            ("beta.json", &acme(key)),
            ("alpha.json", &acme(key)),
            ("kinds.json", r#"{"$id": "urn:acme:kinds", "$defs": {"key": {"type": "string"}}}"#),
            ("package.json", r#"{"name": "no schema at all", "version": 1}"#),
            ("notes.txt", "{"),
        ],
    );
    let (types, warnings) =
        read_folder(&mut Library::new(is_valid_tree), &folder).unwrap_or_else(|told| panic!("{told}"));
    assert_eq!(types.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["alpha", "beta"]);
    assert!(warnings.is_empty(), "{warnings}");
}

#[test]
fn two_files_of_a_folder_have_two_ids() {
    let folder = folder(
        "same-ids",
        &[
            ("alpha.json", &acme(r#""properties": {"key": {"$ref": "urn:acme:kinds"}}"#)),
            (
                "kinds.json",
                r#"{"$id": "urn:acme:kinds", "type": "string", "$defs": {"a": {"$id": "urn:acme:a"}}}"#,
            ),
            ("kinds_too.json", r#"{"$id": "urn:acme:a", "$defs": {"a": {"$id": "urn:acme:kinds"}}}"#),
        ],
    );
    let error = read_folder(&mut Library::new(is_valid_tree), &folder).unwrap_err();
    let messages: Vec<(u32, &str)> = error.iter().map(|it| (it.place.column, &*it.message)).collect();
    assert_eq!(
        messages,
        [
            (9, "`kinds.json` has the id `urn:acme:a` already"),
            (46, "`kinds.json` has the id `urn:acme:kinds` already")
        ]
    );
}

#[test]
fn one_broken_file_fails_the_folder_and_all_are_told() {
    let key = r#""properties": {"key": {"type": "string"}}"#;
    let folder = folder(
        "broken-types",
        &[
            ("alpha.json", &acme(key)),
            ("basic_auth.json", &acme(key)),
            ("beta.json", &acme(r#""properties": {"kye": {"type": "string"}}"#)),
            ("gamma.json", "{"),
        ],
    );
    let error = read_folder(&mut Library::new(is_valid_tree), &folder).unwrap_err();
    let messages: Vec<&str> = error.iter().map(|it| &*it.message).collect();
    assert_eq!(
        messages,
        [
            "there is a built-in auth type `basic_auth`",
            "there is no property `key`",
            "the text ends inside of an object"
        ]
    );
    assert!(error.has_errors() && error.iter().all(|it| it.severity == Severity::Error));
    let gone = read_folder(&mut Library::new(is_valid_tree), Path::new("no/such/folder")).unwrap_err();
    assert!(gone.to_string().contains("cannot be read"), "{gone}");
}
