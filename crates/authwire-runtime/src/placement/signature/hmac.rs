//! The primitive `hmac`: a keyed digest (RFC 2104) of a string that the plan declares, out of parts of the request.
//!
//! The string is put together for each request; what does not change in it is read once. It must not know what a part is
//! good for: that is the plan's.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use authwire_core::Code;
use authwire_core::plan::{HmacPlan, Members, RequestPart, Template, Value};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::HeaderName;
use http::header::CONTENT_TYPE;
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::{Added, UNKNOWN_BODY, put, unsigned};
use crate::address::host;
use crate::calendar;
use crate::error::{Error, Unusable};
use crate::hex;
use crate::jwt::{KeyEncoding, decode_secret};
use crate::phrase::Phrase;
use crate::placement::outgoing::Outgoing;
use crate::placement::query;
use crate::random;
use crate::template::{Piece, Scope};

/// Signs requests.
pub(crate) struct Hmac {
    /// `None` where the secret was not resolved.
    key: Option<hmac::Key>,
    string: Vec<Piece>,
    encoding: Encoding,
    moment: Moment,
    headers: Vec<(HeaderName, Vec<Piece>)>,
    query: Vec<(String, Vec<Piece>)>,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Hex,
    Base64,
    Base64Url,
}

/// How the time is written.
#[derive(Debug, Clone, Copy)]
enum Moment {
    UnixSeconds,
    UnixMilliseconds,
    Rfc3339,
    HttpDate,
}

impl Hmac {
    /// The signer that a plan describes.
    pub(super) fn read(scope: &Scope<'_>, plan: &HmacPlan) -> Result<Self, Error> {
        let named = |template: &Option<Template>| match template {
            Some(template) => scope.template(template),
            None => Ok(None),
        };
        let unknown =
            |name: &Phrase| scope.blame(Unusable::new(Code::Enum, "this is not known"), name.fields());
        let algorithm = scope.template(&plan.algorithm)?.unwrap_or_default();
        let algorithm = match algorithm.value().as_str() {
            "SHA1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            "SHA256" => hmac::HMAC_SHA256,
            "SHA512" => hmac::HMAC_SHA512,
            _ => return Err(unknown(&algorithm).into()),
        };
        let encoding = match named(&plan.encoding)? {
            None => Encoding::Hex,
            Some(name) => match name.value().as_str() {
                "hex" => Encoding::Hex,
                "base64" => Encoding::Base64,
                "base64url" => Encoding::Base64Url,
                _ => return Err(unknown(&name).into()),
            },
        };
        let moment = match named(&plan.timestamp)? {
            None => Moment::UnixSeconds,
            Some(name) => match name.value().as_str() {
                "unix_seconds" => Moment::UnixSeconds,
                "unix_milliseconds" => Moment::UnixMilliseconds,
                "rfc3339" => Moment::Rfc3339,
                "http_date" => Moment::HttpDate,
                _ => return Err(unknown(&name).into()),
            },
        };
        let key_encoding = match named(&plan.key_encoding)? {
            None => KeyEncoding::Utf8,
            Some(name) => KeyEncoding::named(&name.value()).ok_or_else(|| unknown(&name))?,
        };
        let secret = scope.template(&plan.key)?.unwrap_or_default();
        let key = match secret.is_known() {
            true => {
                let bytes = decode_secret(key_encoding, &secret.value()).map_err(|fault| {
                    let fault = Unusable::new(Code::Key, fault.message).with_help(fault.help);
                    scope.blame(fault, secret.fields())
                })?;
                Some(hmac::Key::new(algorithm, &bytes))
            }
            false => None,
        };
        let mut headers = Vec::new();
        for (name, pieces) in carriers(scope, &plan.headers)? {
            let text = name.value();
            let name = HeaderName::from_bytes(text.as_bytes()).map_err(|_| {
                scope.blame(Unusable::new(Code::HeaderName, "this is no legal header name"), name.fields())
            })?;
            headers.push((name, pieces));
        }
        let query = carriers(scope, &plan.query)?;
        let query = query.into_iter().map(|(name, pieces)| (name.value().to_string(), pieces)).collect();
        let string = scope.pieces(&plan.string)?.ok_or_else(|| {
            Unusable::new(Code::Required, "what is to be signed reads a property that is not there")
        })?;
        Ok(Self { key, string, encoding, moment, headers, query })
    }

    /// Signs a request. Doing so twice leaves one signature, the later.
    pub(super) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let Some(key) = &self.key else { return Err(unsigned("the secret is not there")) };
        let mut nonce = [0; 16];
        random::fill(&mut nonce)?;
        let made = Made {
            timestamp: self.moment.write((request.now)()),
            nonce: hex::encode(&nonce),
            signature: Zeroizing::default(),
        };
        if !self.query.is_empty() {
            let names: Vec<&str> = self.query.iter().map(|(name, _)| name.as_str()).collect();
            query::strip(&names, request.uri)?;
            self.put_query(request, &made, false)?;
        }
        let string = text(&self.string, request, &made)?;
        let tag = hmac::sign(key, string.as_bytes());
        let made = Made { signature: Zeroizing::new(self.encoding.write(tag.as_ref())), ..made };
        for (name, pieces) in &self.headers {
            let value = text(pieces, request, &made)?;
            put(request.headers, name.clone(), &value)?;
        }
        self.put_query(request, &made, true)
    }

    /// Puts those query parameters into the URL that carry the signature, or those that do not.
    fn put_query(&self, request: &mut Outgoing<'_>, made: &Made, signed: bool) -> Result<(), Error> {
        let carries = |pieces: &[Piece]| {
            pieces.iter().any(|piece| matches!(piece, Piece::Request(RequestPart::Signature)))
        };
        let mut pairs = Vec::new();
        for (name, pieces) in self.query.iter().filter(|(_, pieces)| carries(pieces) == signed) {
            let value = text(pieces, request, made)?;
            pairs.push(query::prepare(name, &Phrase::hidden(value, "<signature>")));
        }
        if pairs.is_empty() { Ok(()) } else { query::apply(&pairs, &[], request.uri) }
    }

    pub(super) fn added(&self) -> Added {
        let headers = self.headers.iter().map(|(name, pieces)| (name.to_string(), shown(pieces)));
        let query = self.query.iter().map(|(name, pieces)| (name.clone(), shown(pieces)));
        Added { headers: headers.collect(), query: query.collect(), form: Vec::new() }
    }
}

impl std::fmt::Debug for Hmac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hmac(redacted)")
    }
}

/// What is made for one request.
struct Made {
    timestamp: String,
    nonce: String,
    signature: Zeroizing<String>,
}

impl Encoding {
    fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(bytes),
        }
    }
}

impl Moment {
    fn write(self, now: SystemTime) -> String {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        match self {
            Self::UnixSeconds => since.as_secs().to_string(),
            Self::UnixMilliseconds => since.as_millis().to_string(),
            Self::Rfc3339 => calendar::rfc3339(now),
            Self::HttpDate => httpdate::fmt_http_date(now),
        }
    }
}

/// Names, and the pieces of their values; what is absent is left out.
fn carriers(scope: &Scope<'_>, members: &Members) -> Result<Vec<(Phrase, Vec<Piece>)>, Error> {
    let mut carriers = Vec::with_capacity(members.named.len());
    for (name, value) in &members.named {
        let Value::Template(template) = value else { continue };
        if let (Some(name), Some(pieces)) = (scope.template(name)?, scope.pieces(template)?) {
            carriers.push((name, pieces));
        }
    }
    Ok(carriers)
}

fn text(pieces: &[Piece], request: &Outgoing<'_>, made: &Made) -> Result<Zeroizing<String>, Error> {
    let mut text = Zeroizing::new(String::new());
    for piece in pieces {
        match piece {
            Piece::Phrase(phrase) => text.push_str(&phrase.value()),
            Piece::Request(part) => text.push_str(&read(*part, request, made)?),
        }
    }
    Ok(text)
}

fn shown(pieces: &[Piece]) -> Phrase {
    let mut text = Phrase::default();
    for piece in pieces {
        text.push(match piece {
            Piece::Phrase(phrase) => phrase.clone(),
            Piece::Request(RequestPart::Timestamp) => Phrase::unknown("<now>"),
            Piece::Request(part) => Phrase::unknown(format!("<{}>", part.as_str())),
        });
    }
    text
}

fn read<'r>(part: RequestPart, request: &'r Outgoing<'_>, made: &'r Made) -> Result<Cow<'r, str>, Error> {
    let body = || request.body().ok_or_else(|| unsigned(UNKNOWN_BODY));
    let hashed = |algorithm: &'static digest::Algorithm| {
        body().map(|body: &Bytes| digest::digest(algorithm, body).as_ref().to_vec())
    };
    let hexadecimal = |algorithm| hashed(algorithm).map(|hash| Cow::Owned(hex::encode(&hash)));
    Ok(match part {
        RequestPart::Method => request.method.as_str().into(),
        RequestPart::Host => host(request.uri).into(),
        RequestPart::Path => request.uri.path().into(),
        RequestPart::Query => request.uri.query().unwrap_or_default().into(),
        RequestPart::Target => request.uri.path_and_query().map_or("/", |target| target.as_str()).into(),
        RequestPart::ContentType => {
            let media_type = request.headers.get(CONTENT_TYPE);
            media_type.and_then(|it| it.to_str().ok()).unwrap_or_default().into()
        }
        RequestPart::Body => {
            std::str::from_utf8(body()?).map_err(|_| unsigned("the body that is signed is not UTF-8"))?.into()
        }
        RequestPart::BodyMd5 => hex::encode(&Md5::digest(body()?)).into(),
        RequestPart::BodyMd5Base64 => STANDARD.encode(Md5::digest(body()?)).into(),
        RequestPart::BodySha1 => hexadecimal(&digest::SHA1_FOR_LEGACY_USE_ONLY)?,
        RequestPart::BodySha256 => hexadecimal(&digest::SHA256)?,
        RequestPart::BodySha256Base64 => STANDARD.encode(hashed(&digest::SHA256)?).into(),
        RequestPart::BodySha512 => hexadecimal(&digest::SHA512)?,
        RequestPart::Timestamp => made.timestamp.as_str().into(),
        RequestPart::Nonce => made.nonce.as_str().into(),
        RequestPart::Signature => made.signature.as_str().into(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Moment;

    #[test]
    fn a_time_is_written_as_the_plan_says() {
        let then = SystemTime::UNIX_EPOCH + Duration::from_millis(1_440_938_160_250);
        for (moment, written) in [
            (Moment::UnixSeconds, "1440938160"),
            (Moment::UnixMilliseconds, "1440938160250"),
            (Moment::Rfc3339, "2015-08-30T12:36:00Z"),
            (Moment::HttpDate, "Sun, 30 Aug 2015 12:36:00 GMT"),
        ] {
            assert_eq!(moment.write(then), written);
        }
    }
}
