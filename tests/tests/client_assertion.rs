//! Clients that sign in place of a secret (RFC 7523 §2.2), against oidc-provider, which refuses what it does not know.

mod program;

use authwire_tests::loopback::{Loopback, Request};
use authwire_tests::program::Run;
use authwire_tests::{Algorithm, Oidc, Settings, SigningKeys, clients};
use serde_json::{Value, json};

use program::Folder;

const WHOAMI: &[&str] = &["call", "connector.json", "GET", "/api/whoami"];

fn oidc(keys: &SigningKeys) -> Oidc {
    Oidc::start_with(&Settings { trusted_keys: Some(keys.clone()), ..Settings::default() })
}

fn client(base_url: &str, token_url: &str, id: &str, algorithm: &str, more: Value) -> Folder {
    let mut auth_config = json!({
        "type": "oauth2_private_key_jwt", "client_id": id, "private_key": {"env": "KEY"}, "algorithm": algorithm,
        "token_url": token_url,
    });
    if let (Some(own), Value::Object(more)) = (auth_config.as_object_mut(), more) {
        own.extend(more);
    }
    Folder::with(&json!({"name": "signing", "base_url": base_url, "auth_config": auth_config}))
}

fn refused(run: &Run) {
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("invalid_client"), "{run:?}");
    assert!(!run.stderr.contains("PRIVATE KEY") && !run.stderr.contains("eyJ"), "{run:?}");
}

#[test]
fn oidc_provider_takes_a_client_that_signs_and_no_other() {
    let keys = SigningKeys::generate();
    let oidc = oidc(&keys);
    let strangers = SigningKeys::generate();
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        let id = clients::SIGNING.id;
        let folder =
            client(&oidc.base_url, &oidc.token_url, id, algorithm.name(), json!({"scope": "api:read"}));
        let run = folder.run(&[("KEY", keys.signing_key(algorithm))], WHOAMI);
        assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
        let seen: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!((&seen["client"], &seen["scope"]), (&json!(id), &json!("api:read")));
        let run = folder.run(&[("KEY", strangers.signing_key(algorithm))], WHOAMI);
        refused(&run);
    }
}

#[test]
fn and_one_that_signs_with_its_secret() {
    let oidc = oidc(&SigningKeys::generate());
    let known = clients::SECRET_SIGNING;
    let folder = client(&oidc.base_url, &oidc.token_url, known.id, "HS256", json!({}));
    let run = folder.run(&[("KEY", known.secret.expect("a secret"))], WHOAMI);
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    refused(&folder.run(&[("KEY", "a-secret-of-32-bytes-and-of-somebody-else")], WHOAMI));
}

#[test]
fn an_assertion_for_somebody_else_is_refused() {
    let keys = SigningKeys::generate();
    let oidc = oidc(&keys);
    let audience = json!({"claims_audience": "https://elsewhere.example"});
    let folder = client(&oidc.base_url, &oidc.token_url, clients::SIGNING.id, "RS256", audience);
    refused(&folder.run(&[("KEY", &keys.rs256.private)], WHOAMI));
}

#[test]
fn every_token_request_has_an_assertion_of_its_own_with_what_the_rfc_asks_for() {
    let keys = SigningKeys::generate();
    let mut tokens = 0;
    let server = Loopback::start(move |request: &Request| match request.line.as_str() {
        "POST /token" => {
            tokens += 1;
            (200, json!({"access_token": format!("t{tokens}"), "token_type": "Bearer"}).to_string())
        }
        _ if request.header("authorization") == Some("Bearer t2") => (200, "{}".to_owned()),
        _ => (401, "{}".to_owned()),
    });
    let token_url = format!("{}/token", server.base_url);
    let more = json!({"headers": {"kid": "key 1"}, "additional_claims": {"tenant": "acme"}});
    let folder = client(&server.base_url, &token_url, "the client", "RS256", more);
    let run = folder.run(&[("KEY", &keys.rs256.private)], WHOAMI);
    assert_eq!(run.status, Some(0), "{run:?}");
    let assertions: Vec<String> = server
        .requests()
        .iter()
        .filter(|request| request.line == "POST /token")
        .map(|request| {
            let form: Vec<(&str, &str)> =
                request.body.split('&').filter_map(|pair| pair.split_once('=')).collect();
            let value = |name: &str| form.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            assert_eq!(value("grant_type"), Some("client_credentials"));
            assert_eq!(value("client_id"), Some("the+client"));
            let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
            assert_eq!(value("client_assertion_type"), Some(kind));
            assert_eq!((value("client_secret"), request.header("authorization")), (None, None));
            value("client_assertion").expect("an assertion").to_owned()
        })
        .collect();
    assert_eq!(assertions.len(), 2);
    let claims: Vec<Value> =
        assertions.iter().map(|token| keys.verify(token, &token_url).expect("jose takes it")).collect();
    for claims in &claims {
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("the client"), &json!("the client")));
        assert_eq!(claims["tenant"], "acme");
        let (issued, ends) = (claims["iat"].as_u64().expect("iat"), claims["exp"].as_u64().expect("exp"));
        assert_eq!(ends - issued, 300);
    }
    assert_ne!(claims[0]["jti"], claims[1]["jti"]);
}

#[test]
fn it_is_explained_and_checked() {
    let folder =
        client("https://api.example.com", "https://auth.example.com/token", "me", "RS256", json!({}));
    let run = folder.run(&[], &["explain", "connector.json"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    for words in [
        "<client_assertion> is a JWT, signed anew each time",
        r#""aud":"https://auth.example.com/token""#,
        "client_assertion=<client_assertion>",
        "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    ] {
        assert!(run.stdout.contains(words), "no {words}:\n{}", run.stdout);
    }
    let more = json!({
        "additional_request_data": {"client_assertion": "mine"},
        "additional_claims": {"aud": "https://elsewhere.example"},
        "headers": {"alg": "HS256"},
    });
    let folder = client("https://api.example.com", "https://auth.example.com/token", "me", "RS256", more);
    let run = folder.run(&[], &["validate", "connector.json"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    for code in ["overrides_secret", "reserved_claim", "alg_mismatch"] {
        assert!(run.stdout.contains(code), "no {code}:\n{}", run.stdout);
    }
}
