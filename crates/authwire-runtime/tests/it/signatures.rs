//! What a plan's signature says that it sets is what signing sets, and what an explanation shows.

use std::collections::BTreeSet;

use authwire_core::plan::{CarriedName, Carrier, Need, Placed, Template};
use authwire_core::slot::{Config, Slot};
use authwire_core::table::Registry;
use authwire_core::{Code, checker};
use http::{HeaderValue, Method};
use serde_json::{Value, json};

use crate::fixture::{Server, answer, config, config_of, connector, ok, with};

/// A type that signs as `apply` says.
fn schema(signature: &str) -> String {
    let text = |title: &str| {
        format!(
            r##"{{"$ref": "authwire:common#/$defs/text", "title": "{title}", "description": "A text."}}"##
        )
    };
    format!(
        r##"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/signed", "title": "Signed",
          "description": "Signs.", "type": "object", "properties": {{"type": {{"const": "made_up"}}, "name": {}, "more": {}, "secret": {{"$ref": "authwire:common#/$defs/secret", "title": "Secret", "description": "A secret."}}}},
          "required": ["type", "name", "secret"], "additionalProperties": false, "x-auth": {{"apply": [{signature}]}}}}"##,
        text("Name"),
        text("More")
    )
}

/// What the plan says: names of headers in small letters, of query parameters as they are.
fn said(config: &dyn Config) -> BTreeSet<String> {
    let plan = config.schema().plan.as_ref().unwrap();
    let Placed::Signature(signature) = &plan.apply[0].what else { panic!("no signature") };
    let value = |template: &Template| match (template.literal(), template.lone_field()) {
        (Some(text), _) => Some(text.to_owned()),
        (None, Some(field)) => match config.slot(field) {
            Slot::String(text) => Some(text.into_owned()),
            _ => None,
        },
        (None, None) => Some(String::new()),
    };
    let is_set = |need: &Need<'_>| match need {
        Need::Present(template) => value(template).is_some(),
        Need::Is(template, wanted) => value(template).as_deref() == Some(*wanted),
    };
    let carried = signature.carries().into_iter().filter(|carried| carried.needs.iter().all(is_set));
    let named = carried.map(|carried| {
        let name = match carried.name {
            CarriedName::Fixed(name) => name.to_owned(),
            CarriedName::Planned(name) => name.literal().unwrap().to_owned(),
        };
        match carried.carrier {
            Carrier::Header => name.to_ascii_lowercase(),
            Carrier::Query => format!("?{name}"),
        }
    });
    named.collect()
}

/// The names in a request that the caller did not put there.
fn names(uri: &str, headers: impl Iterator<Item = String>) -> BTreeSet<String> {
    let query = uri.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let query = pairs.map(|pair| format!("?{}", pair.split('=').next().unwrap()));
    query.chain(headers.map(|name| name.to_ascii_lowercase())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_signature_sets_what_its_plan_says() {
    let key = include_str!("../keys/ec-pkcs8.pem");
    let oauth1 = r#"{"oauth1": {"client_key": "{name}", "client_secret": "{secret}", "token": "{more}", "token_secret": "{secret}",
        "signature_method": "HMAC-SHA1", "callback": "{more}", "verifier": "x", "placement": "{place}"}}"#;
    let aws = r#"{"aws_sigv4": {"access_key_id": "{name}", "secret_access_key": "{secret}", "session_token": "{more}", "region": "r",
        "service": "{place}"}}"#;
    let hmac = r#"{"hmac": {"algorithm": "SHA256", "key": "{secret}", "string": "{request.target}", "headers": {"X-Signature":
        "{request.signature}", "X-More": "{more}"}, "query": {"at": "{request.timestamp}", "more": "{more}"}}}"#;
    let digest = r#"{"digest": {"username": "{name}", "password": "{secret}"}}"#;
    let dpop = r#"{"dpop": {"key": "{secret}", "token": "{name}"}}"#;
    let mut count = 0;
    for (signature, place, secret) in [
        (oauth1, "header", "s"),
        (oauth1, "query", "s"),
        (oauth1, "body", "s"),
        (aws, "es", "s"),
        (aws, "s3", "s"),
        (hmac, "x", "s"),
        (digest, "x", "s"),
        (dpop, "x", key),
    ] {
        for more in [None, Some("m")] {
            let mut auth = json!({"type": "made_up", "name": "n", "secret": secret});
            if let Some(more) = more {
                auth["more"] = Value::from(more);
            }
            let config = config_of(&schema(&signature.replace("{place}", place)), &auth);
            let server = Server::new(|_, count| {
                let mut answer = if count == 0 { answer(401, "") } else { ok() };
                let challenge = r#"Digest realm="r", qop="auth", algorithm=SHA-256, nonce="n""#;
                answer.headers_mut().insert("www-authenticate", HeaderValue::from_static(challenge));
                answer
            });
            let client = server.client(connector(config.clone()));
            client.post("/a").form([("a", "b")]).send().await.unwrap();
            let seen = server.seen().pop().unwrap();
            let sent = names(
                &seen.uri,
                seen.headers.keys().filter(|name| *name != "content-type").map(ToString::to_string),
            );
            let said = said(&*config);
            assert_eq!(sent, said, "{auth} {signature} {place}");
            let explained = authwire_runtime::explain(&connector(config), &Method::POST, "/a").unwrap();
            let request = explained.requests.last().unwrap();
            let shown = names(
                &request.url,
                request.headers.iter().map(|(name, _)| name.clone()).filter(|name| name != "Content-Type"),
            );
            assert_eq!(shown, said, "{auth} {signature} {place}");
            count += 1;
        }
    }
    assert_eq!(count, 16);
}

#[tokio::test(start_paused = true)]
async fn the_report_refuses_the_secrets_that_no_call_can_sign_with() {
    for (encoding, secret, is_good) in [
        ("hex", "0aFF", true),
        ("hex", "abc", false),
        ("base64", "AA", true),
        ("base64", "AB", false),
        ("base64", "a-_b", false),
        ("base64url", "a-_b", true),
        ("base64url", "a-_", false),
    ] {
        let hmac = format!(
            r#"{{"hmac": {{"algorithm": "SHA256", "key": "{{secret}}", "key_encoding": "{encoding}", "string": "x", "headers":
            {{"X-Signature": "{{request.signature}}"}}}}}}"#
        );
        let auth = json!({"type": "made_up", "name": "n", "secret": secret});
        let config = config_of(&schema(&hmac), &auth);
        let report = checker::report_value(config.schema(), Registry { types: &[] }, &auth, None);
        let refused = report.findings().iter().any(|finding| finding.code == Code::Key);
        let called = Server::new(|_, _| ok()).client(connector(config)).get("/a").send().await;
        assert_eq!((!refused, called.is_ok()), (is_good, is_good), "{encoding} {secret}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_parameter_of_a_signature_stands_in_the_query_once() {
    let oauth1 = r#"{"oauth1": {"client_key": "{name}", "client_secret": "{secret}", "token": "{more}", "token_secret": "{secret}",
        "signature_method": "HMAC-SHA1", "placement": "query"}}"#;
    let auth = json!({"type": "made_up", "name": "n", "more": "m", "secret": "s"});
    let server = Server::new(|_, _| ok());
    let client = server.client(connector(config_of(&schema(oauth1), &auth)));
    client.get("/a?oauth_nonce=mine&x=1&oauth%5Ftoken=mine").send().await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert!(seen.uri.contains("?x=1&oauth_consumer_key=n&oauth_token=m&"), "{}", seen.uri);
    assert_eq!(seen.uri.matches("oauth_nonce=").count(), 1, "{}", seen.uri);
    assert!(!seen.uri.contains("mine"), "{}", seen.uri);
}

#[tokio::test(start_paused = true)]
async fn what_has_no_form_carries_the_parameters_in_its_header() {
    let auth = json!({"type": "oauth1", "consumer_key": "ck", "consumer_secret": "cs", "placement": "body"});
    let server = Server::new(|seen, _| match seen.method == Method::POST {
        true => {
            let mut response = answer(303, "");
            response.headers_mut().insert("location", "/v1/orders/1".parse().unwrap());
            response
        }
        false => ok(),
    });
    let client = server.client(connector(config(auth)));
    assert_eq!(client.post("/orders").form([("a", "1")]).send().await.unwrap().status(), 200);
    let seen = server.seen();
    assert!(seen[0].parameter("oauth_signature").is_some() && seen[0].header("authorization").is_none());
    assert!(seen[1].header("authorization").unwrap().starts_with("OAuth oauth_consumer_key=\"ck\""));
    let text = client.post("/orders").header("content-type", "text/plain").send().await.unwrap_err();
    assert!(text.to_string().contains("its parameters go into a form"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn what_no_header_carries_is_told_of_its_field() {
    let aws = |changes: Value| {
        let auth = json!({
            "type": "aws_sigv4", "access_key_id": "AKIDEXAMPLE", "secret_access_key": "s", "region": "us-east-1",
            "service": "s3",
        });
        with(auth, changes)
    };
    let oauth = json!({"type": "oauth1", "consumer_key": "ck", "consumer_secret": "cs", "realm": "é"});
    for (auth, field) in [
        (aws(json!({"session_token": "a\nb"})), "session_token"),
        (aws(json!({"region": "é"})), "region"),
        (oauth, "realm"),
    ] {
        let server = Server::new(|_, _| ok());
        let error = server.client(connector(config(auth))).get("/").send().await.unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")) && error.contains("no header can carry"), "{error}");
        assert!(server.seen().is_empty());
    }
}

/// RFC 7616 §3.3: a realm is UTF-8, and goes back as it came.
#[tokio::test(start_paused = true)]
async fn a_realm_of_any_characters_is_answered() {
    let server = Server::new(|seen, _| {
        if seen.headers.contains_key("authorization") {
            return ok();
        }
        let mut response = answer(401, "");
        let challenge = "Digest realm=\"Zürich\", nonce=\"n\", qop=\"\", charset=UTF-8";
        let challenge = HeaderValue::from_bytes(challenge.as_bytes()).unwrap();
        response.headers_mut().insert("www-authenticate", challenge);
        response
    });
    let auth = json!({"type": "digest", "username": "u", "password": "p"});
    let response = server.client(connector(config(auth))).get("/").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let answered = server.seen()[1].headers["authorization"].as_bytes().to_vec();
    assert!(String::from_utf8(answered).unwrap().contains("realm=\"Zürich\""));
}
