//! Auth types that the guide could not do, against servers that refuse what is wrong. Those that belong to the connection have
//! a file of their own (`connection.rs`).

mod program;

use authwire_tests::loopback::{Loopback, Request};
use authwire_tests::program::Run;
use authwire_tests::{Httpbin, Login, Nginx, OAuth1, SigningKeys};
use serde_json::{Value, json};

use program::Folder;

fn succeeded(run: &Run) -> Value {
    assert_eq!((run.status, &*run.stderr), (Some(0), ""), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {run:?}"))
}

fn cookie(login: &Login, format: &str) -> Folder {
    Folder::with(&json!({
        "name": "session",
        "base_url": login.base_url,
        "auth_config": {
            "type": "cookie",
            "login_url": format!("{}/login", login.base_url),
            "username": Login::USER.username,
            "password": {"env": "SECRET"},
            "session_cookie": "session",
            "login_format": format,
        },
    }))
}

const WHOAMI: &[&str] = &["call", "connector.json", "GET", "/whoami"];

#[test]
fn a_session_is_begun_used_and_begun_anew_when_it_is_over() {
    let login = Login::start();
    for format in ["form", "json"] {
        let folder = cookie(&login, format);
        let environment = [("SECRET", Login::USER.password)];
        for _ in 0..2 {
            let run = folder.run(&environment, WHOAMI);
            assert_eq!(succeeded(&run), json!({"user": Login::USER.username}), "{format}");
        }
        login.end_sessions();
        let run = folder.run(&environment, &[WHOAMI, &["-v"]].concat());
        assert_eq!(run.status, Some(0), "{format}: {run:?}");
        assert!(
            run.stderr.contains("refused and is dropped") && run.stderr.contains("token refreshed"),
            "{run:?}"
        );
    }
}

#[test]
fn a_session_is_over_where_the_api_redirects_to_its_login_page() {
    let login = Login::start();
    let connector = |more: Value| {
        let mut auth_config = json!({
            "type": "cookie", "login_url": format!("{}/login", login.base_url), "username": Login::USER.username,
            "password": {"env": "SECRET"}, "session_cookie": "session",
        });
        auth_config.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        Folder::with(&json!({"name": "session", "base_url": login.base_url, "auth_config": auth_config}))
    };
    let environment = [("SECRET", Login::USER.password)];
    let call = ["call", "connector.json", "GET", "/page"];
    for page in ["/login", &format!("{}/login", login.base_url)] {
        let folder = connector(json!({ "refresh_on_redirect_to": page }));
        for _ in 0..2 {
            assert_eq!(succeeded(&folder.run(&environment, &call)), json!({"user": Login::USER.username}));
            login.end_sessions();
        }
    }
    // who does not say so gets what the page is
    let folder = connector(json!({}));
    assert_eq!(succeeded(&folder.run(&environment, &call)), json!({"user": Login::USER.username}));
    login.end_sessions();
    let run = folder.run(&environment, &call);
    assert!(run.status == Some(0) && run.stdout.contains("<form"), "{run:?}");
}

#[test]
fn a_wrong_password_is_told_without_it() {
    let login = Login::start();
    for format in ["form", "json"] {
        let run = cookie(&login, format).run(&[("SECRET", "mistaken-s3cret")], WHOAMI);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("/login") && run.stderr.contains("is wrong"), "{run:?}");
        assert!(!run.stderr.contains("mistaken"), "{run:?}");
    }
}

#[test]
fn an_answer_without_the_cookie_says_so() {
    let server = Loopback::start(|_| (200, json!({"ok": true}).to_string()));
    let folder = Folder::with(&json!({
        "name": "session", "base_url": server.base_url,
        "auth_config": {"type": "cookie", "login_url": format!("{}/login", server.base_url), "username": "u",
            "password": {"env": "SECRET"}, "session_cookie": "sid"},
    }));
    let run = folder.run(&[("SECRET", "s3cret-value")], WHOAMI);
    assert!(run.status == Some(1) && run.stderr.contains("sid"), "{run:?}");
}

#[test]
fn an_id_and_a_secret_go_as_two_headers() {
    let nginx = Nginx::start();
    let folder = Folder::with(&json!({
        "name": "headers",
        "base_url": nginx.base_url,
        "auth_config": {
            "type": "client_credentials_header",
            "client_id": Nginx::CLIENT_ID,
            "client_secret": {"env": "SECRET"},
            "client_id_header": "X-Client-Id",
            "client_secret_header": "X-Client-Secret",
        },
    }));
    let call = &["call", "connector.json", "GET", "/client-headers"];
    assert_eq!(succeeded(&folder.run(&[("SECRET", Nginx::HEADER_KEY)], call)), json!({"granted": true}));
    let run = folder.run(&[("SECRET", "mistaken-s3cret")], call);
    assert!(
        run.status == Some(1) && run.stderr.contains("401") && !run.stderr.contains("mistaken"),
        "{run:?}"
    );
}

#[test]
fn or_with_the_token_request_only() {
    let server = Loopback::start(|request| match request.line.as_str() {
        "POST /token" if request.header("client-secret") == Some("s3cret") => {
            (200, json!({"access_token": "t0ken", "token_type": "Bearer"}).to_string())
        }
        "POST /token" => (401, json!({"error": "invalid_client"}).to_string()),
        _ => (
            200,
            json!({"bearer": request.header("authorization"), "secret": request.header("client-secret")})
                .to_string(),
        ),
    });
    let folder = Folder::with(&json!({
        "name": "headers",
        "base_url": server.base_url,
        "auth_config": {"type": "client_credentials_header", "client_id": "id", "client_secret": {"env": "SECRET"},
            "token_url": format!("{}/token", server.base_url), "scope": "read"},
    }));
    let run = folder.run(&[("SECRET", "s3cret")], WHOAMI);
    assert_eq!(succeeded(&run), json!({"bearer": "Bearer t0ken", "secret": null}));
    assert_eq!(server.requests()[0].body, "grant_type=client_credentials&scope=read");
}

/// A connector for the API that oauthlib guards, its `auth_config` beside the client's key.
fn oauth1(server: &OAuth1, auth_config: &Value) -> Folder {
    let mut auth_config = auth_config.clone();
    auth_config["type"] = "oauth1".into();
    auth_config["consumer_key"] = OAuth1::CLIENT.into();
    auth_config["consumer_secret"] = json!({"env": "SECRET"});
    Folder::with(&json!({"name": "signed", "base_url": server.base_url, "auth_config": auth_config}))
}

#[test]
fn oauthlib_takes_what_is_signed_by_every_method_at_every_place() {
    let server = OAuth1::start();
    let with_token =
        json!({"access_token": {"env": "TOKEN"}, "access_token_secret": {"env": "TOKEN_SECRET"}});
    let environment =
        [("SECRET", OAuth1::CLIENT_SECRET), ("TOKEN", OAuth1::TOKEN), ("TOKEN_SECRET", OAuth1::TOKEN_SECRET)];
    for method in ["HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT"] {
        for placement in ["header", "query"] {
            if (method, placement) == ("PLAINTEXT", "query") {
                continue; // oauthlib decodes a query twice, and these secrets hold what is encoded
            }
            for (legs, tokens) in [("two", json!({})), ("three", with_token.clone())] {
                let mut auth_config = tokens;
                auth_config["signature_method"] = method.into();
                auth_config["placement"] = placement.into();
                let folder = oauth1(&server, &auth_config);
                let path = |query: &str| format!("/{legs}/a%20b{query}");
                for (verb, path, more) in [
                    ("GET", path(""), &[][..]),
                    ("GET", path("?b5=%3D%253D&a3=a&c%40=&a2=r%20b&a3=2+q"), &[]),
                    ("POST", path("?x=1"), &["-d", "c2=&a3=2+q&z=%C3%BC"]),
                    ("POST", path(""), &["-d", "{\"not\": \"signed\"}"]),
                    ("DELETE", path(""), &[]),
                ] {
                    let run =
                        folder.run(&environment, &[&["call", "connector.json", verb, &path], more].concat());
                    assert_eq!(run.status, Some(0), "{method} {placement} {legs} {verb} {path}: {run:?}");
                    assert_eq!(succeeded(&run)["granted"], true);
                }
            }
        }
    }
}

#[test]
fn oauthlib_takes_what_a_private_key_signs_and_no_other_key() {
    let (keys, others) = (SigningKeys::generate(), SigningKeys::generate());
    let server = OAuth1::start_with_key(&keys.rs256.public);
    let environment = [("KEY", keys.rs256.private.as_str()), ("TOKEN", OAuth1::TOKEN)];
    for placement in ["header", "query"] {
        let mut auth_config = json!({
            "type": "oauth1", "consumer_key": OAuth1::CLIENT, "private_key": {"env": "KEY"},
            "signature_method": "RSA-SHA1", "placement": placement,
        });
        for (legs, token) in [("two", None), ("three", Some(json!({"env": "TOKEN"})))] {
            auth_config["access_token"] = token.clone().unwrap_or_default();
            auth_config.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
            let folder = Folder::with(
                &json!({"name": "signed", "base_url": server.base_url, "auth_config": auth_config}),
            );
            let path = format!("/{legs}/a%20b?b5=%3D%253D&a3=a&c%40=");
            let call = ["call", "connector.json", "POST", &path, "-d", "c2=&a3=2+q"];
            assert_eq!(succeeded(&folder.run(&environment, &call))["granted"], true, "{placement} {legs}");
            let other = [("KEY", others.rs256.private.as_str()), environment[1]];
            let run = folder.run(&other, &call);
            assert!(run.status == Some(1) && run.stderr.contains("401"), "{placement} {legs}: {run:?}");
            let ec = [("KEY", keys.es256.private.as_str()), environment[1]];
            let run = folder.run(&ec, &call);
            assert!(run.status == Some(1) && run.stderr.contains("`private_key`"), "{run:?}");
        }
    }
}

#[test]
fn a_wrong_secret_signs_nothing() {
    let server = OAuth1::start();
    let folder = oauth1(&server, &json!({}));
    let run = folder.run(&[("SECRET", "mistaken-s3cret")], &["call", "connector.json", "GET", "/two/x"]);
    assert!(
        run.status == Some(1) && run.stderr.contains("401") && !run.stderr.contains("mistaken"),
        "{run:?}"
    );
    let run = folder.run(&[], &["explain", "connector.json", "GET", "/two/x"]);
    for words in
        ["Authorization: OAuth oauth_consumer_key=\"client key+1\"", "oauth_signature=\"<signature>\""]
    {
        assert!(run.stdout.contains(words), "no {words}: {run:?}");
    }
}

#[test]
fn a_request_to_aws_is_signed_with_its_body_and_its_time() {
    let server = Loopback::start(|request| {
        (200, json!({"headers": request.headers, "line": request.line}).to_string())
    });
    let folder = Folder::with(&json!({
        "name": "aws", "base_url": server.base_url,
        "auth_config": {"type": "aws_sigv4", "access_key_id": "AKIDEXAMPLE", "secret_access_key": {"env": "SECRET"},
            "session_token": {"env": "SESSION"}, "region": "us-east-1", "service": "execute-api"},
    }));
    let environment = [("SECRET", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), ("SESSION", "s3ssion")];
    let sent = |arguments: &[&str]| {
        succeeded(&folder.run(&environment, &[&["call", "connector.json"], arguments].concat()));
        server.requests().pop().expect("a request")
    };
    let first = sent(&["POST", "/orders?b=2&a=1", "-d", "{\"n\": 1}"]);
    let other = sent(&["POST", "/orders?b=2&a=1", "-d", "{\"n\": 2}"]);
    let authorization = |request: &Request| request.header("authorization").expect("signed").to_owned();
    let one = authorization(&first);
    assert!(one.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{one}");
    assert!(one.contains("/us-east-1/execute-api/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "));
    assert_ne!(one.rsplit('=').next(), authorization(&other).rsplit('=').next(), "the body is signed");
    assert_eq!(first.header("x-amz-security-token"), Some("s3ssion"));
    assert!(first.header("x-amz-date").is_some_and(|date| date.ends_with('Z')));
}

fn digest(httpbin: &Httpbin) -> Folder {
    Folder::with(&json!({"name": "digested", "base_url": httpbin.base_url,
        "auth_config": {"type": "digest", "username": "mufasa", "password": {"env": "SECRET"}}}))
}

#[test]
fn a_challenge_is_answered_with_each_digest_that_httpbin_has() {
    let httpbin = Httpbin::start();
    let folder = digest(&httpbin);
    for algorithm in ["MD5", "SHA-256"] {
        let path = format!("/digest-auth/auth/mufasa/circle-of-life/{algorithm}");
        let run = folder.run(&[("SECRET", "circle-of-life")], &["call", "connector.json", "GET", &path]);
        assert_eq!(succeeded(&run)["authenticated"], true, "{algorithm}");
        let run = folder.run(&[("SECRET", "mistaken-s3cret")], &["call", "connector.json", "GET", &path]);
        assert!(
            run.status == Some(1) && run.stderr.contains("401") && !run.stderr.contains("mistaken"),
            "{run:?}"
        );
    }
}

#[test]
fn a_challenge_that_cannot_be_answered_says_why() {
    let httpbin = Httpbin::start();
    let folder = digest(&httpbin);
    for (path, words) in [
        ("/digest-auth/auth-int/mufasa/circle-of-life/MD5", "auth-int"),
        ("/basic-auth/mufasa/circle-of-life", "does not offer Digest"),
    ] {
        let run = folder.run(&[("SECRET", "circle-of-life")], &["call", "connector.json", "GET", path]);
        assert!(run.status == Some(1) && run.stderr.contains(words), "{run:?}");
    }
}

#[test]
fn oauthlib_takes_a_signature_in_the_form_too() {
    let server = OAuth1::start();
    let environment =
        [("SECRET", OAuth1::CLIENT_SECRET), ("TOKEN", OAuth1::TOKEN), ("TOKEN_SECRET", OAuth1::TOKEN_SECRET)];
    let folder = oauth1(
        &server,
        &json!({"placement": "body", "access_token": {"env": "TOKEN"}, "access_token_secret": {"env": "TOKEN_SECRET"}}),
    );
    for arguments in [
        &["POST", "/three/a%20b?x=1", "-d", "c2=&a3=2+q&z=%C3%BC"][..],
        &["POST", "/three/x"],
        &["PUT", "/three/x", "-d", "a=1"],
        // which has no form: its header carries them
        &["GET", "/three/x"],
    ] {
        let run = folder.run(&environment, &[&["call", "connector.json"], arguments].concat());
        assert_eq!(run.status, Some(0), "{arguments:?}: {run:?}");
        assert_eq!(succeeded(&run)["granted"], true);
    }
    let run = folder.run(&environment, &["call", "connector.json", "POST", "/three/x", "-d", "{}"]);
    assert!(run.status == Some(1) && run.stderr.contains("its parameters go into a form"), "{run:?}");
    let run = folder.run(&[], &["explain", "connector.json", "POST", "/three/x"]);
    assert!(run.stdout.contains("\n   oauth_signature=<signature>\n"), "{run:?}");
}
