//! A login in a browser: the URL that it is sent to, and what it comes back with.

use std::fmt;
use std::sync::Arc;

use authwire_core::Code;
use authwire_core::plan::{AuthorizationPlan, LoginValue};
use url::Url;
use zeroize::Zeroizing;

use super::authorization::{Authorization, RedirectFault, RepeatedParameter, Request};
use super::temporary::{self, TemporaryCredentials};
use super::{LoginError, OUT_OF_BAND, authorization_plan, fields_of, mask_of, optional_text, said};
use crate::authenticator::Authenticator;
use crate::engine::Engine;
use crate::error::{Error, Unusable};
use crate::judge;
use crate::made::Fresh;
use crate::mask::Mask;
use crate::members::{self, Names};
use crate::phrase::Phrase;
use crate::ready::Prepared;
use crate::template::Scope;
use crate::token::answer::Answer;
use crate::token::request;

/// A login in a browser that is under way. It is finished once.
pub struct BrowserLogin {
    engine: Arc<Engine>,
    prepared: Arc<Prepared>,
    flow: Flow,
    url: Url,
    redirect_uri: String,
    mask: Mask,
}

impl BrowserLogin {
    /// Begins a login whose redirect comes back to `redirect_uri`.
    ///
    /// # Errors
    ///
    /// If this auth has no login in a browser, a reference names nothing, or a value cannot be sent.
    pub async fn begin(authenticator: &Authenticator, redirect_uri: &str) -> Result<Self, Error> {
        let engine = Arc::clone(&authenticator.engine);
        let prepared = engine.prepare().await?;
        let temporary = temporary_credentials(&engine, &prepared, redirect_uri).await?;
        let mut mask = mask_of(&prepared);
        let (flow, url) = {
            let fresh = Fresh::new(&prepared.material, &engine.name, engine.now());
            let scope = Scope::bare(&prepared.material, &engine.name, &fresh);
            let plan = authorization_plan(&scope)?;
            let flow = match temporary {
                Some(credentials) => Flow::Verifier(credentials),
                None => Flow::code(optional_text(&scope, plan.issuer.as_ref())?)?,
            };
            flow.secrets().for_each(|secret| mask.add(secret));
            let endpoint = endpoint(&scope, plan)?;
            let query = members::texts(&scope, &plan.query, Names::Exact)?;
            let query: Vec<(String, Zeroizing<String>)> =
                query.into_iter().map(|member| (member.name, member.value.value())).collect();
            let url = flow.url(&Request { endpoint: &endpoint, redirect_uri, query: &query });
            let url = url.map_err(|repeated| {
                let fault = Unusable::new(Code::Conflict, repeated.to_string());
                scope.blame(fault, &fields_of(&plan.url))
            })?;
            (flow, url)
        };
        Ok(Self { engine, prepared, flow, url, redirect_uri: redirect_uri.to_owned(), mask })
    }

    /// The URL that the person opens in a browser.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Where the browser comes back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Whether `redirect`, a URL or the target of a request, comes from this login: anybody may send anything to where
    /// the redirect is awaited.
    #[must_use]
    pub fn is_answered_by(&self, redirect: &str) -> bool {
        !matches!(self.flow.answer(redirect), Err(RedirectFault::State | RedirectFault::NoAnswer))
    }

    /// Ends the login with `redirect`: the URL that the browser came back to, as a person pastes it, or the target of the
    /// request; or, where there is nothing to come back to (`oob`), the code that the person was shown. The token that
    /// it brings is kept, with the refresh token, though the caller goes away meanwhile:
    /// [`Authenticator::settled`] waits for that.
    ///
    /// # Errors
    ///
    /// If the redirect brings no code, or there is no token for it. The code is spent then: begin again.
    pub async fn finish(self, redirect: &str) -> Result<(), Error> {
        let answer = match self.redirect_uri == OUT_OF_BAND {
            true => temporary::typed_verifier(redirect),
            false => self.flow.answer(redirect),
        };
        let answer =
            answer.map_err(|fault| LoginError::Redirect { message: self.mask.apply(&fault.to_string()) })?;
        let mut brought: Vec<(LoginValue, Phrase)> = self
            .flow
            .brought(answer)
            .into_iter()
            .map(|(value, text)| (value, Phrase::hidden(text, format!("<{}>", value.as_str())).into_secret()))
            .collect();
        brought.push((LoginValue::RedirectUri, Phrase::clear(self.redirect_uri)));
        self.engine.log_in(&self.prepared, brought).await
    }
}

impl fmt::Debug for BrowserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserLogin").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// What comes back from a browser, and what it is checked against.
enum Flow {
    /// A code (RFC 6749 §4.1).
    Code { authorization: Authorization, issuer: Option<Zeroizing<String>> },
    /// A verifier (RFC 5849 §2.2).
    Verifier(TemporaryCredentials),
}

impl Flow {
    fn code(issuer: Option<Zeroizing<String>>) -> Result<Self, Error> {
        Ok(Self::Code { authorization: Authorization::begin()?, issuer })
    }

    /// What nobody else may see.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::Code { authorization, .. } => authorization.secrets(),
            Self::Verifier(credentials) => credentials.secrets(),
        }
        .into_iter()
    }

    /// The URL to open.
    fn url(&self, request: &Request<'_>) -> Result<Url, RepeatedParameter> {
        match self {
            Self::Code { authorization, .. } => authorization.url(request),
            Self::Verifier(credentials) => credentials.url(request),
        }
    }

    /// The code or the verifier that a redirect brings.
    fn answer(&self, redirect: &str) -> Result<Zeroizing<String>, RedirectFault> {
        match self {
            Self::Code { authorization, issuer } => {
                authorization.code(redirect, issuer.as_ref().map(|issuer| issuer.as_str()))
            }
            Self::Verifier(credentials) => credentials.verifier(redirect),
        }
    }

    /// What ends the login: the answer, and what belongs to it.
    fn brought(&self, answer: Zeroizing<String>) -> Vec<(LoginValue, Zeroizing<String>)> {
        match self {
            Self::Code { authorization, .. } => vec![
                (LoginValue::Code, answer),
                (LoginValue::CodeVerifier, Zeroizing::new(authorization.verifier().as_str().to_owned())),
            ],
            Self::Verifier(credentials) => vec![
                (LoginValue::Verifier, answer),
                (LoginValue::Token, credentials.oauth_token.clone()),
                (LoginValue::TokenSecret, credentials.oauth_token_secret.clone()),
            ],
        }
    }
}

/// Temporary credentials, where the plan wants them (RFC 5849 §2.1).
async fn temporary_credentials(
    engine: &Engine,
    prepared: &Prepared,
    redirect_uri: &str,
) -> Result<Option<TemporaryCredentials>, Error> {
    let (written, url) = {
        let fresh = Fresh::new(&prepared.material, &engine.name, engine.now());
        let brought = [(LoginValue::RedirectUri, Phrase::clear(redirect_uri))];
        let scope = Scope { login: &brought, ..Scope::bare(&prepared.material, &engine.name, &fresh) };
        let Some(plan) = &authorization_plan(&scope)?.temporary else { return Ok(None) };
        let draft = request::draft(&scope, plan, None)?;
        (draft.write(&scope, engine.now())?, draft.shown_url())
    };
    let answer: Answer = engine.ask(written, prepared.identity().as_ref()).await?;
    let status = answer.status.as_u16();
    let refused = |message| LoginError::Temporary { url: url.clone(), status, message };
    let credentials = answer.parsed::<TemporaryCredentials>();
    let credentials = credentials.map_err(|fault| refused(said(fault, &mask_of(prepared))))?;
    credentials.check().map_err(|fault| refused(fault.to_owned()))?;
    Ok(Some(credentials))
}

/// The authorization endpoint.
fn endpoint(scope: &Scope<'_>, plan: &AuthorizationPlan) -> Result<Url, Error> {
    let url = scope.template(&plan.url)?.unwrap_or_default();
    judge::url(&url.value()).map_err(|fault| {
        let unusable = Unusable::new(Code::Url, "the authorization URL cannot be used");
        scope.blame(unusable.with_help(fault.to_string()), url.fields()).into()
    })
}
