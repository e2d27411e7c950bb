//! A person logs in: in a browser that comes back with a code (RFC 6749 §4.1, RFC 7636, RFC 8252), or on another device
//! (RFC 8628). What that brings is kept in the store, and serves every process that shares it.
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
use crate::token::answer::Answer;
use crate::token::client_authentication::may_want_another_way;
use crate::token::request;
use authorization::Authorization;
use device::{DeviceAuthorization, Outcome, Polling, Step};

/// Where a redirect comes to, if the connector does not say: a loopback address, at any port (RFC 8252 §7.3).
const LOOPBACK: &str = "http://127.0.0.1/callback";

/// A login in a browser that is under way. It is finished once.
pub struct BrowserLogin {
    engine: Arc<Engine>,
    prepared: Arc<Prepared>,
    authorization: Authorization,
    url: Url,
    redirect_uri: String,
    issuer: Option<Zeroizing<String>>,
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
        let authorization = Authorization::begin()
            .map_err(|_| Error::Request { message: "there are no random bytes to be had".to_owned() })?;
        let (url, issuer, mask) = {
            let fresh = Fresh::new(&prepared.material, &engine.name, engine.now());
            let scope = Scope::bare(&prepared.material, &engine.name, &fresh);
            let plan = authorization_plan(&scope)?;
            let endpoint = endpoint(&scope, plan)?;
            let query = members::texts(&scope, &plan.query, Names::Exact)?;
            let query: Vec<(String, Zeroizing<String>)> =
                query.into_iter().map(|member| (member.name, member.value.value())).collect();
            let request = authorization::Request { endpoint: &endpoint, redirect_uri, query: &query };
            let url = authorization.url(&request).map_err(|repeated| {
                let fault = Unusable::new(Code::Conflict, repeated.to_string());
                scope.blame(fault, &fields_of(&plan.url))
            })?;
            let mut mask = Mask::default();
            prepared.material.hidden_values().for_each(|secret| mask.add(secret));
            authorization.secrets().for_each(|secret| mask.add(secret));
            (url, optional_text(&scope, plan.issuer.as_ref())?, mask)
        };
        let redirect_uri = redirect_uri.to_owned();
        Ok(Self { engine, prepared, authorization, url, redirect_uri, issuer, mask })
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
        !matches!(self.code(redirect), Err(State | NoAnswer))
    }

    /// Ends the login with `redirect`: the URL that the browser came back to, as a person pastes it, or the target of the
    /// request. The token that it brings is kept, with the refresh token.
    ///
    /// # Errors
    ///
    /// If the redirect brings no code, or there is no token for it. The code is spent then: begin again.
    pub async fn finish(self, redirect: &str) -> Result<(), Error> {
        let code = self
            .code(redirect)
            .map_err(|fault| LoginError::Redirect { message: self.mask.apply(&fault.to_string()) })?;
        let verifier = Zeroizing::new(self.authorization.verifier().as_str().to_owned());
        let brought = vec![
            (LoginValue::Code, Phrase::hidden(code, "<code>").into_secret()),
            (LoginValue::CodeVerifier, Phrase::hidden(verifier, "<code_verifier>").into_secret()),
            (LoginValue::RedirectUri, Phrase::clear(self.redirect_uri)),
        ];
        self.engine.log_in(&self.prepared, brought).await?;
        self.engine.start_anew();
        Ok(())
    }

    fn code(&self, redirect: &str) -> Result<Zeroizing<String>, authorization::RedirectFault> {
        self.authorization.code(redirect, self.issuer.as_ref().map(|issuer| issuer.as_str()), false)
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
    let (written, draft, mask) = {
        let fresh = Fresh::new(&prepared.material, &engine.name, engine.now());
        let scope = Scope::bare(&prepared.material, &engine.name, &fresh);
        let draft = request::draft(&scope, device_plan(&scope)?, style)?;
        let mut mask = Mask::default();
        prepared.material.hidden_values().for_each(|secret| mask.add(secret));
        (draft.write(&scope)?, draft, mask)
    };
    let answer: Answer = engine.ask(written, prepared.identity().as_ref()).await?;
    let status = answer.status.as_u16();
    Ok(answer.parsed::<DeviceAuthorization>().map_err(|fault| {
        let other_way = draft.auto
            && style.is_none()
            && may_want_another_way(status, fault.error.as_deref(), fault.description.as_deref(), false);
        let said = [fault.error, fault.description, fault.problem].into_iter().flatten();
        let said: Vec<String> = said.map(|text: String| mask.apply(&text)).collect();
        let message = if said.is_empty() { "it does not say why".to_owned() } else { said.join(": ") };
        DeviceRefusal { error: LoginError::Device { url: draft.shown_url(), status, message }, other_way }
    }))
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
