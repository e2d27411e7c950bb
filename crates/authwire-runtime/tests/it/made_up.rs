//! Auth types that Authwire does not know: a schema file, and no Rust.

use std::sync::Arc;
use std::time::Duration;

use authwire_core::document::Document;
use authwire_core::table::Schema;
use http::Method;
use serde_json::json;

use crate::fixture::{Server, advance, answer, config_of, connector, json_answer, ok};

const SESSION: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://example.com/session",
  "title": "A session login",
  "description": "Logs in and sends the token that comes back.",
  "type": "object",
  "properties": {
    "type": {"const": "made_up"},
    "username": {"$ref": "authwire:common#/$defs/text", "title": "User", "description": "Who."},
    "password": {"$ref": "authwire:common#/$defs/secret", "title": "Password", "description": "The password."}
  },
  "required": ["type", "username", "password"],
  "additionalProperties": false,
  "x-auth": {
    "token": {
      "request": {"url": "{connector.base_url}/login", "json": {"user": "{username}", "password": "{password}", "remember": true, "deep": {"list": ["{username}", 1]}}},
      "response": {"access_token": "/data/token"},
      "renew_on": [401, 419]
    },
    "apply": [{"header": {"X-Session-Token": "{token.access_token}"}}]
  }
}"##;

#[tokio::test(start_paused = true)]
async fn a_session_login_as_someone_outside_would_write_it() {
    let server = Server::new(|seen, count| match (seen.uri.as_str(), count) {
        ("https://api.example/v1/login", _) => {
            json_answer(200, json!({"data": {"token": format!("session-{count}")}}))
        }
        (_, 2) => answer(419, ""),
        _ => ok(),
    });
    let auth = config_of(SESSION, &json!({"type": "made_up", "username": "joe", "password": "s3cret"}));
    let client = server.client(connector(auth.clone()));
    client.get("/a").send().await.unwrap();
    advance(Duration::from_secs(10)).await;
    client.get("/b").send().await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 5, "419 logs in again");
    let body: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(
        body,
        json!({"user": "joe", "password": "s3cret", "remember": true, "deep": {"list": ["joe", 1]}})
    );
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert_eq!(seen[1].header("x-session-token"), Some("session-0"));
    assert_eq!(seen[4].header("x-session-token"), Some("session-3"));
    let explained = authwire_runtime::explain(&connector(auth), &Method::GET, "/a").unwrap();
    assert_eq!(explained.requests[0].url, "https://api.example/v1/login");
    assert!(explained.to_string().contains("\"password\": \"<redacted>\""), "{explained}");
}

const COOKIE: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://example.com/cookie",
  "title": "A cookie login",
  "description": "Logs in and sends the cookie that was set.",
  "type": "object",
  "properties": {
    "type": {"const": "made_up"},
    "password": {"$ref": "authwire:common#/$defs/secret", "title": "Password", "description": "The password."}
  },
  "required": ["type", "password"],
  "additionalProperties": false,
  "x-auth": {
    "token": {
      "request": {"method": "GET", "url": "{connector.base_url}/login", "query": {"v": "1"}, "headers": {"X-Password": "{password}"}},
      "response": {"access_token": {"cookie": "sid"}, "expires_in": {"header": "X-Lifetime"}}
    },
    "apply": [{"cookie": {"sid": "{token.access_token}"}}, {"header": {"X-Connector": "{connector.name}"}}]
  }
}"##;

#[tokio::test(start_paused = true)]
async fn a_token_may_come_and_go_in_a_cookie() {
    let server = Server::new(|seen, _| {
        if !seen.uri.contains("/login") {
            return ok();
        }
        let mut response = json_answer(200, json!({}));
        response.headers_mut().append("set-cookie", "other=1; Path=/".parse().unwrap());
        response.headers_mut().append("set-cookie", "sid=abc; HttpOnly; Path=/".parse().unwrap());
        response.headers_mut().insert("x-lifetime", "60".parse().unwrap());
        response
    });
    let client =
        server.client(connector(config_of(COOKIE, &json!({"type": "made_up", "password": "s3cret"}))));
    client.get("/a").header("cookie", "mine=1; sid=old").send().await.unwrap();
    let seen = server.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].uri.as_str()), ("GET", "https://api.example/v1/login?v=1"));
    assert_eq!((seen[0].header("x-password"), seen[0].header("content-type")), (Some("s3cret"), None));
    assert_eq!(seen[1].header("cookie"), Some("mine=1; sid=abc"));
    assert_eq!(seen[1].header("x-connector"), Some("test"));
    let token = client.authenticator().token().await.unwrap().unwrap();
    assert!(token.expires_at.is_some());
}

const PAGE: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://example.com/page",
  "title": "A login that says where the API is",
  "description": "Logs in, and again where the API redirects to its login page.",
  "type": "object",
  "properties": {
    "type": {"const": "made_up"},
    "password": {"$ref": "authwire:common#/$defs/secret", "title": "Password", "description": "The password."}
  },
  "required": ["type", "password"],
  "additionalProperties": false,
  "x-auth": {
    "token": {
      "request": {"url": "https://auth.example/session", "json": {"password": "{password}"}},
      "response": {"access_token": "/token", "base_url": "/api"},
      "renew_on": {"status": [401], "redirects_to": "/login"}
    },
    "apply": [{"header": {"X-Session-Token": "{token.access_token}"}}]
  }
}"##;

#[tokio::test(start_paused = true)]
async fn the_login_page_is_where_the_api_is_that_the_token_is_for() {
    let server = Server::new(|seen, count| match (seen.uri.as_str(), seen.header("x-session-token")) {
        ("https://auth.example/session", _) => {
            json_answer(200, json!({"token": format!("session-{count}"), "api": "https://eu.example/v1"}))
        }
        (_, Some("session-0")) => {
            let mut response = answer(302, "");
            response.headers_mut().insert("location", "/login?next=%2Fv1%2Forders".parse().unwrap());
            response
        }
        _ => ok(),
    });
    let auth = config_of(PAGE, &json!({"type": "made_up", "password": "s3cret"}));
    let client = server.client(connector(auth));
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    let called: Vec<_> = server.calls().into_iter().map(|seen| seen.uri).collect();
    assert_eq!(called, ["https://eu.example/v1/orders"; 2]);
}

#[test]
fn a_type_without_a_plan_is_told_and_not_taken_for_one_without_a_token() {
    let auth = config_of(PAGE, &json!({"type": "made_up", "password": {"env": "PASSWORD"}}));
    let with_plan = connector(Arc::clone(&auth));
    assert_eq!((with_plan.obtains_token().unwrap(), with_plan.references().unwrap().len()), (true, 1));
    let schema = Schema { plan: None, ..auth.schema().clone() };
    let without = connector(Arc::new(Document::new(Arc::new(schema), &json!({"type": "made_up"}))));
    for error in [without.obtains_token().unwrap_err(), without.references().unwrap_err()] {
        assert!(error.to_string().contains("has no plan"), "{error}");
    }
}
