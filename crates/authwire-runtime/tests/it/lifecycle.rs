//! The life of a token: one request however many wait, renewal, refusal, failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use authwire_runtime::{Client, Connector, Error, HttpOptions, TransportErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::fixture::{
    Seen, Server, advance, answer, client_credentials, config, connector, json_answer, ok, refused, token,
    with,
};

fn numbered(count: usize, seconds: u64) -> http::Response<authwire_runtime::Body> {
    json_answer(200, json!({"access_token": format!("token-{count}"), "expires_in": seconds}))
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_callers_make_one_token_request() {
    let server =
        Server::slow(
            Duration::from_millis(50),
            |seen, _| if seen.is_token_request() { token("abc") } else { ok() },
        );
    let client = server.client(connector(config(client_credentials())));
    let calls: Vec<_> = (0..10_000).map(|_| tokio::spawn(client.get("/").send())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(server.token_requests().len(), 1);
    assert_eq!(server.calls().len(), 10_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_callers_on_several_threads_too() {
    let server =
        Server::slow(
            Duration::from_millis(20),
            |seen, _| if seen.is_token_request() { token("abc") } else { ok() },
        );
    let client = server.client(connector(config(client_credentials())));
    let calls: Vec<_> = (0..10_000).map(|_| tokio::spawn(client.get("/").send())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_does_not_take_the_request_along() {
    let server =
        Server::slow(
            Duration::from_secs(1),
            |seen, _| if seen.is_token_request() { token("abc") } else { ok() },
        );
    let client = server.client(connector(config(client_credentials())));
    let first = tokio::spawn(client.get("/first").send());
    let others: Vec<_> = (0..10).map(|_| tokio::spawn(client.get("/").send())).collect();
    advance(Duration::from_millis(500)).await;
    first.abort();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(server.token_requests().len(), 1);
    // all of them gone: the token comes nevertheless
    let server =
        Server::slow(
            Duration::from_secs(1),
            |seen, _| if seen.is_token_request() { token("abc") } else { ok() },
        );
    let client = server.client(connector(config(client_credentials())));
    let only = tokio::spawn(client.get("/only").send());
    advance(Duration::from_millis(500)).await;
    only.abort();
    advance(Duration::from_secs(1)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_makes_one_more_request_and_everyone_is_served() {
    let revoked = Arc::new(AtomicBool::new(false));
    let issued = Arc::new(AtomicUsize::new(0));
    let server = {
        let (revoked, issued) = (Arc::clone(&revoked), Arc::clone(&issued));
        Server::slow(Duration::from_millis(10), move |seen, _| {
            if seen.is_token_request() {
                return numbered(issued.fetch_add(1, Ordering::SeqCst), 3600);
            }
            let dead =
                revoked.load(Ordering::SeqCst) && seen.header("authorization") == Some("Bearer token-0");
            if dead { answer(401, "") } else { ok() }
        })
    };
    let client = server.client(connector(config(client_credentials())));
    client.get("/").send().await.unwrap();
    revoked.store(true, Ordering::SeqCst);
    let calls: Vec<_> = (0..1000).map(|_| tokio::spawn(client.get("/").send())).collect();
    for call in calls {
        let response = call.await.unwrap().unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.refusal().is_none());
    }
    assert_eq!(server.token_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_refused_anew_is_not_renewed_again() {
    let server = Server::new(
        |seen, count| if seen.is_token_request() { numbered(count, 3600) } else { answer(401, "no") },
    );
    let client = server.client(connector(config(client_credentials())));
    let response = client.get("/").send().await.unwrap();
    assert_eq!(response.status(), 401);
    let refusal = response.refusal().unwrap().to_string();
    assert!(refusal.contains("401") && refusal.contains("and so was a new one"), "{refusal}");
    assert_eq!((server.token_requests().len(), server.calls().len()), (2, 2));
}

/// RFC 9449 §9: asking for a nonce is no refusal of the token, and a new token's proof may lack one again.
#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_though_a_nonce_was_asked_for_before() {
    let auth = json!({
        "type": "oauth2_private_key_jwt", "client_id": "c", "private_key": include_str!("../keys/ec-pkcs8.pem"),
        "algorithm": "ES256", "token_url": "https://auth.example/token",
        "dpop_private_key": include_str!("../keys/ec-pkcs8.pem"),
    });
    for (lasting, status) in [(false, 200), (true, 401)] {
        let server = Server::new(move |seen, count| {
            if seen.is_token_request() {
                return numbered(count, 3600);
            }
            if !dpop_claims(seen)["nonce"].is_string() {
                let mut response = answer(401, "");
                let asking = "DPoP error=\"use_dpop_nonce\"".parse().unwrap();
                response.headers_mut().insert("www-authenticate", asking);
                response.headers_mut().insert("dpop-nonce", "n-1".parse().unwrap());
                return response;
            }
            // a token, a call without a nonce, this one; the new token has its turn after them
            if count == 2 || lasting { answer(401, "") } else { ok() }
        });
        let client = server.client(connector(config(auth.clone())));
        let response = client.get("/").send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!((server.token_requests().len(), server.calls().len()), (2, 4), "{lasting}");
    }
}

/// The claims of the proof that a request carries.
fn dpop_claims(seen: &Seen) -> Value {
    let claims = seen.header("dpop").unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn only_the_statuses_that_say_so_renew() {
    for (statuses, status, renewed) in
        [(json!(null), 403, false), (json!([401, 403]), 403, true), (json!([403]), 401, false)]
    {
        let auth = with(client_credentials(), json!({"refresh_on_status": statuses}));
        let server = Server::new(move |seen, count| match (seen.is_token_request(), count) {
            (true, count) => numbered(count, 3600),
            (false, 1) => answer(status, ""),
            _ => ok(),
        });
        server.client(connector(config(auth))).get("/").send().await.unwrap();
        assert_eq!(server.token_requests().len(), if renewed { 2 } else { 1 }, "{statuses} {status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lack_of_scope_is_final() {
    let auth = with(client_credentials(), json!({"refresh_on_status": [401, 403]}));
    let server = Server::new(|seen, _| {
        if seen.is_token_request() {
            return token("abc");
        }
        let mut response = answer(403, "");
        let challenge = "Bearer error=\"insufficient_scope\", scope=\"write\"";
        response.headers_mut().insert("www-authenticate", challenge.parse().unwrap());
        response
    });
    let response = server.client(connector(config(auth))).get("/").send().await.unwrap();
    assert!(response.refusal().unwrap().to_string().contains("insufficient_scope"));
    assert_eq!((server.token_requests().len(), server.calls().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_ends_while_the_old_one_serves() {
    let server = Server::slow(Duration::from_secs(5), |seen, count| {
        if seen.is_token_request() { numbered(count, 3600) } else { ok() }
    });
    let client = server.client(connector(config(client_credentials())));
    client.get("/").send().await.unwrap();
    advance(Duration::from_secs(3500)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1, "60 s are left and more");
    advance(Duration::from_secs(40)).await;
    client.get("/").send().await.unwrap();
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 2);
    let calls = server.calls();
    assert_eq!(calls[2].header("authorization"), Some("Bearer token-0"), "the old one goes on serving");
    advance(Duration::from_secs(10)).await;
    client.get("/").send().await.unwrap();
    assert_ne!(server.calls().last().unwrap().header("authorization"), Some("Bearer token-0"));
    assert_eq!(server.token_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_short_token_is_renewed_at_a_tenth_of_its_life() {
    let server = Server::new(|seen, count| if seen.is_token_request() { numbered(count, 10) } else { ok() });
    let client = server.client(connector(config(client_credentials())));
    client.get("/").send().await.unwrap();
    advance(Duration::from_millis(8900)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1);
    advance(Duration::from_millis(250)).await;
    client.get("/").send().await.unwrap();
    advance(Duration::from_millis(1)).await;
    assert_eq!(server.token_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_leaves_the_old_token_serving() {
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, 0) => numbered(0, 100),
        (true, _) => refused(400, "invalid_scope"),
        _ => ok(),
    });
    let client = server.client(connector(config(client_credentials())));
    client.get("/").send().await.unwrap();
    for _ in 0..3 {
        advance(Duration::from_secs(31)).await;
        client.get("/").send().await.unwrap();
    }
    advance(Duration::from_millis(1)).await;
    assert_eq!(server.token_requests().len(), 2);
    advance(Duration::from_secs(6)).await;
    client.get("/").send().await.unwrap();
    advance(Duration::from_millis(1)).await;
    assert_eq!(server.token_requests().len(), 3, "and is tried again after a while");
    advance(Duration::from_secs(10)).await;
    assert!(matches!(client.get("/").send().await, Err(Error::Token(_))), "at last the token has ended");
}

/// As a program does that is started for each call: its token is the store's, and is about to end.
#[tokio::test(start_paused = true)]
async fn a_stored_token_goes_on_serving_where_its_renewal_fails() {
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, 0) => numbered(count, 30),
        (true, _) => answer(503, "busy"),
        (false, _) => ok(),
    });
    let services = server.services();
    let client = || Client::with_services(connector(config(client_credentials())), services.clone());
    client().get("/").send().await.unwrap();
    advance(Duration::from_secs(28)).await;
    let later = client();
    let began = Instant::now();
    for _ in 0..3 {
        assert_eq!(later.get("/").send().await.unwrap().status(), 200);
    }
    assert_eq!(
        began.elapsed(),
        Duration::ZERO,
        "no call waits for the renewal, whose tries take longer than the token lives"
    );
    later.authenticator().settled().await;
    assert_eq!((server.token_requests().len(), server.calls().len()), (2, 4));
    assert_eq!(server.calls()[3].header("authorization"), Some("Bearer token-0"));
    advance(Duration::from_secs(3)).await;
    later.get("/").send().await.unwrap_err();
}

/// What was asked for by its path is asked for where the API is now.
#[tokio::test(start_paused = true)]
async fn a_new_token_may_say_that_the_api_is_elsewhere() {
    let auth = with(client_credentials(), json!({"token_response": {"base_url": "/api"}}));
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, 0) => json_answer(200, json!({"access_token": "a", "api": "https://old.example/v1"})),
        (true, _) => json_answer(200, json!({"access_token": "b", "api": "https://new.example/v2"})),
        (false, _) if seen.uri.starts_with("https://old.example") => answer(401, ""),
        _ => ok(),
    });
    let client = server.client(connector(config(auth)));
    assert_eq!(client.get("/x?y=1").send().await.unwrap().status(), 200);
    let called: Vec<_> = server.calls().into_iter().map(|seen| seen.uri).collect();
    assert_eq!(called, ["https://old.example/v1/x?y=1", "https://new.example/v2/x?y=1"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_with_the_first_of_its_cookies() {
    let auth = json!({
        "type": "cookie", "login_url": "https://auth.example/login", "username": "u", "password": "p",
        "session_cookie": "sid",
    });
    let server = Server::new(|seen, _| {
        let mut response = ok();
        if seen.is_token_request() {
            for cookie in ["sid=abc; Path=/; Max-Age=20", "old=1; Expires=Thu, 01-Jan-70 00:00:10 UTC"] {
                response.headers_mut().append("set-cookie", cookie.parse().unwrap());
            }
        }
        response
    });
    let here = Connector::new("test", "https://auth.example/api", config(auth));
    let client = server.client(here);
    let token = client.authenticator().token().await.unwrap().unwrap();
    let lasts = token.expires_at.unwrap().duration_since(token.obtained_at).unwrap();
    assert_eq!(lasts, Duration::from_secs(20));
    advance(Duration::from_secs(21)).await;
    client.authenticator().token().await.unwrap();
    assert_eq!(server.token_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_token_request_is_remembered_briefly() {
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, 0) => refused(400, "invalid_scope"),
        (true, _) => token("abc"),
        _ => ok(),
    });
    let client = server.client(connector(config(client_credentials())));
    for _ in 0..100 {
        assert!(client.get("/").send().await.is_err());
    }
    assert_eq!(server.seen().len(), 1);
    advance(Duration::from_secs(3)).await;
    client.get("/").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn trouble_is_waited_out_as_the_server_asks() {
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, 0) => {
            let mut response = answer(503, "");
            response.headers_mut().insert("retry-after", "7".parse().unwrap());
            response
        }
        (true, 1) => answer(429, ""),
        (true, _) => token("abc"),
        _ => ok(),
    });
    let begun = tokio::time::Instant::now();
    let auth = config(client_credentials());
    let client = server.client(connector(auth).with_http(HttpOptions::default()));
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 3);
    let waited = begun.elapsed().as_secs_f64();
    assert!((7.4..8.1).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_an_hour_is_told_of() {
    let server = Server::new(|_, _| {
        let mut response = answer(429, "");
        response.headers_mut().insert("retry-after", "3600".parse().unwrap());
        response
    });
    let client = server.client(connector(config(client_credentials())).with_http(HttpOptions::default()));
    match client.get("/").send().await.unwrap_err() {
        Error::Token(error) => {
            assert_eq!(error.retry_after, Some(Duration::from_secs(3600)));
            assert!(error.to_string().ends_with("asks to wait 3600 seconds"), "{error}");
        }
        error => panic!("{error}"),
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn network_errors_are_repeated_and_then_told() {
    let server = Server::fallible(|_, _| Err(TransportErrorKind::Broken));
    let client = server.client(connector(config(client_credentials())).with_http(HttpOptions::default()));
    let error = client.get("/").send().await.unwrap_err();
    assert_eq!(server.seen().len(), 3);
    assert!(error.to_string().contains("broke off"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up_on() {
    let server = Server::slow(Duration::from_secs(100_000), |_, _| ok());
    let http = HttpOptions::default().with_timeout(Duration::from_secs(3)).with_max_retries(0);
    let client = server.client(connector(config(client_credentials())).with_http(http));
    let begun = tokio::time::Instant::now();
    let error = client.get("/").send().await.unwrap_err();
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
    assert!(error.to_string().contains("in time"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_changed_file_ends_the_token_that_was_had_with_the_old_secret() {
    let path = std::env::temp_dir().join(format!("authwire-changed-{}", std::process::id()));
    std::fs::write(&path, "first\n").unwrap();
    let auth = with(
        client_credentials(),
        json!({"client_secret": {"file": path.display().to_string()}, "client_authentication": "request_body"}),
    );
    let server =
        Server::new(|seen, count| if seen.is_token_request() { numbered(count, 3600) } else { ok() });
    let client = server.client(connector(config(auth)));
    client.get("/").send().await.unwrap();
    std::fs::write(&path, "the second\n").unwrap();
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1, "not yet looked at");
    advance(Duration::from_millis(1100)).await;
    client.get("/").send().await.unwrap();
    let asked = server.token_requests();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].parameter("client_secret").as_deref(), Some("the second"));
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_away_ends_no_token() {
    let path = std::env::temp_dir().join(format!("authwire-away-{}", std::process::id()));
    std::fs::write(&path, "secret").unwrap();
    let auth = with(client_credentials(), json!({"client_secret": {"file": path.display().to_string()}}));
    let server =
        Server::new(|seen, count| if seen.is_token_request() { numbered(count, 3600) } else { ok() });
    let client = server.client(connector(config(auth)));
    client.get("/").send().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    for _ in 0..2 {
        advance(Duration::from_secs(2)).await;
        client.get("/").send().await.unwrap();
        // opened to be written, and not written yet
        std::fs::write(&path, "").unwrap();
    }
    assert_eq!(server.token_requests().len(), 1);
    // with the token over, the secret is needed
    advance(Duration::from_secs(3600)).await;
    let error = client.get("/").send().await.unwrap_err().to_string();
    assert!(error.contains("the value is empty"), "{error}");
    std::fs::write(&path, "secret").unwrap();
    advance(Duration::from_secs(5)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 2);
    std::fs::remove_file(&path).unwrap();
}

/// A repeat in between does not make a request that is sent again one that was never.
#[tokio::test(start_paused = true)]
async fn a_resent_request_stays_one_when_it_is_repeated() {
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, count) => numbered(count, 3600),
        // the token, the first call, another token, and the call once more
        (false, 3) => answer(503, ""),
        (false, _) => answer(401, "no"),
    });
    let connector =
        connector(config(client_credentials())).with_http(HttpOptions::default().with_max_retries(2));
    let response = server.client(connector).get("/").send().await.unwrap();
    let refusal = response.refusal().unwrap().to_string();
    assert!(refusal.contains("and so was a new one"), "{refusal}");
    assert_eq!((server.token_requests().len(), server.calls().len()), (2, 3));
}

#[tokio::test(start_paused = true)]
async fn a_request_is_given_back_though_nobody_waits_for_its_auth() {
    use std::task::{Context, Waker};
    let server = Server::slow(Duration::from_secs(1), |_, _| token("abc"));
    let client = server.client(connector(config(client_credentials())));
    let mut request = http::Request::get("https://api.example/v1/x").header("x-mine", "1").body(()).unwrap();
    {
        let mut applying = std::pin::pin!(client.authenticator().apply_to(&mut request));
        assert!(applying.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert_eq!((request.uri().path(), request.headers()["x-mine"].as_bytes()), ("/v1/x", &b"1"[..]));
    let _ = client.authenticator().apply_to(&mut request).await.unwrap();
    assert_eq!(request.headers()["authorization"], "Bearer abc");
}

#[tokio::test(start_paused = true)]
async fn a_static_credential_is_read_again_after_401() {
    let path = std::env::temp_dir().join(format!("authwire-static-{}", std::process::id()));
    std::fs::write(&path, "old").unwrap();
    let auth = json!({"type": "bearer_token", "api_key": {"file": path.display().to_string()}});
    let server =
        Server::new(
            |seen, _| if seen.header("authorization") == Some("Bearer new") { ok() } else { answer(401, "") },
        );
    let client = server.client(connector(config(auth)));
    let response = client.get("/").send().await.unwrap();
    assert!(response.refusal().unwrap().to_string().contains("`api_key`"));
    std::fs::write(&path, "new").unwrap();
    assert_eq!(client.get("/").send().await.unwrap().status(), 200);
    assert_eq!(server.seen().len(), 3);
    std::fs::remove_file(&path).unwrap();
}
