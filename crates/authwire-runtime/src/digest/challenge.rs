//! `WWW-Authenticate: Digest` (RFC 7616 §3.3), in a list of challenges (RFC 9110 §11.6.1).

use std::fmt;

/// The digests, the strongest first (RFC 7616 §3.7: what the client prefers among those offered).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Sha512_256,
    Sha256,
    Md5,
}

/// A challenge that we can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) algorithm: Algorithm,
    /// `-sess`: the key holds the nonces too (§3.4.2).
    pub(crate) session: bool,
    /// As it was sent, to be sent back; `None` means MD5.
    pub(crate) algorithm_name: Option<String>,
    pub(crate) realm: String,
    pub(crate) nonce: String,
    pub(crate) opaque: Option<String>,
    /// Whether `qop=auth` is offered; without any `qop` the answer is that of RFC 2069.
    pub(crate) qop: bool,
    /// The user's name is wanted as a digest (§3.4.4).
    pub(crate) userhash: bool,
}

/// Why no challenge can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChallengeFault {
    /// None is a Digest.
    NoDigest,
    /// A Digest without `realm` or `nonce`, or that cannot be read.
    Malformed,
    /// Only algorithms that we do not know.
    Algorithm,
    /// Only `auth-int`, which signs bodies.
    AuthInt,
}

impl fmt::Display for ChallengeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoDigest => "the server does not offer Digest",
            Self::Malformed => "the server's Digest challenge cannot be read (RFC 7616 §3.3)",
            Self::Algorithm => "the server offers no Digest algorithm among SHA-512-256, SHA-256 and MD5",
            Self::AuthInt => {
                "the server requires Digest with `auth-int`, which is not supported: only `auth` is"
            }
        })
    }
}

impl std::error::Error for ChallengeFault {}

/// The strongest challenge in the values of all `WWW-Authenticate` headers.
pub(crate) fn strongest<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Challenge, ChallengeFault> {
    let mut best: Option<Challenge> = None;
    let mut fault = ChallengeFault::NoDigest;
    for (scheme, parameters) in values.into_iter().flat_map(challenges) {
        if !scheme.eq_ignore_ascii_case("digest") {
            continue;
        }
        match read(&parameters) {
            Ok(challenge) if best.as_ref().is_none_or(|best| challenge.algorithm < best.algorithm) => {
                best = Some(challenge);
            }
            Ok(_) => {}
            Err(other) => fault = other,
        }
    }
    best.ok_or(fault)
}

fn read(parameters: &[(String, String)]) -> Result<Challenge, ChallengeFault> {
    let get = |wanted: &str| {
        parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.clone())
    };
    let is_true = |wanted: &str| get(wanted).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let algorithm_name = get("algorithm");
    let name = algorithm_name.as_deref().unwrap_or("MD5").to_ascii_uppercase();
    let (plain, session) = match name.strip_suffix("-SESS") {
        Some(plain) => (plain, true),
        None => (name.as_str(), false),
    };
    let algorithm = match plain {
        "SHA-512-256" => Algorithm::Sha512_256,
        "SHA-256" => Algorithm::Sha256,
        "MD5" => Algorithm::Md5,
        _ => return Err(ChallengeFault::Algorithm),
    };
    let qop = get("qop").filter(|qop| !qop.trim().is_empty());
    let offers_auth = |qop: &String| qop.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth"));
    if qop.as_ref().is_some_and(|qop| !offers_auth(qop)) {
        return Err(ChallengeFault::AuthInt);
    }
    Ok(Challenge {
        algorithm,
        session,
        algorithm_name,
        realm: get("realm").ok_or(ChallengeFault::Malformed)?,
        nonce: get("nonce").ok_or(ChallengeFault::Malformed)?,
        opaque: get("opaque"),
        qop: qop.is_some(),
        userhash: is_true("userhash"),
    })
}

/// The challenges of one header: schemes, each with its parameters.
fn challenges(value: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for item in items(value) {
        let item = item.trim();
        let token = item.find(|character: char| character == '=' || character.is_ascii_whitespace());
        let (first, rest) = item.split_at(token.unwrap_or(item.len()));
        // `name=` or `name =` is a parameter, anything else begins a challenge
        let parameter = if rest.trim_start().starts_with('=') {
            item
        } else {
            if !first.is_empty() {
                found.push((first.to_owned(), Vec::new()));
            }
            rest.trim_start()
        };
        if let (Some((name, value)), Some((_, parameters))) = (parameter.split_once('='), found.last_mut()) {
            parameters.push((name.trim().to_owned(), unquoted(value.trim())));
        }
    }
    found
}

/// `value` cut at the commas that lie outside of quotes.
fn items(value: &str) -> Vec<&str> {
    let (mut items, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in value.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                items.push(value.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(value.get(start..).unwrap_or_default());
    items
}

/// What a quoted string says (RFC 9110 §5.6.4); a token as it is.
fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let (mut text, mut escaped) = (String::with_capacity(inner.len()), false);
    for character in inner.chars() {
        if character == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            text.push(character);
        }
    }
    text
}
