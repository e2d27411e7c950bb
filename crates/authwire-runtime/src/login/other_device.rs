//! A login on another device: a code to type in there, and requests until that is done.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use authwire_core::plan::LoginValue;

use super::device::{DeviceAuthorization, Outcome, Polling, Step};
use super::{LoginError, device_plan, mask_of, said};
use crate::authenticator::Authenticator;
use crate::engine::Engine;
use crate::error::Error;
use crate::made::Fresh;
use crate::phrase::Phrase;
use crate::ready::Prepared;
use crate::template::Scope;
use crate::token::Style;
use crate::token::answer::Answer;
use crate::token::client_authentication::may_want_another_way;
use crate::token::request;

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
        self.authorization.verification_uri()
    }

    /// The same with the code in it, where the server has one: to be opened, or shown as a QR code.
    #[must_use]
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.authorization.verification_uri_complete.as_deref()
    }

    /// Waits until the person is done, and keeps the token that this brings. A caller that goes away ends the waiting, but
    /// no request that is under way: [`Authenticator::settled`] waits for that.
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
                Ok(()) => return Ok(()),
                Err(Error::Token(error)) => error,
                Err(error) => return Err(error),
            };
            let outcome = match error.error() {
                // with a server in trouble, only what the grant itself knows is its last word
                Some(code) if Polling::knows(code) || !error.is_passing() => Outcome::Error(code),
                _ if error.is_passing() => Outcome::NoAnswer,
                _ => return Err(Error::Token(error)),
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
