//! What would be sent, without any secret being there.

use authwire_core::{Reference, TextMap};
use authwire_runtime::{Connector, ExplainedBody, explain};
use http::Method;
use serde_json::{Value, json};

use crate::fixture::{client_credentials, config, config_of, connector, with};

fn text(connector: &Connector, path: &str) -> String {
    explain(connector, &Method::GET, path).unwrap().to_string()
}

#[test]
fn references_are_named_and_literals_redacted() {
    let auth = config(json!({"type": "basic_auth", "username": "joe", "password": {"env": "PASSWORD"}}));
    assert_eq!(
        text(&connector(auth), "/users"),
        "1. the call\n   GET https://api.example/v1/users\n   Authorization: Basic base64(joe:<env:PASSWORD>)\n"
    );
    let auth = config(json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "s3cret", "param_auth_param_name": "api key",
    }));
    assert_eq!(
        text(&connector(auth), "/users?a=b"),
        "1. the call\n   GET https://api.example/v1/users?a=b&api%20key=<redacted>\n"
    );
}

#[test]
fn thousands_of_fields_are_explained_in_time() {
    let fields: serde_json::Map<String, Value> =
        (0..40_000).map(|number| (format!("field_{number}"), json!("v"))).collect();
    let auth = config(with(client_credentials(), json!({"additional_request_data": fields})));
    let start = std::time::Instant::now();
    assert!(text(&connector(auth), "/").contains("field_39999=v"));
    assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn every_request_is_shown_in_order() {
    let auth = with(
        client_credentials(),
        json!({
            "client_secret": {"env": "SECRET"}, "client_authentication": null, "scope": "a b",
            "additional_request_data": {"resource": "x", "api_token": "s3cret"},
        }),
    );
    let mut headers = TextMap::new();
    headers.insert("Accept", "application/json");
    headers.insert("X-Key", Reference::File("key.txt".to_owned()));
    let explanation = explain(&connector(config(auth)).with_headers(headers), &Method::POST, "/x").unwrap();
    assert_eq!(explanation.requests.len(), 3);
    assert_eq!(
        explanation.to_string(),
        "\
1. the token
   POST https://auth.example/token
   Accept: application/json
   Content-Type: application/x-www-form-urlencoded
   Authorization: Basic base64(client-1:<env:SECRET>)

   grant_type=client_credentials
   scope=a b
   api_token=<redacted>
   resource=x

2. the token, only if the server does not accept the client so (400, 401 or 403)
   POST https://auth.example/token
   Accept: application/json
   Content-Type: application/x-www-form-urlencoded

   grant_type=client_credentials
   scope=a b
   api_token=<redacted>
   resource=x
   client_id=client-1
   client_secret=<env:SECRET>

3. the call
   POST https://api.example/v1/x
   Authorization: Bearer <access_token>
   Accept: application/json
   X-Key: <file:key.txt>
"
    );
}

#[test]
fn a_base_url_may_be_a_reference() {
    let auth = config(json!({"type": "no_auth"}));
    let connector = Connector::new("test", Reference::Env("BASE".to_owned()), auth);
    assert_eq!(text(&connector, "/users"), "1. the call\n   GET <env:BASE>/users\n");
}

#[test]
fn what_a_refresh_would_present_is_shown() {
    let auth = json!({
        "type": "oauth2_password", "client_id": "c", "username": "joe", "password": {"store": "pw"},
        "token_url": "https://auth.example/token",
    });
    let explanation = explain(&connector(config(auth)), &Method::GET, "/").unwrap();
    let forms: Vec<&Vec<(String, String)>> = explanation
        .requests
        .iter()
        .filter_map(|request| match &request.body {
            ExplainedBody::Form(form) => Some(form),
            _ => None,
        })
        .collect();
    assert!(forms[0].contains(&("password".to_owned(), "<store:pw>".to_owned())));
    assert!(forms[1].contains(&("refresh_token".to_owned(), "<kept refresh_token>".to_owned())));
    assert_eq!(
        explanation.requests[1].when.as_deref(),
        Some("once the answer held what is kept, in place of the above")
    );
}

#[test]
fn a_jwt_is_shown_before_it_is_signed() {
    let auth = json!({
        "type": "jwt_bearer", "private_key": {"env": "KEY"}, "algorithm": "RS256", "claims_expiry_seconds": 300,
        "claims_issuer": "me", "claims_audience": ["a", "b"], "headers": {"kid": "1"}, "include_jti": true,
        "token_url": "https://auth.example/token", "additional_claims": {"n": 1},
    });
    let explanation = explain(&connector(config(auth)), &Method::GET, "/").unwrap();
    assert_eq!(explanation.made[0].header, json!({"alg": "RS256", "typ": "JWT", "kid": "1"}));
    assert_eq!(
        explanation.made[0].claims,
        json!({"iss": "me", "aud": ["a", "b"], "iat": "<now>", "exp": "<now + 300 s>", "jti": "<a fresh UUID>", "n": 1})
    );
    let value = explanation.to_value();
    let form: &Value = &value["requests"][0]["body"]["form"];
    assert_eq!(form[1], json!({"name": "assertion", "value": "<assertion>"}));
}

#[test]
fn a_request_can_be_made_with_curl() {
    let auth = with(client_credentials(), json!({"client_secret": {"env": "SECRET"}, "scope": "it's"}));
    let explanation = explain(&connector(config(auth)), &Method::DELETE, "/x?a=b").unwrap();
    assert_eq!(
        explanation.requests[0].to_curl(),
        r#"curl 'https://auth.example/token' \
  -H 'Accept: application/json' \
  -u 'client-1:'"$SECRET" \
  --data-urlencode 'grant_type=client_credentials' \
  --data-urlencode 'scope=it'\''s'"#
    );
    assert_eq!(
        explanation.requests[1].to_curl(),
        "curl -X DELETE 'https://api.example/v1/x?a=b' \\\n  -H 'Authorization: Bearer <access_token>'"
    );
}

#[test]
fn cookies_stand_beside_those_of_others_and_a_body_says_what_it_is() {
    let schema = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Made up", "description": "Made up for a test.",
  "type": "object",
  "properties": {
    "type": {"const": "made_up"},
    "key": {"$ref": "authwire:common#/$defs/secret", "title": "Key", "description": "The key."}
  },
  "required": ["type", "key"],
  "additionalProperties": false,
  "x-auth": {"apply": [{"cookie": {"sid": "{key}"}}, {"json": {"a b": "{key}"}}]}
}"##;
    let auth = config_of(schema, &json!({"type": "made_up", "key": {"env": "KEY"}}));
    let mut own = TextMap::new();
    own.insert("cookie", "mine=1");
    let explanation = explain(&connector(auth).with_headers(own), &Method::POST, "/x").unwrap();
    let call = &explanation.requests[0];
    let header =
        |name: &str| call.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(
        (header("cookie"), header("Content-Type")),
        (Some("<redacted>; sid=<env:KEY>"), Some("application/json"))
    );
    assert!(call.to_curl().contains("-H 'Content-Type: application/json'"), "{}", call.to_curl());
}
