//! The programs in `examples/programs`, run as their readers would run them.

use std::fs;
use std::process::{Command, Output};

use authwire_tests::{Oidc, built, clients};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A connector for the API of `oidc`, whose client secret is in `SECRET`.
fn connector(oidc: &Oidc) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let client = clients::BASIC;
    let connector = json!({
        "name": "acme",
        "base_url": oidc.base_url,
        "auth_config": {"type": "oauth2_client_credentials", "client_id": client.id,
            "client_secret": {"env": "SECRET"}, "token_url": oidc.token_url, "scope": "api:read"},
    });
    fs::write(folder.path().join("connector.json"), connector.to_string()).expect("a file");
    folder
}

fn run(name: &str, folder: &TempDir, secret: &str) -> Output {
    Command::new(built("authwire-examples", name))
        .args(["connector.json", "/api/whoami"])
        .current_dir(folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .env("SECRET", secret)
        .output()
        .expect("it starts")
}

fn got_in(output: &Output) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let (status, body) = stdout.split_once('\n').unwrap_or_else(|| panic!("{output:?}"));
    assert_eq!(status, "200 OK", "{output:?}");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["client"], clients::BASIC.id);
}

#[test]
fn the_client_gets_in_and_its_token_outlives_it() {
    let oidc = Oidc::start();
    let folder = connector(&oidc);
    let secret = clients::BASIC.secret.expect("a confidential client");
    got_in(&run("client", &folder, secret));
    got_in(&run("client", &folder, secret));
    assert_eq!(oidc.journal.counts().token_requests, 1);
    // a token that died meanwhile is no matter
    oidc.revoke_access_tokens();
    got_in(&run("client", &folder, secret));
    let refused = run("client", &folder, "mistaken-s3cret");
    assert!(!refused.status.success(), "{refused:?}");
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("mistaken"), "{refused:?}");
}

#[test]
fn an_http_client_of_ones_own_gets_in() {
    let oidc = Oidc::start();
    let folder = connector(&oidc);
    got_in(&run("own_http_client", &folder, clients::BASIC.secret.expect("a confidential client")));
    let refused = run("own_http_client", &folder, "mistaken-s3cret");
    assert!(!refused.status.success(), "{refused:?}");
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("mistaken"), "{refused:?}");
}
