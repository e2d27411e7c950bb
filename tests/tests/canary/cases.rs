//! The auth types, each as a connector of a real server uses it.

use std::path::PathBuf;

use authwire_tests::{Algorithm, Authority, Haproxy, Login, Nginx, Ntlm, OAuth1, Oidc, SigningKeys, clients};
use serde_json::{Value, json};

/// An auth type, as one connector uses it.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) base_url: String,
    pub(super) path: &'static str,
    /// All but the secrets.
    pub(super) auth_config: Value,
    pub(super) secrets: Vec<Secret>,
    /// A private CA to trust.
    pub(super) ca_file: Option<PathBuf>,
}

pub(super) struct Secret {
    /// The field's place in the auth config, as a JSON pointer.
    pub(super) field: &'static str,
    /// What the server wants there.
    pub(super) right: String,
    /// Whether it is a secret by reference alone: written out, it is shown.
    pub(super) by_reference_only: bool,
}

pub(super) fn secret(field: &'static str, right: impl Into<String>) -> Secret {
    Secret { field, right: right.into(), by_reference_only: false }
}

pub(super) fn reference(field: &'static str, right: impl Into<String>) -> Secret {
    Secret { by_reference_only: true, ..secret(field, right) }
}

pub(super) fn basic_auth(nginx: &Nginx) -> Vec<Case> {
    let users = Nginx::USERS.iter().filter(|user| !user.password.is_empty());
    users
        .map(|user| Case {
            name: "basic_auth",
            base_url: nginx.base_url.clone(),
            path: "/basic",
            auth_config: json!({"type": "basic_auth"}),
            secrets: vec![reference("/username", user.username), secret("/password", user.password)],
            ca_file: None,
        })
        .collect()
}

pub(super) fn keys(nginx: &Nginx) -> Vec<Case> {
    let case = |name, path, auth_config, key: &str| Case {
        name,
        base_url: nginx.base_url.clone(),
        path,
        auth_config,
        secrets: vec![secret("/api_key", key)],
        ca_file: None,
    };
    let header = json!({
        "type": "api_key", "api_key_auth_type": "header_auth",
        "header_auth_key": "X-API-Key", "header_auth_value_pattern": "%s",
    });
    let query =
        json!({"type": "api_key", "api_key_auth_type": "param_auth", "param_auth_param_name": "api_key"});
    vec![
        case("api_key in a header", "/header-key", header, Nginx::HEADER_KEY),
        case("api_key in the query", "/query-key", query, Nginx::QUERY_KEY),
        case("bearer_token", "/bearer", json!({"type": "bearer_token"}), Nginx::BEARER_TOKEN),
    ]
}

pub(super) fn client_credentials(oidc: &Oidc) -> Vec<Case> {
    let cases = [
        (clients::BASIC, Some("basic")),
        (clients::BASIC, Some("basic_raw")),
        (clients::ODD_BASIC, Some("basic")),
        (clients::ODD_BASIC, None),
        (clients::ODD_POST, Some("request_body")),
        (clients::ODD_POST, None),
    ];
    let case = |(client, style): (clients::Client, Option<&str>)| {
        let mut auth_config = json!({
            "type": "oauth2_client_credentials",
            "token_url": oidc.token_url,
            "additional_headers": {},
            "additional_request_data": {},
        });
        if let Some(style) = style {
            auth_config["client_authentication"] = style.into();
        }
        Case {
            name: "oauth2_client_credentials",
            base_url: oidc.base_url.clone(),
            path: "/api/whoami",
            auth_config,
            secrets: vec![
                reference("/client_id", client.id),
                secret("/client_secret", client.secret.expect("a confidential client")),
                reference("/additional_headers/X-Tenant", "tenant-13-of-headers"),
                reference("/additional_request_data/tenant", "tenant/42 of the & form"),
            ],
            ca_file: None,
        }
    };
    cases.into_iter().map(case).collect()
}

pub(super) fn other_grants(oidc: &Oidc) -> Vec<Case> {
    let client = clients::BASIC;
    let user = clients::ZOE;
    let case = |name: &'static str, secrets| Case {
        name,
        base_url: oidc.base_url.clone(),
        path: "/api/whoami",
        auth_config: json!({"type": name, "client_id": client.id, "token_url": oidc.token_url}),
        secrets,
        ca_file: None,
    };
    let client_secret = || secret("/client_secret", client.secret.expect("a confidential client"));
    let refresh_token = secret("/refresh_token", oidc.refresh_token(&client, &user));
    let password =
        vec![client_secret(), reference("/username", user.username), secret("/password", user.password)];
    vec![
        case("oauth2_refresh_token", vec![client_secret(), refresh_token]),
        case("oauth2_password", password),
    ]
}

pub(super) fn jwt_bearer(keys: &SigningKeys, haproxy: &Haproxy, oidc: &Oidc) -> Vec<Case> {
    let mut cases = Vec::new();
    for algorithm in Algorithm::ALL {
        let key = || secret("/private_key", keys.signing_key(algorithm));
        cases.push(Case {
            name: "jwt_bearer",
            base_url: haproxy.base_url.clone(),
            path: "/",
            auth_config: json!({
                "type": "jwt_bearer", "algorithm": algorithm.name(), "claims_expiry_seconds": 60,
                "claims_issuer": Haproxy::ISSUER, "claims_audience": Haproxy::AUDIENCE, "claims_subject": "alice",
            }),
            secrets: vec![key()],
            ca_file: None,
        });
        cases.push(Case {
            name: "jwt_bearer with an exchange",
            base_url: oidc.base_url.clone(),
            path: "/api/whoami",
            auth_config: json!({
                "type": "jwt_bearer", "algorithm": algorithm.name(), "claims_expiry_seconds": 60,
                "claims_issuer": clients::ISSUER.id, "claims_audience": oidc.token_url, "claims_subject": "alice",
                "token_url": oidc.token_url,
            }),
            secrets: vec![key()],
            ca_file: None,
        });
    }
    cases
}

pub(super) fn headers_and_cookies(nginx: &Nginx, login: &Login) -> Vec<Case> {
    let headers = json!({"type": "client_credentials_header", "client_id_header": "X-Client-Id", "client_secret_header": "X-Client-Secret"});
    let cookie = |format: &str| Case {
        name: "cookie",
        base_url: login.base_url.clone(),
        path: "/whoami",
        auth_config: json!({"type": "cookie", "login_url": format!("{}/login", login.base_url), "session_cookie": "session",
            "login_format": format}),
        secrets: vec![
            reference("/username", Login::USER.username),
            secret("/password", Login::USER.password),
        ],
        ca_file: None,
    };
    vec![
        Case {
            name: "client_credentials_header",
            base_url: nginx.base_url.clone(),
            path: "/client-headers",
            auth_config: headers,
            secrets: vec![
                reference("/client_id", Nginx::CLIENT_ID),
                secret("/client_secret", Nginx::HEADER_KEY),
            ],
            ca_file: None,
        },
        cookie("form"),
        cookie("json"),
    ]
}

pub(super) fn signatures(oauth1: &OAuth1, keys: &SigningKeys, login: &Login) -> Vec<Case> {
    let case = |method: &str, placement: &str| Case {
        name: "oauth1",
        base_url: oauth1.base_url.clone(),
        path: "/three/x",
        auth_config: json!({"type": "oauth1", "signature_method": method, "placement": placement}),
        secrets: vec![
            reference("/consumer_key", OAuth1::CLIENT),
            secret("/consumer_secret", OAuth1::CLIENT_SECRET),
            secret("/access_token", OAuth1::TOKEN),
            secret("/access_token_secret", OAuth1::TOKEN_SECRET),
        ],
        ca_file: None,
    };
    let digest = Case {
        name: "digest",
        base_url: login.base_url.clone(),
        path: "/digest",
        auth_config: json!({"type": "digest"}),
        secrets: vec![
            reference("/username", Login::USER.username),
            secret("/password", Login::USER.password),
        ],
        ca_file: None,
    };
    let by_key = Case {
        secrets: vec![
            reference("/consumer_key", OAuth1::CLIENT),
            secret("/private_key", keys.rs256.private.as_str()),
            secret("/access_token", OAuth1::TOKEN),
        ],
        ..case("RSA-SHA1", "header")
    };
    vec![
        case("HMAC-SHA1", "header"),
        case("PLAINTEXT", "header"),
        case("HMAC-SHA256", "query"),
        by_key,
        digest,
    ]
}

pub(super) fn connections(authority: &Authority, nginx: &Nginx, ntlm: &Ntlm) -> Vec<Case> {
    let client = authority.client("canary");
    let encrypted = authority.encrypted_key("canary", "open/sesame? +1");
    let mtls = |name, auth_config, secrets| Case {
        name,
        base_url: nginx.base_url.clone(),
        path: "/certificate",
        auth_config,
        secrets,
        ca_file: Some(authority.certificate().to_owned()),
    };
    let certificate = json!({"file": client.certificate});
    vec![
        mtls(
            "mtls",
            json!({"type": "mtls", "certificate": certificate}),
            vec![secret("/private_key", client.texts().1)],
        ),
        mtls(
            "mtls with an encrypted key",
            json!({"type": "mtls", "certificate": certificate, "private_key": {"file": encrypted}}),
            vec![secret("/passphrase", "open/sesame? +1")],
        ),
        Case {
            name: "ntlm",
            base_url: ntlm.base_url.clone(),
            path: "/whoami",
            auth_config: json!({"type": "ntlm", "domain": Ntlm::DOMAIN}),
            secrets: vec![reference("/username", Ntlm::USERNAME), secret("/password", Ntlm::PASSWORD)],
            ca_file: None,
        },
    ]
}
