//! Forgetting a credential: it is gone, whoever writes, waits or obtains one meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use authwire_runtime::store::{Entry, MemoryStore, StoreKey, Storing, TokenStore, Turn};
use authwire_runtime::{Client, Error};
use serde_json::json;
use zeroize::Zeroizing;

use crate::fixture::{Server, client_credentials, config, connector, json_answer, ok};
use crate::kept::{refresh, rotating};

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_begins_anew() {
    let server = rotating();
    let client = server.client(connector(config(refresh())));
    client.get("/").send().await.unwrap();
    client.authenticator().forget().await.unwrap();
    assert!(matches!(client.get("/").send().await, Err(Error::ReauthRequired(_))));
    let presented: Vec<_> =
        server.token_requests().iter().map(|seen| seen.parameter("refresh_token").unwrap()).collect();
    assert_eq!(presented, ["r-0", "r-0"]);
}

/// A store that takes its time to remove what it keeps, and in which somebody writes in between, once.
#[derive(Default)]
struct Contended {
    inner: MemoryStore,
    meddles: AtomicBool,
    takes: Duration,
}

impl TokenStore for Contended {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.inner.digest(bytes)
    }

    fn load<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Option<Entry>> {
        self.inner.load(key)
    }

    fn swap<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Storing<'a, Option<u64>> {
        if bytes.is_some() {
            return self.inner.swap(key, expected, bytes);
        }
        Box::pin(async move {
            tokio::time::sleep(self.takes).await;
            if self.meddles.swap(false, Ordering::SeqCst) {
                let entry = self.inner.load(key).await?.unwrap();
                self.inner.swap(key, Some(entry.version), Some(entry.bytes)).await?.unwrap();
            }
            self.inner.swap(key, expected, None).await
        })
    }

    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn> {
        self.inner.turn(key)
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_is_gone_though_somebody_wrote_in_between() {
    let server = rotating();
    let store = Contended { meddles: AtomicBool::new(true), ..Contended::default() };
    let services = server.services().with_store(Arc::new(store));
    let client = Client::with_services(connector(config(refresh())), services);
    client.get("/").send().await.unwrap();
    assert!(client.authenticator().forget().await.unwrap());
    assert!(!client.authenticator().forget().await.unwrap());
    client.get("/").send().await.unwrap_err();
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("r-0"));
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_forgotten_goes_though_nobody_waits_for_it() {
    let server = rotating();
    let store = Contended { takes: Duration::from_secs(2), ..Contended::default() };
    let client =
        Client::with_services(connector(config(refresh())), server.services().with_store(Arc::new(store)));
    client.get("/").send().await.unwrap();
    tokio::time::timeout(Duration::from_secs(1), client.authenticator().forget()).await.unwrap_err();
    client.authenticator().settled().await;
    client.get("/").send().await.unwrap_err();
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("r-0"));
}

/// A store whose first turn ends when it is told to, a moment before its holder goes on.
struct Lingering {
    inner: MemoryStore,
    first: AtomicBool,
    ended: Arc<tokio::sync::Notify>,
    goes_on: Arc<Mutex<std::sync::mpsc::Receiver<()>>>,
}

impl TokenStore for Lingering {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.inner.digest(bytes)
    }

    fn load<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Option<Entry>> {
        self.inner.load(key)
    }

    fn swap<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Storing<'a, Option<u64>> {
        self.inner.swap(key, expected, bytes)
    }

    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn> {
        Box::pin(async move {
            let turn = self.inner.turn(key).await?;
            if !self.first.swap(false, Ordering::SeqCst) {
                return Ok(turn);
            }
            let (ended, goes_on) = (Arc::clone(&self.ended), Arc::clone(&self.goes_on));
            Ok(Turn::new(Lingers { turn: Some(turn), ended, goes_on }))
        })
    }
}

struct Lingers {
    turn: Option<Turn>,
    ended: Arc<tokio::sync::Notify>,
    goes_on: Arc<Mutex<std::sync::mpsc::Receiver<()>>>,
}

impl Drop for Lingers {
    fn drop(&mut self) {
        drop(self.turn.take());
        self.ended.notify_one();
        self.goes_on.lock().unwrap().recv_timeout(Duration::from_secs(20)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forgotten_while_it_is_being_obtained_does_not_come_back() {
    let server = Server::new(|seen, count| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": format!("token-{count}"), "expires_in": 3600})),
        false => ok(),
    });
    let (go_on, goes_on) = std::sync::mpsc::channel();
    let (ended, goes_on) = (Arc::default(), Arc::new(Mutex::new(goes_on)));
    let store = Lingering {
        inner: MemoryStore::new(),
        first: AtomicBool::new(true),
        ended: Arc::clone(&ended),
        goes_on,
    };
    let services = server.services().with_store(Arc::new(store));
    let client = Client::with_services(connector(config(client_credentials())), services);
    let call = tokio::spawn(client.get("/before").send());
    ended.notified().await;
    assert!(client.authenticator().forget().await.unwrap());
    // who comes after that is not served by what was under way before it
    let after = client.get("/after").send().await.unwrap();
    go_on.send(()).unwrap();
    call.await.unwrap().unwrap();
    assert_eq!(after.status(), 200);
    client.get("/later").send().await.unwrap();
    let sent = |path: &str| {
        let called = server.calls().into_iter().find(|seen| seen.uri.ends_with(path)).unwrap();
        called.header("authorization").unwrap().to_owned()
    };
    assert_eq!(sent("/before"), "Bearer token-0");
    assert_eq!(sent("/after"), sent("/later"));
    assert_ne!(sent("/after"), "Bearer token-0");
    assert_eq!(server.token_requests().len(), 2);
}
