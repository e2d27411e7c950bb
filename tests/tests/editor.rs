//! What an editor does with the bundle: VS Code's own JSON language service completes a connector file and marks what is
//! wrong in it.

use std::fs;
use std::path::Path;

use authwire_tests::editor::{Opinion, opinion};

fn bundle() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/connector.bundle.json");
    fs::read_to_string(path).expect("the bundle")
}

fn edit(auth_config: &str) -> Opinion {
    let file = format!(
        "{{\n  \"name\": \"acme\",\n  \"base_url\": \"https://api.acme.example\",\n  \"auth_config\": {auth_config}\n}}\n"
    );
    opinion(&bundle(), &file)
}

#[test]
fn a_right_file_has_no_mark() {
    let seen = edit(r#"{ "type": "basic_auth", "username": "me", "password": { "env": "ACME_PASSWORD" } }"#);
    assert_eq!(seen.problems, []);
    for entry in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/connectors")).expect("them")
    {
        let path = entry.expect("an entry").path();
        let seen = opinion(&bundle(), &fs::read_to_string(&path).expect("a file"));
        assert_eq!(seen.problems, [], "{}", path.display());
    }
}

#[test]
fn auth_types_are_proposed() {
    let seen = edit(r#"{ "type": "‸" }"#);
    for name in ["basic_auth", "api_key", "oauth2_client_credentials", "jwt_bearer"] {
        let proposed = seen.completions.iter().any(|label| label.contains(name));
        assert!(proposed, "{name}: {:?}", seen.completions);
    }
}

#[test]
fn the_fields_of_the_type_are_proposed_and_no_others() {
    let seen = edit(r#"{ "type": "jwt_bearer", "‸" }"#);
    for name in ["private_key", "algorithm", "claims_expiry_seconds", "token_url"] {
        assert!(seen.completions.iter().any(|label| label == name), "{name}: {:?}", seen.completions);
    }
    assert!(!seen.completions.iter().any(|label| label == "username"), "{:?}", seen.completions);
    let seen = edit(r#"{ "type": "jwt_bearer", "algorithm": "‸" }"#);
    assert!(seen.completions.iter().any(|label| label.contains("ES256")), "{:?}", seen.completions);
}

#[test]
fn a_field_says_what_it_is() {
    let seen = edit(r#"{ "type": "basic_auth", "user‸name": "me", "password": "" }"#);
    assert!(seen.hover.to_string().contains("without a colon"), "{}", seen.hover);
}

#[test]
fn a_misspelt_field_and_a_wrong_value_are_marked() {
    let seen = edit(r#"{ "type": "basic_auth", "username": "me", "pasword": { "env": "ACME_PASSWORD" } }"#);
    assert!(seen.problems.iter().any(|(text, _)| text == "\"pasword\""), "{:?}", seen.problems);
    assert!(seen.problems.iter().any(|(_, message)| message.contains("password")), "{:?}", seen.problems);
    let seen = edit(r#"{ "type": "basic_auth", "username": 7, "password": { "env": "ACME_PASSWORD" } }"#);
    assert!(seen.problems.iter().any(|(text, _)| text == "7"), "{:?}", seen.problems);
    let seen = edit(r#"{ "type": "basic" }"#);
    assert!(seen.problems.iter().any(|(text, _)| text == "\"basic\""), "{:?}", seen.problems);
}
