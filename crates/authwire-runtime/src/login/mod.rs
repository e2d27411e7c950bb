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
mod browser;
mod device;
mod error;
#[cfg(feature = "reqwest")]
mod loopback;
mod other_device;
mod pkce;
mod temporary;

use authwire_core::plan::{AuthorizationPlan, LoginPlan, RequestPlan, Template};
use url::Url;
use zeroize::Zeroizing;

pub use browser::BrowserLogin;
pub(crate) use device::ERRORS as DEVICE_ERRORS;
pub use error::LoginError;
#[cfg(feature = "reqwest")]
pub use loopback::{Arrival, Loopback};
pub use other_device::DeviceLogin;

use crate::authenticator::Authenticator;
use crate::error::Error;
use crate::judge;
use crate::made::Fresh;
use crate::mask::Mask;
use crate::material::Material;
use crate::ready::Prepared;
use crate::template::Scope;
use crate::token::answer::Fault;

/// Where a redirect comes to, if the connector does not say: a loopback address, at any port (RFC 8252 §7.3).
const LOOPBACK: &str = "http://127.0.0.1/callback";

/// In place of a redirect URI: the person is shown what would come back (RFC 5849 §2.1).
pub const OUT_OF_BAND: &str = "oob";

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
    Url::parse(redirect_uri).is_ok_and(|url| url.scheme() == "http" && judge::is_loopback(&url))
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
