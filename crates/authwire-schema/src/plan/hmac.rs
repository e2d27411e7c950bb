//! `hmac`: `{algorithm, key, key_encoding?, string, encoding?, timestamp?, headers?, query?}`, a keyed digest (RFC 2104) of
//! a declared string. `{request.PART}` reads the request that goes out; `{request.signature}` stands in what carries it.

use authwire_model::plan::{HmacPlan, Members, Part, RequestPart, Source, Template, Value};
use authwire_model::suggest;

use super::grammar::listed;
use super::members::{Container, HEADERS, QUERY};
use super::slot::{Slot, Takes};
use super::{Planner, Scope, Signing};
use crate::problems::{Problem, Spot};
use crate::source::Site;

const ALGORITHM: Slot = Slot::new("an algorithm", Takes::PLAIN).required().of(&["SHA1", "SHA256", "SHA512"]);
const KEY: Slot = Slot::new("a key", Takes::STRING).required().lone();
const KEY_ENCODING: Slot =
    Slot::new("a key's encoding", Takes::PLAIN).of(&["utf8", "hex", "base64", "base64url"]);
const STRING: Slot = Slot::new("a string to sign", Takes::WRITTEN).required();
const ENCODING: Slot = Slot::new("a signature's encoding", Takes::PLAIN).of(&["hex", "base64", "base64url"]);
const TIMESTAMP: Slot = Slot::new("a timestamp's format", Takes::PLAIN).of(&[
    "unix_seconds",
    "unix_milliseconds",
    "rfc3339",
    "http_date",
]);

impl<'l> Planner<'_, 'l> {
    /// The signature at `site`.
    pub(super) fn hmac(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<HmacPlan> {
        let known =
            ["algorithm", "key", "key_encoding", "string", "encoding", "timestamp", "headers", "query"];
        let members = self.object(site, "`hmac`", &known)?;
        let [algorithm, key, string] =
            ["algorithm", "key", "string"].map(|name| self.required(&members, name));
        let algorithm = algorithm.and_then(|site| self.template(site, &ALGORITHM, scope));
        let key = key.and_then(|site| self.field(site, &KEY, scope));
        let signed = Scope { signing: Some(Signing::String), ..scope };
        let string = string.and_then(|site| self.template(site, &STRING, signed));
        let mut optional = |name, slot| members.get(name).and_then(|site| self.template(site, slot, scope));
        let key_encoding = optional("key_encoding", &KEY_ENCODING);
        let (encoding, timestamp) = (optional("encoding", &ENCODING), optional("timestamp", &TIMESTAMP));
        let mut carriers = |name, container| {
            members.get(name).map(|site| self.carriers(site, container, scope)).unwrap_or_default()
        };
        let (headers, query) = (carriers("headers", &HEADERS), carriers("query", &QUERY));
        self.check_carried(site, [&headers, &query], scope);
        Some(HmacPlan {
            algorithm: algorithm?,
            key: key?,
            key_encoding,
            string: string?,
            encoding,
            timestamp,
            headers,
            query,
        })
    }

    /// Checks that something carries the signature, whatever is absent.
    fn check_carried(&mut self, site: Site<'l>, carriers: [&Members; 2], scope: Scope<'_>) {
        let named = carriers.into_iter().flat_map(|members| &members.named);
        let carriers: Vec<&Template> = named.filter_map(|(_, value)| carrier(value)).collect();
        let problem = if carriers.is_empty() {
            Problem::error(site.spot(), "nothing carries `{request.signature}`")
                .with_help("a header or a query parameter does")
        } else if !carriers.into_iter().any(|carrier| self.is_filled(carrier, scope)) {
            Problem::error(site.spot(), "what carries `{request.signature}` may be absent")
                .with_help("require what stands beside it, give it a default, or ask for it with `when`")
        } else {
            return;
        };
        self.problem(problem);
    }

    /// Headers or query parameters, each one text.
    fn carriers(&mut self, site: Site<'l>, container: &Container, scope: Scope<'_>) -> Members {
        let members = self.members(site, container, Scope { signing: Some(Signing::Carrier), ..scope });
        for (name, value) in site.members() {
            if name == "..." || value.string().is_none() {
                self.error(value.key_spot(), "what carries a signature is one text");
            }
        }
        members
    }

    /// What `request.NAME` reads.
    pub(super) fn request_source(&mut self, name: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        let names = RequestPart::ALL.map(RequestPart::as_str);
        let Some(part) = RequestPart::ALL.into_iter().find(|part| part.as_str() == name) else {
            let guess = suggest::nearest(name, names).map(|name| format!("request.{name}"));
            let problem = Problem::error(spot, format!("a request has no `{name}` that is signed"))
                .with_guess(guess.as_deref())
                .or_help(Some(format!("there are {}", listed(&names))));
            self.problem(problem);
            return None;
        };
        let why = match (scope.signing, part) {
            (Some(Signing::String), RequestPart::Signature) => "the signature is not there before it is made",
            (Some(_), _) => return Some(Source::Request(part)),
            (None, _) => "what goes out is read by a signature over it only: `hmac`",
        };
        self.error(spot, why);
        None
    }
}

/// The text of a value that carries the signature.
fn carrier(value: &Value) -> Option<&Template> {
    let Value::Template(template) = value else { return None };
    let signature = Part::Field(Source::Request(RequestPart::Signature));
    template.parts.contains(&signature).then_some(template)
}
