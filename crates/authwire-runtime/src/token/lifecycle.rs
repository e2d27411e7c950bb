//! How a token is had: out of the store, or by an exchange whose durable values are stored before its token is used.
//!
//! An exchange happens in one turn under the credential's key, so that nobody presents what another is about to spend.

use std::sync::Arc;
use std::time::SystemTime;

use authwire_core::plan::{LoginValue, Pick};
use zeroize::Zeroizing;

use super::answer::Grant;
use super::chain::{Chain, Keys, remember_style, remembered_style};
use super::exchange::{Exchange, Step};
use crate::engine::{Engine, Reason};
use crate::error::Error;
use crate::made::Fresh;
use crate::material::Material;
use crate::phrase::Phrase;
use crate::ready::{Prepared, margin};
use crate::store::{StoreError, StoredToken, Timed, TokenValue};
use crate::template::{Picked, Scope, Token};

/// A token with its life.
pub(crate) struct Obtained {
    pub(crate) token: Token,
    /// The scope that was granted, where the answer said so.
    pub(crate) granted: Option<String>,
    pub(crate) since: SystemTime,
    pub(crate) ends_at: Option<SystemTime>,
    /// Where the API is, where the answer said so.
    pub(crate) base_url: Option<String>,
}

/// What the store holds for a credential while somebody has the turn.
struct Account {
    keys: Keys,
    chain: Chain,
    /// The names of the durable values, and what they begin with.
    names: Vec<String>,
    initial: Vec<Option<Phrase>>,
    /// Of what is about to be presented.
    presented: [u8; 32],
}

/// What the engine knows of its credential beside what is ready.
#[derive(Default)]
pub(crate) struct Known {
    /// The token that an API refused last.
    pub(crate) refused: Option<Zeroizing<String>>,
    /// What could not be saved: it holds what the server will want to see next.
    unsaved: Option<Chain>,
    /// A final failure, with what it was had with.
    spent: Option<([u8; 32], Error)>,
}

impl Engine {
    /// A token: the store's, if it still serves, or a new one. One that was due for renewal serves too: who waited for another
    /// one could wait until it has ended.
    pub(crate) async fn obtain(&self, prepared: &Arc<Prepared>, reason: Reason) -> Result<Obtained, Error> {
        let material = &prepared.material;
        let (keys, initial) = self.keys(material)?;
        if reason != Reason::Expiring
            && let Some(stored) = self.stored(&self.load(&keys).await?, &keys, reason)
        {
            return Ok(Obtained::of(stored, material));
        }
        let _turn = self.store().turn(&keys.record).await?;
        let mut chain = self.load(&keys).await?;
        let unsaved = self.known().unsaved.take();
        match unsaved {
            Some(unsaved) if unsaved.follows(&chain) => {
                chain = unsaved;
                self.save(&mut chain).await?;
            }
            Some(_) => tracing::warn!(
                target: "authwire", connector = %self.name,
                "what could not be stored is dropped: the credential is another one since, or somebody else stored it"
            ),
            None => {}
        }
        // somebody may have renewed it since we looked
        if let Some(stored) = self.stored(&chain, &keys, reason) {
            return Ok(Obtained::of(stored, material));
        }
        let names = keep_names(material);
        let kept = chain.values(&names, &initial);
        let presented = self.digest_of(&keys, &kept);
        if let Some((_, error)) = self.known().spent.as_ref().filter(|(known, _)| *known == presented) {
            return Err(error.clone());
        }
        // what is presented is spent by the request: that its successor cannot be stored has to be known before
        if chain.has_kept() {
            self.save(&mut chain).await?;
        }
        let account = Account { keys, chain, names, initial, presented };
        self.exchange(prepared, account, Vec::new(), reason).await
    }

    /// The stored token, if it does for `reason`.
    fn stored<'c>(&self, chain: &'c Chain, keys: &Keys, reason: Reason) -> Option<&'c StoredToken> {
        let now = self.now();
        let stored = chain.record.token(&keys.config).filter(|stored| !self.is_refused(stored))?;
        let does = stored.expires_at.is_none_or(|end| match reason {
            // another one than that which is due
            Reason::Expiring => now + margin(stored.obtained_at, end) < end,
            _ => now < end,
        });
        let age = now.duration_since(stored.obtained_at).unwrap_or_default().as_secs();
        does.then(|| {
            tracing::debug!(target: "authwire", connector = %self.name, age_seconds = age, "token reused from the store");
            stored
        })
    }

    /// A token out of what a login brought, which is kept with what came beside it.
    pub(crate) async fn keep_login(
        &self,
        prepared: &Arc<Prepared>,
        brought: Vec<(LoginValue, Phrase)>,
    ) -> Result<(), Error> {
        let material = &prepared.material;
        let (keys, initial) = self.keys(material)?;
        let _turn = self.store().turn(&keys.record).await?;
        let chain = self.load(&keys).await?;
        let presented = self.digest_of(&keys, &[]);
        let account = Account { keys, chain, names: keep_names(material), initial, presented };
        self.exchange(prepared, account, brought, Reason::First).await?;
        *self.known() = Known::default();
        Ok(())
    }

    /// One token request after the other, until there is a token.
    async fn exchange(
        &self,
        prepared: &Arc<Prepared>,
        account: Account,
        brought: Vec<(LoginValue, Phrase)>,
        reason: Reason,
    ) -> Result<Obtained, Error> {
        let store = self.store();
        let Account { keys, mut chain, names, initial, mut presented } = account;
        let kept = chain.values(&names, &initial);
        let remembered = remembered_style(&store, &keys.style).await;
        let material = Arc::clone(&prepared.material);
        let mut exchange = Exchange::new(material, Arc::clone(&self.name), kept, remembered);
        if !brought.is_empty() {
            exchange = exchange.with_login(brought);
        }
        let identity = prepared.identity();
        loop {
            match self.deliver(&mut exchange, identity.as_ref()).await? {
                Step::Again => {}
                Step::Reload(sent) => {
                    chain = self.load(&keys).await?;
                    let kept = chain.values(&names, &initial);
                    let reloaded = self.digest_of(&keys, &kept);
                    if let Err(error) = exchange.reloaded(&sent, kept) {
                        self.known().spent = Some((presented, error.clone()));
                        return Err(error);
                    }
                    presented = reloaded;
                }
                Step::Granted { grant, kept, found, gone } => {
                    let durable = chain.keep(&names, kept, gone, self.now());
                    let obtained =
                        self.settle(&prepared.material, chain, &keys, durable, grant, reason).await?;
                    // after what cannot be had again
                    if found.is_some() && found != remembered {
                        let style = found.map(|style| style.as_str());
                        tracing::info!(target: "authwire", connector = %self.name, style, "client authentication found");
                        remember_style(&store, &keys.style, found).await;
                    }
                    return Ok(obtained);
                }
                Step::Spoiled { error, kept } => {
                    if chain.keep(&names, kept, false, self.now()) {
                        self.save(&mut chain).await?;
                    }
                    return Err(error);
                }
                Step::Failed(error) => {
                    if matches!(error, Error::ReauthRequired(_)) {
                        self.known().spent = Some((presented, error.clone()));
                    }
                    if let Error::Token(refused) = &error {
                        match refused.style_found() {
                            // a login asks again and again: not each time in every way
                            found @ Some(_) => remember_style(&store, &keys.style, found).await,
                            // what worked does no more: the next time all is open again
                            None if remembered.is_some() && refused.refuses_client() => {
                                remember_style(&store, &keys.style, None).await;
                            }
                            None => {}
                        }
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Forgets what the store holds for this credential, durable values included.
    pub(crate) async fn forget_token(&self, material: &Material) -> Result<bool, Error> {
        let (keys, _) = self.keys(material)?;
        let _turn = self.store().turn(&keys.record).await?;
        let store = self.store();
        let was_kept = self.load(&keys).await?.remove(&store).await?;
        remember_style(&store, &keys.style, None).await;
        *self.known() = Known::default();
        Ok(was_kept)
    }

    /// Stores what came of an exchange. A durable value is stored before its token is used.
    async fn settle(
        &self,
        material: &Material,
        mut chain: Chain,
        keys: &Keys,
        durable: bool,
        grant: Grant,
        reason: Reason,
    ) -> Result<Obtained, Error> {
        let now = self.now();
        let values = picks(material).iter().zip(grant.values).filter_map(|(pick, value)| {
            let (value, is_text) = value?;
            Some(TokenValue { name: pick.name.to_string(), value, is_text })
        });
        let stored = StoredToken {
            config: keys.config,
            value: grant.access_token,
            obtained_at: now,
            expires_at: grant.expires_at,
            scope: grant.scope,
            base_url: grant.base_url,
            values: values.collect(),
        };
        let obtained = Obtained::of(&stored, material);
        chain.record.put_token(stored);
        match self.save(&mut chain).await {
            Err(error) if durable => return Err(error.into()),
            Err(error) => {
                tracing::warn!(target: "authwire", connector = %self.name, %error, "the token is not stored");
                self.known().unsaved = None;
            }
            Ok(()) => {}
        }
        self.token_event(reason, obtained.ends_at, now);
        Ok(obtained)
    }

    async fn load(&self, keys: &Keys) -> Result<Chain, StoreError> {
        Chain::load(&self.store(), &keys.record).await
    }

    async fn save(&self, chain: &mut Chain) -> Result<(), StoreError> {
        chain.record.connector = self.name.to_string();
        let saved = chain.save(&self.store()).await;
        if saved.is_err() {
            self.known().unsaved = Some(chain.clone());
        }
        saved
    }

    /// The store, as far as it answers in time.
    fn store(&self) -> Timed<'_> {
        Timed::of(&self.services, &self.connector.http)
    }

    pub(crate) fn keys(&self, material: &Material) -> Result<(Keys, Vec<Option<Phrase>>), Error> {
        let fresh = Fresh::new(material, &self.name, self.now());
        let scope = Scope::bare(material, &self.name, &fresh);
        let initial = initial_values(&scope)?;
        Ok((Keys::of(&scope, &initial, &self.store())?, initial))
    }

    fn is_refused(&self, stored: &StoredToken) -> bool {
        self.known().refused.as_ref().is_some_and(|refused| *refused == stored.value)
    }

    fn digest_of(&self, keys: &Keys, kept: &[Option<Phrase>]) -> [u8; 32] {
        let mut input = Zeroizing::new(keys.config.to_vec());
        for phrase in kept.iter().flatten() {
            input.extend_from_slice(phrase.value().as_bytes());
            input.push(0);
        }
        self.store().digest(&input)
    }
}

impl Obtained {
    fn of(stored: &StoredToken, material: &Material) -> Self {
        let hidden = |value: &Zeroizing<String>, name: &str| {
            Phrase::hidden(value.clone(), format!("<{name}>")).into_secret()
        };
        let values = picks(material).iter().map(|pick| {
            let value = stored.values.iter().find(|value| *value.name == *pick.name)?;
            Some(Picked { phrase: hidden(&value.value, &value.name), is_text: value.is_text })
        });
        Self {
            token: Token { phrase: hidden(&stored.value, "access_token"), values: values.collect() },
            granted: stored.scope.clone(),
            since: stored.obtained_at,
            ends_at: stored.expires_at,
            base_url: stored.base_url.clone(),
        }
    }
}

/// The durable values until one was kept: the plan's `initial`.
pub(crate) fn initial_values(scope: &Scope<'_>) -> Result<Vec<Option<Phrase>>, Error> {
    let keep = scope.material.plan().token.as_ref().map(|token| &token.keep);
    let mut values = Vec::new();
    for keep in keep.into_iter().flatten() {
        values.push(match &keep.initial {
            Some(initial) => scope.template(initial)?,
            None => None,
        });
    }
    Ok(values)
}

/// What belongs to a token besides.
fn picks(material: &Material) -> &[Pick] {
    material.plan().token.as_ref().map(|token| &*token.response.pick).unwrap_or_default()
}

fn keep_names(material: &Material) -> Vec<String> {
    let keep = material.plan().token.as_ref().map(|token| &token.keep);
    keep.into_iter().flatten().map(|keep| keep.name.to_string()).collect()
}
