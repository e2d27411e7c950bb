//! Tokens that are bound to a key (RFC 9449), at oidc-provider and an API that checks every proof by jose.

mod program;

use authwire_tests::loopback::{Loopback, Reply};
use authwire_tests::{Algorithm, Oidc, Settings, SigningKeys, clients};
use serde_json::{Value, json};

use program::Folder;

const WHOAMI: &[&str] = &["call", "connector.json", "GET", "/api/whoami?x=1"];

fn connector(base_url: &str, token_url: &str, more: Value) -> Folder {
    let mut auth_config = json!({
        "type": "oauth2_private_key_jwt", "client_id": clients::BOUND.id, "private_key": {"env": "KEY"},
        "algorithm": "RS256", "token_url": token_url, "dpop_private_key": {"env": "DPOP"},
    });
    if let (Some(own), Value::Object(more)) = (auth_config.as_object_mut(), more) {
        own.extend(more);
    }
    Folder::with(&json!({"name": "bound", "base_url": base_url, "auth_config": auth_config}))
}

fn trusting(keys: &SigningKeys) -> Oidc {
    Oidc::start_with(&Settings { trusted_keys: Some(keys.clone()), ..Settings::default() })
}

#[test]
fn each_request_proves_its_key_with_the_nonce_that_the_server_asks_for() {
    let keys = SigningKeys::generate();
    let oidc = trusting(&keys);
    let folder = connector(&oidc.base_url, &oidc.token_url, json!({}));
    let environment =
        [("KEY", keys.signing_key(Algorithm::Rs256)), ("DPOP", keys.signing_key(Algorithm::Es256))];
    for _ in 0..2 {
        let run = folder.run(&environment, WHOAMI);
        assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
        let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(answer["client"], clients::BOUND.id);
    }
    let token_requests = oidc.journal.token_requests();
    let errors: Vec<Option<&str>> = token_requests.iter().map(|request| request.error.as_deref()).collect();
    // the first has no nonce, the second the one of its answer, and the token is kept for the second call
    assert_eq!(errors, [Some("use_dpop_nonce"), None]);
}

#[test]
fn a_token_without_its_key_is_of_no_use() {
    let keys = SigningKeys::generate();
    let oidc = trusting(&keys);
    let folder = connector(&oidc.base_url, &oidc.token_url, json!({}));
    let environment =
        [("KEY", keys.signing_key(Algorithm::Rs256)), ("DPOP", keys.signing_key(Algorithm::Es256))];
    let run = folder.run(&environment, &["token", "connector.json", "--reveal", "--format", "json"]);
    let token: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let token = token["access_token"].as_str().expect("a token");
    let thief = Folder::with(&json!({"name": "thief", "base_url": oidc.base_url,
        "auth_config": {"type": "bearer_token", "api_key": {"env": "TOKEN"}}}));
    let run = thief.run(&[("TOKEN", token)], WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("401"), "{run:?}");
    let thief = Folder::with(&json!({"name": "thief", "base_url": oidc.base_url,
        "auth_config": {"type": "bearer_token", "api_key": {"env": "TOKEN"}, "header_auth_value_pattern": "DPoP %s"}}));
    let run = thief.run(&[("TOKEN", token)], WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("401"), "{run:?}");
}

#[test]
fn a_bound_client_without_a_key_is_refused() {
    let keys = SigningKeys::generate();
    let oidc = trusting(&keys);
    let folder = Folder::with(&json!({"name": "bound", "base_url": oidc.base_url, "auth_config": {
        "type": "oauth2_private_key_jwt", "client_id": clients::BOUND.id, "private_key": {"env": "KEY"},
        "algorithm": "RS256", "token_url": oidc.token_url}}));
    let run = folder.run(&[("KEY", keys.signing_key(Algorithm::Rs256))], WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("invalid_grant"), "{run:?}");
}

#[test]
fn a_server_that_asks_for_a_nonce_for_ever_is_asked_twice() {
    let server = Loopback::start(|request| Reply {
        status: 400,
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("DPoP-Nonce", format!("n{}", request.line.len())),
        ],
        body: json!({"error": "use_dpop_nonce"}).to_string(),
    });
    let keys = SigningKeys::generate();
    let folder = connector(&server.base_url, &format!("{}/token", server.base_url), json!({}));
    let environment =
        [("KEY", keys.signing_key(Algorithm::Rs256)), ("DPOP", keys.signing_key(Algorithm::Es256))];
    let run = folder.run(&environment, WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("use_dpop_nonce"), "{run:?}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn it_is_explained_and_its_key_is_checked() {
    let folder = connector("https://api.example.com", "https://auth.example.com/token", json!({}));
    let run = folder.run(&[], &["explain", "connector.json"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(run.stdout.matches("DPoP: <proof>").count(), 2, "{run:?}");
    assert!(run.stdout.contains("Authorization: DPoP <access_token>"), "{run:?}");
    let rsa = json!({"dpop_private_key": SigningKeys::generate().rs256.private});
    let folder = connector("https://api.example.com", "https://auth.example.com/token", rsa);
    let run = folder.run(&[], &["validate", "connector.json"]);
    assert!(run.status == Some(1) && run.stdout.contains("error[key]"), "{run:?}");
}
