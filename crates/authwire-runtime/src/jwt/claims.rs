//! What a plan puts into a JWT: header and claims (RFC 7519 §4, §5), and the signed token.

use std::time::{Duration, SystemTime};

use authwire_core::Code;
use authwire_core::plan::{Jwt, MadeWhere, Template};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{Algorithm, Key, KeyEncoding};
use crate::error::{Error, Unusable};
use crate::members;
use crate::phrase::Phrase;
use crate::random;
use crate::template::{Scope, Tree};

/// A JWT before it is signed.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) algorithm: Algorithm,
    pub(crate) header: Vec<(String, Tree)>,
    pub(crate) claims: Vec<(String, Tree)>,
    pub(crate) lifetime: Duration,
}

/// The values that are made on the spot.
pub(crate) struct Instant {
    pub(crate) iat: Value,
    pub(crate) exp: Value,
    pub(crate) jti: String,
}

impl Instant {
    /// The values of a token that is issued at `now`.
    fn at(now: SystemTime, lifetime: Duration) -> Result<Self, Error> {
        let iat = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok(Self { iat: iat.into(), exp: (iat + lifetime.as_secs()).into(), jti: uuid()? })
    }

    /// The value of a claim that is made.
    fn claim(&self, name: &str) -> Value {
        match name {
            "exp" => self.exp.clone(),
            "jti" => self.jti.clone().into(),
            // issued at, and not before
            _ => self.iat.clone(),
        }
    }

    /// What an explanation shows of them.
    fn shown(lifetime: Duration) -> Self {
        Self {
            iat: "<now>".into(),
            exp: format!("<now + {} s>", lifetime.as_secs()).into(),
            jti: "<a fresh UUID>".to_owned(),
        }
    }
}

/// Signs the JWT that `plan` describes, at `now`. Returns it with its end.
pub(crate) fn sign(
    scope: &Scope<'_>,
    plan: &Jwt,
    now: SystemTime,
) -> Result<(Zeroizing<String>, SystemTime), Error> {
    let lifetime = lifetime(scope, plan)?;
    let draft = draft(scope, plan, lifetime, &Instant::at(now, lifetime)?)?;
    let key = key(scope, plan, draft.algorithm)?;
    let mut token = Zeroizing::new(encode(&draft.header));
    token.push('.');
    token.push_str(&encode(&draft.claims));
    let signature = key.sign(token.as_bytes()).map_err(|fault| unfit(scope, plan, &fault))?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok((token, now + draft.lifetime))
}

/// The JWT that `plan` describes, with placeholders for what is made on the spot.
pub(crate) fn explain(scope: &Scope<'_>, plan: &Jwt) -> Result<Draft, Error> {
    let lifetime = lifetime(scope, plan)?;
    draft(scope, plan, lifetime, &Instant::shown(lifetime))
}

fn draft(scope: &Scope<'_>, plan: &Jwt, lifetime: Duration, instant: &Instant) -> Result<Draft, Error> {
    let name = required(scope, &plan.algorithm)?;
    let algorithm = Algorithm::named(&name.value())
        .ok_or_else(|| scope.blame(Unusable::new(Code::Enum, "no such algorithm"), name.fields()))?;
    let claims = claims(scope, plan, instant)?;
    Ok(Draft { algorithm, header: header(scope, plan, algorithm)?, claims, lifetime })
}

/// `alg` and `typ`, and what the config adds.
fn header(scope: &Scope<'_>, plan: &Jwt, algorithm: Algorithm) -> Result<Vec<(String, Tree)>, Error> {
    let mut header = vec![
        ("alg".to_owned(), Tree::Plain(algorithm.as_str().into())),
        ("typ".to_owned(), Tree::Plain("JWT".into())),
    ];
    for member in members::trees(scope, &plan.header)? {
        if member.name == "alg" {
            let given = member.value.to_json(&text);
            if given != algorithm.as_str() {
                let message = format!("the header's `alg` must be {algorithm}, which signs");
                let fault =
                    Unusable::new(Code::AlgMismatch, message).with_help("leave `alg` out: it is added");
                return Err(scope.blame(fault, &member.fields).into());
            }
            continue;
        }
        header.retain(|(name, _)| *name != member.name);
        header.push((member.name, member.value));
    }
    Ok(header)
}

/// The claims that the plan names, those made here, and those that the config adds. None is made twice.
fn claims(scope: &Scope<'_>, plan: &Jwt, instant: &Instant) -> Result<Vec<(String, Tree)>, Error> {
    let mut made = Vec::new();
    for (claim, when) in plan.made_claims() {
        let is_made = match when {
            MadeWhere::Always => true,
            MadeWhere::True(asked) => {
                scope.template(asked)?.is_some_and(|text| text.value().as_str() == "true")
            }
            MadeWhere::Nowhere => false,
        };
        if is_made {
            made.push((claim, instant.claim(claim)));
        }
    }
    let mut claims: Vec<(String, Tree)> = Vec::new();
    for (name, value) in &plan.claims.named {
        let (Some(name), Some(chosen)) = (scope.template(name)?, scope.tree(value)?) else { continue };
        claims.push((name.value().to_string(), chosen.value));
    }
    claims.extend(made.into_iter().map(|(name, value)| (name.to_owned(), Tree::Plain(value))));
    for field in &plan.claims.spreads {
        for (name, value) in members::spread(scope, *field)? {
            if claims.iter().any(|(known, _)| *known == name) {
                let fault = Unusable::new(Code::ReservedClaim, format!("the claim `{name}` is made already"));
                return Err(scope.blame(fault.with_help("take it out there"), &[*field]).into());
            }
            claims.push((name, value));
        }
    }
    Ok(claims)
}

fn key(scope: &Scope<'_>, plan: &Jwt, algorithm: Algorithm) -> Result<Key, Error> {
    let text = required(scope, &plan.key)?;
    let encoding = match &plan.key_encoding {
        Some(template) => scope.template(template)?,
        None => None,
    };
    let encoding = match encoding {
        Some(name) => KeyEncoding::named(&name.value())
            .ok_or_else(|| scope.blame(Unusable::new(Code::Enum, "no such key encoding"), name.fields()))?,
        None => KeyEncoding::default(),
    };
    let key = Key::read(&text.value(), algorithm, encoding).map_err(|fault| unfit(scope, plan, &fault))?;
    for repair in key.repairs() {
        tracing::debug!(target: "authwire", %repair, "the key was repaired");
    }
    Ok(key)
}

fn lifetime(scope: &Scope<'_>, plan: &Jwt) -> Result<Duration, Error> {
    let text = required(scope, &plan.lifetime_seconds)?;
    let seconds = text.value().parse::<f64>().ok().filter(|seconds| *seconds >= 1.0 && *seconds <= 1e9);
    seconds.map(|seconds| Duration::from_secs(Duration::from_secs_f64(seconds).as_secs())).ok_or_else(|| {
        scope
            .blame(Unusable::new(Code::Minimum, "a lifetime of a second or more is needed"), text.fields())
            .into()
    })
}

fn required(scope: &Scope<'_>, template: &Template) -> Result<Phrase, Error> {
    match scope.template(template)? {
        Some(phrase) => Ok(phrase),
        None => {
            Err(Unusable::new(Code::Required, "the plan's `jwt` reads a property that is not there").into())
        }
    }
}

fn unfit(scope: &Scope<'_>, plan: &Jwt, fault: &super::KeyFault) -> Error {
    let fields =
        scope.template(&plan.key).ok().flatten().map(|key| key.fields().to_vec()).unwrap_or_default();
    let unusable = Unusable::new(Code::Key, fault.message.clone()).with_help(fault.help.clone());
    scope.blame(unusable, &fields).into()
}

fn encode(members: &[(String, Tree)]) -> String {
    let members: Map<String, Value> =
        members.iter().map(|(name, value)| (name.clone(), value.to_json(&text))).collect();
    URL_SAFE_NO_PAD.encode(Value::Object(members).to_string())
}

fn text(phrase: &Phrase) -> String {
    phrase.value().to_string()
}

/// A random UUID (RFC 9562 §5.4).
pub(crate) fn uuid() -> Result<String, Error> {
    let mut bytes = [0; 16];
    random::fill(&mut bytes)?;
    let number = (u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn a_uuid_is_random_and_says_so() {
        let (one, other) = (uuid().unwrap(), uuid().unwrap());
        assert_ne!(one, other);
        for text in [one, other] {
            let parts: Vec<usize> = text.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12]);
            assert_eq!(&text[14..15], "4");
            assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
        }
    }
}
