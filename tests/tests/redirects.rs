//! A redirect to another origin carries nothing of ours, whatever the auth type: seen from the other side.

mod program;

use std::collections::BTreeMap;

use authwire_tests::exchange::encode;
use authwire_tests::loopback::{Loopback, Reply};
use authwire_tests::{Algorithm, SigningKeys};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use program::Folder;

/// What the login of every type ends with.
const TOKEN: &str = "t0ken-of-ours";

/// A config of each type, its secrets those that [`SECRETS`] lists.
fn configs(token_url: &str, keys: &SigningKeys) -> Vec<Value> {
    let key = keys.signing_key(Algorithm::Rs256);
    let oauth2 =
        json!({"client_id": "client-of-ours", "client_secret": "s3cret-of-ours", "token_url": token_url});
    let with = |more: Value| {
        let mut config = oauth2.clone();
        for (name, value) in more.as_object().expect("an object") {
            config[name] = value.clone();
        }
        config
    };
    let jwt =
        json!({"type": "jwt_bearer", "private_key": key, "algorithm": "RS256", "claims_expiry_seconds": 60});
    let mut exchanged = jwt.clone();
    exchanged["token_url"] = token_url.into();
    vec![
        json!({"type": "no_auth"}),
        json!({"type": "api_key", "api_key": "s3cret-of-ours", "api_key_auth_type": "header_auth", "header_auth_key": "X-Key"}),
        json!({"type": "api_key", "api_key": "s3cret-of-ours", "api_key_auth_type": "param_auth", "param_auth_param_name": "key"}),
        json!({"type": "bearer_token", "api_key": "s3cret-of-ours"}),
        json!({"type": "bearer_token", "api_key": "s3cret-of-ours", "header_auth_key": "Cookie", "header_auth_value_pattern": "session=%s"}),
        json!({"type": "basic_auth", "username": "user-of-ours", "password": "s3cret-of-ours"}),
        with(json!({"type": "oauth2_client_credentials"})),
        with(
            json!({"type": "oauth2_client_credentials", "header_auth_key": "X-Token", "header_auth_value_pattern": "%s"}),
        ),
        with(json!({"type": "oauth2_refresh_token", "refresh_token": "s3cret-of-ours"})),
        with(json!({"type": "oauth2_password", "username": "user-of-ours", "password": "s3cret-of-ours"})),
        jwt,
        exchanged,
    ]
}

/// What may not arrive elsewhere, in any of the forms in which it is sent.
const SECRETS: &[&str] =
    &["s3cret-of-ours", "user-of-ours", "client-of-ours", TOKEN, "header-of-ours", "query-of-ours", "eyJ"];

fn leaks(text: &str) -> Vec<String> {
    let forms = SECRETS.iter().flat_map(|secret| [(*secret).to_owned(), encode(secret)]);
    let pairs =
        [STANDARD.encode("user-of-ours:s3cret-of-ours"), STANDARD.encode("client-of-ours:s3cret-of-ours")];
    forms.chain(pairs).filter(|form| text.contains(form.as_str())).collect()
}

#[test]
fn no_credential_of_any_type_reaches_another_origin() {
    let keys = SigningKeys::generate();
    let mut arrived = BTreeMap::new();
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Loopback::start(|_| (200, "{}".to_owned()));
        let target = format!("{}/landed", elsewhere.base_url);
        let home = Loopback::start(move |request| match request.line.as_str() {
            "POST /token" => (200, json!({"access_token": TOKEN, "token_type": "Bearer"}).to_string()).into(),
            _ => Reply { status, headers: vec![("Location", target.clone())], body: String::new() },
        });
        for auth_config in configs(&format!("{}/token", home.base_url), &keys) {
            let folder = Folder::with(&json!({
                "name": "traveller",
                "base_url": home.base_url,
                "auth_config": auth_config,
                "headers": {"X-Ours": "header-of-ours"},
                "query": {"ours": "query-of-ours"},
            }));
            let before = elsewhere.requests().len();
            let run = folder
                .run(&[], &["call", "connector.json", "GET", "/start", "-H", "X-Callers: s3cret-of-ours"]);
            assert_eq!(run.status, Some(0), "{status} {auth_config}: {run:?}");
            let landed = elsewhere.requests().split_off(before);
            let [request] = &landed[..] else { panic!("{status} {auth_config}: {landed:?}") };
            let text = format!("{} {:?} {}", request.line, request.headers, request.body);
            let found = leaks(&text);
            assert!(found.is_empty(), "{status} {auth_config}: {found:?} arrived in {text}");
            for name in ["authorization", "cookie", "x-key", "x-token", "x-ours", "x-callers"] {
                assert_eq!(request.header(name), None, "{status} {auth_config}");
            }
            *arrived.entry(auth_config["type"].to_string()).or_insert(0) += 1;
        }
        // they were all there to begin with
        let at_home: String = home.requests().iter().map(|request| format!("{request:?}")).collect();
        for secret in ["s3cret-of-ours", TOKEN, "header-of-ours", "query-of-ours", "eyJ"] {
            assert!(at_home.contains(secret), "{secret} was never sent at all");
        }
    }
    assert_eq!(arrived.len(), 8, "{arrived:?}");
}

#[test]
fn a_body_goes_nowhere_else_either() {
    let elsewhere = Loopback::start(|_| (200, "{}".to_owned()));
    let target = elsewhere.base_url.clone();
    let home = Loopback::start(move |_| Reply {
        status: 307,
        headers: vec![("Location", target.clone())],
        body: String::new(),
    });
    let folder = Folder::with(&json!({
        "name": "traveller", "base_url": home.base_url,
        "auth_config": {"type": "bearer_token", "api_key": "s3cret-of-ours"},
    }));
    let run = folder.run(&[], &["call", "connector.json", "POST", "/start", "-d", "{\"a\": 1}"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("redirect") && run.stdout.is_empty(), "{run:?}");
    assert!(elsewhere.requests().is_empty());
}
