//! A person logs in: in a browser that comes back with a code (RFC 6749 §4.1, RFC 7636, RFC 8252) or a verifier (RFC 5849 §2),
//! or on another device (RFC 8628). What that brings is kept in the store, and serves every process that shares it.
//!
//! ```no_run
//! # async fn log_in(client: authwire_runtime::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use authwire_runtime::login::{BrowserLogin, Loopback};
//!
//! let mut loopback = Loopback::bind(client.authenticator()).await?;
//! let login = BrowserLogin::begin(client.authenticator(), loopback.redirect_uri()).await?;
//! println!("open {}", login.url());
//! let arrival = loopback.arrival(&login).await?;
//! let done = login.finish(arrival.redirect()).await;
//! arrival.answer(&done).await;
//! done?;
//! # Ok(())
//! # }
//! ```
//!
//! It must not know how a browser is opened, nor what a command prints.

mod authorization;
mod device;
mod error;
#[cfg(feature = "reqwest")]
mod loopback;
mod pkce;
mod temporary;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use authwire_core::Code;
use authwire_core::plan::{AuthorizationPlan, LoginPlan, LoginValue, RequestPlan, Template};
use url::{Host, Url};
use zeroize::Zeroizing;

pub use error::LoginError;
#[cfg(feature = "reqwest")]
pub use loopback::{Arrival, Loopback};

use crate::authenticator::Authenticator;
use crate::engine::Engine;
use crate::error::{Error, Unusable};
use crate::judge;
use crate::made::Fresh;
use crate::mask::Mask;
use crate::material::Material;
use crate::members::{self, Names};
use crate::phrase::Phrase;
use crate::ready::Prepared;
use crate::template::Scope;
use crate::token::Style;
use crate::token::answer::{Answer, Fault};
use crate::token::client_authentication::may_want_another_way;
use crate::token::request;
use authorization::{Authorization, RedirectFault};
use device::{DeviceAuthorization, Outcome, Polling, Step};
use temporary::TemporaryCredentials;

/// Where a redirect comes to, if the connector does not say: a loopback address, at any port (RFC 8252 §7.3).
const LOOPBACK: &str = "http://127.0.0.1/callback";

/// In place of a redirect URI: the person is shown what would come back (RFC 5849 §2.1).
pub const OUT_OF_BAND: &str = "oob";

/// A login in a browser that is under way. It is finished once.
pub struct BrowserLogin {
    engine: Arc<Engine>,
    prepared: Arc<Prepared>,
    flow: Flow,
    url: Url,
    redirect_uri: String,
    mask: Mask,
}

/// What comes back from a browser, and what it is checked against.
enum Flow {
    /// A code (RFC 6749 §4.1).
    Code { authorization: Authorization, issuer: Option<String> },
    /// A verifier (RFC 5849 §2.2).
    Verifier(TemporaryCredentials),
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
        let flow = match temporary_credentials(&engine, &prepared, redirect_uri).await? {
            Some(credentials) => Flow::Verifier(credentials),
            None => {
                let authorization = Authorization::begin().map_err(|_| Error::Request {
                    message: "there are no random bytes to be had".to_owned(),
                })?;
                Flow::Code { authorization, issuer: None }
            }
        };
        let fresh = Fresh::new(&prepared.material, &engine.name, engine.now());
        let scope = Scope::bare(&prepared.material, &engine.name, &fresh);
        let plan = authorization_plan(&scope)?;
        let flow = match flow {
            Flow::Code { authorization, .. } => {
                let issuer = optional_text(&scope, plan.issuer.as_ref())?;
                Flow::Code { authorization, issuer: issuer.map(|issuer| issuer.to_string()) }
            }
            flow @ Flow::Verifier(_) => flow,
        };
        let endpoint = endpoint(&scope, plan)?;
        let query = members::texts(&scope, &plan.query, Names::Exact)?;
        let query: Vec<(String, Zeroizing<String>)> =
            query.into_iter().map(|member| (member.name, member.value.value())).collect();
        let request = authorization::Request { endpoint: &endpoint, redirect_uri, query: &query };
        let mut mask = mask_of(&prepared);
        let url = match &flow {
            Flow::Code { authorization, .. } => {
                authorization.secrets().for_each(|secret| mask.add(secret));
                authorization.url(&request)
            }
            Flow::Verifier(credentials) => {
                credentials.secrets().for_each(|secret| mask.add(secret));
                credentials.url(&request)
            }
        };
        let url = url.map_err(|repeated| {
            let fault = Unusable::new(Code::Conflict, repeated.to_string());
            scope.blame(fault, &fields_of(&plan.url))
        })?;
        let redirect_uri = redirect_uri.to_owned();
        drop(fresh);
        Ok(Self { engine, prepared: Arc::clone(&prepared), flow, url, redirect_uri, mask })
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
        use authorization::RedirectFault::{NoAnswer, State};
        let answer = match &self.flow {
            Flow::Code { authorization, issuer } => authorization.code(redirect, issuer.as_deref(), false),
            Flow::Verifier(credentials) => credentials.verifier(redirect),
        };
        !matches!(answer, Err(State | NoAnswer))
    }

    /// Ends the login with `redirect`: the URL that the browser came back to, as a person pastes it, or the target of the
    /// request; or, where there is nothing to come back to (`oob`), the code that the person was shown. The token that
    /// it brings is kept, with the refresh token.
    ///
    /// # Errors
    ///
    /// If the redirect brings no code, or there is no token for it. The code is spent then: begin again.
    pub async fn finish(self, redirect: &str) -> Result<(), Error> {
        let told =
            |fault: RedirectFault| LoginError::Redirect { message: self.mask.apply(&fault.to_string()) };
        let hidden = |value: LoginValue, text: Zeroizing<String>| {
            (value, Phrase::hidden(text, format!("<{}>", value.as_str())).into_secret())
        };
        let mut brought = match &self.flow {
            Flow::Code { authorization, issuer } => {
                let code = authorization.code(redirect, issuer.as_deref(), false).map_err(told)?;
                let verifier = Zeroizing::new(authorization.verifier().as_str().to_owned());
                vec![hidden(LoginValue::Code, code), hidden(LoginValue::CodeVerifier, verifier)]
            }
            Flow::Verifier(credentials) => {
                let verifier = match self.redirect_uri == OUT_OF_BAND {
                    true => temporary::typed_verifier(redirect),
                    false => credentials.verifier(redirect),
                };
                vec![
                    hidden(LoginValue::Verifier, verifier.map_err(told)?),
                    hidden(LoginValue::Token, credentials.oauth_token.clone()),
                    hidden(LoginValue::TokenSecret, credentials.oauth_token_secret.clone()),
                ]
            }
        };
        brought.push((LoginValue::RedirectUri, Phrase::clear(self.redirect_uri)));
        self.engine.log_in(&self.prepared, brought).await?;
        self.engine.start_anew();
        Ok(())
    }
}

impl fmt::Debug for BrowserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserLogin").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// A login on another device that is under way. It is finished once.
pub struct DeviceLogin {
    engine: Arc<Engine>,
    prepared: Arc<Prepared>,
    authorization: DeviceAuthorization,
}

impl DeviceLogin {
    /// Asks the server for a code that a person types in elsewhere.
    ///
    /// # Errors
    ///
    /// If this auth has no login on another device, a reference names nothing, or the server gives no code.
    pub async fn begin(authenticator: &Authenticator) -> Result<Self, Error> {
        let engine = Arc::clone(&authenticator.engine);
        let prepared = engine.prepare().await?;
        let authorization = match device_code(&engine, &prepared, None).await? {
            // the server may want the client's proof elsewhere
            Err(refused) if refused.other_way => {
                device_code(&engine, &prepared, Some(Style::RequestBody)).await?
            }
            asked => asked,
        };
        Ok(Self { authorization: authorization.map_err(|refused| refused.error)?, engine, prepared })
    }

    /// What the person types in.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.authorization.user_code
    }

    /// Where the person types it in.
    #[must_use]
    pub fn verification_uri(&self) -> &str {
        &self.authorization.verification_uri
    }

    /// The same with the code in it, where the server has one: to be opened, or shown as a QR code.
    #[must_use]
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.authorization.verification_uri_complete.as_deref()
    }

    /// Waits until the person is done, and keeps the token that this brings.
    ///
    /// # Errors
    ///
    /// If the person or the server refused, or the code ended.
    pub async fn finish(self) -> Result<(), Error> {
        let clock = &self.engine.services.clock;
        let mut polling = Polling::begin(&self.authorization);
        let mut step = polling.first();
        loop {
            let Step::Wait(pause) = step else { return Err(LoginError::Expired.into()) };
            let since = self.engine.now();
            clock.sleep(pause).await;
            let code = Phrase::hidden(polling.device_code().clone(), "<device_code>").into_secret();
            let error = match self.engine.log_in(&self.prepared, vec![(LoginValue::DeviceCode, code)]).await {
                Ok(()) => {
                    self.engine.start_anew();
                    return Ok(());
                }
                Err(Error::Token(error)) => error,
                Err(error) => return Err(error),
            };
            let outcome = match error.error() {
                Some(code) => Outcome::Error(code),
                None if error.is_passing() => Outcome::NoAnswer,
                None => return Err(Error::Token(error)),
            };
            let elapsed: Duration = self.engine.now().duration_since(since).unwrap_or(pause);
            step = polling.next(outcome, elapsed);
            if step == Step::Refused {
                return Err(Error::Token(error));
            }
        }
    }
}

impl fmt::Debug for DeviceLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin").finish_non_exhaustive()
    }
}

impl Authenticator {
    /// Which logins this auth has: a connector without any has nothing to log in to.
    ///
    /// # Errors
    ///
    /// If a reference names nothing.
    pub async fn logins(&self) -> Result<Logins, Error> {
        let prepared = self.engine.prepare().await?;
        let fresh = Fresh::new(&prepared.material, &self.engine.name, self.engine.now());
        let scope = Scope::bare(&prepared.material, &self.engine.name, &fresh);
        Ok(Logins { browser: authorization_plan(&scope).is_ok(), device: device_plan(&scope).is_ok() })
    }

    /// Where a browser comes back to after a login: as the connector says, or a loopback address. One of a loopback
    /// address may lack its port: any will do (RFC 8252 §7.3).
    ///
    /// # Errors
    ///
    /// If this auth has no login in a browser, or a reference names nothing.
    pub async fn redirect_uri(&self) -> Result<String, Error> {
        let prepared = self.engine.prepare().await?;
        let fresh = Fresh::new(&prepared.material, &self.engine.name, self.engine.now());
        let scope = Scope::bare(&prepared.material, &self.engine.name, &fresh);
        let given = optional_text(&scope, authorization_plan(&scope)?.redirect_uri.as_ref())?;
        Ok(given.map_or_else(|| LOOPBACK.to_owned(), |uri| uri.to_string()))
    }
}

/// Which logins an auth has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logins {
    /// In a browser that comes back to this machine, or to where its URL can be copied from.
    pub browser: bool,
    /// With a code that is typed in on another device.
    pub device: bool,
}

/// Whether a browser that comes back to `redirect_uri` comes to this machine.
#[must_use]
pub fn is_loopback(redirect_uri: &str) -> bool {
    Url::parse(redirect_uri).is_ok_and(|url| url.scheme() == "http" && is_loopback_host(url.host()))
}

fn is_loopback_host(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A device authorization request that brought no code.
struct DeviceRefusal {
    error: LoginError,
    other_way: bool,
}

async fn device_code(
    engine: &Engine,
    prepared: &Prepared,
    style: Option<Style>,
) -> Result<Result<DeviceAuthorization, DeviceRefusal>, Error> {
    let (written, draft) = {
        let fresh = Fresh::new(&prepared.material, &engine.name, engine.now());
        let scope = Scope::bare(&prepared.material, &engine.name, &fresh);
        let draft = request::draft(&scope, device_plan(&scope)?, style)?;
        (draft.write(&scope, engine.now())?, draft)
    };
    let answer: Answer = engine.ask(written, prepared.identity().as_ref()).await?;
    let status = answer.status.as_u16();
    Ok(answer.parsed::<DeviceAuthorization>().map_err(|fault| {
        let other_way = draft.auto
            && style.is_none()
            && may_want_another_way(status, fault.error.as_deref(), fault.description.as_deref(), false);
        let message = said(fault, &mask_of(prepared));
        DeviceRefusal { error: LoginError::Device { url: draft.shown_url(), status, message }, other_way }
    }))
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

/// What a server said to a request that it refused.
fn said(fault: Fault, mask: &Mask) -> String {
    let said = [fault.error, fault.description, fault.problem].into_iter().flatten();
    let said: Vec<String> = said.map(|text| mask.apply(&text)).collect();
    if said.is_empty() { "it does not say why".to_owned() } else { said.join(": ") }
}

/// Hides what a config's references hold.
fn mask_of(prepared: &Prepared) -> Mask {
    let mut mask = Mask::default();
    prepared.material.hidden_values().for_each(|secret| mask.add(secret));
    mask
}

fn login_plan(material: &Material) -> Option<&LoginPlan> {
    material.plan().token.as_ref()?.login.as_ref()
}

fn authorization_plan<'s>(scope: &Scope<'s>) -> Result<&'s AuthorizationPlan, LoginError> {
    let plan = login_plan(scope.material).and_then(|login| login.authorization.as_ref());
    plan.filter(|plan| scope.holds(&plan.when)).ok_or_else(|| LoginError::NoSuchLogin {
        what: "a browser",
        help: "the connector's auth obtains its credential without one".to_owned(),
    })
}

fn device_plan<'s>(scope: &Scope<'s>) -> Result<&'s RequestPlan, LoginError> {
    let plan = login_plan(scope.material).and_then(|login| login.device.as_ref());
    plan.filter(|plan| scope.holds(&plan.when)).ok_or_else(|| LoginError::NoSuchLogin {
        what: "another device",
        help: match plan.map(|plan| fields_of(&plan.url)).as_deref() {
            Some([field, ..]) => format!("the connector gives no `{}`", scope.material.field_name(*field)),
            _ => "the connector's auth obtains its credential without one".to_owned(),
        },
    })
}

/// The authorization endpoint.
fn endpoint(scope: &Scope<'_>, plan: &AuthorizationPlan) -> Result<Url, Error> {
    let url = scope.template(&plan.url)?.unwrap_or_default();
    judge::url(&url.value()).map_err(|fault| {
        let unusable = Unusable::new(Code::Url, "the authorization URL cannot be used");
        scope.blame(unusable.with_help(fault.to_string()), url.fields()).into()
    })
}

fn optional_text(scope: &Scope<'_>, template: Option<&Template>) -> Result<Option<Zeroizing<String>>, Error> {
    match template {
        Some(template) => Ok(scope.template(template)?.map(|phrase| phrase.value())),
        None => Ok(None),
    }
}

fn fields_of(template: &Template) -> Vec<authwire_core::plan::FieldId> {
    use authwire_core::plan::{Part, Source};
    let field = |part: &Part| match part {
        Part::Field(Source::Field(field)) => Some(*field),
        _ => None,
    };
    template.parts.iter().filter_map(field).collect()
}
