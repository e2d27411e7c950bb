//! Clients that sign in place of a secret, and tokens that are exchanged.

use authwire_tests::{Algorithm, Oidc, SigningKeys, clients};
use serde_json::json;

use crate::cases::{Case, reference, secret};

pub(super) fn client_assertions(keys: &SigningKeys, oidc: &Oidc) -> Vec<Case> {
    let case = |client: clients::Client, algorithm: Algorithm, key: &str| Case {
        name: "oauth2_private_key_jwt",
        base_url: oidc.base_url.clone(),
        path: "/api/whoami",
        auth_config: json!({
            "type": "oauth2_private_key_jwt", "algorithm": algorithm.name(), "token_url": oidc.token_url,
        }),
        secrets: vec![reference("/client_id", client.id), secret("/private_key", key)],
        ca_file: None,
    };
    let shared = clients::SECRET_SIGNING;
    let mut bound = case(clients::BOUND, Algorithm::Rs256, keys.signing_key(Algorithm::Rs256));
    bound.secrets.push(secret("/dpop_private_key", keys.signing_key(Algorithm::Es256)));
    vec![
        bound,
        case(clients::SIGNING, Algorithm::Es256, keys.signing_key(Algorithm::Es256)),
        case(shared, Algorithm::Hs256, shared.secret.expect("a secret")),
    ]
}

pub(super) fn token_exchange(keys: &SigningKeys, oidc: &Oidc) -> Vec<Case> {
    let client = clients::EXCHANGING;
    let ends = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    let ends = ends.expect("after 1970").as_secs() + 3600;
    let claims = json!({"iss": "cluster", "sub": "workload", "aud": oidc.base_url, "exp": ends});
    vec![Case {
        name: "oauth2_token_exchange",
        base_url: oidc.base_url.clone(),
        path: "/api/whoami",
        auth_config: json!({
            "type": "oauth2_token_exchange", "token_url": oidc.token_url, "audience": "orders",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        }),
        secrets: vec![
            reference("/client_id", client.id),
            secret("/client_secret", client.secret.expect("a secret")),
            secret("/subject_token", keys.sign(Algorithm::Rs256, &claims)),
        ],
        ca_file: None,
    }]
}
