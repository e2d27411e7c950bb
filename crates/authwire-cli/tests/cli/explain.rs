//! `explain`: what would be sent.

use serde_json::json;

use crate::support::{Folder, connector};

fn folder() -> Folder {
    let auth = json!({
        "type": "oauth2_client_credentials",
        "client_id": {"env": "AUTHWIRE_TEST_NOT_SET"},
        "client_secret": "s3cret",
        "token_url": "https://a.example/token",
        "client_authentication": "request_body",
    });
    Folder::with("x.json", connector("acme", "https://api.a.example/v1/", auth))
}

#[test]
fn every_request_is_shown_and_no_secret_needs_to_be_there() {
    let run = folder().run(&["explain", "x.json"]).ends_with(0);
    for part in [
        "POST https://a.example/token",
        "client_id=<env:AUTHWIRE_TEST_NOT_SET>",
        "client_secret=<redacted>",
        "GET https://api.a.example/v1/",
        "Authorization: Bearer <access_token>",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("s3cret"), "{}", run.stdout);
}

#[test]
fn the_call_can_be_another_and_the_answer_json() {
    let folder = folder();
    let whole =
        folder.run(&["explain", "x.json", "post", "/users?a=b", "--format", "json"]).ends_with(0).json();
    assert_eq!((&whole["name"], &whole["auth_type"]), (&json!("acme"), &json!("oauth2_client_credentials")));
    let call = whole["requests"].as_array().and_then(|all| all.last()).expect("a call");
    assert_eq!(
        (&call["method"], &call["url"]),
        (&json!("POST"), &json!("https://api.a.example/v1/users?a=b"))
    );
}

#[test]
fn a_secret_in_a_url_is_not_shown() {
    let auth = json!({
        "type": "oauth2_client_credentials", "client_id": "id", "client_secret": {"env": "S"},
        "token_url": "https://a.example/token?tenant=t&api_key=s3cret",
    });
    let folder = Folder::with("x.json", connector("acme", "https://api.a.example", auth));
    for format in [&[][..], &["--curl"], &["--format", "json"]] {
        let arguments = [&["explain", "x.json", "GET", "/users?page=1&access_token=s3cret"], format].concat();
        let run = folder.run(&arguments).ends_with(0);
        for part in ["/token?tenant=t&api_key=<redacted>", "/users?page=1&access_token=<redacted>"] {
            assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
        }
        assert!(!run.stdout.contains("s3cret"), "{}", run.stdout);
    }
}

#[test]
fn a_file_with_errors_is_not_explained() {
    let folder = Folder::with("x.json", "{}");
    let run = folder.run(&["explain", "x.json"]).ends_with(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("error[required]"), "{run:?}");
    folder.run(&["explain", "gone.json"]).ends_with(2);
}

#[test]
fn a_type_from_a_schema_file_works_like_a_built_in_one() {
    let folder = Folder::with(
        "schemas/acme_key.json",
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Acme Key",
            "type": "object",
            "properties": {
                "type": {"const": "acme_key"},
                "key": {"title": "Key", "$ref": "authwire:common#/$defs/secret"},
            },
            "required": ["key"],
            "additionalProperties": false,
            "x-auth": {"apply": [{"header": {"X-Acme-Key": "{key}"}}]},
        })
        .to_string(),
    );
    let auth = json!({"type": "acme_key", "key": {"env": "ACME_KEY"}});
    folder.write("x.json", connector("acme", "https://a.example", auth));
    folder.run(&["validate", "x.json"]).ends_with(1);
    folder.run(&["validate", "x.json", "--schemas", "schemas"]).ends_with(0);
    let run = folder.run(&["explain", "x.json", "--schemas", "schemas"]).ends_with(0);
    assert!(run.stdout.contains("X-Acme-Key: <env:ACME_KEY>"), "{}", run.stdout);
}

#[test]
fn a_map_of_secrets_is_not_shown() {
    let secrets = [
        json!({"type": "object", "additionalProperties": {"$ref": "authwire:common#/$defs/secret"}}),
        json!({"$ref": "authwire:common#/$defs/map", "writeOnly": true}),
    ];
    for mut map in secrets {
        map["title"] = json!("Headers");
        let schema = json!({
            "title": "Acme", "description": "d", "type": "object", "properties": {"more": map}, "required": ["more"],
            "x-auth": {"apply": [{"header": {"...": "{more}"}}]},
        });
        let folder = Folder::with("schemas/acme.json", schema.to_string());
        let auth = json!({"type": "acme", "more": {"X-Foo": "s3cret"}});
        folder.write("x.json", connector("acme", "https://a.example", auth));
        for format in [&[][..], &["--format", "json"], &["--curl"]] {
            let run =
                folder.run(&[&["explain", "x.json", "--schemas", "schemas"], format].concat()).ends_with(0);
            assert!(run.stdout.contains("<redacted>") && !run.stdout.contains("s3cret"), "{}", run.stdout);
        }
    }
}

#[test]
fn a_broken_schema_loads_nothing_and_says_where() {
    let folder = Folder::with(
        "schemas/acme.json",
        "{\n  \"type\": \"object\",\n  \"propertis\": {},\n  \"x-auth\": {}\n}",
    );
    folder.write("x.json", "{}");
    let run = folder.run(&["validate", "x.json", "--schemas", "schemas"]).ends_with(2);
    assert!(run.stderr.contains("schemas/acme.json:3:3"), "{}", run.stderr);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    folder.run(&["validate", "x.json", "--schemas", "gone"]).ends_with(2);
}

#[test]
fn the_requests_are_commands_for_curl() {
    let run = folder().run(&["explain", "x.json", "--curl"]).ends_with(0);
    for part in [
        "# 1. the token\n# to fill in: <redacted>\ncurl 'https://a.example/token'",
        "--data-urlencode 'client_id='\"$AUTHWIRE_TEST_NOT_SET\"",
        "# 2. the call\n# to fill in: <access_token>\ncurl 'https://api.a.example/v1/'",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("s3cret"), "{}", run.stdout);
}

#[test]
fn what_curl_does_itself_is_left_to_it_and_what_nobody_knows_is_named() {
    let secret = json!({"env": "AUTHWIRE_TEST_NOT_SET"});
    for (auth, parts) in [
        (
            json!({"type": "digest", "username": "joe", "password": secret}),
            &["--digest", "-u 'joe:'\"$AUTHWIRE_TEST_NOT_SET\""][..],
        ),
        (
            json!({"type": "ntlm", "domain": "ACME", "username": "joe", "password": secret}),
            &["--ntlm", "-u 'ACME\\joe:'\"$AUTHWIRE_TEST_NOT_SET\""],
        ),
        (
            json!({"type": "mtls", "certificate": {"file": "own.p12"}, "passphrase": secret}),
            &["cd 'sub'", "--cert 'own.p12'", "--cert-type 'P12'", "--pass \"$AUTHWIRE_TEST_NOT_SET\""],
        ),
        (
            json!({"type": "mtls", "certificate": {"file": "/own.crt"}, "private_key": {"file": "/own.key"}}),
            &["--cert '/own.crt'", "--key '/own.key'"],
        ),
        (
            json!({"type": "aws_sigv4", "access_key_id": "id", "secret_access_key": secret, "region": "eu-west-1",
                "service": "s3"}),
            &["--aws-sigv4 'aws:amz:eu-west-1:s3'", "-u 'id:'\"$AUTHWIRE_TEST_NOT_SET\""],
        ),
        (
            json!({"type": "bearer_token", "api_key": {"store": "acme.key"}}),
            &["# to fill in: <store:acme.key>\n"],
        ),
        (
            json!({"type": "basic_auth", "username": secret, "password": ""}),
            &["-u \"$AUTHWIRE_TEST_NOT_SET\"':'"],
        ),
    ] {
        let folder = Folder::with("sub/x.json", connector("acme", "https://a.example", auth));
        let run = folder.run(&["explain", "sub/x.json", "--curl"]).ends_with(0);
        for part in parts {
            assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
        }
        assert!(
            !run.stdout.contains("Authorization: Digest") && !run.stdout.contains("<redacted>"),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn paths_in_commands_begin_where_those_of_the_file_do() {
    let auth = |path: &str| {
        let auth = json!({"type": "bearer_token", "api_key": {"file": path}});
        connector("acme", "https://a.example", auth)
    };
    let folder = Folder::with("sub/x.json", auth("key.txt"));
    folder.write("sub/y.json", auth("/run/key.txt"));
    let run = folder.run(&["explain", "sub/x.json", "--curl"]).ends_with(0);
    assert!(run.stdout.contains("\ncd 'sub'\n") && run.stdout.contains("$(cat 'key.txt')"), "{}", run.stdout);
    let run = folder.run(&["explain", "sub/y.json", "--curl"]).ends_with(0);
    assert!(!run.stdout.contains("cd '"), "{}", run.stdout);
}
