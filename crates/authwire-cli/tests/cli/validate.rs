//! `validate`: what is found where, and the exit status.

use serde_json::json;

use crate::support::{Folder, connector, plain};

#[test]
fn findings_have_their_places_and_the_status_follows_them() {
    let literal = json!({"type": "bearer_token", "api_key": "s3cret"});
    for (name, content, status, strict, findings) in [
        ("valid", plain("acme"), 0, 0, vec![]),
        (
            "a warning",
            connector("acme", "https://a.example", literal),
            0,
            1,
            vec!["x.json:1:27 literal_secret /auth_config/api_key"],
        ),
        (
            "errors",
            "{\n  \"name\": \"a\",\n  \"auth_config\": {\"type\": \"no_auth\", \"x\": 1}\n}\n".to_owned(),
            1,
            1,
            vec![
                "x.json:1:1 required ",
                "x.json:2:11 pattern /name",
                "x.json:3:38 unknown_field /auth_config/x",
            ],
        ),
        ("no JSON", "{\"name\": \"é\",}".to_owned(), 1, 1, vec!["x.json:1:13 syntax "]),
        ("nothing", String::new(), 1, 1, vec!["x.json:1:1 syntax "]),
        ("a mark", "\u{feff}{}".to_owned(), 1, 1, vec!["x.json:1:1 encoding "]),
        ("deep", "[".repeat(200_000), 1, 1, vec!["x.json:1:129 too_deep "]),
    ] {
        let folder = Folder::with("x.json", content);
        let run = folder.run(&["validate", "x.json", "--format", "json"]);
        assert_eq!(
            (name, run.status, run.findings()),
            (name, Some(status), findings.iter().map(ToString::to_string).collect())
        );
        assert_eq!(folder.run(&["validate", "x.json", "--deny-warnings"]).status, Some(strict), "{name}");
    }
}

#[test]
fn a_file_that_is_too_large_is_told_from_its_first_bytes() {
    let folder = Folder::new();
    let file = std::fs::File::create(folder.path().join("x.json")).expect("a file");
    file.set_len(20 << 30).expect("a sparse file");
    let run = folder.run(&["validate", "x.json", "--format", "json"]).ends_with(1);
    assert_eq!(run.findings(), ["x.json:1:1 too_large "]);
}

#[test]
fn stdin_is_a_file_like_any_other() {
    let folder = Folder::new();
    let run = folder.run_with(&["validate", "-", "--format", "json"], &[], b"{}").ends_with(1);
    assert_eq!(run.findings()[0], "<stdin>:1:1 required ");
}

#[test]
fn two_connectors_of_one_name_are_a_warning_at_the_second() {
    let folder = Folder::new();
    for name in ["a.json", "b.json", "c.json"] {
        folder.write(name, plain(if name == "c.json" { "other" } else { "same" }));
    }
    let run = folder.run(&["validate", ".", "--format", "json"]).ends_with(0);
    let findings = run.findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].starts_with("./b.json:1:") && findings[0].ends_with(" duplicate_name /name"),
        "{findings:?}"
    );
    assert!(run.json()["findings"][0]["message"].as_str().is_some_and(|text| text.contains("a.json")));
    folder.run(&["validate", ".", "--deny-warnings"]).ends_with(1);
    // the same file twice is one file
    folder.run(&["validate", "a.json", "a.json", "--deny-warnings"]).ends_with(0);
}

#[test]
fn a_warning_that_is_allowed_is_not_told_and_an_error_cannot_be() {
    let literal = connector("one", "https://a.example", json!({"type": "bearer_token", "api_key": "t0ken"}));
    let folder = Folder::with("a.json", &literal);
    folder.write("b.json", plain("one"));
    let strictly = |codes: &[&str]| {
        let allowed = codes.iter().flat_map(|code| ["--allow", code]);
        let arguments: Vec<_> =
            ["validate", ".", "--deny-warnings", "--format", "json"].into_iter().chain(allowed).collect();
        folder.run(&arguments)
    };
    let run = strictly(&["literal_secret"]).ends_with(1);
    assert_eq!(run.findings().len(), 1, "{run:?}");
    assert!(run.findings()[0].contains("duplicate_name"), "{run:?}");
    let run = strictly(&["literal_secret", "duplicate_name"]).ends_with(0);
    assert!(run.findings().is_empty(), "{run:?}");
    let run = strictly(&["required"]).ends_with(2);
    assert!(run.stderr.contains("possible values: literal_secret"), "{}", run.stderr);
}

#[test]
fn bad_usage_is_status_2() {
    let folder = Folder::new();
    for arguments in [
        &["validate"][..],
        &["validate", "--format", "xml", "."],
        &["frobnicate"],
        &["explain"],
        &["types", "nonsense"],
    ] {
        let run = folder.run(arguments).ends_with(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{arguments:?}: {run:?}");
    }
}

#[test]
fn references_are_resolved_if_that_is_asked_for() {
    let auth = json!({
        "type": "basic_auth",
        "username": {"env": "AUTHWIRE_TEST_NAME"},
        "password": {"file": "password.txt"},
    });
    let folder = Folder::with("sub/x.json", connector("acme", "https://a.example", auth));
    let arguments = ["validate", "sub/x.json", "--format", "json"];
    folder.run(&arguments).ends_with(0);
    let resolve = ["validate", "sub/x.json", "--format", "json", "--resolve"];
    let run = folder.run(&resolve).ends_with(1);
    let pointers: Vec<_> =
        run.findings().iter().map(|one| one.rsplit(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(pointers, ["/auth_config/password", "/auth_config/username"]);

    folder.write("sub/password.txt", "s3cret\n");
    let run = folder.run_with(&resolve, &[("AUTHWIRE_TEST_NAME", "me")], b"").ends_with(0);
    assert!(run.findings().is_empty(), "{run:?}");
    // RFC 7617: a user name with a colon cannot be sent, whether it stands in the file or not
    let run = folder.run_with(&resolve, &[("AUTHWIRE_TEST_NAME", "s3cret:me")], b"").ends_with(1);
    assert!(run.findings()[0].ends_with(" username /auth_config/username"), "{run:?}");
    assert!(!run.stdout.contains("s3cret"), "{run:?}");
    // a private CA is no reference, and has to be there all the same
    let file = json!({
        "name": "acme", "base_url": "https://a.example", "auth_config": {"type": "no_auth"},
        "http": {"ca_file": "ca.pem"},
    });
    folder.write("sub/x.json", file.to_string());
    for certificate in ["", "not one"] {
        let run = folder.run(&resolve).ends_with(1);
        assert!(run.findings()[0].ends_with(" key /http/ca_file"), "{run:?}");
        folder.write("sub/ca.pem", certificate);
    }
}

/// A map may have one member that is called as the source of a reference is.
#[test]
fn what_only_looks_like_a_reference_is_not_resolved() {
    let auth = json!({
        "type": "jwt_bearer", "token_url": "https://a.example/token",
        "private_key": {"env": "AUTHWIRE_TEST_NOT_SET"}, "algorithm": "RS256", "claims_expiry_seconds": 600,
        "additional_claims": {"env": "prod"}, "headers": {"store": "main"}, "additional_headers": {"file": "x"},
    });
    let file = json!({
        "name": "acme", "base_url": "https://a.example", "auth_config": auth,
        "headers": {"env": "prod"}, "query": {"store": "main"},
    });
    let folder = Folder::with("x.json", file.to_string());
    folder.run(&["validate", "x.json"]).ends_with(0);
    let run = folder.run(&["validate", "x.json", "--format", "json", "--resolve"]).ends_with(1);
    let findings = run.findings();
    assert!(findings.len() == 1 && findings[0].ends_with("/auth_config/private_key"), "{findings:?}");
}

#[test]
fn every_example_is_valid_and_keeps_its_secrets_elsewhere() {
    let folder = Folder::new();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/connectors");
    let run = folder.run(&["validate", examples, "--format", "json"]).ends_with(0);
    assert!(run.json()["files"].as_u64() >= Some(40), "{}", run.stdout);
    let literal: Vec<String> =
        run.findings().into_iter().filter(|finding| finding.contains(" literal_secret ")).collect();
    assert!(literal.is_empty(), "{literal:#?}");
}

/// One that can never be called is an error, and the reason is what is wrong with it.
#[test]
fn a_url_that_no_call_can_use_is_told_with_the_reason() {
    for (url, code, words) in [
        ("https://{tenant}.acme.example/v1", "url", "no templates"),
        ("https://${HOST}/v1", "url", "no templates"),
        ("https://{{host}}/v1", "url", "no templates"),
        ("https://https://a.example", "url", "its scheme stands there twice"),
        ("https://a.example,b.example", "url", "no host has this name"),
        ("https://...", "url", "no host has this name"),
        ("https://api..acme.example", "url", "no host has this name"),
        ("https://a.example/users/{id}", "", ""),
        ("https://b\u{fc}cher.example", "", ""),
        ("http://a.example", "pattern", "plain http is for this machine only"),
        ("a.example/v1", "pattern", "a URL with a host is needed"),
        ("ftp://a.example", "pattern", "only https"),
        ("https://a.example/#top", "pattern", "a fragment (#…) is never sent"),
        ("https://u:S3CRET@a.example", "pattern", "a URL carries no user and password"),
        ("https://a.example/a b", "pattern", "white space"),
        ("https://", "pattern", "a URL with a host is needed"),
        ("", "min_length", "is empty"),
    ] {
        let auth = json!({
            "type": "oauth2_client_credentials", "client_id": "id", "client_secret": {"env": "S"}, "token_url": url,
        });
        let folder = Folder::with("x.json", connector("acme", url, auth));
        let run = folder.run(&["validate", "x.json", "--format", "json"]);
        let findings = run.json()["findings"].as_array().cloned().unwrap_or_default();
        let expected = if code.is_empty() { vec![] } else { vec![code; 2] };
        assert_eq!(findings.iter().map(|one| one["code"].clone()).collect::<Vec<_>>(), expected, "{url}");
        for finding in findings {
            let told = format!("{} {}", finding["message"], finding["help"]);
            assert!(told.contains(words), "{url}: {finding}");
        }
        assert!(!run.stdout.contains("S3CRET"), "{run:?}");
    }
    let run = Folder::with("x.json", connector("acme", "https://a.example?x=1", json!({"type": "no_auth"})))
        .run(&["validate", "x.json"])
        .ends_with(1);
    assert!(run.stdout.contains("a base URL has no query"), "{}", run.stdout);
}

/// A key that was written in the place of `%s` is one.
#[test]
fn a_value_pattern_without_its_placeholder_is_not_shown() {
    for (pattern, shown) in [("Bearer S3CRET", false), ("Bearer S3CRET%%s", false), ("Key %s %s", true)] {
        let auth =
            json!({"type": "bearer_token", "api_key": {"env": "K"}, "header_auth_value_pattern": pattern});
        let folder = Folder::with("x.json", connector("acme", "https://a.example", auth));
        let run = folder.run(&["validate", "x.json"]).ends_with(1);
        assert!(run.stdout.contains("error[placeholder]"), "{}", run.stdout);
        assert_eq!(run.stdout.contains(pattern), shown, "{}", run.stdout);
    }
}

#[test]
fn of_a_name_that_stands_twice_the_first_value_is_judged() {
    let text = "{\n\"name\": \"acme\",\n\"base_url\": \"https://a.example\",\n\"auth_config\": {\"type\": \"no_auth\",\n\"type\": \"other\"}}";
    let folder = Folder::with("x.json", text);
    let run = folder.run(&["validate", "x.json", "--format", "json"]).ends_with(1);
    assert_eq!(run.findings(), ["x.json:5:1 duplicate_key /auth_config/type"]);
    assert!(run.stdout.contains("stands in this object already, in line 4"), "{}", run.stdout);
}

#[test]
fn what_a_reference_leads_to_is_named_where_it_is_empty_or_out_of_reach() {
    let auth = |key: serde_json::Value| {
        connector("acme", "https://a.example", json!({"type": "bearer_token", "api_key": key}))
    };
    let folder = Folder::with("env.json", auth(json!({"env": "AUTHWIRE_TEST_EMPTY"})));
    folder.write("file.json", auth(json!({"file": "empty.txt"})));
    folder.write("empty.txt", "\n");
    folder.write("store.json", auth(json!({"store": "k"})));
    folder.run_with(&["secret", "set", "k"], &[], b"v").ends_with(0);
    let other_key =
        [("AUTHWIRE_TEST_EMPTY", ""), ("AUTHWIRE_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")];
    for (file, words) in [
        ("env.json", "the environment variable `AUTHWIRE_TEST_EMPTY` is empty"),
        ("file.json", "the file `empty.txt` is empty"),
        ("store.json", "name that one by AUTHWIRE_KEY or AUTHWIRE_KEY_FILE"),
    ] {
        let run = folder.run_with(&["validate", file, "--resolve"], &other_key, b"").ends_with(1);
        assert!(run.stdout.contains(words), "{}", run.stdout);
        assert!(
            !run.stdout.contains("leave the field out") && !run.stdout.contains("secret set"),
            "{}",
            run.stdout
        );
    }
}

/// What comes through a pipe is read once: the place of a name is told all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_came_through_a_pipe_has_its_place() {
    let folder = Folder::with("a.json", plain("acme"));
    folder.write("b.json", format!("\n\n{}", plain("acme")));
    let command = format!("{} validate a.json <(cat b.json) --format json", env!("CARGO_BIN_EXE_authwire"));
    let output =
        std::process::Command::new("bash").args(["-c", &command]).current_dir(folder.path()).output();
    let stdout = String::from_utf8(output.expect("bash").stdout).expect("UTF-8");
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(
        (&report["findings"][0]["code"], &report["findings"][0]["line"]),
        (&json!("duplicate_name"), &json!(3)),
        "{stdout}"
    );
}

#[test]
fn a_name_is_told_only_as_far_as_somebody_would_read_it() {
    let folder = Folder::with("x.json", format!(r#"{{"{}": 1}}"#, "x".repeat(3000)));
    let run = folder.run(&["validate", "x.json", "--format", "json"]).ends_with(1);
    let findings = run.json()["findings"].as_array().cloned().unwrap_or_default();
    let unknown = findings.iter().find(|one| one["code"] == "unknown_field").expect("it is told");
    assert_eq!(unknown["message"], format!("unknown field `{}…`", "x".repeat(80)));
}
