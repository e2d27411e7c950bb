//! What comes from outside and goes wrong: a resolver that hangs, a transport that panics, a runtime that is not there.

use std::future::Future as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use authwire_core::{Reference, TextMap};
use authwire_runtime::{
    Client, Connector, Error, HttpOptions, Resolver, Resolving, Unresolved, UnresolvedKind,
};
use bytes::Bytes;
use http::Request;
use serde_json::json;
use zeroize::Zeroizing;

use crate::fixture::{Server, client_credentials, config, connector, json_answer, ok, with};

/// Answers nothing while it hangs.
#[derive(Default)]
struct Hanging(AtomicBool);

impl Resolver for Hanging {
    fn resolve<'a>(&'a self, _: &'a Reference) -> Resolving<'a> {
        match self.0.load(Ordering::SeqCst) {
            true => Box::pin(std::future::pending()),
            false => Box::pin(std::future::ready(Ok(Zeroizing::new("s3cret".to_owned())))),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reference_that_is_not_resolved_in_time_is_told_and_asked_again() {
    let server = Server::new(|seen, _| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": "abc", "expires_in": 60})),
        false => ok(),
    });
    let reference = json!({"client_secret": {"store": "vault"}});
    for auth in [
        with(client_credentials(), reference),
        json!({"type": "bearer_token", "api_key": {"store": "vault"}}),
    ] {
        let resolver = Arc::new(Hanging(AtomicBool::new(true)));
        let services = server.services().with_resolver(Arc::<Hanging>::clone(&resolver));
        let client = Client::with_services(connector(config(auth)), services);
        let error = client.get("/").send().await.unwrap_err();
        let Error::Unresolved(Unresolved { reference, message, .. }) = &error else { panic!("{error}") };
        assert_eq!(
            (reference.to_string(), message.as_str()),
            ("store:vault".to_owned(), "it was not resolved within 60 seconds")
        );
        resolver.0.store(false, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(client.get("/").send().await.unwrap().status(), 200);
    }
}

/// A vault that is asked over the network, and may be down.
#[derive(Default)]
struct Vault {
    asked: AtomicUsize,
    is_down: AtomicBool,
}

impl Resolver for Vault {
    fn resolve<'a>(&'a self, reference: &'a Reference) -> Resolving<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(3)).await;
            match self.is_down.load(Ordering::SeqCst) {
                true => {
                    Err(Unresolved::new(UnresolvedKind::Failed, reference, "the vault is down", "see to it"))
                }
                false => Ok(Zeroizing::new(format!("{}-s3cret", reference.name()))),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn however_many_wait_each_reference_is_resolved_once_and_all_at_the_same_time() {
    let server = Server::new(|_, _| ok());
    let vault = Arc::new(Vault::default());
    let services = server.services().with_resolver(Arc::<Vault>::clone(&vault));
    let basic = json!({"type": "basic_auth", "username": {"store": "a"}, "password": {"store": "b"}});
    let header = |(name, key): (&'static str, &str)| (name, Reference::Store(key.to_owned()));
    let headers: TextMap = [("X-A", "a"), ("X-C", "c")].into_iter().map(header).collect();
    let client = Client::with_services(connector(config(basic)).with_headers(headers), services);
    let begun = tokio::time::Instant::now();
    let mut calls: Vec<_> = (0..100).map(|_| tokio::spawn(client.get("/").send())).collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    // who began goes away; the others go on
    calls.remove(0).abort();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!((begun.elapsed().as_secs(), vault.asked.load(Ordering::SeqCst)), (3, 3));
    assert_eq!(server.seen()[0].header("x-a"), Some("a-s3cret"));
}

#[tokio::test(start_paused = true)]
async fn a_vault_that_is_down_is_asked_once_for_all_who_wait_and_again_after_a_while() {
    let server = Server::new(|_, _| ok());
    let vault = Arc::new(Vault { is_down: AtomicBool::new(true), ..Vault::default() });
    let services = server.services().with_resolver(Arc::<Vault>::clone(&vault));
    let auth = json!({"type": "bearer_token", "api_key": {"store": "vault"}});
    let client = Client::with_services(connector(config(auth)), services);
    let begun = tokio::time::Instant::now();
    let calls: Vec<_> = (0..100).map(|_| tokio::spawn(client.get("/").send())).collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.to_string().contains("the vault is down"), "{error}");
    }
    assert_eq!(begun.elapsed().as_secs(), 3);
    client.get("/").send().await.unwrap_err();
    assert_eq!((begun.elapsed().as_secs(), vault.asked.load(Ordering::SeqCst)), (3, 1));
    vault.is_down.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(3)).await;
    client.get("/").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_transport_is_told_and_the_next_call_goes_on() {
    let broken = Arc::new(AtomicBool::new(true));
    let server = {
        let broken = Arc::clone(&broken);
        Server::new(move |seen, _| {
            assert!(!broken.load(Ordering::SeqCst), "this transport panics");
            match seen.is_token_request() {
                true => json_answer(200, json!({"access_token": "abc"})),
                false => ok(),
            }
        })
    };
    let client = server.client(connector(config(client_credentials())));
    let error = client.get("/").send().await.unwrap_err();
    assert!(matches!(error, Error::Panicked), "{error}");
    broken.store(false, Ordering::SeqCst);
    assert_eq!(client.get("/").send().await.unwrap().status(), 200);
}

/// The task that obtains a token belongs to the runtime of the call that began it.
#[test]
fn a_runtime_that_shuts_down_takes_no_other_ones_call_along() {
    let server = Server::slow(Duration::from_millis(200), |seen, _| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": "abc"})),
        false => ok(),
    });
    let client = server.client(connector(config(client_credentials())));
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build().unwrap();
    let (first, second) = (runtime(), runtime());
    let call = first.spawn(client.get("/").send());
    while server.seen().is_empty() && !call.is_finished() {
        std::thread::yield_now();
    }
    let other = second.spawn(client.get("/").send());
    first.shutdown_background();
    assert_eq!(second.block_on(other).unwrap().unwrap().status(), 200);
}

/// Its tasks are dropped before they begin.
#[test]
fn a_runtime_that_is_gone_leaves_no_task_behind() {
    let server = Server::new(|seen, _| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": "abc"})),
        false => ok(),
    });
    let client = server.client(connector(config(client_credentials())));
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build().unwrap();
    let gone = runtime();
    let handle = gone.handle().clone();
    gone.shutdown_timeout(Duration::from_secs(5));
    {
        let _inside = handle.enter();
        let mut call = Box::pin(client.get("/").send());
        let outcome = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(outcome, Poll::Ready(Err(Error::Interrupted))), "{outcome:?}");
    }
    let call = client.get("/").send();
    let here = runtime();
    let response = here.block_on(async { tokio::time::timeout(Duration::from_secs(10), call).await });
    assert_eq!(response.expect("it goes on").unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_program_that_ends_can_wait_for_the_token_that_is_being_obtained() {
    let server = Server::slow(Duration::from_millis(300), |seen, _| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": "abc"})),
        false => ok(),
    });
    let client = server.client(connector(config(client_credentials())));
    client.authenticator().settled().await;
    assert_eq!(server.seen().len(), 0);
    // its caller goes away; the request does not
    tokio::time::timeout(Duration::from_millis(1), client.get("/").send()).await.unwrap_err();
    client.authenticator().settled().await;
    assert_eq!(client.authenticator().token().await.unwrap().unwrap().expose_value(), "abc");
    assert_eq!(server.token_requests().len(), 1);
}

#[test]
fn without_a_runtime_a_call_is_refused_and_does_not_panic() {
    let bearer = json!({"type": "bearer_token", "api_key": "k"});
    let loopback = Connector::new("test", "http://127.0.0.1:9", config(bearer));
    let client = Client::new(loopback.with_http(HttpOptions::default().with_max_retries(u32::MAX))).unwrap();
    let mut call = Box::pin(client.get("/").send());
    let Poll::Ready(outcome) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits for a runtime that is not there")
    };
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("no reactor running"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_announces_no_body_is_enough_to_sign() {
    let aws = json!({
        "type": "aws_sigv4", "access_key_id": "AKIDEXAMPLE", "secret_access_key": "s", "region": "us-east-1",
        "service": "execute-api",
    });
    let server = Server::new(|_, _| ok());
    let client = server.client(connector(config(aws)));
    let authenticator = client.authenticator();
    let url = "https://api.example/v1/x";
    for (request, signs) in [
        (Request::get(url), true),
        (Request::delete(url), true),
        (Request::get(url).header("content-length", "0"), true),
        (Request::get(url).header("content-length", "2"), false),
        (Request::delete(url).header("content-type", "application/json"), false),
        (Request::get(url).header("transfer-encoding", "chunked"), false),
        (Request::post(url), false),
    ] {
        let mut request = request.body(()).unwrap();
        let applied = authenticator.apply_to(&mut request).await;
        match applied {
            Ok(_) => assert!(signs && request.headers().contains_key("authorization"), "{request:?}"),
            Err(error) => assert!(!signs && error.to_string().contains("apply_with_body"), "{error}"),
        }
        let (mut parts, ()) = request.into_parts();
        let _ = authenticator.apply_with_body(&mut parts, Some(&Bytes::from_static(b"{}"))).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_says_its_cause_once() {
    let server = Server::fallible(|_, _| Err(authwire_runtime::TransportErrorKind::Connect));
    let error = server.client(connector(config(client_credentials()))).get("/").send().await.unwrap_err();
    assert!(std::error::Error::source(&error).is_none() && error.is_passing(), "{error}");
    let Error::Token(token) = &error else { panic!("{error}") };
    assert!(token.transport().is_some());
    assert_eq!(error.to_string().matches("no connection to").count(), 1, "{error}");
}
