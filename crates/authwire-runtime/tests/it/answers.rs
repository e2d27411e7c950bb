//! Token answers (RFC 6749 §5): what servers send, and what becomes of it.

use std::time::Duration;

use authwire_runtime::{Body, Error, TokenErrorKind};
use http::Response;
use serde_json::{Value, json};

use crate::fixture::{
    Server, advance, answer, client_credentials, config, config_of, connector, epoch, json_answer, ok, with,
};

fn typed(media_type: &str, body: &str) -> Response<Body> {
    let mut response = answer(200, body.to_owned());
    response.headers_mut().insert("content-type", media_type.parse().unwrap());
    response
}

async fn obtain(
    changes: Value,
    body: impl Fn() -> Response<Body> + Send + Sync + 'static,
) -> Result<(String, Option<u64>), Error> {
    let server = Server::new(move |seen, _| if seen.is_token_request() { body() } else { ok() });
    let client = server.client(connector(config(with(client_credentials(), changes))));
    let token = client.authenticator().token().await?.unwrap();
    let lifetime = token.expires_at.map(|end| end.duration_since(epoch()).unwrap().as_secs());
    Ok((token.expose_value().to_owned(), lifetime))
}

#[tokio::test(start_paused = true)]
async fn a_token_is_found_in_what_servers_send() {
    let jwt = "e30.eyJleHAiOjE3MDAwMDA2MDB9.c2ln";
    for (changes, response, expected) in [
        (
            json!({}),
            typed("application/json", r#"{"access_token":"abc","token_type":"bearer","expires_in":3600}"#),
            ("abc", Some(3600)),
        ),
        (
            json!({}),
            typed(
                "application/json; charset=utf-8",
                r#"{"access_token":"abc","token_type":"BEARER","expires_in":"3600"}"#,
            ),
            ("abc", Some(3600)),
        ),
        (json!({}), typed("text/html", r#"{"access_token":"abc","expires_in":3599.9}"#), ("abc", Some(3599))),
        (
            json!({}),
            typed(
                "application/json",
                r#"{"access_token":"abc","expires_in":null,"token_type":"","error":null}"#,
            ),
            ("abc", None),
        ),
        (
            json!({}),
            typed("application/json", r#"{"access_token":"abc","expires_in":"soon"}"#),
            ("abc", None),
        ),
        (json!({}), typed("application/json", r#"{"access_token":"abc","error":""}"#), ("abc", None)),
        (json!({}), typed("application/json", r#"{"access_token":"abc","error":0}"#), ("abc", None)),
        (
            json!({}),
            typed("application/x-www-form-urlencoded", "access_token=a%2Bb&expires_in=60&token_type=bearer"),
            ("a+b", Some(60)),
        ),
        (json!({}), typed("text/plain", "access_token=abc&expires=5183999"), ("abc", None)),
        (json!({}), typed("application/json", &format!(r#"{{"access_token":"{jwt}"}}"#)), (jwt, Some(600))),
        (
            json!({}),
            typed("application/json", &format!(r#"{{"access_token":"{jwt}","expires_in":60}}"#)),
            (jwt, Some(60)),
        ),
        (
            json!({"header_auth_value_pattern": "MAC %s"}),
            typed("application/json", r#"{"access_token":"abc","token_type":"mac"}"#),
            ("abc", None),
        ),
        (
            json!({"token_response": {"access_token": "/data/token", "expires_in": "/data/until", "expires_in_format": "rfc3339"}}),
            typed("application/json", r#"{"data":{"token":"abc","until":"2023-11-14T23:13:20Z"}}"#),
            ("abc", Some(3600)),
        ),
        (
            json!({"token_response": {"expires_in": "/ttl", "expires_in_format": "milliseconds"}}),
            typed("application/x-www-form-urlencoded", "access_token=abc&ttl=90000"),
            ("abc", Some(90)),
        ),
    ] {
        let text = format!("{response:?}");
        let (parts, body) = response.into_parts();
        let answer = move || Response::from_parts(parts.clone(), body.try_clone().unwrap());
        let (token, lifetime) =
            obtain(changes, answer).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((token.as_str(), lifetime), expected, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_usable_token_says_why() {
    for (status, body, part) in [
        (
            200,
            r#"{"error":"invalid_scope","error_description":"no such scope"}"#,
            "error `invalid_scope`, “no such scope”",
        ),
        (200, r#"{"access_token":"abc","error":"slow_down"}"#, "slow_down"),
        (
            200,
            r#"{"token":"abc","expires_in":1}"#,
            "no token at `/access_token`; it has `expires_in`, `token`",
        ),
        (200, r#"{"access_token":""}"#, "no token: an empty text stands at `/access_token`"),
        (200, r#"{"access_token":7}"#, "no token: a number stands at `/access_token`"),
        (200, "{\"access_token\":\"b\\nc\"}", "a character that no token has"),
        (200, r#"{"error":{"message":"no such client"}}"#, "“no such client”"),
        (200, r#"{"access_token":"abc","token_type":"mac"}"#, "of the type `mac`"),
        (200, "<html>Sign in</html>", "neither JSON nor form-encoded"),
        (200, "", "neither JSON nor form-encoded"),
        (200, "\"abc\"", "no token at"),
        (200, "[]", "no members"),
        // tokens that look like forms
        (200, "abc=", "no token at"),
        (200, "abc==", "no token at"),
        (200, "abc=abc&x=1", "no token at"),
        (404, "not here", "status 404"),
        (400, r#"{"error":{"message":"wrong client","code":7}}"#, "“wrong client”"),
        (302, "", "follow no redirects"),
        (500, "oops", "The server has trouble"),
    ] {
        let error = obtain(json!({}), move || answer(status, body)).await.unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Token(_)), "{text}");
        assert!(text.contains(part) && text.contains("https://auth.example/token"), "{body}: {text}");
        assert!(!text.contains("abc"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_of_the_standards_is_told_whatever_the_secrets_are() {
    let changes = json!({"client_secret": "client"});
    let body = json!({"error": "invalid_client", "error_description": "no such client"});
    let error = obtain(changes, move || json_answer(401, body.clone())).await.unwrap_err();
    let Error::Token(error) = error else { panic!("{error}") };
    let attempt = error.attempts.last().unwrap();
    assert_eq!(
        (error.error(), attempt.description.as_deref()),
        (Some("invalid_client"), Some("no such ***"))
    );
}

/// A part of a secret is none that is searched for: what is said of an answer is searched before it is cut.
#[tokio::test(start_paused = true)]
async fn no_part_of_a_long_secret_is_told() {
    let secret = "Zx9k-0123456789-abcdefghij-?KLMNOPQRST-uvwxyz-0123456789-ABCDEFGH";
    let changes = json!({"client_secret": secret, "client_authentication": "request_body"});
    let moved = || {
        let mut response = answer(302, "");
        response.headers_mut().insert("location", format!("https://a.example/{secret}").parse().unwrap());
        response
    };
    for response in [
        json_answer(200, json!({"access_token": "abc", "token_type": secret})),
        json_answer(200, json!({secret: "abc"})),
        json_answer(200, json!({"token": "abc", "error_description": "x".repeat(480) + secret})),
        json_answer(400, json!({"error": "x".repeat(480) + secret})),
        moved(),
    ] {
        let response = std::sync::Mutex::new(Some(response));
        let given = move || response.lock().unwrap().take().unwrap();
        let told = obtain(changes.clone(), given).await.unwrap_err().to_string();
        assert!(!told.contains("Zx9k") && !told.contains("0123456789"), "{told}");
    }
}

/// RFC 9449 §5: a server that knows nothing of DPoP hands out what the API would refuse.
#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_bound_to_the_key_is_none() {
    let key = include_str!("../keys/ec-pkcs8.pem");
    for (token_type, is_bound) in
        [(json!("DPoP"), true), (json!("dpop"), true), (json!(null), true), (json!("Bearer"), false)]
    {
        let auth = json!({
            "type": "oauth2_private_key_jwt", "client_id": "c", "private_key": key, "algorithm": "ES256",
            "token_url": "https://auth.example/token", "dpop_private_key": key,
        });
        let given = token_type.clone();
        let server = Server::new(move |seen, _| match seen.is_token_request() {
            true => json_answer(200, json!({"access_token": "abc", "token_type": given, "expires_in": 60})),
            false => ok(),
        });
        let called = server.client(connector(config(auth))).get("/").send().await;
        match called {
            Ok(_) => assert!(is_bound, "{token_type}"),
            Err(error) => {
                let error = error.to_string();
                assert!(!is_bound && error.contains("not bound to the key"), "{token_type}: {error}");
            }
        }
    }
}

/// RFC 9449 §5: the proof is ours, as it is at the API.
#[tokio::test(start_paused = true)]
async fn a_header_that_is_spread_takes_the_place_of_no_proof() {
    let key = include_str!("../keys/ec-pkcs8.pem");
    let schema = r#"{
        "title": "Proved", "description": "A token request with a proof.", "type": "object",
        "properties": {
            "key": {"title": "Key", "description": "The key of the proof.", "$ref": "authwire:common#/$defs/secret"},
            "more": {"title": "More", "description": "More headers.", "$ref": "authwire:common#/$defs/additional_headers"}
        },
        "required": ["key"], "additionalProperties": false,
        "x-auth": {
            "token": {
                "request": {"url": "https://auth.example/token", "headers": {"...": "{more}"}, "form": {"a": "b"}},
                "dpop": {"key": "{key}"}, "response": {"access_token": "/access_token"}
            },
            "apply": [{"dpop": {"key": "{key}", "token": "{token.access_token}"}}]
        }
    }"#;
    let server = Server::new(|_, _| json_answer(200, json!({"access_token": "abc"})));
    let auth = config_of(schema, &json!({"type": "proved", "key": key, "more": {"dPoP": "mine"}}));
    let error = server.client(connector(auth)).authenticator().token().await.unwrap_err();
    assert!(matches!(&error, Error::Unusable(fault) if fault.fields == ["more"]), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_packed_answer_is_asked_not_to_be_and_told() {
    let server = Server::new(|_, _| {
        let mut response = answer(200, vec![0x1f, 0x8b, 8, 0, 0xff]);
        response.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
        response
    });
    let client = server.client(connector(config(client_credentials())));
    let error = client.authenticator().token().await.unwrap_err().to_string();
    assert!(error.contains("is packed (`gzip`)") && !error.contains("`token_url`"), "{error}");
    assert_eq!(server.seen()[0].header("accept-encoding"), Some("identity"));
}

#[tokio::test(start_paused = true)]
async fn a_token_request_follows_no_redirect() {
    let server = Server::new(|_, _| {
        let mut response = answer(307, "");
        response.headers_mut().insert("location", "https://evil.example/token?x=1".parse().unwrap());
        response
    });
    let client = server.client(connector(config(client_credentials())));
    let error = client.get("/").send().await.unwrap_err().to_string();
    assert_eq!(server.seen().len(), 1);
    assert!(
        error.contains("redirects to https://evil.example/token") && error.contains("`token_url`"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_read_to_its_cap_and_no_further() {
    let error = obtain(json!({}), || answer(200, vec![b' '; (1 << 20) + 1])).await.unwrap_err();
    assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_echoes_secrets_is_masked() {
    for echo in [
        "the secret s3cret-value/+ is wrong",
        "the secret s3cret-value%2F%2B is wrong",
        "the secret s3cret-value%2f%2b is wrong",
        "you sent Basic Y2xpZW50LTE6czNjcmV0LXZhbHVlJTJGJTJC",
        "you sent czNjcmV0LXZhbHVlLys=",
    ] {
        let changes = json!({"client_secret": "s3cret-value/+", "client_authentication": "basic"});
        let body = json!({"error": echo, "error_description": echo});
        let error = obtain(changes, move || json_answer(401, body.clone())).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains("***"), "{text}");
        for part in ["s3cret", "Y2xpZW50LTE6", "czNjcmV0"] {
            assert!(!text.contains(part), "{text}");
        }
    }
}

/// What a token is good for is shown to people, and a server may put anything there.
#[tokio::test(start_paused = true)]
async fn a_granted_scope_that_holds_a_secret_is_masked() {
    let config = config(with(client_credentials(), json!({"client_secret": "MYSECRET-123456"})));
    let server = Server::new(|_, _| {
        let scope = "read client_secret=MYSECRET-123456 TOKEN-abcdef write";
        json_answer(200, json!({"access_token": "TOKEN-abcdef", "scope": scope}))
    });
    let token = server.client(connector(config)).authenticator().token().await.unwrap().unwrap();
    assert_eq!(token.scope.as_deref(), Some("read client_secret=*** *** write"));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_comes_with_an_error_is_masked() {
    for body in [
        json!({"access_token": "TOKEN-abcdef", "error": "x", "error_description": "issued TOKEN-abcdef"}),
        json!({"refresh_token": "TOKEN-abcdef", "error": "x", "error_description": "issued TOKEN-abcdef"}),
        json!({"access_token": "TOKEN-abcdef", "token_type": "TOKEN-abcdef"}),
    ] {
        let error = obtain(json!({}), move || json_answer(200, body.clone())).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains("***") && !text.contains("TOKEN"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_is_told_from_refusal() {
    for (status, kind) in [
        (400, TokenErrorKind::Refused),
        (401, TokenErrorKind::Refused),
        (429, TokenErrorKind::Unavailable),
        (503, TokenErrorKind::Unavailable),
        (200, TokenErrorKind::Unusable),
    ] {
        match obtain(json!({}), move || answer(status, "{}")).await.unwrap_err() {
            Error::Token(error) => assert_eq!(error.kind, kind, "{status}"),
            error => panic!("{error}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_without_an_end_serves_until_it_is_refused() {
    let server = Server::new(|seen, _| {
        if seen.is_token_request() { json_answer(200, json!({"access_token": "abc"})) } else { ok() }
    });
    let client = server.client(connector(config(client_credentials())));
    for _ in 0..3 {
        client.get("/").send().await.unwrap();
        advance(Duration::from_secs(1_000_000)).await;
    }
    assert_eq!(server.token_requests().len(), 1);
}

/// A token's answer may move the API, but not where no credential may go; what is wrong there is said.
#[tokio::test(start_paused = true)]
async fn an_answer_that_says_that_the_api_is_nowhere_is_refused_in_so_many_words() {
    for (api, says) in [
        ("http://eu.example", "plain http is for this machine only"),
        ("https://eu.example?tenant=1", "a base URL has no query"),
        ("eu.example", "a URL with a host is needed"),
    ] {
        let changes = json!({"token_response": {"base_url": "/api"}});
        let error = obtain(changes, move || json_answer(200, json!({"access_token": "abc", "api": api})));
        let error = error.await.unwrap_err().to_string();
        assert!(error.contains(says), "{api}: {error}");
    }
}
