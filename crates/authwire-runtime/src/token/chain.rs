//! What a store holds for one credential: its record, by keys that no other credential has.
//!
//! A record of durable values is found by where they began (token URL, client, the values of the file), so that a
//! changed client secret does not lose a rotated refresh token, and a refresh token changed in the file begins anew. A
//! token in it belongs to one config at one API, by a keyed digest of all its fields and the `base_url`.

use std::fmt::Display;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::client_authentication::Style;
use crate::error::Error;
use crate::members::{self, Names};
use crate::phrase::Phrase;
use crate::store::{Content, KeptValue, Record, RecordFault, StoreError, StoreErrorKind, StoreKey, Timed};
use crate::template::Scope;

/// The keys of one credential.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) record: StoreKey,
    /// The digest of the whole config, and of where its API is.
    pub(crate) config: [u8; 32],
    /// Where the client authentication is remembered that worked: by token URL and client.
    pub(crate) style: StoreKey,
}

impl Keys {
    /// The keys of the credential that `scope` describes; `initial` is what its durable values begin with.
    pub(crate) fn of(
        scope: &Scope<'_>,
        initial: &[Option<Phrase>],
        store: &Timed<'_>,
    ) -> Result<Self, Error> {
        let mut client = Input::new(scope.material.type_name());
        if let Some(plan) = scope.material.plan().token.as_ref().and_then(|token| token.requests.first()) {
            client.add_optional(scope.template(&plan.url)?.as_ref());
            // the id alone: how it is proved may be the matter of a step, which is yet to be made
            let id = plan.client_authentication.as_ref().map(|plan| scope.template(&plan.id));
            client.add_optional(id.transpose()?.flatten().as_ref());
        }
        let mut whole = Input::new(scope.material.type_name());
        whole.0.extend_from_slice(&scope.material.digest_input());
        // a session belongs to its host, and a plan may log in at the API itself
        whole.add(&scope.material.base_url.value());
        let config = store.digest(&whole.0);
        let login = scope.material.plan().token.as_ref().and_then(|token| token.login.as_ref());
        let record = if let Some(login) = login {
            // what a person agreed to: by another name another person may have
            let mut input = Input::new("login");
            input.0.extend_from_slice(&client.0);
            input.add(scope.connector);
            if let Some(plan) = &login.authorization {
                input.add_optional(scope.template(&plan.url)?.as_ref());
                for member in members::texts(scope, &plan.query, Names::Exact)? {
                    input.add(&member.name);
                    input.add(&member.value.value());
                }
            }
            store.digest(&input.0)
        } else if initial.iter().any(Option::is_some) {
            let mut input = Input::new("kept");
            input.0.extend_from_slice(&client.0);
            initial.iter().for_each(|value| input.add_optional(value.as_ref()));
            store.digest(&input.0)
        } else {
            let mut input = Input::new("token");
            input.0.extend_from_slice(&config);
            store.digest(&input.0)
        };
        let mut style = Input::new("style");
        style.0.extend_from_slice(&client.0);
        Ok(Self {
            record: StoreKey::from_digest(&record),
            config,
            style: StoreKey::from_digest(&store.digest(&style.0)),
        })
    }
}

/// Texts for a digest, each told from the next.
struct Input(Zeroizing<Vec<u8>>);

impl Input {
    fn new(kind: &str) -> Self {
        let mut input = Self(Zeroizing::new(Vec::new()));
        input.add(kind);
        input
    }

    fn add(&mut self, text: &str) {
        self.0.extend_from_slice(&(text.len() as u64).to_be_bytes());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn add_optional(&mut self, phrase: Option<&Phrase>) {
        match phrase {
            Some(phrase) => self.add(&phrase.value()),
            None => self.0.push(0),
        }
    }
}

/// A record as it was loaded, and as it is to be saved.
#[derive(Clone)]
pub(crate) struct Chain {
    key: StoreKey,
    version: Option<u64>,
    pub(crate) record: Record,
}

impl Chain {
    /// What is kept under `key`. What is damaged is not believed; what another version wrote is left to it.
    pub(crate) async fn load(store: &Timed<'_>, key: &StoreKey) -> Result<Self, StoreError> {
        let Some(entry) = store.load(key).await? else {
            return Ok(Self { key: key.clone(), version: None, record: Record::default() });
        };
        let record = match Record::from_bytes(&entry.bytes) {
            Ok(record) => record,
            Err(fault @ RecordFault::Version(_)) => {
                return Err(StoreError::new(StoreErrorKind::OtherVersion, fault.to_string())
                    .with_help("use the version of authwire that wrote it, or a newer one"));
            }
            Err(fault @ RecordFault::Damaged) => {
                tracing::warn!(target: "authwire", %fault, "a record of the token store is not used");
                Record::default()
            }
        };
        Ok(Self { key: key.clone(), version: Some(entry.version), record })
    }

    /// Whether it was made of what `loaded` still is.
    pub(crate) fn follows(&self, loaded: &Self) -> bool {
        (&self.key, self.version) == (&loaded.key, loaded.version)
    }

    /// Makes the record durable.
    pub(crate) async fn save(&mut self, store: &Timed<'_>) -> Result<(), StoreError> {
        self.replace(store, Some(self.record.to_bytes())).await
    }

    /// Removes what is kept. Returns whether there was something.
    pub(crate) async fn remove(mut self, store: &Timed<'_>) -> Result<bool, StoreError> {
        if self.version.is_none() {
            return Ok(false);
        }
        self.replace(store, None).await?;
        Ok(true)
    }

    /// Puts `bytes` in the place of what is kept. Only the holder of the turn writes; where somebody wrote all the same,
    /// what we have is the later.
    async fn replace(
        &mut self,
        store: &Timed<'_>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Result<(), StoreError> {
        for _ in 0..3 {
            if let Some(version) = store.swap(&self.key, self.version, bytes.clone()).await? {
                self.version = Some(version);
                return Ok(());
            }
            self.version = Self::load(store, &self.key).await?.version;
        }
        let message = "the token store is written to by others again and again";
        Err(StoreError::new(StoreErrorKind::Conflict, message))
    }

    /// The durable values: those of the record, or those that they begin with.
    pub(crate) fn values(&self, names: &[String], initial: &[Option<Phrase>]) -> Vec<Option<Phrase>> {
        let value = |(name, initial): (&String, &Option<Phrase>)| match self.record.kept(name) {
            Some(kept) => Some(Phrase::hidden(kept.value.clone(), format!("<kept {name}>")).into_secret()),
            None => initial.clone(),
        };
        names.iter().zip(initial).map(value).collect()
    }

    /// Whether durable values were stored.
    pub(crate) fn has_kept(&self) -> bool {
        !self.record.kept.is_empty()
    }

    /// Puts the new durable values in the place of the old ones; `gone`: the old ones were refused. Returns whether
    /// anything changed.
    pub(crate) fn keep(
        &mut self,
        names: &[String],
        new: Vec<Option<Zeroizing<String>>>,
        gone: bool,
        now: SystemTime,
    ) -> bool {
        let before = self.record.kept.clone();
        if gone {
            self.record.kept.clear();
        }
        for (name, value) in names.iter().zip(new) {
            let Some(value) = value else { continue };
            if self.record.kept(name).is_some_and(|kept| kept.value == value) {
                continue;
            }
            self.record.kept.retain(|kept| kept.name != *name);
            self.record.kept.push(KeptValue::new(name, value, now));
        }
        self.record.kept != before
    }
}

/// The client authentication that worked before. Without it, all are tried: a store that can't say costs no more.
pub(crate) async fn remembered_style(store: &Timed<'_>, key: &StoreKey) -> Option<Style> {
    let entry = match store.load(key).await {
        Ok(entry) => entry?,
        Err(error) => {
            not_remembered(&error);
            return None;
        }
    };
    match Content::from_bytes(&entry.bytes) {
        Ok(Content::ClientAuthentication(style)) => Some(style),
        Ok(Content::Record(_)) | Err(_) => {
            not_remembered(&"what the store holds of it is not known here");
            None
        }
    }
}

/// Remembers the client authentication that worked, or forgets it. A store that can't is none the worse.
pub(crate) async fn remember_style(store: &Timed<'_>, key: &StoreKey, style: Option<Style>) {
    let entry = match store.load(key).await {
        Ok(entry) => entry,
        Err(error) => return not_remembered(&error),
    };
    let bytes = style.map(|style| Zeroizing::new(style.as_str().as_bytes().to_vec()));
    if entry.is_none() && bytes.is_none() {
        return;
    }
    if let Err(error) = store.swap(key, entry.map(|entry| entry.version), bytes).await {
        not_remembered(&error);
    }
}

fn not_remembered(error: &dyn Display) {
    tracing::debug!(target: "authwire", %error, "the client authentication is not remembered");
}
