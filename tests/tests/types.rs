//! Auth types that are one JSON file each (`tests/types`), against vendors that refuse whatever is wrong. No Rust knows
//! them: a row here says what a connector of the type holds and which calls it makes.

mod program;

use std::thread;
use std::time::Duration;

use authwire_tests::loopback::Loopback;
use authwire_tests::program::Run;
use authwire_tests::{Vendor, exchange};
use serde_json::{Value, json};

use program::Folder;

const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/types");
const USER: (&str, &str) = (Vendor::USER.username, Vendor::USER.password);

/// The vendor's key, in Base64 and in hexadecimal digits.
const KEY: (&str, &str) = (
    "q80Yw3+vS1mP/0dHn5cKZ7lQv4rW2xTfEoUuBgJiNsA=",
    "abcd18c37faf4b598fff47479f970a67b950bf8ad6db14df12852e06026236c0",
);

struct Case {
    auth_config: Value,
    /// The field that holds the secret, what the vendor wants there, and what it does not.
    secret: (&'static str, &'static str, &'static str),
    path: &'static str,
    calls: &'static [&'static [&'static str]],
}

const GET: &[&str] = &["GET", "/items"];

fn cases() -> Vec<Case> {
    let signed: &[&[&str]] = &[
        &["GET", "/orders"],
        &["GET", "/orders?b=%20x&a=1"],
        &["POST", "/orders", "-d", "{\"n\": 1, \"ü\": null}"],
        &["POST", "/orders?a=1", "-d", "x=1&y=%C3%BC"],
    ];
    let user = |kind: &str| json!({"type": kind, "username": USER.0});
    let wrong_key = "AAAAw3+vS1mP/0dHn5cKZ7lQv4rW2xTfEoUuBgJiNsA=";
    vec![
        Case {
            auth_config: json!({"type": "hmac_exchange", "key_id": "key-1"}),
            secret: ("secret", KEY.0, wrong_key),
            path: "/hmac/exchange",
            calls: signed,
        },
        Case {
            auth_config: json!({"type": "hmac_header", "key_id": "key-1"}),
            secret: ("secret", KEY.1, "mistaken-s3cret"),
            path: "/hmac/header",
            calls: signed,
        },
        Case {
            auth_config: json!({"type": "hmac_query", "digest": "SHA1"}),
            secret: ("secret", KEY.1, "mistaken-s3cret"),
            path: "/hmac/query",
            calls: &[
                &["GET", "/orders"],
                &["GET", "/orders?b=%20x&timestamp=1&signature=old"],
                &["POST", "/orders", "-d", "x=1"],
            ],
        },
        Case {
            auth_config: json!({"type": "body_key", "account": "acme", "body": "json"}),
            secret: ("api_key", USER.1, "mistaken-s3cret"),
            path: "/body",
            calls: &[&["POST", "/json", "-d", "{\"n\": 1}"], &["POST", "/json"]],
        },
        Case {
            auth_config: json!({"type": "body_key", "account": "acme", "body": "form"}),
            secret: ("api_key", USER.1, "mistaken-s3cret"),
            path: "/body",
            calls: &[&["POST", "/form", "-d", "n=1&api_key=old"], &["POST", "/form"]],
        },
        Case {
            auth_config: json!({"type": "by_get", "corpid": "acme"}),
            secret: ("corpsecret", USER.1, "mistaken-s3cret"),
            path: "/by_get",
            calls: &[GET],
        },
        Case {
            auth_config: user("in_header"),
            secret: ("password", USER.1, "mistaken-s3cret"),
            path: "/in_header",
            calls: &[GET],
        },
        Case {
            auth_config: user("two_urls"),
            secret: ("password", USER.1, "mistaken-s3cret"),
            path: "/two_urls",
            calls: &[GET],
        },
        Case {
            auth_config: user("jwt_login"),
            secret: ("password", USER.1, "mistaken-s3cret"),
            path: "/jwt",
            calls: &[GET],
        },
        Case {
            auth_config: json!({"type": "signed_login", "access_id": "key-1"}),
            secret: ("secret", KEY.1, "mistaken-s3cret"),
            path: "/signed",
            calls: &[&["GET", "/items?a=1&b=%20"], &["POST", "/items", "-d", "{\"n\": 1}"]],
        },
        Case {
            auth_config: user("chained"),
            secret: ("password", USER.1, "mistaken-s3cret"),
            path: "/chained",
            calls: &[GET],
        },
    ]
}

fn folder(base_url: &str, case: &Case) -> Folder {
    let mut auth_config = case.auth_config.clone();
    auth_config[case.secret.0] = json!({"env": "SECRET"});
    Folder::with(&json!({"name": "vendor", "base_url": base_url, "auth_config": auth_config}))
}

fn run(folder: &Folder, secret: &str, arguments: &[&str]) -> Run {
    let run = folder.run(&[("SECRET", secret)], &[arguments, &["--schemas", TYPES]].concat());
    assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "the secret is told: {run:?}");
    run
}

fn call(folder: &Folder, secret: &str, call: &[&str]) -> Run {
    run(folder, secret, &[&["call", "connector.json"], call].concat())
}

#[test]
fn every_type_is_valid_explained_and_let_in_and_with_a_wrong_secret_is_not() {
    let vendor = Vendor::start();
    for case in cases() {
        let name = &case.auth_config["type"];
        let base_url = format!("{}{}", vendor.base_url, case.path);
        let connector = folder(&base_url, &case);
        let (_, right, wrong) = case.secret;
        let checked = run(&connector, right, &["validate", "connector.json", "--deny-warnings"]);
        assert_eq!(checked.status, Some(0), "{name}: {checked:?}");
        let explained = run(&connector, right, &["explain", "connector.json"]);
        assert_eq!((explained.status, &*explained.stderr), (Some(0), ""), "{name}: {explained:?}");
        for arguments in case.calls {
            let called = call(&connector, right, arguments);
            assert_eq!((called.status, &*called.stderr), (Some(0), ""), "{name} {arguments:?}: {called:?}");
            let stranger = folder(&base_url, &case);
            let refused = call(&stranger, wrong, arguments);
            assert_eq!(refused.status, Some(1), "{name} {arguments:?}: {refused:?}");
        }
    }
}

#[test]
fn every_file_of_the_folder_has_its_case() {
    let known: Vec<String> =
        cases().iter().map(|case| case.auth_config["type"].as_str().expect("a name").to_owned()).collect();
    for entry in std::fs::read_dir(TYPES).expect("the folder") {
        let name =
            entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(known.contains(&name), "no case uses {name}");
    }
}

fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.auth_config["type"] == name).expect("the case")
}

fn counts(vendor: &Vendor) -> Value {
    exchange::get(&format!("{}/test/counts", vendor.base_url), &[]).json()
}

#[test]
fn a_token_is_renewed_where_the_plan_says_and_by_what_was_kept() {
    let vendor = Vendor::start();
    let case = case("two_urls");
    let folder = folder(&format!("{}/two_urls", vendor.base_url), &case);
    for _ in 0..3 {
        let called = call(&folder, USER.1, GET);
        assert_eq!((called.status, &*called.stderr), (Some(0), ""), "{called:?}");
        thread::sleep(Duration::from_millis(1100));
    }
    let counts = counts(&vendor);
    assert_eq!((&counts["login"], &counts["renew"]), (&json!(1), &json!(2)), "{counts}");
}

#[test]
fn what_belongs_to_a_token_is_stored_with_it_and_had_anew_when_a_header_says_that_it_is_over() {
    let vendor = Vendor::start();
    let case = case("signed_login");
    let folder = folder(&format!("{}/signed", vendor.base_url), &case);
    let granted = |run: Run| {
        assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
        serde_json::from_str::<Value>(&run.stdout).expect("it is JSON")["success"] == true
    };
    for _ in 0..2 {
        assert!(granted(call(&folder, KEY.1, GET)));
    }
    assert_eq!(counts(&vendor)["signed"], 1);
    vendor.end_sessions();
    assert!(granted(call(&folder, KEY.1, GET)));
    assert_eq!(counts(&vendor)["signed"], 2);
    let explained = run(&folder, KEY.1, &["explain", "connector.json"]);
    for words in ["x-account: <account>", "x-sign: <signature>", "/signed/token?grant_type=1"] {
        assert!(explained.stdout.to_lowercase().contains(words), "no {words}:\n{}", explained.stdout);
    }
}

#[test]
fn a_token_that_says_when_it_ends_is_not_used_any_longer() {
    let vendor = Vendor::start();
    let case = case("jwt_login");
    let folder = folder(&format!("{}/jwt", vendor.base_url), &case);
    for _ in 0..2 {
        assert_eq!(call(&folder, USER.1, GET).status, Some(0));
    }
    assert_eq!(counts(&vendor)["jwt"], 1);
    // the vendor answers a token that is over by 403, which asks for no new one: the JWT's own end does
    thread::sleep(Duration::from_millis(3100));
    let called = call(&folder, USER.1, GET);
    assert_eq!((called.status, &*called.stderr), (Some(0), ""), "{called:?}");
    assert_eq!(counts(&vendor)["jwt"], 2);
}

#[test]
fn what_is_signed_is_shown_without_the_key() {
    for (name, words) in [
        ("hmac_exchange", &["x-sign: <signature>", "x-timestamp: <now>", "x-key: key-1"][..]),
        (
            "hmac_header",
            &["Credential=key-1&", "Signature=<signature>", "x-content-sha256: <body_sha256_base64>"],
        ),
        ("hmac_query", &["signature=<signature>", "nonce=<nonce>"]),
        ("body_key", &["\"api_key\": \"<env:SECRET>\"", "\"account\": \"acme\""]),
    ] {
        let explained =
            run(&folder("https://acme.example", &case(name)), "s3cret-value", &["explain", "connector.json"]);
        for words in words {
            assert!(explained.stdout.contains(words), "{name}: no {words}:\n{}", explained.stdout);
        }
    }
}

#[test]
fn a_key_that_is_not_written_as_it_should_be_is_told() {
    let mut auth_config = case("hmac_exchange").auth_config;
    auth_config["secret"] = json!("not-Base64!");
    let connector = json!({"name": "vendor", "base_url": "https://acme.example", "auth_config": auth_config});
    let told = Folder::with(&connector).run(&[], &["validate", "connector.json", "--schemas", TYPES]);
    assert!(told.status == Some(1) && told.stdout.contains("error[key]"), "{told:?}");
    let called =
        call(&folder("https://acme.example", &case("hmac_exchange")), "not-Base64!", &["GET", "/orders"]);
    assert!(called.status == Some(1) && called.stderr.contains("written in Base64"), "{called:?}");
}

#[test]
fn a_body_that_cannot_take_the_key_is_refused_before_anything_is_sent() {
    let server = Loopback::start(|_| (200, "{}".to_owned()));
    let folder = folder(&server.base_url, &case("body_key"));
    for arguments in [&["GET", "/json"][..], &["POST", "/json", "-d", "a=1"], &["POST", "/json", "-d", "[1]"]]
    {
        let called = call(&folder, "s3cret-value", arguments);
        assert_eq!(called.status, Some(1), "{called:?}");
        assert!(called.stderr.contains("auth is part of the request's body"), "{called:?}");
    }
    let sent: Vec<String> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(sent, [""; 0]);
}
