//! JWTs: the vectors of RFC 7515, keys as people paste them, and what `jwt_bearer` sends.

use std::time::Duration;

use authwire_core::table::Registry;
use authwire_core::{Code, checker};
use authwire_runtime::Error;
use authwire_runtime::jwt::{Algorithm, Key, KeyEncoding, Repair, VerifyingKey, decode, verify};
use serde_json::{Value, json};

use crate::fixture::{Server, advance, answer, config, connector, ok, token, with};

fn pem(name: &str) -> String {
    let path = format!("{}/tests/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../rfc7515.json")).unwrap()
}

#[test]
fn the_examples_of_rfc_7515_verify() {
    for vector in vectors() {
        let algorithm = Algorithm::named(vector["algorithm"].as_str().unwrap()).unwrap();
        let key = vector["key"].to_string();
        let jws = vector["jws"].as_str().unwrap();
        let private = Key::read(&key, algorithm, KeyEncoding::Utf8).unwrap();
        let claims = verify(jws, &private.verifying_key()).unwrap().claims;
        assert_eq!(claims["iss"], "joe");
        let mut public = vector["key"].clone();
        if algorithm != Algorithm::Hs256 {
            for secret in ["d", "p", "q", "dp", "dq", "qi"] {
                public.as_object_mut().unwrap().remove(secret);
            }
        }
        let public = VerifyingKey::read(&public.to_string(), algorithm, KeyEncoding::Utf8).unwrap();
        verify(jws, &public).unwrap();
        let (message, signature) = jws.rsplit_once('.').unwrap();
        let broken =
            format!("{message}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
        assert!(verify(&broken, &public).is_err());
    }
}

#[test]
fn a_key_is_read_in_every_form() {
    for (name, algorithm) in [
        ("rsa-pkcs8", Algorithm::Rs256),
        ("rsa-pkcs1", Algorithm::Rs256),
        ("ec-pkcs8", Algorithm::Es256),
        ("ec-sec1", Algorithm::Es256),
    ] {
        let key = Key::read(&pem(name), algorithm, KeyEncoding::Utf8).unwrap();
        assert_eq!((key.algorithm(), key.repairs()), (algorithm, &[][..]), "{name}");
    }
}

#[test]
fn a_key_is_repaired_and_the_repair_told() {
    for name in ["rsa-pkcs8", "rsa-pkcs1", "ec-sec1"] {
        let algorithm = if name.starts_with("rsa") { Algorithm::Rs256 } else { Algorithm::Es256 };
        let good = pem(name);
        for (text, repair) in [
            (good.replace('\n', "\\n"), Repair::LiteralNewlines),
            (good.replace('\n', "\\r\\n"), Repair::LiteralNewlines),
            (good.replace('\n', "\r\n"), Repair::CarriageReturns),
            (good.replace('\n', " "), Repair::OneLine),
            (good.replace('\n', ""), Repair::OneLine),
            (good.replace('\n', "\n    "), Repair::Indentation),
            (format!("  {}", good.replace('\n', "  \n\t")), Repair::Indentation),
        ] {
            let key = Key::read(&text, algorithm, KeyEncoding::Utf8)
                .unwrap_or_else(|fault| panic!("{name} {repair:?}: {fault}"));
            assert!(key.repairs().contains(&repair), "{name} {repair:?}: {:?}", key.repairs());
        }
    }
}

#[test]
fn a_key_that_does_not_fit_says_why() {
    for (name, algorithm, part) in [
        ("rsa-public", Algorithm::Rs256, "public key"),
        ("rsa-short", Algorithm::Rs256, "shorter than 2048 bits"),
        ("rsa-encrypted", Algorithm::Rs256, "passphrase"),
        ("rsa-encrypted-traditional", Algorithm::Rs256, "passphrase"),
        ("rsa-pkcs8", Algorithm::Es256, "an RSA key cannot sign ES256"),
        ("rsa-pkcs1", Algorithm::Es256, "cannot sign ES256"),
        ("ec-pkcs8", Algorithm::Rs256, "an EC key cannot sign RS256"),
        ("ec-sec1", Algorithm::Rs256, "cannot sign RS256"),
        ("ec-p384", Algorithm::Es256, "P-256"),
        ("rsa-pkcs8", Algorithm::Hs256, "anyone with the public key could sign"),
        ("rsa-public", Algorithm::Hs256, "anyone with the public key could sign"),
    ] {
        let fault = Key::read(&pem(name), algorithm, KeyEncoding::Utf8).unwrap_err().to_string();
        assert!(fault.contains(part), "{name} {algorithm}: {fault}");
    }
    // a JWK is for what it says, and no public one is a secret either
    let (rsa, ec) = (r#""kty":"RSA","n":"sXch","e":"AQAB""#, r#""kty":"EC","crv":"P-256","x":"AA","y":"AA""#);
    for (members, algorithm, part) in [
        (rsa, Algorithm::Hs256, "a JWK of the type `RSA` cannot sign HS256"),
        (ec, Algorithm::Hs256, "a JWK of the type `EC` cannot sign HS256"),
        (r#""kty":"oct","k":"YWJj","alg":"HS512""#, Algorithm::Hs256, "`alg` is not HS256"),
        (r#""kty":"oct","k":"YWJj","use":"enc""#, Algorithm::Hs256, "`use` is not `sig`"),
        (r#""kty":"RSA","n":"sXch","e":"AQAB","alg":"RS512""#, Algorithm::Rs256, "`alg` is not RS256"),
    ] {
        let jwk = format!("{{{members}}}");
        let fault = Key::read(&jwk, algorithm, KeyEncoding::Utf8).unwrap_err().to_string();
        assert!(fault.contains(part), "{jwk} {algorithm}: {fault}");
        assert!(VerifyingKey::read(&jwk, algorithm, KeyEncoding::Utf8).is_err(), "{jwk} {algorithm}");
    }
    let good = pem("rsa-pkcs8");
    for text in [
        "",
        "s3cret",
        &good[..good.len() / 2],
        &good.replace("MII", "?!?"),
        "{}",
        "{\"kty\":\"RSA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-384\"}",
    ] {
        for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
            let fault = Key::read(text, algorithm, KeyEncoding::Utf8).unwrap_err().to_string();
            assert!(!fault.contains("s3cret"), "{fault}");
        }
    }
}

#[test]
fn a_shared_secret_is_read_as_it_is_written() {
    let secret = [0xfb_u8; 32];
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    let hex: String = secret.iter().map(|byte| format!("{byte:02X}")).collect();
    let signed = |text: &str, encoding| {
        let key = Key::read(text, Algorithm::Hs256, encoding).unwrap();
        assert!(!key.is_weak());
        key.verifying_key()
    };
    let token = jsonwebtoken::encode(
        &jsonwebtoken::Header::default(),
        &json!({"a": 1}),
        &jsonwebtoken::EncodingKey::from_secret(&secret),
    )
    .unwrap();
    for (text, encoding) in [
        (hex.clone(), KeyEncoding::Hex),
        (hex.to_lowercase(), KeyEncoding::Hex),
        (STANDARD.encode(secret), KeyEncoding::Base64),
        (STANDARD_NO_PAD.encode(secret), KeyEncoding::Base64),
        (URL_SAFE.encode(secret), KeyEncoding::Base64Url),
        (URL_SAFE_NO_PAD.encode(secret), KeyEncoding::Base64Url),
        (json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(secret)}).to_string(), KeyEncoding::Utf8),
    ] {
        verify(&token, &signed(&text, encoding)).unwrap();
    }
    for (text, encoding) in
        [("xyz", KeyEncoding::Hex), ("abc", KeyEncoding::Hex), ("a?b", KeyEncoding::Base64)]
    {
        assert!(Key::read(text, Algorithm::Hs256, encoding).is_err());
    }
    assert!(Key::read("short", Algorithm::Hs256, KeyEncoding::Utf8).unwrap().is_weak());
}

/// Secrets, some of them badly written in some of the encodings.
const SECRETS: [&str; 12] = [
    "AB",
    "AA",
    "AAA=",
    "AAA",
    "a",
    "ab",
    "abc",
    "0aFF",
    "a+/b",
    "a-_b",
    "AA==AA",
    "c2VjcmV0IHRoYXQgaXMgbG9uZyBlbm91Z2ggZm9yIEhTMjU2",
];

#[test]
fn a_secret_is_read_as_everybody_reads_it() {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    for text in SECRETS {
        let padded = |text: &str| {
            let digits = text.trim_end_matches('=');
            format!("{digits}{}", "=".repeat(digits.len().next_multiple_of(4) - digits.len()))
        };
        assert_eq!(KeyEncoding::Base64.decode(text).ok(), STANDARD.decode(padded(text)).ok(), "{text}");
        assert_eq!(KeyEncoding::Base64Url.decode(text).ok(), URL_SAFE.decode(padded(text)).ok(), "{text}");
    }
}

#[test]
fn the_report_refuses_and_warns_of_the_secrets_that_signing_would() {
    let mut refused = 0;
    for (encoding, name) in [
        (KeyEncoding::Utf8, "utf8"),
        (KeyEncoding::Hex, "hex"),
        (KeyEncoding::Base64, "base64"),
        (KeyEncoding::Base64Url, "base64url"),
    ] {
        for secret in SECRETS {
            let auth = json!({"type": "jwt_bearer", "algorithm": "HS256", "claims_expiry_seconds": 60, "private_key": secret,
                "private_key_encoding": name});
            let config = config(auth.clone());
            let report = checker::report_value(config.schema(), Registry { types: &[] }, &auth, None);
            let has = |code| report.findings().iter().any(|finding| finding.code == code);
            let read = Key::read(secret, Algorithm::Hs256, encoding);
            assert_eq!(has(Code::Key), read.is_err(), "{name} {secret}");
            assert_eq!(has(Code::WeakKey), read.is_ok_and(|key| key.is_weak()), "{name} {secret}");
            refused += usize::from(has(Code::Key));
        }
    }
    assert!(refused > 12, "{refused}");
}

#[test]
fn the_key_says_which_algorithm_counts() {
    let secret = pem("rsa-public");
    let forged = jsonwebtoken::encode(
        &jsonwebtoken::Header::default(),
        &json!({"admin": true}),
        &jsonwebtoken::EncodingKey::from_secret(secret.as_bytes()),
    )
    .unwrap();
    let key = VerifyingKey::read(&secret, Algorithm::Rs256, KeyEncoding::Utf8).unwrap();
    assert!(verify(&forged, &key).is_err());
    let unsigned = "eyJhbGciOiJub25lIn0.e30.";
    assert!(verify(unsigned, &key).is_err());
    assert_eq!(decode(unsigned).unwrap().header, json!({"alg": "none"}));
    for text in ["", "a.b", "a.b.c", "e30.e30", "e30.W10.x"] {
        assert!(decode(text).is_err(), "{text}");
    }
}

fn bearer() -> Value {
    json!({
        "type": "jwt_bearer", "private_key": pem("rsa-pkcs8"), "algorithm": "RS256", "claims_expiry_seconds": 300,
        "claims_issuer": "me", "claims_audience": "them",
    })
}

/// What a library that nobody here wrote makes of a token.
fn independently(token: &str, algorithm: jsonwebtoken::Algorithm) -> (jsonwebtoken::Header, Value) {
    let key = match algorithm {
        jsonwebtoken::Algorithm::RS256 => {
            jsonwebtoken::DecodingKey::from_rsa_pem(pem("rsa-public").as_bytes()).unwrap()
        }
        jsonwebtoken::Algorithm::ES256 => {
            jsonwebtoken::DecodingKey::from_ec_pem(pem("ec-public").as_bytes()).unwrap()
        }
        _ => jsonwebtoken::DecodingKey::from_secret(&[b'k'; 32]),
    };
    let mut validation = jsonwebtoken::Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let data = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap();
    (data.header, data.claims)
}

#[tokio::test(start_paused = true)]
async fn without_a_token_url_the_jwt_is_the_credential_until_its_margin() {
    for (algorithm, key, name) in [
        (jsonwebtoken::Algorithm::RS256, pem("rsa-pkcs8"), "RS256"),
        (jsonwebtoken::Algorithm::ES256, pem("ec-sec1"), "ES256"),
        (jsonwebtoken::Algorithm::HS256, "k".repeat(32), "HS256"),
    ] {
        let auth = with(
            bearer(),
            json!({
                "private_key": key, "algorithm": name, "headers": {"kid": "1", "typ": "at+jwt"},
                "additional_claims": {"scope": "a", "n": [1, {"x": null}]}, "include_nbf": true,
            }),
        );
        let server = Server::new(|_, _| ok());
        let client = server.client(connector(config(auth)));
        client.get("/").send().await.unwrap();
        client.get("/").send().await.unwrap();
        let sent = |at: usize| {
            server.seen()[at].header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned()
        };
        assert_eq!(sent(0), sent(1), "cached");
        let (header, claims) = independently(&sent(0), algorithm);
        assert_eq!((header.kid.as_deref(), header.typ.as_deref()), (Some("1"), Some("at+jwt")));
        assert_eq!(
            claims,
            json!({
                "iss": "me", "aud": "them", "iat": 1_700_000_000, "exp": 1_700_000_300, "nbf": 1_700_000_000,
                "scope": "a", "n": [1, {"x": null}],
            })
        );
        advance(Duration::from_secs(275)).await;
        client.get("/").send().await.unwrap();
        assert_ne!(sent(0), sent(2), "made anew before its end");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_jwt_is_made_anew_once() {
    let server = Server::new(|_, _| answer(401, ""));
    let auth = with(bearer(), json!({"include_jti": true}));
    let response = server.client(connector(config(auth))).get("/").send().await.unwrap();
    assert!(response.refusal().is_some());
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_ne!(seen[0].header("authorization"), seen[1].header("authorization"));
}

#[tokio::test(start_paused = true)]
async fn with_a_token_url_the_jwt_is_an_assertion_new_for_each_exchange() {
    let auth = with(
        bearer(),
        json!({
            "token_url": "https://auth.example/token", "scope": "a", "include_jti": true, "claims_subject": "s",
            "client_id": "c", "client_secret": "cs", "client_authentication": "basic",
        }),
    );
    let server = Server::new(|seen, _| if seen.is_token_request() { token("abc") } else { ok() });
    let client = server.client(connector(config(auth)));
    client.get("/").send().await.unwrap();
    advance(Duration::from_secs(4000)).await;
    client.get("/").send().await.unwrap();
    let asked = server.token_requests();
    assert_eq!(
        asked[0].parameter("grant_type").as_deref(),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer")
    );
    assert_eq!(asked[0].parameter("scope").as_deref(), Some("a"));
    assert_eq!(asked[0].header("authorization"), Some("Basic Yzpjcw=="));
    assert_eq!(server.calls()[0].header("authorization"), Some("Bearer abc"));
    let claims: Vec<Value> = asked
        .iter()
        .map(|seen| independently(&seen.parameter("assertion").unwrap(), jsonwebtoken::Algorithm::RS256).1)
        .collect();
    assert_eq!(claims[0]["sub"], "s");
    assert_ne!(claims[0]["jti"], claims[1]["jti"]);
    assert_eq!(claims[1]["iat"], 1_700_004_000);
}

#[tokio::test(start_paused = true)]
async fn an_assertion_may_authenticate_the_client() {
    let auth = with(
        bearer(),
        json!({
            "token_url": "https://auth.example/token", "assertion_key": "client_assertion",
            "additional_request_data": {
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            },
        }),
    );
    let server = Server::new(|seen, _| if seen.is_token_request() { token("abc") } else { ok() });
    server.client(connector(config(auth.clone()))).get("/").send().await.unwrap();
    let asked = &server.token_requests()[0];
    assert_eq!(asked.parameter("grant_type").as_deref(), Some("client_credentials"));
    assert!(asked.parameter("client_assertion").is_some() && asked.parameter("assertion").is_none());
    let over = with(auth, json!({"additional_request_data": {"client_assertion": "x"}}));
    let error = server.client(connector(config(over))).get("/").send().await.unwrap_err();
    assert!(matches!(error, Error::Unusable(error) if error.code == Code::OverridesSecret));
}

#[tokio::test(start_paused = true)]
async fn what_contradicts_itself_is_refused() {
    let server = Server::new(|_, _| ok());
    for (changes, code) in [
        (json!({"headers": {"alg": "HS256"}}), Code::AlgMismatch),
        (json!({"additional_claims": {"iss": "x"}}), Code::ReservedClaim),
        (json!({"additional_claims": {"exp": 1}}), Code::ReservedClaim),
        (json!({"additional_claims": {"jti": "x"}, "include_jti": true}), Code::ReservedClaim),
        (json!({"private_key": "no key"}), Code::Key),
    ] {
        let client = server.client(connector(config(with(bearer(), changes.clone()))));
        match client.get("/").send().await.unwrap_err() {
            Error::Unusable(error) => assert_eq!(error.code, code, "{changes}: {error}"),
            error => panic!("{changes}: {error}"),
        }
    }
    for changes in [
        json!({"headers": {"alg": "RS256"}}),
        json!({"additional_claims": {"sub": "x", "jti": "x", "nbf": 1}}),
        json!({"claims_issuer": null, "additional_claims": {"iss": "x"}}),
    ] {
        server.client(connector(config(with(bearer(), changes)))).get("/").send().await.unwrap();
    }
}
