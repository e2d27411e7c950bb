//! Durable values: refresh tokens that rotate, in one process and in several that share a store.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use authwire_runtime::store::{
    Entry, MemoryStore, StoreError, StoreErrorKind, StoreKey, Storing, TokenStore, Turn,
};
use authwire_runtime::{Body, Client, Connector, Error, HttpOptions, TransportErrorKind};
use http::Response;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::fixture::{Seen, Server, advance, config, connector, json_answer, ok, refused, with};

pub(crate) fn refresh() -> Value {
    json!({
        "type": "oauth2_refresh_token", "client_id": "c", "client_secret": "cs", "refresh_token": "r-0",
        "token_url": "https://auth.example/token", "client_authentication": "request_body",
    })
}

fn password() -> Value {
    json!({
        "type": "oauth2_password", "client_id": "c", "username": "joe", "password": "pw",
        "token_url": "https://auth.example/token",
    })
}

/// A server that rotates: each refresh token is good once, and reuse revokes the family.
#[derive(Default)]
struct Rotating {
    spent: Mutex<HashSet<String>>,
    issued: Mutex<usize>,
}

impl Rotating {
    fn answer(&self, seen: &Seen) -> Response<Body> {
        if !seen.is_token_request() {
            return ok();
        }
        let presented = seen.parameter("refresh_token").unwrap();
        let mut issued = self.issued.lock().unwrap();
        if !self.spent.lock().unwrap().insert(presented.clone()) || presented != format!("r-{issued}") {
            return refused(400, "invalid_grant");
        }
        *issued += 1;
        json_answer(
            200,
            json!({
                "access_token": format!("token-{issued}"), "refresh_token": format!("r-{issued}"), "expires_in": 60,
            }),
        )
    }
}

pub(crate) fn rotating() -> Arc<Server> {
    let state = Rotating::default();
    Server::new(move |seen, _| state.answer(seen))
}

#[tokio::test(start_paused = true)]
async fn a_rotated_refresh_token_is_presented_next() {
    let server = rotating();
    let client = server.client(connector(config(refresh())));
    for _ in 0..4 {
        client.get("/").send().await.unwrap();
        advance(Duration::from_secs(100)).await;
    }
    let presented: Vec<_> =
        server.token_requests().iter().map(|seen| seen.parameter("refresh_token").unwrap()).collect();
    assert_eq!(presented, ["r-0", "r-1", "r-2", "r-3"]);
    assert_eq!(server.token_requests()[0].parameter("grant_type").as_deref(), Some("refresh_token"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_refresh_token_keeps_the_old_one() {
    let server = Server::new(|seen, _| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": "abc", "expires_in": 60})),
        false => ok(),
    });
    let client = server.client(connector(config(refresh())));
    for _ in 0..3 {
        client.get("/").send().await.unwrap();
        advance(Duration::from_secs(100)).await;
    }
    assert!(
        server.token_requests().iter().all(|seen| seen.parameter("refresh_token").as_deref() == Some("r-0"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_is_a_number_is_presented_next_too() {
    let server = Server::new(|seen, count| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": "abc", "expires_in": 60, "refresh_token": count})),
        false => ok(),
    });
    let client = server.client(connector(config(refresh())));
    for _ in 0..2 {
        client.get("/").send().await.unwrap();
        advance(Duration::from_secs(100)).await;
    }
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("0"));
}

#[tokio::test(start_paused = true)]
async fn clients_that_share_a_store_share_the_chain_and_the_token() {
    let server = rotating();
    let store = Arc::new(MemoryStore::new());
    let client = |auth: Value| {
        let services = server.services().with_store(Arc::<MemoryStore>::clone(&store));
        Client::with_services(connector(config(auth)), services)
    };
    let clients: Vec<Client> = (0..20).map(|_| client(refresh())).collect();
    for _ in 0..3 {
        let calls: Vec<_> = clients.iter().map(|client| tokio::spawn(client.get("/").send())).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        advance(Duration::from_secs(61)).await;
    }
    assert_eq!(server.token_requests().len(), 3);
    // another scope: the same chain, another token
    client(with(refresh(), json!({"scope": "other"}))).get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[3].parameter("refresh_token").as_deref(), Some("r-3"));
    // another client secret: the chain is not lost
    client(with(refresh(), json!({"client_secret": "new"}))).get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[4].parameter("refresh_token").as_deref(), Some("r-4"));
    // a refresh token changed in the file by hand wins
    client(with(refresh(), json!({"refresh_token": "r-5"}))).get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[5].parameter("refresh_token").as_deref(), Some("r-5"));
}

#[tokio::test(start_paused = true)]
async fn a_spent_refresh_token_needs_a_person_and_is_not_presented_again() {
    let server =
        Server::new(|seen, _| if seen.is_token_request() { refused(400, "invalid_grant") } else { ok() });
    let client = server.client(connector(config(refresh())).with_http(HttpOptions::default()));
    for _ in 0..3 {
        let error = client.get("/").send().await.unwrap_err();
        assert!(matches!(error, Error::ReauthRequired(_)), "{error}");
        assert!(error.to_string().contains("sign in again"), "{error}");
        advance(Duration::from_secs(1000)).await;
    }
    assert_eq!(server.seen().len(), 1);
}

/// A session that one API gave is no credential of another one, be the account the same.
#[tokio::test(start_paused = true)]
async fn apis_at_two_addresses_share_no_token() {
    let server = Server::new(|seen, count| match seen.is_token_request() {
        true => json_answer(200, json!({"access_token": format!("token-{count}"), "expires_in": 3600})),
        false => ok(),
    });
    let services = server.services();
    let auth = json!({
        "type": "oauth2_client_credentials", "client_id": "c", "client_secret": "cs",
        "token_url": "https://auth.example/token",
    });
    for base_url in ["https://api.example", "https://api.example", "https://other.example"] {
        let connector = Connector::new("acme", base_url, config(auth.clone()));
        Client::with_services(connector, services.clone()).get("/").send().await.unwrap();
    }
    assert_eq!(server.token_requests().len(), 2);
}

/// A store that fails when it is told to, and tells whose turn it was.
struct Watched {
    inner: MemoryStore,
    /// How often it does not fail before.
    spares: Mutex<usize>,
    fails: Mutex<usize>,
    turns: Mutex<Vec<StoreKey>>,
}

impl Watched {
    fn new() -> Self {
        Self {
            inner: MemoryStore::new(),
            spares: Mutex::new(0),
            fails: Mutex::new(0),
            turns: Mutex::default(),
        }
    }
}

impl TokenStore for Watched {
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
        let (mut spares, mut fails) = (self.spares.lock().unwrap(), self.fails.lock().unwrap());
        if *spares > 0 {
            *spares -= 1;
        } else if *fails > 0 {
            *fails -= 1;
            return Box::pin(std::future::ready(Err(StoreError::new(
                StoreErrorKind::Full,
                "the disk is full",
            ))));
        }
        self.inner.swap(key, expected, bytes)
    }

    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn> {
        self.turns.lock().unwrap().push(key.clone());
        self.inner.turn(key)
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_cannot_be_stored_is_not_lost_and_its_token_not_used() {
    let server = rotating();
    let store = Arc::new(Watched::new());
    *store.fails.lock().unwrap() = 2;
    let services = server.services().with_store(Arc::<Watched>::clone(&store));
    let client = Client::with_services(connector(config(refresh())), services);
    for _ in 0..2 {
        let error = client.get("/").send().await.unwrap_err();
        assert!(
            matches!(error, Error::Store(_)) && error.to_string().contains("the disk is full"),
            "{error}"
        );
        assert!(server.calls().is_empty());
    }
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1, "what was had is stored, then used");
    advance(Duration::from_secs(61)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("r-1"));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_is_not_presented_where_its_successor_cannot_be_stored() {
    let server = rotating();
    let store = Arc::new(Watched::new());
    let services = server.services().with_store(Arc::<Watched>::clone(&store));
    let client = Client::with_services(connector(config(refresh())), services);
    client.get("/").send().await.unwrap();
    advance(Duration::from_secs(61)).await;
    *store.fails.lock().unwrap() = 1;
    let error = client.get("/").send().await.unwrap_err();
    assert!(matches!(error, Error::Store(_)), "{error}");
    assert_eq!(server.token_requests().len(), 1);
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("r-1"));
}

/// By the time that the server answers, what was presented is spent.
#[tokio::test(start_paused = true)]
async fn a_new_refresh_token_is_kept_though_its_answer_is_of_no_use() {
    let server = Server::new(|seen, count| match (seen.is_token_request(), count) {
        (true, 0) => json_answer(
            200,
            json!({"access_token": "a", "token_type": "mac", "refresh_token": "r-1", "expires_in": 60}),
        ),
        (true, _) => json_answer(200, json!({"access_token": "b", "refresh_token": "r-2", "expires_in": 60})),
        (false, _) => ok(),
    });
    let services = server.services();
    let client = || Client::with_services(connector(config(refresh())), services.clone());
    let error = client().get("/").send().await.unwrap_err().to_string();
    assert!(error.contains("of the type `mac`"), "{error}");
    client().get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("r-1"));
}

/// While the disk is full somebody puts another credential into its place: what could not be stored is no part of that.
#[tokio::test(start_paused = true)]
async fn what_could_not_be_stored_is_not_stored_over_what_came_since() {
    let server = Server::new(|seen, _| match seen.parameter("refresh_token") {
        None => ok(),
        Some(presented) => json_answer(
            200,
            json!({"access_token": "a", "refresh_token": format!("{presented}'"), "expires_in": 60}),
        ),
    });
    let store = Arc::new(Watched::new());
    let services = server.services().with_store(Arc::<Watched>::clone(&store));
    let presented = || -> Vec<String> {
        server.token_requests().iter().map(|seen| seen.parameter("refresh_token").unwrap()).collect()
    };
    let path = std::env::temp_dir().join(format!("authwire-kept-{}", std::process::id()));
    std::fs::write(&path, "old").unwrap();
    let auth = with(refresh(), json!({"refresh_token": {"file": path.display().to_string()}}));
    let client = Client::with_services(connector(config(auth.clone())), services.clone());
    *store.fails.lock().unwrap() = 1;
    client.get("/").send().await.unwrap_err();
    // another refresh token in the file
    std::fs::write(&path, "fresh").unwrap();
    advance(Duration::from_secs(5)).await;
    client.get("/").send().await.unwrap();
    advance(Duration::from_secs(61)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(presented(), ["old", "fresh", "fresh'"]);
    // the same one, that another process went on with
    advance(Duration::from_secs(61)).await;
    (*store.spares.lock().unwrap(), *store.fails.lock().unwrap()) = (1, 1);
    client.get("/").send().await.unwrap_err();
    advance(Duration::from_secs(5)).await;
    Client::with_services(connector(config(auth)), services).get("/").send().await.unwrap();
    advance(Duration::from_secs(61)).await;
    client.get("/").send().await.unwrap();
    assert_eq!(presented()[3..], ["fresh''", "fresh''", "fresh'''"]);
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test(start_paused = true)]
async fn if_another_process_rotated_it_that_is_used() {
    let store = Arc::new(Watched::new());
    let records = Arc::clone(&store);
    let server = Server::new(move |seen, _| match seen.parameter("refresh_token").as_deref() {
        None => ok(),
        Some("r-0") => {
            json_answer(200, json!({"access_token": "a", "refresh_token": "r-1", "expires_in": 60}))
        }
        Some("r-1") => {
            rotate_behind(&records);
            refused(400, "invalid_grant")
        }
        Some(_) => json_answer(200, json!({"access_token": "b", "expires_in": 60})),
    });
    let services = server.services().with_store(Arc::<Watched>::clone(&store));
    let client = Client::with_services(connector(config(refresh())), services);
    client.get("/").send().await.unwrap();
    advance(Duration::from_secs(61)).await;
    client.get("/").send().await.unwrap();
    let presented: Vec<_> =
        server.token_requests().iter().map(|seen| seen.parameter("refresh_token").unwrap()).collect();
    assert_eq!(presented, ["r-0", "r-1", "r-9"]);
}

/// Writes `r-9` in the place of `r-1`, as another process would.
fn rotate_behind(store: &Watched) {
    write_behind(store, "r-1", "r-9");
}

/// Writes `new` in the place of `old` into the record whose turn was the last, as another process would. Returns its text.
fn write_behind(store: &Watched, old: &str, new: &str) -> String {
    let key = store.turns.lock().unwrap().last().unwrap().clone();
    let entry = at_once(store.load(&key)).unwrap();
    let text = String::from_utf8(entry.bytes.to_vec()).unwrap().replace(old, new);
    let bytes = Zeroizing::new(text.clone().into_bytes());
    assert!(at_once(store.swap(&key, Some(entry.version), Some(bytes))).is_some());
    text
}

fn at_once<T>(mut future: Storing<'_, T>) -> T {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.unwrap(),
        Poll::Pending => panic!("a store in memory answers at once"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_whose_answer_was_lost_is_repeated_once() {
    let server = Server::fallible(|_, _| Err(TransportErrorKind::Broken));
    let http = HttpOptions::default().with_max_retries(5);
    server.client(connector(config(refresh())).with_http(http)).get("/").send().await.unwrap_err();
    assert_eq!(server.seen().len(), 2);
    let server = Server::fallible(|_, _| Err(TransportErrorKind::Connect));
    let http = HttpOptions::default().with_max_retries(5);
    server.client(connector(config(refresh())).with_http(http)).get("/").send().await.unwrap_err();
    assert_eq!(server.seen().len(), 6, "nothing was sent, nothing is lost");
}

#[tokio::test(start_paused = true)]
async fn the_password_at_first_then_the_refresh_token_then_the_password_again() {
    let server = Server::new(|seen, count| {
        if !seen.is_token_request() {
            return ok();
        }
        let grant = seen.parameter("grant_type").unwrap();
        match (grant.as_str(), count) {
            ("password", 0) => {
                json_answer(200, json!({"access_token": "a", "refresh_token": "r-1", "expires_in": 60}))
            }
            ("refresh_token", 2) => {
                json_answer(200, json!({"access_token": "b", "refresh_token": "r-2", "expires_in": 60}))
            }
            ("refresh_token", _) => refused(400, "invalid_grant"),
            _ => json_answer(200, json!({"access_token": "c", "expires_in": 60})),
        }
    });
    let client = server.client(connector(config(password())));
    for _ in 0..4 {
        client.get("/").send().await.unwrap();
        advance(Duration::from_secs(61)).await;
    }
    let asked: Vec<(String, Option<String>)> = server
        .token_requests()
        .iter()
        .map(|seen| (seen.parameter("grant_type").unwrap(), seen.parameter("refresh_token")))
        .collect();
    let asked: Vec<(&str, Option<&str>)> =
        asked.iter().map(|(grant, token)| (grant.as_str(), token.as_deref())).collect();
    assert_eq!(
        asked,
        [
            ("password", None),
            ("refresh_token", Some("r-1")),
            ("refresh_token", Some("r-2")),
            ("password", None),
            // the refused one was forgotten, and the answer held no new one
            ("password", None),
        ]
    );
    let first = &server.token_requests()[0];
    assert_eq!(
        (first.parameter("username").as_deref(), first.parameter("password").as_deref()),
        (Some("joe"), Some("pw"))
    );
    assert_eq!(first.parameter("client_id").as_deref(), Some("c"));
}

/// Some servers hand out refresh tokens and take none.
#[tokio::test(start_paused = true)]
async fn the_password_again_where_a_refresh_token_is_of_no_use() {
    for (status, error) in [(400, "unauthorized_client"), (400, "unsupported_grant_type"), (403, "")] {
        let server = Server::new(move |seen, _| {
            match (seen.is_token_request(), seen.parameter("grant_type").as_deref()) {
                (false, _) => ok(),
                (true, Some("refresh_token")) => refused(status, error),
                _ => json_answer(200, json!({"access_token": "a", "refresh_token": "r-1", "expires_in": 60})),
            }
        });
        let client = server.client(connector(config(password())));
        for _ in 0..2 {
            client.get("/").send().await.unwrap_or_else(|failed| panic!("{status} {error}: {failed}"));
            advance(Duration::from_secs(61)).await;
        }
        let grants: Vec<_> =
            server.token_requests().iter().map(|seen| seen.parameter("grant_type").unwrap()).collect();
        assert_eq!(grants, ["password", "refresh_token", "password"], "{status} {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_no_matter_of_signing_in_again() {
    let server = Server::new(|_, _| refused(400, "invalid_grant"));
    let error = server.client(connector(config(password()))).get("/").send().await.unwrap_err();
    assert!(matches!(error, Error::Token(_)), "{error}");
}

/// A store that never says that it kept how a client authenticates.
#[derive(Default)]
struct Forgetful(Arc<MemoryStore>);

impl TokenStore for Forgetful {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.0.digest(bytes)
    }

    fn load<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Option<Entry>> {
        self.0.load(key)
    }

    fn swap<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Storing<'a, Option<u64>> {
        match &bytes {
            Some(bytes) if bytes.starts_with(b"{") => self.0.swap(key, expected, Some(bytes.clone())),
            _ => Box::pin(std::future::pending()),
        }
    }

    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn> {
        self.0.turn(key)
    }
}

/// A new refresh token is stored before anything that could be found out again, and a store that hangs is given up on.
#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_over_less_than_a_refresh_token_loses_none() {
    let server = rotating();
    let store = Arc::new(Forgetful::default());
    let auth = with(refresh(), json!({"client_authentication": null}));
    let services = server.services();
    let client = |store: Arc<dyn TokenStore>| {
        Client::with_services(connector(config(auth.clone())), services.clone().with_store(store))
    };
    let hanging = client(Arc::<Forgetful>::clone(&store));
    let call = tokio::time::timeout(Duration::from_secs(600), hanging.get("/").send()).await;
    assert_eq!(call.expect("it waits no longer than it may").unwrap().status(), 200);
    advance(Duration::from_secs(61)).await;
    client(Arc::<MemoryStore>::clone(&store.0)).get("/").send().await.unwrap();
    assert_eq!(server.token_requests()[1].parameter("refresh_token").as_deref(), Some("r-1"));
}

#[tokio::test(start_paused = true)]
async fn what_a_later_version_wrote_is_told_and_left_alone() {
    let server = rotating();
    let store = Arc::new(Watched::new());
    let services = server.services().with_store(Arc::<Watched>::clone(&store));
    let client = || Client::with_services(connector(config(refresh())), services.clone());
    client().get("/").send().await.unwrap();
    let later = write_behind(&store, "\"version\":1", "\"version\":2,\"of\":\"a later version\"");
    for _ in 0..2 {
        let error = client().get("/").send().await.unwrap_err();
        assert!(matches!(error, Error::Store(_)) && error.to_string().contains("version 2"), "{error}");
        assert!(client().authenticator().forget().await.is_err());
    }
    assert_eq!(server.token_requests().len(), 1);
    assert_eq!(write_behind(&store, "", ""), later);
}
