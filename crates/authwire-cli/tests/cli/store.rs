//! `secret`, `store`, and what of the other commands lasts.

use std::fs;

use authwire_tests::loopback::Loopback;
use serde_json::{Value, json};

use crate::support::{Folder, at_a_terminal, at_a_terminal_that_asks, connector, plain};

/// A connector with a secret in the store.
fn refers(base_url: &str) -> String {
    connector("acme", base_url, json!({"type": "bearer_token", "api_key": {"store": "acme.token"}}))
}

fn set(folder: &Folder, key: &str, value: &str) {
    folder.run_with(&["secret", "set", key], &[], value.as_bytes()).ends_with(0);
}

#[test]
fn a_secret_that_was_set_is_what_a_connector_sends() {
    let server = Loopback::start(|_| (200, "text/plain", "fine".to_owned()));
    let folder = Folder::with("x.json", refers(&server.base_url));
    let run = folder.run(&["call", "x.json", "GET", "/"]).ends_with(1);
    assert!(run.stderr.contains("authwire secret set acme.token"), "{}", run.stderr);
    let run = folder.run_with(&["secret", "set", "acme.token"], &[], b"s3cret-value\n").ends_with(0);
    assert!(run.stderr.contains(r#"{"store": "acme.token"}"#) && !run.stderr.contains("s3cret"), "{run:?}");
    folder.run(&["call", "x.json", "GET", "/"]).ends_with(0);
    assert_eq!(server.requests()[0].header("authorization"), Some("Bearer s3cret-value"));
    // and it is found nowhere in plain sight
    for entry in fs::read_dir(folder.data().join("authwire")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        assert!(!bytes.windows(12).any(|window| window == b"s3cret-value"), "{}", path.display());
    }
}

#[test]
fn secrets_are_listed_and_removed_by_name() {
    let folder = Folder::new();
    let run = folder.run(&["secret", "list"]).ends_with(0);
    assert!(run.stdout.is_empty() && run.stderr.contains("secret set"), "{run:?}");
    assert!(!folder.data().exists(), "looking makes no store");
    set(&folder, "zoom", "one");
    set(&folder, "acme.key", "two");
    let run = folder.run(&["secret", "list"]).ends_with(0);
    let names: Vec<_> = run.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["acme.key", "zoom"]);
    let run = folder.run(&["secret", "rm", "zoom", "zoo"]).ends_with(1);
    assert!(run.stderr.contains("there is no secret `zoo`"), "{}", run.stderr);
    let run = folder.run(&["secret", "list", "--format", "json"]).ends_with(0);
    let secrets = run.json()["secrets"].clone();
    assert_eq!((secrets.as_array().map(Vec::len), &secrets[0]["name"]), (Some(1), &json!("acme.key")));
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let folder = Folder::new();
    // a name that none can have is bad usage: it is told before a value is asked for or a store made
    folder.run(&["secret", "set", "a b"]).ends_with(2);
    assert!(!folder.data().exists());
    for (key, value, part) in [
        ("a b", &b"s3cret"[..], "letters, digits"),
        ("empty", b"\n", "nothing was given"),
        ("binary", b"\xff\xfe", "not UTF-8"),
        ("huge", &vec![b'x'; (1 << 20) + 1][..], "1 MiB"),
    ] {
        let run = folder.run_with(&["secret", "set", key], &[], value);
        assert!(run.status > Some(0) && run.stderr.contains(part), "{key}: {run:?}");
        assert!(!run.stderr.contains("s3cret"), "{run:?}");
    }
    for (store, status, part) in [
        ("mysql://u:s3cret@h/db", 2, "postgres://"),
        ("postgres://u:s3cret@/db", 2, "no host"),
        ("postgres://u:s3cret@h/db?sslmode=prefer", 2, "sslmode=require"),
        ("postgres://u:s3cret@h/db?nothing=s3cret", 2, "postgres://USER"),
        // nobody listens on port 1 of this machine
        ("postgres://u:s3cret@127.0.0.1:1/db", 1, "cannot be reached"),
    ] {
        let run = folder.run(&["secret", "list", "--store", store]).ends_with(status);
        assert!(run.stderr.contains(part) && !run.stderr.contains("s3cret"), "{}", run.stderr);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn at_a_terminal_a_secret_is_typed_without_echo() {
    let folder = Folder::new();
    let program = env!("CARGO_BIN_EXE_authwire");
    let shown = at_a_terminal(&folder, &format!("{program} secret set zoom"), "s3cret-typed");
    // the terminal itself echoes what came before the program asked; what it stored counts
    assert!(shown.contains("zoom:"), "{shown}");
    let run = folder.run(&["secret", "list"]).ends_with(0);
    assert!(run.stdout.starts_with("zoom"), "{}", run.stdout);
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_that_was_interrupted_has_its_echo_back() {
    let folder = Folder::new();
    // an interrupt before the terminal is the command's own goes to the shell too
    let command = format!(
        "trap '' INT; {} secret set zoom; echo \"ended $?\"; stty -a",
        env!("CARGO_BIN_EXE_authwire")
    );
    let shown = at_a_terminal_that_asks(&folder, &command, "zoom: ", "s3cret\u{3}");
    assert!(shown.contains("nothing was kept") && shown.contains("ended 2"), "{shown}");
    let flags: Vec<_> = shown.split_whitespace().collect();
    assert!(flags.contains(&"echo") && flags.contains(&"icanon"), "{shown}");
    assert_eq!(folder.run(&["secret", "list"]).ends_with(0).stdout, "");
}

#[test]
fn literals_are_lifted_out_of_a_file_and_all_else_stays() {
    let server = Loopback::start(|_| (200, "text/plain", "fine".to_owned()));
    let text = format!(
        "{{\n  \"name\" : \"acme\",\r\n\t\"base_url\": {:?},\n  \"headers\": {{\"X-Api-Key\": \"s3cret-header\", \"X-Tenant\": \"t1\"}},\n  \
         \"auth_config\": {{\"type\": \"basic_auth\", \"username\": \"u\\u006eme\", \"password\": \"s3cret\\tp\\u00e4ss\"}}\n}}\n\n",
        server.base_url
    );
    let folder = Folder::with("x.json", &text);
    let run = folder.run(&["secret", "move", "x.json", "--dry-run"]).ends_with(0);
    assert!(run.stderr.contains("acme.password") && run.stderr.contains("acme.headers.X-Api-Key"), "{run:?}");
    assert_eq!(fs::read_to_string(folder.path().join("x.json")).unwrap(), text);
    let run = folder.run(&["secret", "move", "x.json"]).ends_with(0);
    assert!(!run.stderr.contains("s3cret"), "{run:?}");
    let moved = fs::read_to_string(folder.path().join("x.json")).unwrap();
    let expected = text
        .replace("\"s3cret-header\"", r#"{"store":"acme.headers.X-Api-Key"}"#)
        .replace("\"s3cret\\tp\\u00e4ss\"", r#"{"store":"acme.password"}"#);
    assert_eq!(moved, expected);
    folder.run(&["validate", "x.json", "--deny-warnings", "--resolve"]).ends_with(0);
    // once more there is nothing to do
    let run = folder.run(&["secret", "move", "x.json"]).ends_with(0);
    assert!(run.stderr.contains("no secret is written in"), "{}", run.stderr);
    folder.run(&["call", "x.json", "GET", "/"]).ends_with(0);
    assert_eq!(server.requests()[0].header("x-api-key"), Some("s3cret-header"));
}

/// Only root can give a file away: for others there is nothing to keep.
#[test]
#[cfg(unix)]
fn a_file_still_belongs_to_its_owner_when_root_moves_its_secrets() {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let auth = json!({"type": "bearer_token", "api_key": "s3cret-key"});
    let folder = Folder::with("x.json", connector("acme", "https://api.acme.example", auth));
    let path = folder.path().join("x.json");
    if chown(&path, Some(12_345), Some(23_456)).is_err() {
        return;
    }
    folder.run(&["secret", "move", "x.json"]).ends_with(0);
    let moved = fs::metadata(&path).expect("the file");
    assert_eq!((moved.uid(), moved.gid()), (12_345, 23_456));
}

#[test]
fn a_secret_that_cannot_be_a_reference_stays_and_is_told() {
    let schema = json!({
        "title": "Own", "description": "A type of somebody's own.", "type": "object",
        "properties": {
            "plain": {"title": "Plain", "description": "A text.", "type": "string", "writeOnly": true},
            "key": {"title": "Key", "description": "A key.", "$ref": "authwire:common#/$defs/secret"},
        },
        "required": ["plain", "key"], "additionalProperties": false,
        "x-auth": {"apply": [{"header": {"X-Plain": "{plain}", "X-Key": "{key}"}}]},
    });
    let auth = json!({"type": "own", "plain": "s3cret-plain", "key": "s3cret-key"});
    let folder = Folder::with("x.json", connector("acme", "https://api.acme.example", auth));
    fs::create_dir(folder.path().join("types")).expect("a folder");
    folder.write("types/own.json", schema.to_string());
    let run = folder.run(&["secret", "move", "x.json", "--schemas", "types"]).ends_with(1);
    assert!(run.stderr.contains("/auth_config/plain stays") && !run.stderr.contains("s3cret"), "{run:?}");
    let moved = fs::read_to_string(folder.path().join("x.json")).expect("the file");
    assert!(moved.contains("s3cret-plain") && moved.contains(r#"{"store":"acme.key"}"#), "{moved}");
    folder.run(&["validate", "x.json", "--schemas", "types"]).ends_with(0);
}

#[test]
fn a_secret_of_another_value_is_never_written_over() {
    let folder = Folder::new();
    set(&folder, "acme.api_key", "the-old-one");
    let literal = |value: &str| {
        connector("acme", "https://a.example", json!({"type": "bearer_token", "api_key": value}))
    };
    folder.write("x.json", literal("another-one"));
    folder.write("y.json", literal("the-old-one"));
    folder.run(&["secret", "move", "x.json"]).ends_with(0);
    folder.run(&["secret", "move", "y.json"]).ends_with(0);
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap()
    };
    assert_eq!(read("x.json")["auth_config"]["api_key"], json!({"store": "acme.api_key-2"}));
    assert_eq!(read("y.json")["auth_config"]["api_key"], json!({"store": "acme.api_key"}));
    let broken = folder.path().join("z.json");
    fs::write(&broken, r#"{"name": "acme", "auth_config": {"type": "bearer_token", "api_key": "s3cret"}}"#)
        .unwrap();
    let run = folder.run(&["secret", "move", "z.json"]).ends_with(1);
    assert!(run.stderr.contains("nothing was moved") && !run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn validate_looks_into_the_store_when_it_resolves() {
    let folder = Folder::with("x.json", refers("https://a.example"));
    folder.run(&["validate", "x.json"]).ends_with(0);
    let run = folder.run(&["validate", "x.json", "--resolve"]).ends_with(1);
    assert!(run.stdout.contains("authwire secret set acme.token"), "{}", run.stdout);
    assert!(!folder.data().exists(), "looking makes no store");
    set(&folder, "acme.token", "s3cret");
    folder.run(&["validate", "x.json", "--resolve"]).ends_with(0);
    set(&folder, "acme.token", "s3\u{7}cret");
    let run = folder.run(&["validate", "x.json", "--resolve"]).ends_with(1);
    assert!(run.stdout.contains("header_value") && !run.stdout.contains("cret\""), "{}", run.stdout);
}

/// A server that gives tokens, a new one each time, and takes the last one only.
fn token_server() -> Loopback {
    let count = std::sync::atomic::AtomicU32::new(0);
    Loopback::start(move |request| {
        if request.line.starts_with("POST") {
            let count = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let answer = json!({"access_token": format!("token-{count}"), "token_type": "Bearer", "expires_in": 3600,
                "refresh_token": format!("refresh-{count}")});
            return (200, "application/json", answer.to_string());
        }
        (200, "text/plain", request.header("authorization").unwrap_or_default().to_owned())
    })
}

fn refreshing(url: &str) -> String {
    let auth = json!({"type": "oauth2_refresh_token", "client_id": "id", "refresh_token": {"env": "AUTHWIRE_TEST_REFRESH"},
        "token_url": format!("{url}/token")});
    connector("acme", url, auth)
}

#[test]
fn a_token_outlives_the_process_until_it_is_forgotten() {
    let server = token_server();
    let folder = Folder::with("x.json", refreshing(&server.base_url));
    let variables = [("AUTHWIRE_TEST_REFRESH", "first-refresh")];
    let posts = || server.requests().iter().filter(|request| request.line.starts_with("POST")).count();
    for _ in 0..3 {
        let run = folder.run_with(&["call", "x.json", "GET", "/"], &variables, b"").ends_with(0);
        assert_eq!(run.stdout, "Bearer token-0");
    }
    assert_eq!(posts(), 1);
    let run = folder.run(&["store", "status"]).ends_with(0);
    for part in ["acme: a token for 59 minutes", "refresh_token kept since", "store.db.key"] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    let status = folder.run(&["store", "status", "--format", "json"]).ends_with(0).json();
    assert_eq!(status["records"][0]["kept"][0]["name"], "refresh_token");
    assert!(!status.to_string().contains("refresh-0"), "{status}");

    // another store knows nothing of it
    folder.run_with(&["token", "x.json", "--store", "other.db"], &variables, b"").ends_with(0);
    assert_eq!(posts(), 2);
    let named = [variables[0], ("AUTHWIRE_STORE", "other.db")];
    folder.run_with(&["token", "x.json"], &named, b"").ends_with(0);
    assert_eq!(posts(), 2);

    // the one of the file counts again
    for said in ["what was kept for `", "nothing was kept for `"] {
        let run = folder.run_with(&["token", "x.json", "--forget"], &variables, b"").ends_with(0);
        assert!(run.stderr.contains(said), "{run:?}");
    }
    folder.run_with(&["token", "x.json"], &variables, b"").ends_with(0);
    let last = server.requests().pop().unwrap();
    assert!(last.body.contains("refresh_token=first-refresh"), "{}", last.body);
    // and one that was changed there by hand wins over the kept one
    let changed = [("AUTHWIRE_TEST_REFRESH", "second-refresh")];
    folder.run_with(&["token", "x.json"], &changed, b"").ends_with(0);
    let last = server.requests().pop().unwrap();
    assert!(last.body.contains("refresh_token=second-refresh"), "{}", last.body);
}

#[test]
fn static_auth_leaves_the_disk_alone() {
    let server = Loopback::start(|_| (200, "text/plain", "fine".to_owned()));
    let folder = Folder::with("x.json", connector("acme", &server.base_url, json!({"type": "no_auth"})));
    folder.run(&["call", "x.json", "GET", "/"]).ends_with(0);
    assert!(!folder.data().exists());
    folder.write("y.json", plain("plain"));
    let run = folder.run(&["store", "status"]).ends_with(0);
    assert!(run.stdout.contains("not there yet"), "{}", run.stdout);
}

#[test]
#[cfg(unix)]
fn where_no_store_can_be_a_token_that_can_be_had_again_is_not_kept() {
    let server = token_server();
    let auth = json!({"type": "oauth2_client_credentials", "client_id": "id", "client_secret": {"env": "AUTHWIRE_TEST_SECRET"},
        "token_url": format!("{}/token", server.base_url)});
    let folder = Folder::with("x.json", connector("acme", &server.base_url, auth));
    folder.write("y.json", refreshing(&server.base_url));
    folder.write("a-file", "");
    let nowhere = folder.path().join("a-file").display().to_string();
    let variables =
        [("XDG_DATA_HOME", nowhere.as_str()), ("AUTHWIRE_TEST_SECRET", "s"), ("AUTHWIRE_TEST_REFRESH", "r")];
    let run = folder.run_with(&["call", "x.json", "GET", "/"], &variables, b"").ends_with(0);
    assert!(run.stderr.contains("the token is not kept"), "{}", run.stderr);
    // a rotated refresh token would be lost
    let run = folder.run_with(&["call", "y.json", "GET", "/"], &variables, b"").ends_with(1);
    assert!(run.stderr.contains("cannot be made"), "{}", run.stderr);
}

#[test]
fn the_key_changes_and_everything_is_still_there() {
    let server = Loopback::start(|_| (200, "text/plain", "fine".to_owned()));
    let folder = Folder::with("x.json", refers(&server.base_url));
    set(&folder, "acme.token", "s3cret");
    folder.run(&["secret", "rekey"]).ends_with(0);
    folder.run(&["call", "x.json", "GET", "/"]).ends_with(0);

    let key = "ab".repeat(32);
    let run = folder.run_with(&["secret", "rekey"], &[("AUTHWIRE_NEW_KEY", &key)], b"").ends_with(0);
    assert!(!run.stderr.contains(&key), "{}", run.stderr);
    let run = folder.run(&["call", "x.json", "GET", "/"]).ends_with(1);
    assert!(run.stderr.contains("AUTHWIRE_KEY"), "{}", run.stderr);
    let with_key = [("AUTHWIRE_KEY", key.as_str())];
    folder.run_with(&["call", "x.json", "GET", "/"], &with_key, b"").ends_with(0);
    let run = folder.run_with(&["secret", "rekey"], &with_key, b"").ends_with(2);
    assert!(run.stderr.contains("AUTHWIRE_NEW_KEY") && run.stderr.contains("--beside"), "{}", run.stderr);
    folder.run_with(&["secret", "rekey", "--beside"], &with_key, b"").ends_with(0);
    folder.run(&["call", "x.json", "GET", "/"]).ends_with(0);
    let run = folder.run_with(&["secret", "list"], &[("AUTHWIRE_KEY", "too short")], b"").ends_with(1);
    assert!(run.stderr.contains("openssl rand") && !run.stderr.contains("too short"), "{}", run.stderr);
    assert_eq!(server.requests().len(), 3);
}

/// Many connectors, one store: it is opened once, and what is wrong with it is told once.
#[test]
#[cfg(unix)]
fn connectors_that_are_tested_together_share_a_store() {
    let server = token_server();
    let folder = Folder::new();
    for name in ["acme", "beta", "gamma"] {
        let auth = json!({"type": "oauth2_client_credentials", "client_id": name, "client_secret": {"env": "AUTHWIRE_TEST_SECRET"},
            "token_url": format!("{}/token", server.base_url)});
        let file =
            json!({"name": name, "base_url": server.base_url, "auth_config": auth, "test": {"path": "/"}});
        folder.write(&format!("connectors/{name}.json"), file.to_string());
    }
    folder.write("a-file", "");
    let nowhere = folder.path().join("a-file").display().to_string();
    let variables = [("XDG_DATA_HOME", nowhere.as_str()), ("AUTHWIRE_TEST_SECRET", "s")];
    let run = folder.run_with(&["test", "connectors"], &variables, b"").ends_with(0);
    assert_eq!(run.stderr.matches("the token is not kept").count(), 1, "{}", run.stderr);
    assert!(run.stdout.contains("3 passed"), "{}", run.stdout);
    folder.run_with(&["test", "connectors"], &[("AUTHWIRE_TEST_SECRET", "s")], b"").ends_with(0);
    let run = folder.run(&["store", "status"]).ends_with(0);
    assert!(["acme", "beta", "gamma"].iter().all(|name| run.stdout.contains(name)), "{}", run.stdout);
}
