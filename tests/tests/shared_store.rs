//! The store on a server: what lasts, who waits for whom, what is refused, and what is shown of it.
//!
//! What a store in a file does is tested beside it, in `crates/authwire-store`; many processes and kills are in `store.rs`,
//! with both.

mod program;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use authwire_core::Reference;
use authwire_runtime::Resolver as _;
use authwire_runtime::store::{StoreKey, TokenStore as _};
use authwire_store::{KeySource, Location, MasterKey, Store, StoredSecrets};
use authwire_tests::{Authority, Postgres};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use program::Folder;

/// A server with a master key for its store.
struct Shared {
    server: Postgres,
    key: MasterKey,
}

impl Shared {
    fn new() -> Self {
        Self { server: Postgres::start(), key: MasterKey::random().expect("random bytes") }
    }

    fn open(&self) -> Store {
        open(&self.server.url(), &self.key).expect("it opens")
    }
}

fn open(url: &str, key: &MasterKey) -> Result<Store, authwire_runtime::store::StoreError> {
    Store::open(Location::parse(url)?, KeySource::Given(key.clone()))
}

fn secret(store: &Store, name: &str) -> Option<String> {
    store.secret(name).expect("it is read").map(|value| value.to_string())
}

fn bytes(text: &str) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    Some(zeroize::Zeroizing::new(text.as_bytes().to_vec()))
}

#[tokio::test]
async fn what_is_kept_lasts_and_everybody_sees_it() {
    let shared = Shared::new();
    let location = Location::parse(shared.server.url()).unwrap();
    assert!(Store::open_existing(&location, KeySource::Given(shared.key.clone())).unwrap().is_none());
    let (one, other) = (shared.open(), shared.open());
    one.set_secret("zoom", "one").unwrap();
    one.set_secret("zoom", "two").unwrap();
    other.set_secret("acme", "").unwrap();
    one.set_secret("Acme", "ü\u{0}").unwrap();
    assert_eq!(secret(&other, "zoom").as_deref(), Some("two"));
    let names: Vec<_> = one.secrets().unwrap().into_iter().map(|secret| secret.name).collect();
    assert_eq!(names, ["Acme", "acme", "zoom"]);
    assert!(other.remove_secret("zoom").unwrap() && !one.remove_secret("zoom").unwrap());
    drop((one, other));

    let store = Store::open_existing(&location, KeySource::Given(shared.key.clone())).unwrap().unwrap();
    assert_eq!(
        (secret(&store, "acme").as_deref(), secret(&store, "Acme").as_deref()),
        (Some(""), Some("ü\u{0}"))
    );
    let status = store.status().unwrap();
    assert_eq!((status.secrets.len(), status.damaged), (2, 0));
    assert!(status.size > 0);
    let secrets = StoredSecrets::new(Arc::new(store));
    assert_eq!(secrets.resolve(&Reference::Store("acme".to_owned())).await.unwrap().as_str(), "");
    assert!(secrets.resolve(&Reference::Store("zoom".to_owned())).await.is_err());
}

#[tokio::test]
async fn only_the_first_of_two_swaps_counts_whoever_makes_them() {
    let shared = Shared::new();
    let (one, other) = (shared.open(), shared.open());
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
    assert_ne!(one.swap(&key, None, bytes("one")).await.unwrap(), first);
}

#[test]
fn of_many_who_swap_at_once_one_wins_each_time() {
    const THREADS: usize = 6;
    const TIMES: u64 = 10;
    let shared = Shared::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let tasks: Vec<_> = (0..THREADS)
        .map(|_| {
            let store = shared.open();
            runtime.spawn(async move {
                let key = StoreKey::from_digest(&[7; 32]);
                let mut won = 0;
                while won < TIMES {
                    let entry = store.load(&key).await.unwrap();
                    let count: u64 = entry
                        .as_ref()
                        .map_or(0, |entry| std::str::from_utf8(&entry.bytes).unwrap().parse().unwrap());
                    let expected = entry.map(|entry| entry.version);
                    let next = bytes(&(count + 1).to_string());
                    won += u64::from(store.swap(&key, expected, next).await.unwrap().is_some());
                }
            })
        })
        .collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
        let entry = shared.open().load(&StoreKey::from_digest(&[7; 32])).await.unwrap().unwrap();
        assert_eq!(entry.bytes.as_slice(), (THREADS as u64 * TIMES).to_string().as_bytes());
    });
}

#[test]
fn who_opens_it_while_it_is_being_made_opens_it_too() {
    const OPENERS: usize = 8;
    let shared = Shared::new();
    for round in 0..5 {
        let start = Barrier::new(OPENERS);
        thread::scope(|scope| {
            for number in 0..OPENERS {
                let (shared, start) = (&shared, &start);
                scope.spawn(move || {
                    start.wait();
                    shared.open().set_secret(&format!("of_{number}"), "s3cret").expect("it is set");
                });
            }
        });
        assert_eq!(shared.open().secrets().unwrap().len(), OPENERS, "round {round}");
        let _ = shared.server.sql("DROP SCHEMA authwire CASCADE");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_holder_of_a_turn_at_a_time() {
    let shared = Shared::new();
    let within = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (store, within) = (shared.open(), Arc::clone(&within));
            tokio::spawn(async move {
                let key = StoreKey::from_digest(&[7; 32]);
                for _ in 0..5 {
                    let _turn = store.turn(&key).await.unwrap();
                    assert_eq!(within.fetch_add(1, Ordering::SeqCst), 0);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    within.fetch_sub(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_turn_waits_for_its_own_key_and_for_nobody_who_went_away() {
    let shared = Shared::new();
    let (one, other) = (shared.open(), shared.open());
    let (key, second) = (StoreKey::from_digest(&[3; 32]), StoreKey::from_digest(&[4; 32]));
    let turn = one.turn(&key).await.unwrap();
    let _another = other.turn(&second).await.unwrap();
    // longer than the server is asked to wait at a time
    let waited = tokio::time::timeout(Duration::from_millis(1500), other.turn(&key)).await;
    assert!(waited.is_err());
    drop(turn);
    let turn = tokio::time::timeout(Duration::from_secs(20), one.turn(&key)).await.unwrap().unwrap();
    // a holder whose machine is gone: the server ends its session
    let _ = shared.server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()",
    );
    let _next = tokio::time::timeout(Duration::from_secs(20), other.turn(&key)).await.unwrap().unwrap();
    drop(turn);
}

#[test]
fn a_server_that_was_started_anew_is_connected_to_anew() {
    let shared = Shared::new();
    let store = shared.open();
    store.set_secret("zoom", "s3cret").unwrap();
    for _ in 0..2 {
        let ended = shared.server.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'authwire'",
        );
        assert_eq!(ended, "1");
        assert_eq!(secret(&store, "zoom").as_deref(), Some("s3cret"));
    }
    let _ = shared
        .server
        .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'authwire'");
    store.set_secret("zoom", "other").unwrap();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("other"));
}

#[test]
fn what_was_changed_on_the_server_is_not_believed() {
    let shared = Shared::new();
    let store = shared.open();
    for value in ["one", "two"] {
        store.set_secret("zoom", value).unwrap();
    }
    store.set_secret("acme", "three").unwrap();
    // another name's value, in this one's place
    let moved = "UPDATE authwire.entry AS e SET sealed = o.sealed FROM authwire.entry AS o \
        WHERE e.name = 'zoom' AND o.name = 'acme'";
    let _ = shared.server.sql(moved);
    assert_eq!(secret(&store, "zoom").as_deref(), Some("one"), "what was set before stands in");
    let _ = shared.server.sql("UPDATE authwire.former SET sealed = '\\x00'");
    assert!(store.secret("zoom").unwrap_err().to_string().contains("damaged"));
    assert_eq!(store.status().unwrap().damaged, 1);
    // no value is there in the clear
    let dump = shared.server.sql("SELECT encode(sealed, 'escape') FROM authwire.entry");
    assert!(!dump.is_empty() && !dump.contains("three"));
    let _ = shared.server.sql("UPDATE authwire.store SET format = 9");
    let error = open(&shared.server.url(), &shared.key).unwrap_err().to_string();
    assert!(error.contains("another version (format 9)"), "{error}");
}

#[test]
fn with_another_key_everything_is_still_there() {
    let shared = Shared::new();
    let (store, other) = (shared.open(), shared.open());
    store.set_secret("zoom", "one").unwrap();
    store.set_secret("zoom", "two").unwrap();
    let wrong = open(&shared.server.url(), &MasterKey::random().unwrap()).unwrap_err().to_string();
    assert!(wrong.contains("master key"), "{wrong}");
    let next = MasterKey::random().unwrap();
    store.rekey(KeySource::Given(next.clone())).unwrap();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("two"));
    assert_eq!(secret(&open(&shared.server.url(), &next).unwrap(), "zoom").as_deref(), Some("two"));
    // who does not know it is out
    assert!(open(&shared.server.url(), &shared.key).is_err());
    assert!(other.secret("zoom").is_err());
}

#[test]
fn tls_is_verified_and_no_password_is_shown() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Postgres::start_tls(&authority);
    let key = MasterKey::random().unwrap();
    let roots = |authority: &Authority| {
        format!("sslmode=verify-full&sslrootcert={}", authority.certificate().display())
    };
    let store = open(&server.url_of_port("localhost", roots(&authority)), &key).expect("it opens");
    store.set_secret("zoom", "s3cret").unwrap();
    assert_eq!(server.sql("SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'authwire'"), "t");
    let refused = [
        ("localhost", roots(&stranger), "certificate"),
        ("localhost", "sslmode=require".to_owned(), "certificate"),
        ("localhost", "sslmode=disable".to_owned(), "no pg_hba.conf entry"),
        ("localhost", "sslmode=prefer".to_owned(), "sslmode=require"),
        ("localhost", "sslmode=require&sslrootcert=/no/such/file".to_owned(), "sslrootcert"),
    ];
    for (host, parameters, why) in refused {
        let error = open(&server.url_of_port(host, &parameters), &key).expect_err(&parameters).to_string();
        assert!(error.contains(why), "{parameters}: {error}");
        assert!(!error.contains("c4nary"), "{error}");
    }
    let wrong = server.url_of_port("localhost", roots(&authority)).replace("c4nary", "c4nary2");
    let error = open(&wrong, &key).unwrap_err().to_string();
    assert!(error.contains("PGPASSWORD") && !error.contains("c4nary"), "{error}");
    for text in [format!("{store:?}"), format!("{:?}", store.location()), store.location().to_string()] {
        assert!(!text.contains("c4nary") && text.contains("localhost"), "{text}");
    }
}

#[test]
fn a_user_with_a_schema_of_its_own_needs_no_more() {
    let shared = Shared::new();
    for statement in
        ["CREATE ROLE small LOGIN PASSWORD 'sm4ll'", "REVOKE CREATE ON DATABASE postgres FROM PUBLIC"]
    {
        let _ = shared.server.sql(statement);
    }
    let own = format!("{}:{}@", Postgres::USER, Postgres::PASSWORD_ENCODED);
    let url = shared.server.url().replace(&own, "small:sm4ll@");
    let error = open(&url, &shared.key).unwrap_err().to_string();
    assert!(error.contains("CREATE SCHEMA authwire AUTHORIZATION"), "{error}");
    let _ = shared.server.sql("CREATE SCHEMA authwire AUTHORIZATION small");
    let store = open(&url, &shared.key).unwrap();
    store.set_secret("zoom", "s3cret").unwrap();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("s3cret"));
}

#[test]
fn commands_of_two_machines_share_it() {
    let shared = Shared::new();
    let (url, key) = (shared.server.url(), STANDARD.encode([7; 32]));
    let next = STANDARD.encode([8; 32]);
    let connector = json!({
        "name": "shared",
        "base_url": "https://api.example.com",
        "auth_config": {"type": "bearer_token", "api_key": {"store": "shared.key"}},
    });
    let (one, other) = (Folder::with(&connector), Folder::with(&connector));
    let environment = [("AUTHWIRE_STORE", url.as_str()), ("AUTHWIRE_KEY", key.as_str())];

    let run = one.run(&environment, &["store", "status"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stdout.contains("not there yet"), "{run:?}");
    let run = one.run(&environment[..1], &["secret", "list"]);
    // a store that is not there yet needs no key
    assert_eq!(run.status, Some(0), "{run:?}");
    let run = one.run(&environment, &["validate", "connector.json", "--resolve"]);
    assert_eq!(run.status, Some(1), "{run:?}");

    let mut set = one.command(&environment, &["secret", "set", "shared.key"]);
    let mut child = set.stdin(std::process::Stdio::piped()).spawn().expect("it starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), b"s3cret").expect("it listens");
    assert!(child.wait().expect("its end").success());

    let run = other.run(&environment, &["validate", "connector.json", "--resolve"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    let run = other.run(&environment[..1], &["secret", "list"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("AUTHWIRE_KEY"), "{run:?}");
    let run = other.run(&environment, &["secret", "rekey"]);
    assert_eq!(run.status, Some(2), "{run:?}");
    let run = other.run(&environment, &["secret", "rekey", "--beside"]);
    assert_eq!(run.status, Some(2), "{run:?}");
    let rekeying = [environment[0], environment[1], ("AUTHWIRE_NEW_KEY", next.as_str())];
    let run = other.run(&rekeying, &["secret", "rekey"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    let run = one.run(&environment, &["secret", "list"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    let run =
        one.run(&[environment[0], ("AUTHWIRE_KEY", next.as_str())], &["store", "status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(status["secrets"][0]["name"], "shared.key", "{run:?}");
    assert!(status["path"].as_str().is_some_and(|path| path.starts_with("postgres://")), "{run:?}");
    // the password may come from elsewhere
    let without = url.replace(&format!(":{}@", Postgres::PASSWORD_ENCODED), "@");
    let bare = [("AUTHWIRE_STORE", without.as_str()), ("AUTHWIRE_KEY", next.as_str())];
    let run = one.run(&bare, &["secret", "list"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("needs a password") && run.stderr.contains("PGPASSWORD"), "{run:?}");
    let run = one.run(&[bare[0], bare[1], ("PGPASSWORD", Postgres::PASSWORD)], &["secret", "list"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    for folder in [one, other] {
        assert!(!folder.data().exists(), "nothing is on the disk of a machine");
    }
}
