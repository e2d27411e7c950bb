//! The authorization code flow without its I/O: where the browser is sent (RFC 6749 §4.1.1), with PKCE (RFC 7636), and
//! what it brings back (§4.1.2), checked against mix-up (RFC 9207) and forgery (§10.12).
//!
//! It must not know how the browser is opened, nor who listens for the redirect.

use std::fmt;

use authwire_core::plan::AUTHORIZATION_PARAMETERS;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use url::Url;
use zeroize::Zeroizing;

use super::pkce::{self, Verifier};
use crate::error::Error;

/// An authorization that is under way. To be kept until the redirect arrives, and used once.
pub(crate) struct Authorization {
    verifier: Verifier,
    state: Zeroizing<String>,
}

/// What goes into the URL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The server's authorization endpoint. Its own query is kept (RFC 6749 §3.1).
    pub(crate) endpoint: &'a Url,
    /// Of a loopback redirect with the port that is listened at (RFC 8252 §7.3).
    pub(crate) redirect_uri: &'a str,
    /// What the plan adds: the client's id, the scope, `prompt`, `audience`, `access_type`.
    pub(crate) query: &'a [(String, Zeroizing<String>)],
}

impl Request<'_> {
    /// The endpoint with `first`, what the plan adds, and `last` in its query. None of the parameters `made` may be given
    /// besides.
    pub(super) fn url(
        &self,
        made: &[&str],
        first: (&str, &str),
        last: &[(&str, &str)],
    ) -> Result<Url, RepeatedParameter> {
        let mut url = self.endpoint.clone();
        // a fragment is never part of an endpoint (RFC 6749 §3.1)
        url.set_fragment(None);
        let own: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        let mut given = own.iter().chain(self.query.iter().map(|(name, _)| name));
        if let Some(name) = given.find(|name| made.contains(&name.as_str())) {
            return Err(RepeatedParameter(name.clone()));
        }
        let added = self.query.iter().filter(|(name, _)| !own.contains(name));
        let added = added.map(|(name, value)| (name.as_str(), value.as_str()));
        url.query_pairs_mut().extend_pairs([first].into_iter().chain(added).chain(last.iter().copied()));
        Ok(url)
    }
}

impl Authorization {
    /// A fresh `state` and code verifier.
    pub(crate) fn begin() -> Result<Self, Error> {
        Ok(Self { verifier: Verifier::fresh()?, state: pkce::random_text()? })
    }

    /// The verifier that the token request sends.
    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// What nobody else may see.
    pub(crate) fn secrets(&self) -> [&str; 2] {
        [self.verifier.as_str(), self.state.as_str()]
    }

    /// The URL to open.
    pub(crate) fn url(&self, request: &Request<'_>) -> Result<Url, RepeatedParameter> {
        let challenge = self.verifier.challenge();
        let last = [
            ("redirect_uri", request.redirect_uri),
            ("state", &self.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        request.url(&AUTHORIZATION_PARAMETERS, ("response_type", "code"), &last)
    }

    /// The code out of the redirect: its whole URL, as a person pastes it, or the target of the request that came in.
    ///
    /// `issuer` is the server's identifier where it is known. Then an `iss` that comes must be it (RFC 9207 §2.4); that one
    /// comes always is said by server metadata, which is not read.
    pub(crate) fn code(
        &self,
        redirect: &str,
        issuer: Option<&str>,
    ) -> Result<Zeroizing<String>, RedirectFault> {
        let query = query_of(redirect)?;
        // first of all: what comes from elsewhere is not looked at
        let state = identifier(query, "state")?.ok_or(RedirectFault::State)?;
        verify_slices_are_equal(state.as_bytes(), self.state.as_bytes()).map_err(|_| RedirectFault::State)?;
        let iss = parameter(query, "iss")?;
        // a plain comparison of texts
        if let (Some(issuer), Some(iss)) = (issuer, iss)
            && issuer != iss.as_str()
        {
            return Err(RedirectFault::Issuer);
        }
        if let Some(error) = parameter(query, "error")? {
            let description = parameter(query, "error_description")?.map(|text| text.to_string());
            return Err(RedirectFault::Refused { error: error.to_string(), description });
        }
        parameter(query, "code")?.filter(|code| !code.is_empty()).ok_or(RedirectFault::NoAnswer)
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(redacted)")
    }
}

/// The query of a redirect.
pub(super) fn query_of(redirect: &str) -> Result<&str, RedirectFault> {
    let redirect = redirect.trim();
    let redirect = redirect.split_once('#').map_or(redirect, |(before, _)| before);
    redirect.split_once('?').map(|(_, query)| query).ok_or(RedirectFault::NoAnswer)
}

/// The parameter `name`, by which a redirect says which login it belongs to: one that says so twice belongs to none.
pub(super) fn identifier(
    query: &str,
    name: &'static str,
) -> Result<Option<Zeroizing<String>>, RedirectFault> {
    parameter(query, name).map_err(|_| RedirectFault::State)
}

/// The parameter `name`, which may be there once (RFC 6749 §3.1).
pub(super) fn parameter(query: &str, name: &'static str) -> Result<Option<Zeroizing<String>>, RedirectFault> {
    let mut values = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(known, _)| known == name)
        .map(|(_, value)| Zeroizing::new(value.into_owned()));
    let value = values.next();
    if values.next().is_some() { Err(RedirectFault::Repeated(name)) } else { Ok(value) }
}

/// A parameter that is made here and given besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RepeatedParameter(pub(crate) String);

impl fmt::Display for RepeatedParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is made by the authorization request and may not be given besides", self.0)
    }
}

impl std::error::Error for RepeatedParameter {}

/// Why a redirect brings no code. What the server says has to be searched for secrets before it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RedirectFault {
    /// It has neither a code nor an error.
    NoAnswer,
    /// It belongs to no authorization that was begun here.
    State,
    /// It comes from another server than the one that was asked.
    Issuer,
    /// A parameter stands there twice.
    Repeated(&'static str),
    /// The server or the person refused (RFC 6749 §4.1.2.1).
    Refused {
        /// `access_denied` and so on.
        error: String,
        /// What the server says about it.
        description: Option<String>,
    },
}

impl fmt::Display for RedirectFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => f.write_str("the redirect brings neither a code nor an error"),
            Self::State => f.write_str("the redirect does not belong to this login: begin again"),
            Self::Issuer => {
                f.write_str("the redirect does not come from the server that was asked (RFC 9207)")
            }
            Self::Repeated(name) => write!(f, "the redirect has `{name}` more than once"),
            Self::Refused { error, description: Some(description) } => {
                write!(f, "the server refused: {error}: {description}")
            }
            Self::Refused { error, description: None } => write!(f, "the server refused: {error}"),
        }
    }
}

impl std::error::Error for RedirectFault {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use url::Url;
    use zeroize::Zeroizing;

    use super::super::pkce::Verifier;
    use super::{Authorization, RedirectFault, RepeatedParameter, Request};

    fn under_way() -> Authorization {
        Authorization {
            verifier: Verifier::from_text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            state: Zeroizing::new("xyz".to_owned()),
        }
    }

    fn query(extra: &[(&str, &str)]) -> Vec<(String, Zeroizing<String>)> {
        let plan = [("client_id", "s6BhdRkqt3"), ("scope", "a b")];
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), Zeroizing::new((*value).to_owned()));
        plan.iter().chain(extra).map(pair).collect()
    }

    fn request<'a>(endpoint: &'a Url, query: &'a [(String, Zeroizing<String>)]) -> Request<'a> {
        Request { endpoint, redirect_uri: "http://127.0.0.1:4711/callback", query }
    }

    #[test]
    fn the_url_keeps_the_endpoint_s_query_and_adds_what_is_needed() {
        let endpoint = Url::parse("https://server.example.com/authorize?tenant=1#x").expect("url");
        let query = query(&[("prompt", "consent")]);
        let url = under_way().url(&request(&endpoint, &query)).expect("built");
        assert!(
            url.as_str().starts_with("https://server.example.com/authorize?tenant=1&response_type=code&")
        );
        assert_eq!(url.fragment(), None);
        let pairs: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        for (name, value) in [
            ("tenant", "1"),
            ("client_id", "s6BhdRkqt3"),
            ("redirect_uri", "http://127.0.0.1:4711/callback"),
            ("scope", "a b"),
            ("state", "xyz"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
            ("prompt", "consent"),
        ] {
            assert_eq!(pairs.get(name).map(String::as_str), Some(value), "{name}");
        }
    }

    #[test]
    fn nothing_overrides_what_protects_the_flow() {
        let endpoint = Url::parse("https://server.example.com/authorize").expect("url");
        for name in ["state", "code_challenge", "redirect_uri"] {
            let refused = under_way().url(&request(&endpoint, &query(&[(name, "mine")])));
            assert_eq!(refused, Err(RepeatedParameter(name.to_owned())));
        }
        let endpoint = Url::parse("https://server.example.com/authorize?state=1").expect("url");
        let refused = under_way().url(&request(&endpoint, &query(&[]))).expect_err("refused");
        assert!(refused.to_string().contains("`state`"));
    }

    #[test]
    fn a_redirect_brings_the_code_or_says_why_not() {
        let refused = |error: &str, description: Option<&str>| {
            let description = description.map(str::to_owned);
            Err(RedirectFault::Refused { error: error.to_owned(), description })
        };
        let issuer = Some("https://honest.example");
        for (redirect, issuer, expected) in [
            ("http://127.0.0.1:4711/callback?code=Splx%2BOBe&state=xyz", None, Ok("Splx+OBe")),
            ("/callback?state=xyz&code=1", None, Ok("1")),
            ("  /callback?state=xyz&code=1#fragment\n", None, Ok("1")),
            ("/callback?state=xyz&code=1&iss=https%3A%2F%2Fhonest.example", issuer, Ok("1")),
            ("/callback?state=xyz&code=1", issuer, Ok("1")),
            ("/callback?state=xyz&code=1&iss=https://attacker.example", issuer, Err(RedirectFault::Issuer)),
            ("/callback?state=xyz&code=1&iss=https://honest.example/", issuer, Err(RedirectFault::Issuer)),
            ("/callback?state=xyz&error=e&iss=https://attacker.example", issuer, Err(RedirectFault::Issuer)),
            ("/callback?state=other&code=1", None, Err(RedirectFault::State)),
            ("/callback?code=1", None, Err(RedirectFault::State)),
            ("/callback?error=access_denied", None, Err(RedirectFault::State)),
            ("/callback?state=xyz", None, Err(RedirectFault::NoAnswer)),
            ("/callback?state=xyz&code=", None, Err(RedirectFault::NoAnswer)),
            ("/favicon.ico", None, Err(RedirectFault::NoAnswer)),
            ("/callback?state=xyz&code=1&code=2", None, Err(RedirectFault::Repeated("code"))),
            ("/callback?state=xyz&state=xyz&code=1", None, Err(RedirectFault::State)),
            ("/callback?state=1&state=2", None, Err(RedirectFault::State)),
            ("/callback?state=xyz&error=access_denied", None, refused("access_denied", None)),
            (
                "/callback?state=xyz&error=invalid_scope&error_description=no+such",
                None,
                refused("invalid_scope", Some("no such")),
            ),
        ] {
            let code = under_way().code(redirect, issuer);
            assert_eq!(code.as_ref().map(|code| code.as_str()), expected.as_ref().copied(), "{redirect}");
        }
    }

    #[test]
    fn a_fault_reads_as_a_sentence_and_a_state_is_never_shown() {
        let fault = under_way().code("/?state=no", None).expect_err("refused");
        assert_eq!(fault.to_string(), "the redirect does not belong to this login: begin again");
        assert_eq!(format!("{:?}", under_way()), "Authorization(redacted)");
    }

    #[test]
    fn every_authorization_has_a_state_and_a_verifier_of_its_own() {
        let (one, other) = (Authorization::begin().expect("random"), Authorization::begin().expect("random"));
        assert_ne!(*one.state, *other.state);
        assert_ne!(one.verifier().as_str(), other.verifier().as_str());
        assert_eq!(one.state.len(), 43);
    }
}
