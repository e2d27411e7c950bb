//! No output shows a secret, whatever the command, the format and the fault.

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

fn configs(url: &str) -> Vec<Value> {
    let token_url = format!("{url}/token");
    vec![
        json!({"type": "api_key", "api_key_auth_type": "header_auth", "api_key": CANARY, "header_auth_key": "X-Key"}),
        json!({"type": "api_key", "api_key_auth_type": "param_auth", "api_key": CANARY, "param_auth_param_name": "k"}),
        json!({"type": "bearer_token", "api_key": CANARY}),
        json!({"type": "basic_auth", "username": "me", "password": CANARY}),
        json!({"type": "oauth2_client_credentials", "client_id": "me", "client_secret": CANARY, "token_url": token_url}),
        json!({"type": "oauth2_refresh_token", "client_id": "me", "refresh_token": CANARY, "token_url": token_url}),
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
    for config in configs(&server.base_url) {
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
