//! How an authorization server is to behave.

use std::time::Duration;

use serde_json::{Value, json};

use crate::clients;
use crate::keys::SigningKeys;

/// How an authorization server is to behave; the default is what most tests want.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long an access token is good, in whole seconds, 1 at least. Default: five minutes.
    pub access_token_lifetime: Duration,
    /// How long a refresh token is good, in whole seconds. Default: one day.
    pub refresh_token_lifetime: Duration,
    /// How long the token endpoint takes to answer, so that many callers meet. Default: no time.
    pub token_delay: Duration,
    /// Whose signatures [`Oidc`](crate::Oidc) believes, in assertions and from [`clients::SIGNING`]. Default: nobody's.
    pub trusted_keys: Option<SigningKeys>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            access_token_lifetime: Duration::from_secs(300),
            refresh_token_lifetime: Duration::from_secs(86_400),
            token_delay: Duration::ZERO,
            trusted_keys: None,
        }
    }
}

impl Settings {
    /// As the servers in `tests/servers` read it.
    pub(crate) fn to_json(&self) -> Value {
        let clients: Vec<Value> = clients::ALL.iter().map(|client| client.to_json()).collect();
        let users: Vec<Value> = clients::USERS.iter().map(|user| user.to_json()).collect();
        let token_delay = u64::try_from(self.token_delay.as_millis()).unwrap_or(u64::MAX);
        let keys = self.trusted_keys.as_ref().map_or_else(|| json!({}), SigningKeys::verification_keys);
        json!({
            "clients": clients,
            "users": users,
            "scopes": clients::SCOPES,
            "access_token_seconds": self.access_token_lifetime.as_secs(),
            "refresh_token_seconds": self.refresh_token_lifetime.as_secs(),
            "token_delay_milliseconds": token_delay,
            "verification_keys": keys,
        })
    }
}
