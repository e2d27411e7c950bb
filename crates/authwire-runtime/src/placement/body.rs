//! The primitives `form` and `json`: parameters of the call's own body.
//!
//! A form gets parameters, a JSON object members, in place of their namesakes; a call without a body gets one. It must not
//! know what is sent beside them.

use authwire_core::json::{self, Kind};
use authwire_core::plan::Members;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use serde_json::Value;
use zeroize::Zeroizing;

use super::outgoing::Outgoing;
use crate::error::Error;
use crate::members::{self, Member, Names};
use crate::percent;
use crate::phrase::Phrase;
use crate::template::{Scope, Tree};
use crate::wiped::WipedBytes;

/// What goes into a call's body.
#[derive(Debug, Clone)]
pub(crate) enum BodyPart {
    Form(Vec<Member<Phrase>>),
    Json(Vec<Member<Tree>>),
}

impl BodyPart {
    /// Parameters of a form.
    pub(super) fn form(scope: &Scope<'_>, members: &Members) -> Result<Self, Error> {
        Ok(Self::Form(members::texts(scope, members, Names::Exact)?))
    }

    /// Members of a JSON object.
    pub(super) fn json(scope: &Scope<'_>, members: &Members) -> Result<Self, Error> {
        Ok(Self::Json(members::trees(scope, members)?))
    }

    /// Replaces a request's body by one with what goes into it.
    pub(super) fn put(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        if matches!(*request.method, Method::GET | Method::HEAD) {
            return Err(refused(&format!("a {} request has none", request.method)));
        }
        let Some(body) = request.body() else { return Err(refused("this one is a stream, or not known")) };
        let given = request.headers.get(CONTENT_TYPE).and_then(|media_type| media_type.to_str().ok());
        let given = given.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let (media_type, written) = match self {
            Self::Form(members) => {
                let media_type = "application/x-www-form-urlencoded";
                if given.as_deref().is_some_and(|given| given != media_type) {
                    return Err(refused("it goes into a form, and this is none"));
                }
                (media_type, with_parameters(body, members)?)
            }
            Self::Json(members) => {
                let is_json = |given: &str| given == "application/json" || given.ends_with("+json");
                if given.as_deref().is_some_and(|given| !is_json(given)) {
                    return Err(refused("it goes into JSON, and this is none"));
                }
                ("application/json", with_members(body, members)?)
            }
        };
        request.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
        request.replaced = Some(written);
        Ok(())
    }
}

fn with_parameters(body: &Bytes, members: &[Member<Phrase>]) -> Result<Bytes, Error> {
    let text = std::str::from_utf8(body).map_err(|_| refused("the form is not UTF-8"))?;
    let name_of = |pair: &str| percent::decode(pair.split_once('=').map_or(pair, |(name, _)| name));
    let kept = |pair: &&str| !pair.is_empty() && !members.iter().any(|member| member.name == name_of(pair));
    let mut form = WipedBytes::with_capacity(text.len() + 64);
    let mut push = |pair: &str| {
        if !form.is_empty() {
            form.push(b"&");
        }
        form.push(pair.as_bytes());
    };
    text.split('&').filter(kept).for_each(&mut push);
    for member in members {
        let value = Zeroizing::new(percent::form(&member.value.value()));
        push(&Zeroizing::new(format!("{}={}", percent::form(&member.name), *value)));
    }
    Ok(Bytes::copy_from_slice(&form))
}

/// The object with `members` at its end, in place of their namesakes. All else stays as it was written: a number that is read
/// and written again may be another one.
fn with_members(body: &Bytes, members: &[Member<Tree>]) -> Result<Bytes, Error> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    let none = "it goes into a JSON object, and this is none";
    let tree = json::Tree::parse(body).map_err(|fault| refused(&format!("{none}: {}", fault.message)))?;
    let object = tree.root();
    if object.kind() != Kind::Object {
        return Err(refused(none));
    }
    let mut written = WipedBytes::with_capacity(body.len() + 64);
    let mut at = object.span().start + 1;
    written.push(&body[..at]);
    let mut is_first = true;
    for (name, value) in object.members() {
        let end = value.span().end;
        // the comma is the one before it
        let part = body[at..end].trim_ascii_start();
        let part = part.strip_prefix(b",").filter(|_| is_first).unwrap_or(&body[at..end]);
        at = end;
        if !members.iter().any(|member| member.name == name) {
            written.push(part);
            is_first = false;
        }
    }
    let text = |phrase: &Phrase| phrase.value().to_string();
    for member in members {
        let name = Value::from(member.name.as_str());
        let value = Zeroizing::new(member.value.to_json(&text).to_string());
        let separator = if std::mem::take(&mut is_first) { "" } else { "," };
        written.push(Zeroizing::new(format!("{separator}{name}:{}", *value)).as_bytes());
    }
    written.push(&body[at..]);
    Ok(Bytes::copy_from_slice(&written))
}

fn refused(why: &str) -> Error {
    Error::Request { message: format!("auth is part of the request's body: {why}") }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use bytes::Bytes;
    use http::header::CONTENT_TYPE;
    use http::{HeaderMap, Method, Uri};
    use zeroize::Zeroizing;

    use super::{BodyPart, Outgoing};
    use crate::members::Member;
    use crate::phrase::Phrase;
    use crate::placement::Given;
    use crate::template::Tree;

    fn key() -> Phrase {
        Phrase::hidden(Zeroizing::new("k&y \"1\"".to_owned()), "<key>")
    }

    /// The media type and the body of a request that had these.
    fn put(
        part: &BodyPart,
        method: &Method,
        media_type: &str,
        body: Option<&str>,
    ) -> Result<(String, String), String> {
        let mut headers = HeaderMap::new();
        if !media_type.is_empty() {
            headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        }
        let body = body.map(|body| Bytes::copy_from_slice(body.as_bytes()));
        let mut request = Outgoing {
            method,
            uri: &mut Uri::from_static("https://a.example/"),
            headers: &mut headers,
            given: body.as_ref().map_or(Given::Unknown, Given::Whole),
            replaced: None,
            now: &|| SystemTime::UNIX_EPOCH,
        };
        part.put(&mut request).map_err(|error| error.to_string())?;
        let body = request.replaced.expect("it has a body of its own");
        let sent = headers[CONTENT_TYPE].to_str().unwrap().to_owned();
        Ok((sent, String::from_utf8(body.to_vec()).unwrap()))
    }

    fn post(part: &BodyPart, media_type: &str, body: &str) -> Result<(String, String), String> {
        put(part, &Method::POST, media_type, Some(body))
    }

    #[test]
    fn a_form_gets_a_parameter_once() {
        let part = BodyPart::Form(vec![Member::added("api key", key())]);
        let form = "application/x-www-form-urlencoded";
        for (media_type, body, written) in [
            ("", "", "api+key=k%26y+%221%22"),
            (form, "a=1&b=", "a=1&b=&api+key=k%26y+%221%22"),
            (form, "api+key=old&a=1&api%20key", "a=1&api+key=k%26y+%221%22"),
        ] {
            assert_eq!(post(&part, media_type, body).unwrap(), (form.to_owned(), written.to_owned()));
        }
        assert!(post(&part, "application/json", "{}").unwrap_err().contains("this is none"));
    }

    #[test]
    fn a_json_object_gets_a_member_once() {
        let part = BodyPart::Json(vec![Member::tree("key", Tree::Text(key()))]);
        for (media_type, body) in
            [("", ""), ("application/vnd.acme+json; charset=utf-8", r#"{"key": "old"}"#)]
        {
            assert_eq!(post(&part, media_type, body).unwrap().1, r#"{"key":"k&y \"1\""}"#);
        }
        for (media_type, body) in
            [("application/json", "[1]"), ("application/json", "{"), ("text/plain", "x")]
        {
            assert!(post(&part, media_type, body).unwrap_err().contains("this is none"));
        }
    }

    #[test]
    fn the_rest_of_a_json_object_stays_as_it_was_written() {
        let part = BodyPart::Json(vec![
            Member::tree("key", Tree::Text(Phrase::clear("k"))),
            Member::tree("n", Tree::Plain(1.into())),
        ]);
        let ours = r#""key":"k","n":1"#;
        for (before, after) in [
            ("{}", format!("{{{ours}}}")),
            (" { } ", format!(" {{{ours} }} ")),
            (
                r#"{"z":12345678901234567890123,"price":0.10000000000000000001,"a":1.0,"a":2}"#,
                format!(
                    r#"{{"z":12345678901234567890123,"price":0.10000000000000000001,"a":1.0,"a":2,{ours}}}"#
                ),
            ),
            (
                "{\n  \"b\": [1, 2],\n  \"a\": \"\\u00e9\"\n}\n",
                format!("{{\n  \"b\": [1, 2],\n  \"a\": \"\\u00e9\",{ours}\n}}\n"),
            ),
            (r#"{"key": "old", "a": {"key": 1}, "key" : 2}"#, format!(r#"{{ "a": {{"key": 1}},{ours}}}"#)),
            (r#"{"a": 1 , "\u006bey": {"x": [","]}, "b": 2}"#, format!(r#"{{"a": 1, "b": 2,{ours}}}"#)),
            (r#"{"n":0,"key":0}"#, format!("{{{ours}}}")),
        ] {
            let written = post(&part, "application/json", before).unwrap().1;
            assert_eq!(written, after);
            assert_eq!(post(&part, "application/json", &written).unwrap().1, after, "applied twice");
        }
    }

    #[test]
    fn a_request_without_a_body_to_speak_of_is_refused() {
        let part = BodyPart::Json(Vec::new());
        let refused = |method, body| put(&part, &method, "", body).unwrap_err();
        assert!(refused(Method::GET, Some("")).contains("a GET request has none"));
        assert!(refused(Method::POST, None).contains("not known"));
    }
}
