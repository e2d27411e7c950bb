//! Tokens for tokens (RFC 8693), at oidc-provider, which refuses what it does not know.

mod program;

use authwire_tests::program::Run;
use authwire_tests::{Algorithm, Oidc, Settings, SigningKeys, clients};
use serde_json::{Value, json};

use program::Folder;

const WHOAMI: &[&str] = &["call", "connector.json", "GET", "/api/whoami"];

fn exchanging(oidc: &Oidc, more: Value) -> Folder {
    let mut auth_config = json!({
        "type": "oauth2_token_exchange", "token_url": oidc.token_url, "subject_token": {"env": "SUBJECT"},
        "audience": "orders", "client_id": clients::EXCHANGING.id, "client_secret": {"env": "SECRET"},
    });
    if let (Some(own), Value::Object(more)) = (auth_config.as_object_mut(), more) {
        own.extend(more);
    }
    Folder::with(&json!({"name": "exchanging", "base_url": oidc.base_url, "auth_config": auth_config}))
}

fn call(folder: &Folder, subject: &str) -> Run {
    let secret = clients::EXCHANGING.secret.expect("a secret");
    let run = folder.run(&[("SUBJECT", subject), ("SECRET", secret)], WHOAMI);
    for told in [&run.stdout, &run.stderr] {
        assert!(!told.contains(subject) && !told.contains(secret), "{run:?}");
    }
    run
}

fn user_of(run: &Run) -> Value {
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    answer["user"].clone()
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    since.expect("after 1970").as_secs()
}

#[test]
fn a_jwt_of_somebody_who_is_trusted_is_exchanged_and_of_nobody_else() {
    let keys = SigningKeys::generate();
    let oidc = Oidc::start_with(&Settings { trusted_keys: Some(keys.clone()), ..Settings::default() });
    let folder = exchanging(&oidc, json!({"subject_token_type": "urn:ietf:params:oauth:token-type:jwt"}));
    let claims = json!({"iss": "cluster", "sub": "workload-7", "aud": oidc.base_url, "exp": now() + 60});
    let subject = keys.sign(Algorithm::Es256, &claims);
    assert_eq!(user_of(&call(&folder, &subject)), "workload-7");
    let strange = SigningKeys::generate().sign(Algorithm::Es256, &claims);
    let run = call(&folder, &strange);
    assert!(run.status == Some(1) && run.stderr.contains("the subject token is refused"), "{run:?}");
}

#[test]
fn an_access_token_is_exchanged_where_nothing_else_is_said() {
    let oidc = Oidc::start();
    let token = json!({
        "name": "first", "base_url": oidc.base_url,
        "auth_config": {"type": "oauth2_client_credentials", "client_id": clients::BASIC.id,
            "client_secret": {"env": "SECRET"}, "token_url": oidc.token_url},
    });
    let secret = clients::BASIC.secret.expect("a secret");
    let first = Folder::with(&token)
        .run(&[("SECRET", secret)], &["token", "connector.json", "--reveal", "--format", "json"]);
    let first: Value =
        serde_json::from_str(&first.stdout).unwrap_or_else(|error| panic!("{error}: {first:?}"));
    let subject = first["access_token"].as_str().unwrap_or_else(|| panic!("no token: {first}"));
    assert_eq!(user_of(&call(&exchanging(&oidc, json!({})), subject)), clients::BASIC.id);
    let run = call(&exchanging(&oidc, json!({"audience": "elsewhere"})), subject);
    assert!(run.status == Some(1) && run.stderr.contains("invalid_target"), "{run:?}");
}

#[test]
fn an_actor_has_a_type() {
    let oidc_free = json!({
        "name": "acting", "base_url": "https://api.example.com",
        "auth_config": {"type": "oauth2_token_exchange", "token_url": "https://auth.example.com/token",
            "subject_token": {"env": "SUBJECT"}, "actor_token": {"env": "ACTOR"}},
    });
    let run = Folder::with(&oidc_free).run(&[], &["validate", "connector.json"]);
    assert!(run.status == Some(1) && run.stdout.contains("error[dependent_required]"), "{run:?}");
    assert!(run.stdout.contains("actor_token_type"), "{run:?}");
}
