//! Temporary credentials (RFC 5849 §2.1) without their I/O: where the browser is sent with them (§2.2), and what it brings
//! back.

use std::fmt;

use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use authwire_core::plan::OAUTH1_AUTHORIZATION_PARAMETERS;
use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::authorization::{RedirectFault, RepeatedParameter, Request, identifier, parameter, query_of};

/// The answer to the request for temporary credentials. To be kept until the redirect arrives, and used once.
#[derive(Deserialize)]
pub(crate) struct TemporaryCredentials {
    /// Which of them they are.
    pub(crate) oauth_token: Zeroizing<String>,
    /// The secret that belongs to it.
    pub(crate) oauth_token_secret: Zeroizing<String>,
    /// Whether the server binds them to the callback that it was told.
    oauth_callback_confirmed: Option<String>,
}

impl TemporaryCredentials {
    /// Checks that the server knows where the browser is to come back to: one that does not may send it, and what it
    /// brings, to anybody.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let confirmed = self.oauth_callback_confirmed.as_deref();
        if confirmed.is_some_and(|confirmed| confirmed.eq_ignore_ascii_case("true")) {
            return Ok(());
        }
        Err("it does not confirm the callback (oauth_callback_confirmed), as RFC 5849 demands of a server")
    }

    /// What nobody else may see.
    pub(crate) fn secrets(&self) -> [&str; 2] {
        [self.oauth_token.as_str(), self.oauth_token_secret.as_str()]
    }

    /// The URL to open.
    pub(crate) fn url(&self, request: &Request<'_>) -> Result<Url, RepeatedParameter> {
        request.url(&OAUTH1_AUTHORIZATION_PARAMETERS, ("oauth_token", &self.oauth_token), &[])
    }

    /// The verifier out of the redirect: its whole URL, as a person pastes it, or the target of the request that came in.
    pub(crate) fn verifier(&self, redirect: &str) -> Result<Zeroizing<String>, RedirectFault> {
        let query = query_of(redirect)?;
        // a refusal names the token by another name, where a server follows no standard there
        let denied = identifier(query, "denied")?;
        let token = identifier(query, "oauth_token")?;
        let token = token.as_ref().or(denied.as_ref()).ok_or(RedirectFault::State)?;
        verify_slices_are_equal(token.as_bytes(), self.oauth_token.as_bytes())
            .map_err(|_| RedirectFault::State)?;
        if let Some(problem) = parameter(query, "oauth_problem")? {
            return Err(RedirectFault::Refused { error: problem.to_string(), description: None });
        }
        if denied.is_some() {
            return Err(RedirectFault::Refused { error: "access_denied".to_owned(), description: None });
        }
        parameter(query, "oauth_verifier")?
            .filter(|verifier| !verifier.is_empty())
            .ok_or(RedirectFault::NoAnswer)
    }
}

/// The verifier that a person was shown, as they type it in.
pub(crate) fn typed_verifier(text: &str) -> Result<Zeroizing<String>, RedirectFault> {
    let text = text.trim();
    if text.is_empty() { Err(RedirectFault::NoAnswer) } else { Ok(Zeroizing::new(text.to_owned())) }
}

impl fmt::Debug for TemporaryCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TemporaryCredentials(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use url::Url;
    use zeroize::Zeroizing;

    use super::super::authorization::{RedirectFault, RepeatedParameter, Request};
    use super::{TemporaryCredentials, typed_verifier};

    fn credentials() -> TemporaryCredentials {
        // RFC 5849 §1.2
        serde_json::from_str(
            r#"{"oauth_token": "hh5s93j4hdidpola", "oauth_token_secret": "hdhd0244k9j7ao03", "oauth_callback_confirmed": "true"}"#,
        )
        .expect("an answer")
    }

    #[test]
    fn the_browser_is_sent_with_the_token() {
        let endpoint = Url::parse("https://photos.example.net/authorize?locale=en#x").expect("url");
        let query = [("name".to_owned(), Zeroizing::new("A b".to_owned()))];
        let request = Request { endpoint: &endpoint, redirect_uri: "http://127.0.0.1/", query: &query };
        let url = credentials().url(&request).expect("built");
        assert_eq!(
            url.as_str(),
            "https://photos.example.net/authorize?locale=en&oauth_token=hh5s93j4hdidpola&name=A+b"
        );
        let query = [("oauth_token".to_owned(), Zeroizing::new("mine".to_owned()))];
        let refused = credentials().url(&Request { query: &query, ..request });
        assert_eq!(refused, Err(RepeatedParameter("oauth_token".to_owned())));
    }

    #[test]
    fn a_redirect_brings_the_verifier_or_says_why_not() {
        let refused =
            |error: &str| Err(RedirectFault::Refused { error: error.to_owned(), description: None });
        for (redirect, expected) in [
            (
                "http://printer.example.com/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
                Ok("hfdp7dh39dks9884"),
            ),
            ("/ready?oauth_verifier=a%2Bb&oauth_token=hh5s93j4hdidpola#top", Ok("a+b")),
            ("/ready?oauth_token=other&oauth_verifier=x", Err(RedirectFault::State)),
            ("/ready?oauth_verifier=x", Err(RedirectFault::State)),
            ("/ready", Err(RedirectFault::NoAnswer)),
            ("/ready?oauth_token=hh5s93j4hdidpola", Err(RedirectFault::NoAnswer)),
            ("/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=", Err(RedirectFault::NoAnswer)),
            (
                "/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=1&oauth_verifier=2",
                Err(RedirectFault::Repeated("oauth_verifier")),
            ),
            ("/ready?denied=hh5s93j4hdidpola", refused("access_denied")),
            ("/ready?denied=other", Err(RedirectFault::State)),
            ("/ready?denied=1&denied=2", Err(RedirectFault::State)),
            ("/ready?oauth_token=hh5s93j4hdidpola&denied=1&denied=2", Err(RedirectFault::State)),
            ("/ready?oauth_token=1&oauth_token=2", Err(RedirectFault::State)),
            ("/ready?oauth_token=hh5s93j4hdidpola&oauth_problem=user_refused", refused("user_refused")),
        ] {
            let verifier = credentials().verifier(redirect);
            assert_eq!(
                verifier.as_ref().map(|verifier| verifier.as_str()),
                expected.as_ref().copied(),
                "{redirect}"
            );
        }
        assert_eq!(typed_verifier(" 123456\n").as_ref().map(|text| text.as_str()), Ok("123456"));
        assert_eq!(typed_verifier("\n"), Err(RedirectFault::NoAnswer));
    }

    #[test]
    fn a_server_that_does_not_confirm_the_callback_is_not_trusted() {
        assert_eq!(credentials().check(), Ok(()));
        for confirmed in [None, Some("false".to_owned())] {
            let credentials = TemporaryCredentials { oauth_callback_confirmed: confirmed, ..credentials() };
            assert!(credentials.check().expect_err("refused").contains("oauth_callback_confirmed"));
        }
        assert_eq!(format!("{:?}", credentials()), "TemporaryCredentials(redacted)");
    }
}
