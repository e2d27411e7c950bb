//! No output shows a secret, whatever the command, the format and the fault.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use authwire_tests::loopback::Loopback;
use serde_json::{Value, json};

use crate::support::{Folder, connector};

/// In every secret place of every type. Long enough to be found by chance nowhere.
const CANARY: &str = "c4n4ry/s3cret+value%";

/// How a secret could appear.
fn forms() -> Vec<String> {
    vec![
        CANARY.to_owned(),
        "c4n4ry".to_owned(),
        // Base64 at the three places where it may begin
        "YzRuNHJ5".to_owned(),
        "M0bjRyeS".to_owned(),
        "jNG40cnk".to_owned(),
    ]
}

/// The auth types as their generated fixtures have them: of each secret field there is one where it is written out.
fn generated(url: &str) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for name in names(&root.join("schemas/auth")).iter().filter_map(|file| file.strip_suffix(".json")) {
        let invalid = root.join("tests/fixtures").join(name).join("invalid");
        let files: Vec<String> =
            names(&invalid).into_iter().filter(|file| file.starts_with("literal_secret-")).collect();
        let read = |file: &String| fs::read_to_string(invalid.join(file)).expect("a fixture");
        let findings: String = files.iter().filter(|file| file.ends_with(".txt")).map(read).collect();
        let pointers: BTreeSet<&str> = findings
            .lines()
            .filter_map(|line| Some(line.split_once(" literal_secret /auth_config")?.1.split_once(':')?.0))
            .collect();
        for document in files.iter().filter(|file| file.ends_with(".json")).map(read) {
            let document: Value = serde_json::from_str(&document).expect("JSON");
            let mut config = document["auth_config"].clone();
            for pointer in &pointers {
                if let Some(secret) = config.pointer_mut(pointer) {
                    *secret = json!(CANARY);
                }
            }
            let members = config.as_object_mut().expect("an object").values_mut();
            for value in
                members.filter(|value| value.as_str().is_some_and(|text| text.starts_with("https://")))
            {
                *value = json!(format!("{url}/token"));
            }
            if !found.contains(&config) {
                found.push(config);
            }
        }
    }
    found
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Some of them in other ways too.
fn written(url: &str) -> Vec<Value> {
    let token_url = format!("{url}/token");
    vec![
        json!({
            "type": "oauth2_password", "client_id": "me", "client_secret": CANARY, "username": "you", "password": CANARY,
            "token_url": token_url, "additional_headers": {"X-Secret": CANARY}
        }),
        json!({
            "type": "jwt_bearer", "private_key": CANARY, "algorithm": "HS256", "claims_expiry_seconds": 60,
            "token_url": token_url, "client_id": "me", "client_secret": CANARY
        }),
        json!({"type": "jwt_bearer", "private_key": CANARY, "algorithm": "RS256", "claims_expiry_seconds": 60}),
    ]
}

#[test]
fn every_type_that_has_a_secret_has_a_canary() {
    let configs = generated("http://127.0.0.1:1");
    let types = names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/auth"));
    let types = types.iter().filter_map(|file| file.strip_suffix(".json"));
    let without = types.filter(|name| !configs.iter().any(|config| config["type"] == *name));
    assert_eq!(without.collect::<Vec<_>>(), ["no_auth"]);
    for config in configs {
        assert!(config.to_string().contains(CANARY), "{config}");
    }
}

#[test]
fn no_command_shows_a_secret() {
    let server = Loopback::start(|request| {
        let said = format!("you sent {:?} {} {}", request.headers, request.line, request.body);
        (401, "application/json", json!({"error": "invalid_client", "error_description": said}).to_string())
    });
    let commands: [&[&str]; 8] = [
        &["validate", "x.json"],
        &["validate", "x.json", "--format", "json", "--resolve"],
        &["validate", "x.json", "--format", "sarif"],
        &["validate", "x.json", "--format", "github"],
        &["explain", "x.json"],
        &["explain", "x.json", "--format", "json"],
        &["token", "x.json"],
        &["token", "x.json", "--format", "json"],
    ];
    let configs = generated(&server.base_url).into_iter().chain(written(&server.base_url));
    for config in configs {
        let sound = connector("acme", &server.base_url, config.clone());
        // the same with a fault beside the secrets, on their line
        let mut faulty = config.clone();
        faulty["unknown"] = json!(CANARY);
        let faulty = connector("acme", &server.base_url, faulty);
        let broken = sound.replace("}}", "},}");
        let unquoted = sound.replace(&format!("\"{CANARY}\""), CANARY);
        for content in [sound, faulty, broken, unquoted] {
            let folder = Folder::with("x.json", &content);
            for command in commands {
                let run = folder.run(command);
                let output = format!("{}{}", run.stdout, run.stderr);
                for form in forms() {
                    assert!(!output.contains(&form), "{command:?} {form}\n{content}\n{output}");
                }
            }
            // the answer's body is the server's to say: it is printed as it is
            let run = folder.run(&["call", "x.json", "GET", "/"]);
            for form in forms() {
                assert!(!run.stderr.contains(&form), "call {form}\n{content}\n{}", run.stderr);
            }
        }
    }
}
