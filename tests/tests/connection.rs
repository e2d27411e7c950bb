//! Auth that belongs to the connection, against servers that nobody here wrote: nginx wants a client certificate,
//! Samba's `ntlm_auth` a password.

mod program;

use std::fs;
use std::path::Path;

use authwire_tests::program::Run;
use authwire_tests::{Authority, Certificate, Nginx, Ntlm, Oidc, clients};
use serde_json::{Value, json};

use program::Folder;

const CALL: &[&str] = &["call", "connector.json", "GET", "/certificate"];

/// A connector for nginx, its `auth_config` beside the type.
fn mtls(nginx: &Nginx, authority: &Authority, auth_config: Value) -> Folder {
    let mut auth_config = auth_config;
    auth_config["type"] = "mtls".into();
    Folder::with(&json!({
        "name": "pki",
        "base_url": nginx.base_url,
        "auth_config": auth_config,
        "http": {"ca_file": authority.certificate()},
    }))
}

fn file(path: &Path) -> Value {
    json!({ "file": path })
}

#[track_caller]
fn got_in(run: &Run, subject: &str) {
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(answer, json!({"granted": true, "subject": format!("CN={subject}")}));
}

#[test]
fn a_client_certificate_gets_into_nginx_however_it_is_given() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let (rsa, ec) = (authority.client("rsa"), authority.ec_client("ec"));
    for (name, client) in [("rsa", &rsa), ("ec", &ec)] {
        let files = json!({"certificate": file(&client.certificate), "private_key": file(&client.key)});
        got_in(&mtls(&nginx, &authority, files).run(&[], CALL), name);

        let (certificate, key) = client.texts();
        let in_one = json!({"certificate": {"env": "PEM"}});
        let both = [("PEM", &*format!("{certificate}{key}"))];
        got_in(&mtls(&nginx, &authority, in_one).run(&both, CALL), name);

        for old in [false, true] {
            let locked = authority.pkcs12(name, "open sesame", old);
            let pkcs12 = json!({"certificate": file(&locked), "passphrase": {"env": "PASSPHRASE"}});
            got_in(&mtls(&nginx, &authority, pkcs12).run(&[("PASSPHRASE", "open sesame")], CALL), name);
        }

        let encrypted = authority.encrypted_key(name, "open sesame");
        let parts = json!({
            "certificate": file(&client.certificate),
            "private_key": file(&encrypted),
            "passphrase": {"env": "PASSPHRASE"},
        });
        got_in(&mtls(&nginx, &authority, parts).run(&[("PASSPHRASE", "open sesame")], CALL), name);
    }
}

#[test]
fn a_certificate_of_somebody_else_does_not_get_in() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let stranger = Authority::new().client("stranger").texts();
    let auth_config = json!({"certificate": {"env": "CERTIFICATE"}, "private_key": {"env": "KEY"}});
    let folder = mtls(&nginx, &authority, auth_config);
    let run = folder.run(&[("CERTIFICATE", &stranger.0), ("KEY", &stranger.1)], CALL);
    // nginx lets the handshake pass and answers 400
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stdout.contains("SSL certificate"), "{run:?}");
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_without_any_of_it() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let (one, other) = (authority.client("one"), authority.ec_client("other"));
    let locked = authority.pkcs12("one", "open sesame", false);
    let encrypted = authority.encrypted_key("one", "open sesame");
    let broken = authority.path("broken.pem");
    let text = fs::read_to_string(&one.certificate).expect("a certificate");
    fs::write(&broken, text.get(..200).expect("more than that")).expect("a file");
    let cases = [
        (
            json!({"certificate": file(&one.certificate), "private_key": file(&other.key)}),
            "`private_key`",
            "the key is not that of the certificate",
        ),
        (json!({"certificate": file(&one.certificate)}), "`private_key`", "there is no private key"),
        (
            json!({"certificate": file(&one.key), "private_key": file(&one.key)}),
            "`certificate`",
            "there is no certificate in it",
        ),
        (
            json!({"certificate": file(&broken), "private_key": file(&one.key)}),
            "`certificate`",
            "the PEM text is broken",
        ),
        (json!({"certificate": {"env": "WORDS"}}), "`certificate`", "neither PEM nor PKCS#12"),
        (
            json!({"certificate": file(&locked), "passphrase": {"env": "WRONG"}}),
            "`passphrase`",
            "the PKCS#12 file cannot be opened",
        ),
        (json!({"certificate": file(&locked)}), "`passphrase`", "the PKCS#12 file cannot be opened"),
        (
            json!({"certificate": file(&locked), "private_key": file(&one.key), "passphrase": {"env": "RIGHT"}}),
            "`private_key`",
            "PKCS#12 brings its own key",
        ),
        (
            json!({"certificate": file(&one.certificate), "private_key": file(&encrypted)}),
            "`passphrase`",
            "the private key is encrypted",
        ),
        (
            json!({
                "certificate": file(&one.certificate), "private_key": file(&encrypted), "passphrase": {"env": "WRONG"}
            }),
            "`passphrase`",
            "the private key cannot be decrypted",
        ),
    ];
    for (auth_config, field, words) in cases {
        let shown = auth_config.to_string();
        let environment = [("WORDS", "some words"), ("WRONG", "c4nary-passphrase"), ("RIGHT", "open sesame")];
        let run = mtls(&nginx, &authority, auth_config).run(&environment, CALL);
        assert_eq!(run.status, Some(1), "{shown}: {run:?}");
        assert!(run.stderr.contains(field) && run.stderr.contains(words), "{shown}: {}", run.stderr);
        for secret in ["c4nary-passphrase", "open sesame", "some words", "MII"] {
            assert!(!run.stderr.contains(secret), "{secret} is told: {}", run.stderr);
        }
    }
}

#[test]
fn a_server_of_an_unknown_authority_is_not_trusted() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let client = authority.client("client");
    let folder = Folder::with(&json!({
        "name": "pki",
        "base_url": nginx.base_url,
        "auth_config": {
            "type": "mtls", "certificate": file(&client.certificate), "private_key": file(&client.key)
        },
    }));
    let run = folder.run(&[], &[CALL, &["-vv"]].concat());
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("http.ca_file"), "{run:?}");
    // it will be no other certificate the next time
    assert!(!run.stderr.contains("is repeated"), "{run:?}");
}

fn ntlm(server: &Ntlm, auth_config: Value) -> Folder {
    let mut auth_config = auth_config;
    auth_config["type"] = "ntlm".into();
    auth_config["password"] = json!({"env": "PASSWORD"});
    Folder::with(&json!({"name": "windows", "base_url": server.base_url, "auth_config": auth_config}))
}

const WHOAMI: &[&str] = &["call", "connector.json", "GET", "/whoami"];
const POST: &[&str] = &["call", "connector.json", "POST", "/whoami", "-d", "{\"a\":1}"];

#[test]
fn an_account_gets_in_by_ntlm() {
    let server = Ntlm::start();
    let environment = [("PASSWORD", Ntlm::PASSWORD)];
    for account in [
        json!({"username": Ntlm::USERNAME, "domain": Ntlm::DOMAIN}),
        json!({"username": Ntlm::USERNAME, "domain": Ntlm::DOMAIN, "workstation": "GATEWAY01"}),
        // case is the server's business
        json!({"username": "SVC-Integration", "domain": Ntlm::DOMAIN}),
    ] {
        let run = ntlm(&server, account.clone()).run(&environment, WHOAMI);
        assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{account}: {run:?}");
    }
    let run =
        ntlm(&server, json!({"username": Ntlm::USERNAME, "domain": Ntlm::DOMAIN})).run(&environment, POST);
    assert_eq!(run.status, Some(0), "{run:?}");
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&answer["method"], &answer["body"]), (&json!("POST"), &json!("{\"a\":1}")));
}

#[test]
fn a_wrong_password_or_name_does_not_get_in() {
    let server = Ntlm::start();
    for (account, password) in [
        (json!({"username": Ntlm::USERNAME, "domain": Ntlm::DOMAIN}), "c4nary-wrong"),
        (json!({"username": Ntlm::USERNAME, "domain": Ntlm::DOMAIN}), ""),
        (json!({"username": "somebody", "domain": Ntlm::DOMAIN}), Ntlm::PASSWORD),
    ] {
        let run = ntlm(&server, account).run(&[("PASSWORD", password)], WHOAMI);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("`username` and `password`"), "{run:?}");
        assert!(password.is_empty() || !run.stderr.contains(password), "{run:?}");
    }
}

#[test]
fn a_server_without_ntlm_says_what_it_wants() {
    let nginx = Nginx::start();
    let folder = Folder::with(&json!({
        "name": "windows",
        "base_url": nginx.base_url,
        "auth_config": {"type": "ntlm", "username": "alice", "password": {"env": "PASSWORD"}},
    }));
    let run = folder.run(&[("PASSWORD", "c4nary")], &["call", "connector.json", "GET", "/basic"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    let said = "the server does not ask for NTLM but for Basic; choose another auth type";
    assert!(run.stderr.contains(said) && !run.stderr.contains("c4nary"), "{run:?}");
    let run = folder.run(&[("PASSWORD", "c4nary")], &["call", "connector.json", "GET", "/open"]);
    assert_eq!(run.status, Some(0), "{run:?}");
}

#[test]
fn explain_needs_neither_certificate_nor_password() {
    let folder = Folder::with(&json!({
        "name": "pki",
        "base_url": "https://api.example",
        "auth_config": {
            "type": "mtls", "certificate": {"file": "acme.pem"}, "private_key": {"env": "ACME_KEY"},
            "token_url": "https://auth.example/token", "client_id": "abc",
        },
    }));
    let run = folder.run(&[], &["explain", "connector.json", "GET", "/items"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    let first = "every connection shows the client certificate <file:acme.pem> with the key <env:ACME_KEY>\n";
    assert!(run.stdout.starts_with(first), "{}", run.stdout);
    assert!(run.stdout.contains("client_id=abc") && !run.stdout.contains("client_secret"), "{}", run.stdout);
}

/// A connector for oidc-provider with a certificate in place of a secret.
fn certified(oidc: &Oidc, authority: &Authority, certificate: &Certificate) -> Folder {
    Folder::with(&json!({
        "name": "certified",
        "base_url": oidc.base_url,
        "auth_config": {
            "type": "mtls", "certificate": file(&certificate.certificate), "private_key": file(&certificate.key),
            "token_url": oidc.token_url, "client_id": clients::CERTIFIED.id, "scope": "api:read",
        },
        "http": {"ca_file": authority.certificate()},
    }))
}

const CERTIFIED_WHOAMI: &[&str] = &["call", "connector.json", "GET", "/api/whoami"];

#[test]
fn oidc_provider_knows_a_client_by_its_certificate_and_binds_its_tokens_to_it() {
    let authority = Authority::new();
    let oidc = Oidc::start_tls(&authority);
    let own = authority.client(clients::CERTIFIED.id);
    let folder = certified(&oidc, &authority, &own);
    let run = folder.run(&[], CERTIFIED_WHOAMI);
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&answer["client"], &answer["scope"]), (&json!(clients::CERTIFIED.id), &json!("api:read")));

    let run = folder.run(&[], &["token", "connector.json", "--reveal", "--format", "json"]);
    let token: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let thief = Folder::with(&json!({"name": "thief", "base_url": oidc.base_url,
        "auth_config": {"type": "bearer_token", "api_key": {"env": "TOKEN"}},
        "http": {"ca_file": authority.certificate()}}));
    let run = thief.run(&[("TOKEN", token["access_token"].as_str().expect("a token"))], CERTIFIED_WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("401"), "{run:?}");
}

#[test]
fn and_nobody_by_the_certificate_of_somebody_else() {
    let authority = Authority::new();
    let oidc = Oidc::start_tls(&authority);
    // one of the authority with another name, and one of another authority with the right name
    let others = Authority::new();
    for wrong in [authority.client("somebody-else"), others.client(clients::CERTIFIED.id)] {
        let run = certified(&oidc, &authority, &wrong).run(&[], CERTIFIED_WHOAMI);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("invalid_client") && !run.stderr.contains("PRIVATE"), "{run:?}");
    }
}
