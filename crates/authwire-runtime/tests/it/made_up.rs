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

/// A type whose plan is `plan`, with the secret `key` and the plain string `id`.
fn with_plan(plan: &str) -> std::sync::Arc<dyn authwire_core::slot::Config> {
    with_key(plan, &json!({"env": "KEY"}))
}

/// The same where `key` is written.
fn with_key(plan: &str, key: &serde_json::Value) -> std::sync::Arc<dyn authwire_core::slot::Config> {
    let schema = format!(
        r##"{{"type": "object", "required": ["type", "id", "key"], "additionalProperties": false, "x-auth": {plan}, "properties": {{
          "type": {{"const": "made_up"}}, "id": {{"type": "string"}}, "key": {{"$ref": "authwire:common#/$defs/secret"}}}}}}"##
    );
    config_of(&schema, &json!({"type": "made_up", "id": "me", "key": key}))
}

#[test]
fn all_that_goes_into_a_body_is_explained() {
    let explained = |plan, method| {
        authwire_runtime::explain(&connector(with_plan(plan)), method, "/a").unwrap().to_string()
    };
    let form = r#"{"apply": [{"form": {"id": "{id}"}}, {"form": {"key": "{key}"}}]}"#;
    assert_eq!(
        explained(form, &Method::POST),
        "1. the call\n   POST https://api.example/v1/a\n   Content-Type: application/x-www-form-urlencoded\n\n   \
         id=me\n   key=<env:KEY>\n"
    );
    let object = r#"{"apply": [{"json": {"id": "{id}"}}, {"json": {"key": "{key}"}}]}"#;
    let shown = explained(object, &Method::GET);
    let heading = "1. the call, which is refused: auth is part of its body, and a GET request has none\n";
    assert!(shown.starts_with(heading) && shown.contains(r#""id": "me""#), "{shown}");
}

#[test]
fn a_token_request_without_a_body_proves_the_client_in_one_way_only() {
    let plan = r#"{"apply": [{"header": {"X-Token": "{token.access_token}"}}], "token": {
      "request": {"method": "GET", "url": "https://auth.example/token", "client_authentication": {"id": "{id}", "secret": "{key}"}},
      "response": {"access_token": "/t"}}}"#;
    let explained = authwire_runtime::explain(&connector(with_plan(plan)), &Method::GET, "/a").unwrap();
    assert_eq!(explained.requests.len(), 2, "{explained}");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_may_come_in_a_header() {
    let plan = r#"{"apply": [{"header": {"X-Token": "{token.access_token}"}}], "token": {
      "keep": {"next": {"from": {"header": "X-Next"}}},
      "request": {"url": "https://auth.example/token", "json": {"key": "{key}", "next": "{kept.next}"}},
      "response": {"access_token": "/t", "expires_in": "/e"}}}"#;
    let server = Server::new(|seen, count| {
        if seen.uri.starts_with("https://api.example") {
            return ok();
        }
        let mut given = json_answer(200, json!({"t": format!("token-{count}"), "e": 60}));
        given.headers_mut().insert("x-next", format!("next-{count}").parse().unwrap());
        given
    });
    let client = server.client(connector(with_key(plan, &json!("s3cret"))));
    client.get("/a").send().await.unwrap();
    advance(Duration::from_secs(120)).await;
    client.get("/b").send().await.unwrap();
    let bodies: Vec<serde_json::Value> = server
        .seen()
        .iter()
        .filter(|seen| seen.uri.starts_with("https://auth.example"))
        .map(|seen| serde_json::from_slice(&seen.body).unwrap())
        .collect();
    assert_eq!(bodies, [json!({"key": "s3cret"}), json!({"key": "s3cret", "next": "next-0"})]);
}

#[test]
fn a_url_that_is_made_of_properties_is_judged() {
    for (url, id, is_judged) in [
        ("https://{id}/token", "acme.example", false),
        ("https://{id}/token", "acme.example:x", true),
        ("{connector.base_url}/{id}", "token", false),
        ("{connector.base_url}/{id}", "a b", true),
        ("{url}/{id}", "token", false),
        ("{url}/{id}", "token#x", true),
        ("{url}:{port}", "token", true),
    ] {
        let schema = format!(
            r##"{{"type": "object", "properties": {{"type": {{"const": "made_up"}}, "id": {{"type": "string"}}, "port": {{"type": "integer"}},
              "url": {{"$ref": "authwire:common#/$defs/url"}}}}, "required": ["type", "id", "url", "port"], "x-auth": {{"apply": [],
              "token": {{"request": {{"url": "{url}"}}, "response": {{"access_token": "/t"}}}}}}}}"##
        );
        let text =
            json!({"type": "made_up", "id": id, "url": "https://a.example", "port": 100_000}).to_string();
        let mut library =
            authwire_schema::Library::with_loader(authwire_core::interpreter::is_valid_tree, move |_| {
                Ok(schema.clone().into_bytes())
            });
        let read = authwire_schema::read_auth_type(&mut library, std::path::Path::new("/made_up.json"));
        let schema = read.unwrap_or_else(|error| panic!("{error}")).0.schema;
        let registry = authwire_core::table::Registry { types: &[] };
        let judge = authwire_runtime::judge::Expert;
        let report = authwire_core::checker::report(&schema, registry, text.as_bytes(), Some(&judge));
        let told: Vec<&str> = report.findings().iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(told, if is_judged { vec!["url"] } else { vec![] }, "{url} of {id}: {report}");
    }
}
