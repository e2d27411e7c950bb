//! `jwt`: what would be signed, and what was.

use serde_json::json;

use crate::support::{Folder, connector, plain};

/// RFC 7515 appendix A.1: the token, and its key.
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
    eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
    dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

#[test]
fn what_a_connector_would_sign_is_shown_without_its_key() {
    let auth = json!({"type": "jwt_bearer", "private_key": {"env": "AUTHWIRE_TEST_NOT_SET"}, "algorithm": "RS256",
        "claims_expiry_seconds": 600, "claims_issuer": "me", "headers": {"kid": "k1"}});
    let folder = Folder::with("x.json", connector("acme", "https://a.example", auth));
    let run = folder.run(&["jwt", "x.json"]).ends_with(0);
    for part in ["\"alg\": \"RS256\"", "\"kid\": \"k1\"", "\"iss\": \"me\"", "\"exp\""] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    let made = folder.run(&["jwt", "x.json", "--format", "json"]).ends_with(0).json();
    assert_eq!(made["made"][0]["header"]["kid"], "k1");
    folder.write("y.json", plain("plain"));
    let run = folder.run(&["jwt", "y.json"]).ends_with(1);
    assert!(run.stderr.contains("signs no JWT"), "{}", run.stderr);
    let run = folder.run(&["jwt"]).ends_with(2);
    assert!(run.stderr.contains("FILE"), "{}", run.stderr);
}

#[test]
fn a_token_is_decoded_from_wherever_it_comes() {
    let folder = Folder::new();
    let run = folder.run(&["jwt", "decode", TOKEN]).ends_with(0);
    assert!(
        run.stdout.contains("\"iss\": \"joe\"") && run.stdout.contains("expires: 2011-03-22T18:43:00Z"),
        "{}",
        run.stdout
    );
    let run = folder
        .run_with(&["jwt", "decode", "--format", "json"], &[], format!("Bearer {TOKEN}\n").as_bytes())
        .ends_with(0);
    assert_eq!(run.json()["claims"]["exp"], 1_300_819_380);
    for text in ["", "one.two", "a.b.c"] {
        let run = folder.run_with(&["jwt", "decode"], &[], text.as_bytes());
        assert!(run.status > Some(0) && !run.stderr.is_empty(), "{run:?}");
    }
}

#[test]
fn a_signature_is_checked_with_the_key_that_is_given() {
    let folder = Folder::with("key.txt", KEY);
    let hs256 = ["--algorithm", "HS256", "--key-encoding", "base64url", "--key", "key.txt"];
    let verify = |token: &str, more: &[&str]| folder.run(&[&["jwt", "verify", token], more].concat());
    // good, but its time is long over
    let run = verify(TOKEN, &hs256).ends_with(1);
    assert!(run.stderr.contains("the signature is good, but the token expired"), "{}", run.stderr);
    let run = verify(&TOKEN.replace("-mB92", "-mB93"), &hs256).ends_with(1);
    assert!(run.stderr.contains("not made with this key"), "{}", run.stderr);
    // nor is a line end, of whatever system, a part of it
    folder.write("key.txt", format!("{KEY}\r\n"));
    let run = verify(TOKEN, &hs256).ends_with(1);
    assert!(run.stderr.contains("the signature is good, but the token expired"), "{}", run.stderr);
    // a secret is not taken for what it may not be
    let run = verify(TOKEN, &["--key", "key.txt"]).ends_with(2);
    assert!(run.stderr.contains("--algorithm HS256") && !run.stderr.contains(KEY), "{}", run.stderr);
    // RFC 7515 appendix A.3: a key on P-256 says ES256 by itself
    folder.write(
        "ec.json",
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    );
    let token = "eyJhbGciOiJFUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let run = verify(token, &["--key", "ec.json"]).ends_with(1);
    assert!(run.stderr.contains("the signature is good, but the token expired"), "{}", run.stderr);
    let run = verify(TOKEN, &["--key", "ec.json"]).ends_with(1);
    assert!(run.stderr.contains("not signed with ES256"), "{}", run.stderr);
    // and so does the same in PEM, but not a certificate
    let pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n-----END PUBLIC KEY-----\n";
    folder.write("ec.pem", pem);
    let run = verify(token, &["--key", "ec.pem"]).ends_with(1);
    assert!(run.stderr.contains("the signature is good, but the token expired"), "{}", run.stderr);
    let run = verify(token, &["--key", "ec.pem", "--algorithm", "RS256"]).ends_with(2);
    assert!(run.stderr.contains("RS256 needs an RSA key"), "{}", run.stderr);
    folder.write("cert.pem", pem.replace("PUBLIC KEY", "CERTIFICATE"));
    let run = verify(token, &["--key", "cert.pem"]).ends_with(2);
    assert!(run.stderr.contains("openssl x509"), "{}", run.stderr);
    // what signs is not asked for where a signature is checked
    folder.write("keys.json", r#"{"keys": [{"kty": "oct"}]}"#);
    for (file, words) in [("keys.json", "a set of keys"), ("key.txt", "give the public key")] {
        let run = verify(token, &["--key", file]).ends_with(2);
        assert!(run.stderr.contains(words) && !run.stderr.contains("private"), "{}", run.stderr);
    }
}

/// Tokens signed with [`KEY`] that do not count all the same.
#[test]
fn a_good_signature_is_not_all_there_is_to_a_token() {
    let folder = Folder::with("key.txt", KEY);
    for (token, said) in [
        // {"alg":"HS256","crit":["x"],"x":1}
        (
            "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdLCJ4IjoxfQ.e30.zDL8Kkx-kY7-GWzddG3x6yS86AzZZ0ZLvUr2w8srjRI",
            "crit",
        ),
        // {"exp":-1}
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOi0xfQ.1123yyqVhHxnwvkdL1vDNP-lanlZE9SnRuNdlbmXMO0",
            "the token expired",
        ),
        // {"exp":"soon"}
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOiJzb29uIn0.rNP8-7LqHm3jNE2cqep3zT8EWYYcr4FUzjkO4iMCVlU",
            "not a number of seconds",
        ),
        // {"nbf":1e12}
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOjFlMTJ9.EBi9QKjio6BST-ThwO6kDtzDiKopzDpcuP7NuzXqmRc",
            "the token is not valid yet",
        ),
    ] {
        let key = ["--algorithm", "HS256", "--key-encoding", "base64url", "--key", "key.txt"];
        let run = folder.run(&[&["jwt", "verify", token], &key[..]].concat()).ends_with(1);
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}
