//! `jwt`: `{algorithm, key, key_encoding?, lifetime_seconds, jti?, nbf?, header?, claims?}`, a signed JWT (RFC 7519).

use authwire_model::json::Kind;
use authwire_model::number::Number;
use authwire_model::plan::{Jwt, MadeWhere, Part as Piece, Template, Value};

use super::grammar::Members;
use super::members::{CLAIMS, JWT_HEADER};
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

const ALGORITHM: Slot = Slot::new("an algorithm", Takes::PLAIN).required().of(&["HS256", "RS256", "ES256"]);
const KEY: Slot = Slot::new("a key", Takes::STRING).required().lone();
const KEY_ENCODING: Slot =
    Slot::new("a key's encoding", Takes::PLAIN).of(&["utf8", "hex", "base64", "base64url"]);
const LIFETIME: Slot = Slot::new("a lifetime", Takes::NUMBER).required().lone();
const SWITCH: Slot = Slot::new("a switch", Takes::BOOLEAN).lone();

impl<'l> Planner<'_, 'l> {
    /// The JWT at `site`.
    pub(super) fn jwt(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Jwt> {
        let known =
            ["algorithm", "key", "key_encoding", "lifetime_seconds", "jti", "nbf", "header", "claims"];
        let members = self.object(site, "`jwt`", &known)?;
        let algorithm =
            self.required(&members, "algorithm").and_then(|site| self.template(site, &ALGORITHM, scope));
        let key = self.required(&members, "key").and_then(|site| self.field(site, &KEY, scope));
        let lifetime =
            self.required(&members, "lifetime_seconds").and_then(|site| self.lifetime(site, scope));
        let key_encoding =
            members.get("key_encoding").and_then(|site| self.template(site, &KEY_ENCODING, scope));
        let jti = members.get("jti").and_then(|site| self.switch(site, scope));
        let nbf = members.get("nbf").and_then(|site| self.switch(site, scope));
        let header = members.get("header").map(|site| self.members(site, &JWT_HEADER, scope));
        let claims = members.get("claims").map(|site| self.members(site, &CLAIMS, scope));
        let jwt = Jwt {
            algorithm: algorithm?,
            key: key?,
            key_encoding,
            lifetime_seconds: lifetime?,
            jti,
            nbf,
            header: header.unwrap_or_default(),
            claims: claims.unwrap_or_default(),
        };
        self.check_made(&jwt, &members);
        Some(jwt)
    }

    /// Checks that the plan says nothing else in place of what is made.
    fn check_made(&mut self, jwt: &Jwt, members: &Members<'l>) {
        let may_be_made = |(claim, made)| match made {
            MadeWhere::True(asked) if asked.literal() != Some("false") => Some(("claims", claim)),
            _ => None,
        };
        // the very same may be said twice
        let is_another = |(name, value): &(Template, Value)| {
            name.literal() == Some("alg") && *value != Value::Template(jwt.algorithm.clone())
        };
        let alg = jwt.header.named.iter().any(is_another).then_some(("header", "alg"));
        for (container, name) in jwt.made_claims().into_iter().filter_map(may_be_made).chain(alg) {
            if let Some(site) = members.get(container).and_then(|container| container.get(name)) {
                self.error(site.key_spot(), format!("`{name}` is set by Authwire itself"));
            }
        }
    }

    /// A whole number of seconds, or a field that holds one.
    fn lifetime(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Template> {
        match site.kind() {
            Kind::Number => match site.value.number().and_then(Number::as_u64) {
                Some(seconds @ 1..) => Some(literal(&seconds.to_string())),
                _ => {
                    self.error(site.spot(), "a lifetime is a whole number of seconds, 1 or more");
                    None
                }
            },
            Kind::String => self.field(site, &LIFETIME, scope),
            _ => {
                self.error(site.spot(), "a lifetime is a number of seconds, or a `{field}` that holds one");
                None
            }
        }
    }

    /// `true`, `false`, or a field that holds one of them.
    fn switch(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<Template> {
        match (site.value.boolean(), site.kind()) {
            (Some(on), _) => Some(literal(if on { "true" } else { "false" })),
            (None, Kind::String) => self.field(site, &SWITCH, scope),
            (None, _) => {
                self.error(site.spot(), "a switch is `true`, `false` or a `{field}` that holds one of them");
                None
            }
        }
    }

    /// A single field.
    pub(super) fn field(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<Template> {
        // not even a literal is one
        let template = self.template(site, &Slot { lone: false, ..*slot }, scope)?;
        if template.lone().is_none() {
            let text = template.literal().unwrap_or_default();
            let is_no_text = slot.takes == Takes::NUMBER && text.parse::<u64>().is_ok()
                || slot.takes == Takes::BOOLEAN && matches!(text, "true" | "false");
            let help = is_no_text.then(|| format!("write `{text}` without quotes"));
            let problem = Problem::error(site.spot(), format!("{} is a single `{{field}}`", slot.what));
            self.problem(problem.or_help(help));
            return None;
        }
        Some(template)
    }
}

fn literal(text: &str) -> Template {
    Template { parts: vec![Piece::Literal(text.into())].into() }
}
