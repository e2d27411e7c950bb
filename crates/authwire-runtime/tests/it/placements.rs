//! Static auth: headers, queries, Basic.

use authwire_core::{Code, TextMap};
use authwire_runtime::{Authenticator, Error, Services, Verdict};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::fixture::{Server, client_credentials, config, config_of, connector, ok, token, with};

async fn sent(auth: Value, path: &str) -> crate::fixture::Seen {
    let server = Server::new(|_, _| ok());
    let client = server.client(connector(config(auth)));
    client.get(path).send().await.unwrap();
    server.seen().remove(0)
}

#[tokio::test(start_paused = true)]
async fn no_auth_adds_nothing() {
    let seen = sent(json!({"type": "no_auth"}), "/users").await;
    assert_eq!(seen.uri, "https://api.example/v1/users");
    assert!(seen.headers.is_empty(), "{:?}", seen.headers);
}

#[tokio::test(start_paused = true)]
async fn basic_auth_sends_user_name_and_password() {
    for (username, password, expected) in [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123\u{a3}", "Basic dGVzdDoxMjPCow=="),
        ("key", "", "Basic a2V5Og=="),
    ] {
        let auth = json!({"type": "basic_auth", "username": username, "password": password});
        assert_eq!(sent(auth, "/").await.header("authorization"), Some(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_goes_where_the_connector_says() {
    let header = json!({
        "type": "api_key", "api_key_auth_type": "header_auth", "api_key": "k%1",
        "header_auth_key": "X-Api-Key", "header_auth_value_pattern": "Key %s 100%%",
    });
    assert_eq!(sent(header.clone(), "/").await.header("x-api-key"), Some("Key k%1 100%"));
    let bare = with(header, json!({"header_auth_value_pattern": null}));
    assert_eq!(sent(bare, "/").await.header("x-api-key"), Some("k%1"));
    let query = json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "a/b c", "param_auth_param_name": "api key",
    });
    let seen = sent(query, "/users?z=1&api%20key=old&a=2").await;
    assert_eq!(seen.uri, "https://api.example/v1/users?z=1&a=2&api%20key=a%2Fb%20c");
    let bearer = json!({"type": "bearer_token", "api_key": "abc"});
    assert_eq!(sent(bearer, "/").await.header("authorization"), Some("Bearer abc"));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_no_header_carries_names_its_field_and_not_itself() {
    let server = Server::new(|_, _| ok());
    for (auth, field) in [
        (json!({"type": "bearer_token", "api_key": "s3cr\u{e9}t"}), "api_key"),
        (json!({"type": "bearer_token", "api_key": "s3cret\nX: y"}), "api_key"),
        (
            json!({"type": "bearer_token", "api_key": "s3cret", "header_auth_value_pattern": "no placeholder"}),
            "header_auth_value_pattern",
        ),
        (json!({"type": "basic_auth", "username": "s3cret:x", "password": "p"}), "username"),
    ] {
        let error = server.client(connector(config(auth))).get("/").send().await.unwrap_err();
        let Error::Unusable(unusable) = &error else { panic!("{error:?}") };
        assert!(unusable.fields.iter().any(|known| known == field), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cr"), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn auth_wins_over_the_caller_who_wins_over_the_connectors_own() {
    let server = Server::new(|_, _| ok());
    let mut headers = TextMap::new();
    headers.insert("Accept", "application/json");
    headers.insert("authorization", "own");
    headers.insert("X-Own", "own");
    let mut query = TextMap::new();
    query.insert("lang", "en");
    query.insert("version", "1");
    let auth = config(json!({"type": "bearer_token", "api_key": "abc"}));
    let client = server.client(connector(auth).with_headers(headers).with_query(query));
    let request = client.get("/x?version=2").header("Authorization", "callers").header("X-Own", "callers");
    request.send().await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.headers.get_all("authorization").iter().count(), 1);
    assert_eq!(seen.header("authorization"), Some("Bearer abc"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.header("x-own"), Some("callers"));
    assert_eq!(seen.uri, "https://api.example/v1/x?version=2&lang=en");
}

/// A type with these placements.
fn placed(apply: &str) -> String {
    format!(
        r##"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/placed", "title": "Placed",
          "description": "Places.", "type": "object", "properties": {{"type": {{"const": "made_up"}},
          "name": {{"type": "string", "title": "Name", "description": "A name."}},
          "user": {{"$ref": "authwire:common#/$defs/text", "title": "User", "description": "Who."}},
          "secret": {{"$ref": "authwire:common#/$defs/secret", "title": "Secret", "description": "A secret."}},
          "more": {{"$ref": "authwire:common#/$defs/map", "title": "More", "description": "What else is sent."}}}},
          "required": ["type", "name", "user", "secret"], "additionalProperties": false, "x-auth": {{"apply": [{apply}]}}}}"##
    )
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_not_replaced_from_another_placement() {
    let spread = |place: &str| format!(r#"{{"{place}": {{"...": "{{more}}"}}}}"#);
    let named = |place: &str| format!(r#"{{"{place}": {{"X-Key": "{{secret}}"}}}}"#);
    let basic = r#"{"basic": {"username": "{user}", "password": "{secret}"}}"#.to_owned();
    let digest = r#"{"digest": {"username": "{user}", "password": "{secret}"}}"#.to_owned();
    let hmac = r#"{"hmac": {"algorithm": "SHA256", "key": "{secret}", "string": "{request.target}",
        "headers": {"X-Key": "{request.signature}"}, "query": {"at": "{request.timestamp}"}}}"#
        .to_owned();
    let chosen = r#"{"header": {"{name}": "{user}"}}"#.to_owned();
    let (refused, twice) = (Some((Code::OverridesSecret, "more")), Some((Code::Conflict, "name")));
    for (one, other, name, found) in [
        (named("header"), spread("header"), "x-key", refused),
        (named("query"), spread("query"), "X-Key", refused),
        (named("cookie"), spread("cookie"), "X-Key", refused),
        (named("form"), spread("form"), "X-Key", refused),
        (named("json"), spread("json"), "X-Key", refused),
        (basic.clone(), spread("header"), "authorization", refused),
        (digest, spread("header"), "Authorization", refused),
        (hmac.clone(), spread("header"), "X-KEY", refused),
        (hmac.clone(), spread("query"), "at", refused),
        (named("header"), chosen.clone(), "X-KEY", twice),
        (hmac.clone(), chosen.clone(), "x-key", twice),
        // a name means something in its place alone, and what is no secret may be replaced
        (named("header"), spread("query"), "X-Key", None),
        (named("query"), spread("query"), "x-key", None),
        (hmac, spread("query"), "X-Key", None),
        (basic, chosen.clone(), "X-Key", None),
        (r#"{"header": {"X-Key": "{user}"}}"#.to_owned(), spread("header"), "X-Key", None),
    ] {
        for apply in [format!("{one}, {other}"), format!("{other}, {one}")] {
            let server = Server::new(|_, _| ok());
            let values =
                json!({"type": "made_up", "name": name, "user": "u", "secret": "s", "more": {name: "mine"}});
            let client = server.client(connector(config_of(&placed(&apply), &values)));
            let outcome = client.post("/").send().await;
            match (found, outcome) {
                (None, outcome) => assert!(outcome.is_ok(), "{apply}: {outcome:?}"),
                (Some((code, field)), Err(Error::Unusable(fault))) => {
                    assert_eq!((fault.code, &*fault.fields), (code, &[field.to_owned()][..]), "{apply}");
                    assert!(server.seen().is_empty());
                }
                (Some(_), outcome) => panic!("{apply}: {outcome:?}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn applying_twice_is_applying_once() {
    let server = Server::new(|_, _| ok());
    let services: Services = server.services();
    let auth = config(json!({"type": "basic_auth", "username": "u", "password": "p"}));
    let authenticator = Authenticator::new(connector(auth), services);
    let mut request =
        http::Request::builder().method(Method::GET).uri("https://api.example/v1/x").body(()).unwrap();
    for _ in 0..2 {
        let _ = authenticator.apply_to(&mut request).await.unwrap();
        assert_eq!(request.headers().len(), 1);
        assert_eq!(request.headers()["authorization"], "Basic dTpw");
        assert!(request.headers()["authorization"].is_sensitive());
    }
    *request.uri_mut() = "https://other.example/v1/x".parse().unwrap();
    request.headers_mut().clear();
    assert!(matches!(authenticator.apply_to(&mut request).await, Err(Error::Address(_))));
    assert!(request.headers().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_whole_request_is_sent_again_once() {
    let server = Server::new(|_, count| token(&format!("token-{count}")));
    let authenticator = Authenticator::new(connector(config(client_credentials())), server.services());
    let mut request = http::Request::get("https://api.example/v1/x").body(()).unwrap();
    let receipt = authenticator.apply_to(&mut request).await.unwrap();
    assert_eq!(request.headers()["authorization"], "Bearer token-0");
    let verdict = authenticator.observe(receipt, StatusCode::UNAUTHORIZED, &HeaderMap::new()).await;
    let Verdict::Resend(resend) = verdict else { panic!("{verdict:?}") };
    let receipt = authenticator.apply_again_to(&mut request, resend).await.unwrap();
    assert_eq!(request.headers()["authorization"], "Bearer token-1");
    assert_eq!(request.uri(), "https://api.example/v1/x");
    let verdict = authenticator.observe(receipt, StatusCode::UNAUTHORIZED, &HeaderMap::new()).await;
    assert!(matches!(verdict, Verdict::Fail(Error::Refused(_))), "{verdict:?}");
}

#[tokio::test(start_paused = true)]
async fn a_user_name_that_digest_cannot_carry_is_refused_wherever_it_comes_from() {
    let auth = json!({"type": "digest", "username": "a:b", "password": "p"});
    let server = Server::new(|_, _| ok());
    let error = server.client(connector(config(auth))).get("/a").send().await.unwrap_err();
    assert!(matches!(&error, Error::Unusable(fault) if fault.code == Code::Username), "{error}");
    assert!(server.seen().is_empty());
}
