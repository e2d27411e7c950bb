//! The client credentials grant (RFC 6749 §4.4): what the token request says.

use authwire_core::Code;
use authwire_runtime::Error;
use serde_json::{Value, json};

use crate::fixture::{Seen, Server, client_credentials, config, connector, ok, token, with};

async fn request(changes: Value) -> (Seen, Seen) {
    let server = Server::new(|seen, _| if seen.is_token_request() { token("abc") } else { ok() });
    let client = server.client(connector(config(with(client_credentials(), changes))));
    client.get("/users").send().await.unwrap();
    let mut seen = server.seen();
    assert_eq!(seen.len(), 2);
    (seen.remove(0), seen.remove(0))
}

#[tokio::test(start_paused = true)]
async fn a_token_is_asked_for_and_sent() {
    let (asked, called) = request(json!({"scope": "a b"})).await;
    assert_eq!((asked.method.as_str(), asked.uri.as_str()), ("POST", "https://auth.example/token"));
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(asked.header("authorization"), Some("Basic Y2xpZW50LTE6czNjcmV0"));
    assert_eq!(asked.body, "grant_type=client_credentials&scope=a+b");
    assert_eq!(called.header("authorization"), Some("Bearer abc"));
}

#[tokio::test(start_paused = true)]
async fn additional_data_overrides_what_would_be_sent() {
    let (asked, _) = request(json!({
        "client_authentication": "request_body",
        "additional_request_data": {"grant_type": "account_credentials", "account_id": "x y", "client_id": "other"},
        "additional_headers": {"accept": "application/vnd.x+json", "X-Tenant": "t"},
    }))
    .await;
    assert_eq!(
        asked.body,
        "grant_type=account_credentials&account_id=x+y&client_id=other&client_secret=s3cret"
    );
    assert_eq!(asked.headers.get_all("accept").iter().collect::<Vec<_>>(), ["application/vnd.x+json"]);
    assert_eq!(asked.header("x-tenant"), Some("t"));
    assert_eq!(asked.header("authorization"), None);
}

#[tokio::test(start_paused = true)]
async fn what_carries_a_secret_is_not_overridden() {
    let server = Server::new(|_, _| ok());
    for (changes, code) in [
        (
            json!({"client_authentication": "request_body", "additional_request_data": {"client_secret": "x"}}),
            Code::OverridesSecret,
        ),
        (
            json!({"client_authentication": null, "additional_request_data": {"client_secret": "x"}}),
            Code::OverridesSecret,
        ),
        (json!({"additional_headers": {"AUTHORIZATION": "x"}}), Code::OverridesSecret),
        (
            json!({"client_authentication": null, "additional_headers": {"authorization": "x"}}),
            Code::OverridesSecret,
        ),
        (json!({"custom_grant_type": "a", "additional_request_data": {"grant_type": "b"}}), Code::Conflict),
        (json!({"additional_headers": {"Host": "x"}}), Code::ReservedHeader),
    ] {
        let client = server.client(connector(config(with(client_credentials(), changes.clone()))));
        match client.get("/").send().await.unwrap_err() {
            Error::Unusable(error) => assert_eq!(error.code, code, "{changes}: {error}"),
            error => panic!("{changes}: {error}"),
        }
    }
    assert!(server.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_the_token_url_has_is_not_sent_again() {
    let (asked, _) = request(json!({
        "token_url": "https://auth.example/token?grant_type=client_credentials&tenant=1",
        "scope": "a",
    }))
    .await;
    assert_eq!(asked.uri, "https://auth.example/token?grant_type=client_credentials&tenant=1");
    assert_eq!(asked.body, "scope=a");
}

#[tokio::test(start_paused = true)]
async fn a_custom_grant_type_and_a_custom_header_are_used() {
    let (asked, called) = request(json!({
        "custom_grant_type": "urn:x", "header_auth_key": "X-Token", "header_auth_value_pattern": "tok=%s",
    }))
    .await;
    assert_eq!(asked.parameter("grant_type").as_deref(), Some("urn:x"));
    assert_eq!((called.header("x-token"), called.header("authorization")), (Some("tok=abc"), None));
}
