//! Applying a credential allocates nothing of its own. In a program of its own, for it counts every allocation.

mod it {
    #[allow(dead_code, reason = "shared with the other tests, which use all of it")]
    pub(crate) mod fixture;
}

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use authwire_runtime::Authenticator;
use http::{HeaderMap, Request};
use it::fixture::{Server, client_credentials, config, connector, ok, token};
use serde_json::{Value, json};

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("what is ready makes nobody wait"),
    }
}

/// How many allocations it takes to apply `auth` to a request that has room for its headers.
async fn allocations(auth: Value, uri: &'static str) -> u64 {
    let server = Server::new(|seen, _| if seen.is_token_request() { token("abc") } else { ok() });
    let authenticator = Authenticator::new(connector(config(auth)), server.services());
    authenticator.prepare().await.unwrap();
    let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
    parts.headers = HeaderMap::with_capacity(8);
    let info = allocation_counter::measure(|| {
        let _ = ready(authenticator.apply(&mut parts)).unwrap();
    });
    info.count_total
}

#[tokio::test(start_paused = true)]
async fn applying_a_credential_allocates_nothing_of_its_own() {
    let uri = "https://api.example/v1/users?page=1";
    for auth in [
        json!({"type": "no_auth"}),
        json!({"type": "basic_auth", "username": "u", "password": "p"}),
        json!({"type": "bearer_token", "api_key": "abc", "header_auth_key": "X-My-Token"}),
        client_credentials(),
        json!({
            "type": "jwt_bearer", "private_key": "k".repeat(32), "algorithm": "HS256", "claims_expiry_seconds": 300,
        }),
    ] {
        assert_eq!(allocations(auth.clone(), uri).await, 0, "{auth}");
    }
    let query = json!({
        "type": "api_key", "api_key_auth_type": "param_auth", "api_key": "k", "param_auth_param_name": "key",
    });
    // a URL with one more parameter is another text
    assert!(allocations(query, uri).await <= 3);
}
