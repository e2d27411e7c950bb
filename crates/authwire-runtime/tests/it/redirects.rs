//! Redirects of API calls: what goes along, and what does not.

use authwire_core::TextMap;
use authwire_runtime::{Body, Connector, Error, RedirectError};
use http::{Method, Response};
use serde_json::json;

use crate::fixture::{Seen, Server, answer, config, connector, ok};

fn to(status: u16, location: &str) -> Response<Body> {
    let mut response = answer(status, "");
    response.headers_mut().insert("location", location.parse().unwrap());
    response
}

/// A connector whose credential, headers and query are all told by `SECRET`.
fn guarded() -> Connector {
    let auth = config(json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "SECRET-key", "param_auth_param_name": "key",
    }));
    let mut headers = TextMap::new();
    headers.insert("X-Tenant", "SECRET-tenant");
    headers.insert("Accept", "application/SECRET");
    let mut query = TextMap::new();
    query.insert("account", "SECRET-account");
    connector(auth).with_headers(headers).with_query(query)
}

fn carries_secret(seen: &Seen) -> bool {
    format!("{seen:?}").contains("SECRET")
}

#[tokio::test(start_paused = true)]
async fn within_the_origin_auth_is_applied_anew() {
    let server = Server::new(|_, count| match count {
        0 => to(302, "/v1/next?page=2"),
        1 => to(301, "last"),
        _ => ok(),
    });
    server.client(guarded()).get("/first").send().await.unwrap();
    let uris: Vec<String> = server.seen().into_iter().map(|seen| seen.uri).collect();
    assert_eq!(
        uris,
        [
            "https://api.example/v1/first?account=SECRET-account&key=SECRET-key",
            "https://api.example/v1/next?page=2&account=SECRET-account&key=SECRET-key",
            "https://api.example/v1/last?account=SECRET-account&key=SECRET-key",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn to_another_origin_nothing_of_ours_goes_along_nor_comes_back() {
    for elsewhere in ["https://evil.example/x", "https://api.example:8443/x", "https://sub.api.example/x"] {
        let server = Server::new(move |seen, count| match count {
            // the server echoes the query into its redirect
            0 => to(302, &format!("{elsewhere}?{}&z=1", seen.uri.split_once('?').unwrap().1)),
            1 => to(302, "https://api.example/v1/back"),
            _ => ok(),
        });
        let client = server.client(guarded());
        let request =
            client.get("/").header("Authorization", "SECRET-callers").header("Cookie", "SECRET-cookie");
        request.header("Accept-Language", "en").send().await.unwrap();
        let seen = server.seen();
        assert!(carries_secret(&seen[0]));
        assert_eq!(seen[1].uri, format!("{elsewhere}?z=1"));
        assert_eq!(seen[2].uri, "https://api.example/v1/back");
        for seen in &seen[1..] {
            assert!(!carries_secret(seen), "{seen:?}");
            assert_eq!(seen.header("accept-language"), Some("en"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_bearer_token_and_basic_stay_at_home_too() {
    for auth in [
        json!({"type": "bearer_token", "api_key": "SECRET"}),
        json!({"type": "api_key", "api_key_auth_type": "header_auth", "api_key": "SECRET", "header_auth_key": "X-API-Key"}),
        json!({"type": "basic_auth", "username": "u", "password": "SECRET"}),
    ] {
        let server = Server::new(|_, count| if count == 0 { to(302, "https://evil.example/") } else { ok() });
        server.client(connector(config(auth))).get("/").send().await.unwrap();
        assert_eq!(server.seen()[0].headers.len(), 1);
        assert!(server.seen()[1].headers.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn methods_and_bodies_go_as_the_status_says() {
    for (status, method, then, body) in [
        (301, Method::POST, Method::GET, ""),
        (302, Method::POST, Method::GET, ""),
        (303, Method::POST, Method::GET, ""),
        (303, Method::PUT, Method::GET, ""),
        (303, Method::HEAD, Method::HEAD, ""),
        (307, Method::POST, Method::POST, "body"),
        (308, Method::PUT, Method::PUT, "body"),
    ] {
        let server = Server::new(move |_, count| if count == 0 { to(status, "/next") } else { ok() });
        let request = server.client(guarded()).request(method.clone(), "/");
        let request = if method == Method::HEAD {
            request
        } else {
            request.header("content-type", "text/plain").body("body")
        };
        request.send().await.unwrap();
        let seen = server.seen().remove(1);
        assert_eq!((seen.method.clone(), seen.body.as_ref()), (then, body.as_bytes()), "{status} {method}");
        assert_eq!(seen.header("content-type").is_some(), !body.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn some_redirects_are_not_followed() {
    for (status, location, expected) in [
        (307, "https://evil.example/", RedirectError::BodyToOtherOrigin),
        (308, "https://evil.example/", RedirectError::BodyToOtherOrigin),
        (302, "http://api.example/v1/", RedirectError::ToPlainHttp),
        (302, "ftp://api.example/", RedirectError::Unreadable),
        (302, "https://user:pass@api.example/", RedirectError::Unreadable),
        (302, "/v1/loop", RedirectError::TooMany),
    ] {
        let server = Server::new(move |_, _| to(status, location));
        let error = server.client(guarded()).post("/").body("x").send().await.unwrap_err();
        assert!(matches!(&error, Error::Redirect(error) if *error == expected), "{location}: {error}");
        assert_eq!(server.seen().len(), if expected == RedirectError::TooMany { 11 } else { 1 });
    }
    let server = Server::new(|_, _| answer(302, "no location"));
    assert_eq!(server.client(guarded()).get("/").send().await.unwrap().status(), 302);
    let server = Server::new(|_, _| answer(304, ""));
    assert_eq!(server.client(guarded()).get("/").send().await.unwrap().status(), 304);
}
