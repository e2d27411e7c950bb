//! The RFC's own examples, and requests that oauthlib signed (`tests/vectors/oauth1.json`).

use std::time::{Duration, SystemTime};

use http::{Method, Uri};
use serde::Deserialize;

use super::{Nonce, Parameters, Secrets, SignatureMethod, base_string};

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    uri: String,
    form: Option<String>,
    realm: Option<String>,
    parameters: Vec<(String, String)>,
    timestamp: u64,
    nonce: String,
    signature_method: String,
    client_secret: String,
    token_secret: String,
    signature: String,
}

#[test]
fn requests_are_signed_as_the_rfc_and_oauthlib_sign_them() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../tests/vectors/oauth1.json")).expect("vectors");
    assert!(vectors.len() > 10);
    for vector in vectors {
        let given: Vec<_> =
            vector.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let method: Method = vector.method.parse().expect("method");
        let uri: Uri = vector.uri.parse().expect("uri");
        let parameters = Parameters::signed(
            (&method, &uri, vector.form.as_deref()),
            &given,
            &Nonce { timestamp: vector.timestamp, nonce: vector.nonce },
            SignatureMethod::named(&vector.signature_method).expect("signature method"),
            &Secrets { client: &vector.client_secret, token: &vector.token_secret, private_key: None },
        )
        .expect("signed");
        let header = parameters.header(vector.realm.as_deref());
        let signature = super::encode(vector.signature.as_bytes());
        assert!(
            header.ends_with(&format!("oauth_signature=\"{signature}\"")),
            "{}: {}",
            vector.name,
            *header
        );
        assert!(parameters.pairs().ends_with(&format!("&oauth_signature={signature}")), "{}", vector.name);
        let realm = vector.realm.map(|realm| format!("OAuth realm=\"{realm}\", oauth_"));
        assert!(header.starts_with(realm.as_deref().unwrap_or("OAuth oauth_")), "{}", vector.name);
    }
}

/// RFC 5849 §3.4.1.1.
#[test]
fn the_base_string_is_that_of_the_rfc() {
    let uri = Uri::from_static("http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b");
    let parameters = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ];
    let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D\
        %26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a\
        %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7";
    assert_eq!(base_string(&Method::POST, &uri, Some("c2&a3=2+q"), &parameters), expected);
}

/// RFC 5849 §3.4.1.2.
#[test]
fn only_a_port_of_its_own_is_part_of_the_base_string() {
    for (uri, place) in [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http%3A%2F%2Fexample.com%2Fr%2520v%2FX"),
        ("https://www.example.net:8080/?q=1", "https%3A%2F%2Fwww.example.net%3A8080%2F"),
        ("https://example.net:443", "https%3A%2F%2Fexample.net%2F"),
        ("https://example.net:80/", "https%3A%2F%2Fexample.net%3A80%2F"),
    ] {
        let base = base_string(&Method::GET, &uri.parse().expect("uri"), None, &[]);
        assert_eq!(base.split('&').nth(1), Some(place), "{uri}");
    }
}

#[test]
fn a_realm_cannot_break_out_of_its_quotes() {
    let uri = Uri::from_static("https://example.net/");
    let nonce = Nonce { timestamp: 1, nonce: "n".to_owned() };
    let secrets = Secrets { client: "s", token: "", private_key: None };
    let parameters =
        Parameters::signed((&Method::GET, &uri, None), &[], &nonce, SignatureMethod::Plaintext, &secrets)
            .expect("signed");
    let header = parameters.header(Some("a\"b\\c"));
    assert!(
        header.starts_with(r#"OAuth realm="a\"b\\c", oauth_signature_method="PLAINTEXT""#),
        "{}",
        *header
    );
    assert_eq!(format!("{secrets:?} {parameters:?}"), "Secrets(redacted) Parameters(redacted)");
}

#[test]
fn a_nonce_is_fresh_each_time() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(137_131_200_900);
    let (one, other) = (Nonce::fresh(now).expect("random"), Nonce::fresh(now).expect("random"));
    assert_eq!(one.timestamp, 137_131_200);
    assert_ne!(one.nonce, other.nonce);
    assert_eq!(SignatureMethod::named("RSA-SHA256"), None);
}
