//! AWS Signature Version 4: the canonical request, the string to sign, the derived key, the headers.
//!
//! After "Create a signed AWS API request" in AWS's IAM User Guide. It must not know which service it signs for, but
//! that S3 encodes a path only once and wants the body's digest in a header ([`Style`]).

use std::time::SystemTime;

use aws_lc_rs::{digest, hmac};
use http::{HeaderMap, Method, Uri};
use percent_encoding::{AsciiSet, percent_decode_str, percent_encode};
use zeroize::Zeroizing;

use crate::address::host;
use crate::percent::RESERVED;
use crate::{calendar, hex};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What is encoded in a path.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Who signs, and for what.
pub(crate) struct Signer<'a> {
    /// The access key's id. No secret.
    pub(crate) access_key_id: &'a str,
    /// The secret access key.
    pub(crate) secret_access_key: &'a str,
    /// Of temporary credentials.
    pub(crate) session_token: Option<&'a str>,
    /// `us-east-1` and so on.
    pub(crate) region: &'a str,
    /// As the signature names the service: `execute-api`, `s3`.
    pub(crate) service: &'a str,
    /// What the service wants.
    pub(crate) style: Style,
}

/// In what services differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The path is normalized and encoded once more than it is sent.
    Common,
    /// The path is encoded as it is sent, dots and double slashes included; `x-amz-content-sha256` is sent.
    S3,
}

/// Headers that sign a request. The value of `authorization` and the session token are secrets.
pub(crate) struct Signed(Vec<(&'static str, Zeroizing<String>)>);

impl Signed {
    /// Names in lower case, and values.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signed(redacted)")
    }
}

impl Signer<'_> {
    /// Signs a request that is sent at `now`. All of `headers` are signed: give those that no proxy changes. A `host`
    /// among them is preferred to that of `uri`.
    pub(crate) fn sign(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Signed {
        let instant = calendar::basic(now);
        let day = instant.get(..8).unwrap_or_default();
        let payload = hex::encode(digest::digest(&digest::SHA256, body).as_ref());
        let mut made = vec![("x-amz-date", Zeroizing::new(instant.clone()))];
        if let Some(token) = self.session_token {
            made.push(("x-amz-security-token", Zeroizing::new(token.to_owned())));
        }
        if self.style == Style::S3 {
            made.push(("x-amz-content-sha256", Zeroizing::new(payload.clone())));
        }
        let (canonical_headers, names) = canonical_headers(uri, headers, &made);
        let canonical = Zeroizing::new(format!(
            "{method}\n{}\n{}\n{}\n{names}\n{payload}",
            self.canonical_path(uri.path()),
            canonical_query(uri.query().unwrap_or_default()),
            *canonical_headers
        ));
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hashed = hex::encode(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        let to_sign = format!("{ALGORITHM}\n{instant}\n{scope}\n{hashed}");
        let signature = hex::encode(hmac::sign(&self.key(day), to_sign.as_bytes()).as_ref());
        let id = self.access_key_id;
        let authorization =
            format!("{ALGORITHM} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
        made.push(("authorization", Zeroizing::new(authorization)));
        Signed(made)
    }

    /// The key of a day, a region and a service.
    fn key(&self, day: &str) -> hmac::Key {
        let mut secret = Zeroizing::new(String::with_capacity(4 + self.secret_access_key.len()));
        secret.push_str("AWS4");
        secret.push_str(self.secret_access_key);
        let mut key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        for part in [day, self.region, self.service, "aws4_request"] {
            let tag = hmac::sign(&key, part.as_bytes());
            key = hmac::Key::new(hmac::HMAC_SHA256, tag.as_ref());
        }
        key
    }

    fn canonical_path(&self, path: &str) -> String {
        match self.style {
            // what is encoded already is decoded first, so that it is encoded once
            Style::S3 => {
                let plain: Vec<u8> = percent_decode_str(path).collect();
                let path = percent_encode(&plain, RESERVED_IN_PATH).to_string();
                if path.is_empty() { "/".to_owned() } else { path }
            }
            Style::Common => percent_encode(normalized(path).as_bytes(), RESERVED_IN_PATH).to_string(),
        }
    }
}

/// `path` without dot segments (RFC 3986 §5.2.4) and empty segments.
fn normalized(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let folder = matches!(path.rsplit('/').next(), Some("" | "." | "..")) && !kept.is_empty();
    format!("/{}{}", kept.join("/"), if folder { "/" } else { "" })
}

/// The pairs of a query by name, then by value, encoded once. A `+` is a plus, as in RFC 3986: send a space as `%20`.
fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let plain: Vec<u8> = percent_decode_str(text).collect();
        percent_encode(&plain, RESERVED).to_string()
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The lines of the headers, each with its end, and the list of their names.
fn canonical_headers(
    uri: &Uri,
    headers: &HeaderMap,
    made: &[(&'static str, Zeroizing<String>)],
) -> (Zeroizing<String>, String) {
    let mut lines: Vec<(&str, Zeroizing<String>)> =
        made.iter().map(|(name, value)| (*name, one_space(value))).collect();
    if !headers.contains_key(http::header::HOST) {
        lines.push(("host", Zeroizing::new(host(uri))));
    }
    for name in headers.keys().map(http::HeaderName::as_str) {
        // what is made here is sent instead of the caller's
        if made.iter().any(|(known, _)| *known == name) || name == "authorization" {
            continue;
        }
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| one_space(&String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
        lines.push((name, Zeroizing::new(values.join(","))));
    }
    lines.sort_by_key(|(name, _)| *name);
    let mut text = Zeroizing::new(String::new());
    for (name, value) in &lines {
        for part in [name, ":", value.as_str(), "\n"] {
            text.push_str(part);
        }
    }
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    (text, names.join(";"))
}

/// `value` without white space around it, and single spaces within.
fn one_space(value: &str) -> Zeroizing<String> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    Zeroizing::new(words.join(" "))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{HeaderMap, HeaderName, HeaderValue};
    use serde::Deserialize;

    use super::{Signer, Style, normalized};

    const SUITE_TIME: u64 = 1_440_938_160;

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        method: String,
        uri: String,
        headers: Vec<(String, String)>,
        body: String,
        service: String,
        s3: bool,
        session_token: Option<String>,
        authorization: String,
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn requests_are_signed_as_the_suite_and_botocore_sign_them() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../tests/vectors/sigv4.json")).expect("vectors");
        assert!(vectors.len() > 10);
        for vector in vectors {
            let signer = Signer {
                access_key_id: "AKIDEXAMPLE",
                secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                session_token: vector.session_token.as_deref(),
                region: "us-east-1",
                service: &vector.service,
                style: if vector.s3 { Style::S3 } else { Style::Common },
            };
            let mut headers = HeaderMap::new();
            for (name, value) in &vector.headers {
                let name: HeaderName = name.parse().expect("name");
                headers.append(name, HeaderValue::from_str(value).expect("value"));
            }
            let signed = signer.sign(
                &vector.method.parse().expect("method"),
                &vector.uri.parse().expect("uri"),
                &headers,
                vector.body.as_bytes(),
                at(SUITE_TIME),
            );
            let made =
                |wanted: &str| signed.headers().find(|(name, _)| *name == wanted).map(|(_, value)| value);
            assert_eq!(made("authorization"), Some(vector.authorization.as_str()), "{}", vector.name);
            assert_eq!(made("x-amz-date"), Some("20150830T123600Z"));
            assert_eq!(made("x-amz-security-token"), vector.session_token.as_deref());
            assert_eq!(made("x-amz-content-sha256").is_some(), vector.s3);
            assert_eq!(format!("{signed:?}"), "Signed(redacted)");
        }
    }

    #[test]
    fn a_path_is_normalized() {
        for (path, expected) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/./", "/"),
            ("/example/..", "/"),
            ("/example1/example2/../..", "/"),
            ("//example//", "/example/"),
            ("/./example", "/example"),
            ("/a/b/../c/.", "/a/c/"),
        ] {
            assert_eq!(normalized(path), expected, "{path}");
        }
    }
}
