//! What is kept lasts.

use authwire_runtime::store::{StoreKey, TokenStore as _};
use authwire_runtime::{Resolver as _, store::Record};
use authwire_store::{Store, StoredSecrets};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use zeroize::Zeroizing;

use crate::{Folder, secret};

fn bytes(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(text.as_bytes().to_vec()))
}

#[test]
fn a_secret_outlives_the_store_that_it_was_given_to() {
    let folder = Folder::new();
    {
        let store = folder.open();
        store.set_secret("zoom", "one").unwrap();
        store.set_secret("zoom", "two").unwrap();
        store.set_secret("acme", "").unwrap();
    }
    let store = folder.open();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("two"));
    assert_eq!(secret(&store, "acme").as_deref(), Some(""));
    assert_eq!(secret(&store, "other"), None);
    let names: Vec<_> = store.secrets().unwrap().into_iter().map(|secret| secret.name).collect();
    assert_eq!(names, ["acme", "zoom"]);
    assert!(store.remove_secret("zoom").unwrap());
    assert!(!store.remove_secret("zoom").unwrap());
    assert_eq!(secret(&folder.open(), "zoom"), None);
}

#[test]
fn a_name_that_no_reference_could_say_is_refused() {
    let folder = Folder::new();
    let store = folder.open();
    for name in ["", "a b", "a/b", "ä", &"x".repeat(129)] {
        assert!(store.set_secret(name, "s3cret").is_err(), "{name}");
    }
    store.set_secret(&"x".repeat(128), "s3cret").unwrap();
}

#[tokio::test]
async fn only_the_first_of_two_swaps_counts_whoever_makes_them() {
    let folder = Folder::new();
    let (one, other) = (folder.open(), folder.open());
    let key = StoreKey::from_digest(&one.digest(b"a"));
    assert_eq!(one.digest(b"a"), other.digest(b"a"));
    let first = one.swap(&key, None, bytes("one")).await.unwrap();
    assert!(first.is_some());
    assert_eq!(other.swap(&key, None, bytes("two")).await.unwrap(), None);
    let entry = other.load(&key).await.unwrap().unwrap();
    assert_eq!((entry.bytes.as_slice(), Some(entry.version)), (&b"one"[..], first));
    assert!(other.swap(&key, first, None).await.unwrap().is_some());
    assert!(one.load(&key).await.unwrap().is_none());
    // what was there before cannot come back under its version
    let again = one.swap(&key, None, bytes("one")).await.unwrap();
    assert_ne!(again, first);
}

#[tokio::test]
async fn references_lead_to_secrets() {
    let folder = Folder::new();
    let store = Arc::new(folder.open());
    store.set_secret("zoom", "s3cret").unwrap();
    let resolver = StoredSecrets::new(Arc::clone(&store));
    let reference = |name: &str| authwire_core::Reference::Store(name.to_owned());
    assert_eq!(resolver.resolve(&reference("zoom")).await.unwrap().as_str(), "s3cret");
    let error = resolver.resolve(&reference("zoo")).await.unwrap_err().to_string();
    assert!(error.contains("authwire secret set zoo"), "{error}");
    let before = resolver.version(&reference("zoom"));
    assert_eq!(before, resolver.version(&reference("zoom")));
    store.set_secret("zoom", "other").unwrap();
    assert_ne!(before, resolver.version(&reference("zoom")));
    // the rest of the world is still there
    let home = authwire_core::Reference::Env("PATH".to_owned());
    assert!(resolver.resolve(&home).await.is_ok());
}

/// A look at whether a secret changed is made between two requests.
#[test]
fn a_look_at_a_version_waits_for_nobody() {
    let folder = Folder::new();
    let store = Arc::new(folder.open());
    store.set_secret("zoom", "s3cret").unwrap();
    let resolver = StoredSecrets::new(Arc::clone(&store));
    let looked_at = |name: &str| {
        let begun = Instant::now();
        let version = resolver.version(&authwire_core::Reference::Store(name.to_owned()));
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        version
    };
    let before = looked_at("zoom");
    // another process writes, and a thread of this one waits for it
    let other = rusqlite::Connection::open(folder.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writing = std::thread::spawn({
        let store = Arc::clone(&store);
        move || store.set_secret("zoom", "other")
    });
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(looked_at("zoom"), before);
    // of one that nobody saw, whatever is seen next is news
    let unseen = looked_at("acme");
    other.execute_batch("ROLLBACK").unwrap();
    writing.join().unwrap().unwrap();
    store.set_secret("acme", "s3cret").unwrap();
    assert_ne!(looked_at("zoom"), before);
    assert_ne!(looked_at("acme"), unseen);
}

#[tokio::test]
async fn the_status_tells_what_there_is_and_no_value() {
    let folder = Folder::new();
    let store = folder.open();
    store.set_secret("zoom", "s3cret").unwrap();
    let mut record = Record::default();
    record.connector = "acme".to_owned();
    let key = StoreKey::from_digest(&store.digest(b"record"));
    store.swap(&key, None, Some(record.to_bytes())).await.unwrap();
    let style = StoreKey::from_digest(&store.digest(b"style"));
    store.swap(&style, None, bytes("basic")).await.unwrap();
    let status = store.status().unwrap();
    assert_eq!(status.records.len(), 1);
    assert_eq!(status.records[0].connector, "acme");
    assert_eq!((status.secrets.len(), status.damaged), (1, 0));
    assert!(!format!("{status:?}").contains("s3cret"));
}

const DAY: i64 = 86_400_000;

fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
    i64::try_from(now).unwrap()
}

/// Puts a new record with a token for each of `ends` into the store.
async fn put_record(store: &Store, name: &str, kept: Value, ends: &[Option<i64>]) {
    let token = |(at, end): (usize, &Option<i64>)| {
        let config = STANDARD.encode([u8::try_from(at).unwrap(); 32]);
        json!({"config": config, "value": "t", "obtained_at": now() - 4 * DAY, "expires_at": end, "scope": null})
    };
    let tokens: Vec<Value> = ends.iter().enumerate().map(token).collect();
    let record = json!({"version": 1, "connector": name, "kept": kept, "tokens": tokens});
    let key = StoreKey::from_digest(&store.digest(name.as_bytes()));
    store.swap(&key, None, bytes(&record.to_string())).await.unwrap();
}

/// The connectors whose records are there.
fn records(store: &Store) -> Vec<String> {
    store.status().unwrap().records.into_iter().map(|record| record.connector).collect()
}

/// As if that much had gone by since records were looked for that are of no more use.
fn let_pass(folder: &Folder, millis: i64) {
    let connection = rusqlite::Connection::open(folder.path()).unwrap();
    let earlier = "UPDATE entry SET changed_at = changed_at - ?1 WHERE kind = 'looked_for'";
    assert_eq!(connection.execute(earlier, [millis]).unwrap(), 1);
}

/// A secret that changes begins another record each time.
#[tokio::test]
async fn records_of_tokens_that_ended_long_ago_go_when_a_new_one_comes() {
    let folder = Folder::new();
    let store = folder.open();
    let kept = json!([{"name": "refresh_token", "value": "r", "kept_at": now() - 9 * DAY}]);
    for (name, kept, ends) in [
        ("ended", json!([]), &[Some(now() - 2 * DAY)][..]),
        ("ended twice", json!([]), &[Some(now() - 2 * DAY), Some(now() - 3 * DAY)]),
        ("just ended", json!([]), &[Some(now() - DAY / 2)]),
        ("one lives", json!([]), &[Some(now() - 2 * DAY), Some(now() + DAY)]),
        ("for ever", json!([]), &[None]),
        ("durable", kept, &[Some(now() - 2 * DAY)]),
    ] {
        put_record(&store, name, kept, ends).await;
    }
    let_pass(&folder, DAY);
    put_record(&store, "new", json!([]), &[]).await;
    assert_eq!(records(&store), ["durable", "for ever", "just ended", "new", "one lives"]);
}

/// Each record is opened to see whether it has ended, which takes its time where there are many.
#[tokio::test]
async fn records_that_ended_are_looked_for_once_an_hour() {
    const HOUR: i64 = DAY / 24;
    let folder = Folder::new();
    let store = folder.open();
    put_record(&store, "first", json!([]), &[None]).await;
    put_record(&store, "ended", json!([]), &[Some(now() - 2 * DAY)]).await;
    let_pass(&folder, HOUR / 2);
    put_record(&folder.open(), "soon after", json!([]), &[None]).await;
    assert_eq!(records(&store), ["ended", "first", "soon after"]);
    let_pass(&folder, HOUR / 2);
    put_record(&folder.open(), "later", json!([]), &[None]).await;
    assert_eq!(records(&store), ["first", "later", "soon after"]);
    // by a clock that is ahead it was done tomorrow
    let_pass(&folder, -DAY);
    put_record(&store, "ended", json!([]), &[Some(now() - 2 * DAY)]).await;
    let_pass(&folder, -DAY);
    put_record(&store, "last", json!([]), &[None]).await;
    assert_eq!(records(&store), ["first", "last", "later", "soon after"]);
    // what says so is no secret, and outlives a change of keys
    store.rekey(folder.beside()).unwrap();
    put_record(&folder.open(), "after", json!([]), &[None]).await;
    assert_eq!(store.status().unwrap().damaged, 0);
}

#[test]
fn the_default_path_is_the_users_own() {
    let path = Store::default_path();
    assert!(path.is_none_or(|path| path.is_absolute() && path.ends_with("authwire/store.db")));
}
