//! `login`: `{authorization?, device?}`, how a person logs in where a token comes from that.
//!
//! `authorization`: `{when?, temporary?, url, query?, redirect_uri?, issuer?}`, where a browser is sent (RFC 6749 §4.1.1), or
//! after the request `temporary` (RFC 5849 §2); `device`: a request, whose answer says what to type in where (RFC 8628 §3.1).

use authwire_model::plan::{
    AuthorizationPlan, Condition, LoginPlan, LoginValue, RequestPlan, Source, Template, Test,
};

use super::grammar::listed;
use super::members::{AUTHORIZATION_QUERY, OAUTH1_AUTHORIZATION_QUERY};
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

const WAYS: [&str; 2] = ["authorization", "device"];

const REDIRECT_URI: Slot = Slot::new("a redirect URI", Takes::SHOWN).not_empty();
const ISSUER: Slot = Slot::new("an issuer", Takes::SHOWN).not_empty();

/// In place of a redirect URI after a request for temporary credentials: the person types in what comes back (RFC 5849 §2.1).
const OUT_OF_BAND: &str = "oob";

impl<'l> Planner<'_, 'l> {
    /// The login at `site`.
    pub(super) fn login(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<LoginPlan> {
        let members = self.object(site, "`login`", &WAYS)?;
        let authorization = members.get("authorization").map(|site| self.authorization(site, scope));
        let device = members.get("device").map(|site| self.request(site, scope));
        if authorization.is_none() && device.is_none() && !members.may_have_meant(&WAYS) {
            self.error(site.spot(), format!("`login` wants one of {}", listed(&WAYS)));
        }
        Some(LoginPlan { authorization: authorization.flatten(), device: device.flatten() })
    }

    /// Checks that each way to log in, as `site` says, is ended by one of `requests`: that reads what the login brings, and is not
    /// made without it.
    pub(super) fn check_ended(&mut self, site: Site<'l>, requests: &[RequestPlan]) {
        // one that was misspelt may have been any; no login brings them all
        let is_misspelt = LoginValue::ALL.iter().all(|value| self.read_of_login.contains(value));
        for (way, value) in ends(site) {
            let asked = Condition { source: Source::Login(value), test: Test::Present(true) };
            let name = value.as_str();
            let message = if !self.read_of_login.contains(&value) {
                format!("no token request ends this login: none reads `{{login.{name}}}`")
            } else if !is_misspelt && !requests.iter().any(|request| request.when.contains(&asked)) {
                format!(
                    "what ends this login is made without it as well: no token request asks for `login.{name}`"
                )
            } else {
                continue;
            };
            let help =
                format!("ask for it in a request: `\"when\": {{\"login.{name}\": {{\"present\": true}}}}`");
            self.problem(Problem::error(way.key_spot(), message).with_help(help));
        }
    }

    fn authorization(&mut self, site: Site<'l>, scope: Scope<'_>) -> Option<AuthorizationPlan> {
        let known = ["when", "temporary", "url", "query", "redirect_uri", "issuer"];
        let members = self.object(site, "`authorization`", &known)?;
        let when = self.when(members.get("when"), scope);
        let facts = scope.facts_and(&when);
        let scope = scope.with(&facts);
        let temporary = members.get("temporary");
        let container = if temporary.is_some() { &OAUTH1_AUTHORIZATION_QUERY } else { &AUTHORIZATION_QUERY };
        let temporary = temporary.map(|site| self.request(site, scope));
        let url = self.required(&members, "url").and_then(|site| self.url(site, scope));
        let query = members.get("query").map(|site| self.members(site, container, scope));
        if let (Some(issuer), true) = (members.get("issuer"), temporary.is_some()) {
            self.error(issuer.key_spot(), "what answers temporary credentials names no issuer");
        }
        let redirect_uri =
            members.get("redirect_uri").and_then(|site| self.template(site, &REDIRECT_URI, scope));
        if let (Some(said), Some(site)) =
            (redirect_uri.as_ref().and_then(Template::literal), members.get("redirect_uri"))
            && !(is_uri(said) || (temporary.is_some() && said == OUT_OF_BAND))
        {
            self.error(site.spot(), "a redirect URI is a URL, or one of an app's own scheme (RFC 8252 §7.1)");
        }
        let issuer = members.get("issuer").and_then(|site| self.template(site, &ISSUER, scope));
        Some(AuthorizationPlan {
            when: when.into(),
            temporary: match temporary {
                Some(request) => Some(request?),
                None => None,
            },
            url: url?,
            query: query.unwrap_or_default(),
            redirect_uri,
            issuer,
        })
    }
}

/// The ways of the login at `site`, each with what ends it.
fn ends(site: Site<'_>) -> Vec<(Site<'_>, LoginValue)> {
    let authorization = site.get("authorization").map(|way| match way.get("temporary") {
        Some(_) => (way, LoginValue::Verifier),
        None => (way, LoginValue::Code),
    });
    let device = site.get("device").map(|way| (way, LoginValue::DeviceCode));
    authorization.into_iter().chain(device).collect()
}

/// What the login at `site` brings.
pub(super) fn brings(site: Site<'_>) -> Vec<LoginValue> {
    use LoginValue::{Code, CodeVerifier, RedirectUri, Token, TokenSecret, Verifier};
    let brings = |(_, end): (_, LoginValue)| match end {
        Code => vec![Code, CodeVerifier, RedirectUri],
        Verifier => vec![Verifier, Token, TokenSecret, RedirectUri],
        other => vec![other],
    };
    ends(site).into_iter().flat_map(brings).collect()
}

/// Whether a browser can come back to `text`.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    // what has no authority is of an app, whose domain stands there backwards, or a name itself
    let is_whole = rest.starts_with("//") || scheme.contains('.') || scheme.eq_ignore_ascii_case("urn");
    is_scheme && is_whole && !text.contains(|it: char| it.is_whitespace() || it.is_control())
}
