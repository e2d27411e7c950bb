//! What is ready to be applied: edits with a lifetime. Reading it takes no lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::address::{self, AddressError, Base};
use crate::clock::unix_millis;
use crate::connection::{self, ClientIdentity, Connection};
use crate::error::Error;
use crate::judge;
use crate::made::Named;
use crate::material::Material;
use crate::placement::Edits;
use crate::renewal::Signs;
use crate::resolve::Resolver;
use crate::retry::jittered;
use crate::template::{Scope, Token};

/// How early a token is renewed, at most.
const WIDEST_MARGIN: Duration = Duration::from_secs(60);

/// How often a reference is looked at for a change.
const LOOK_EVERY_MILLIS: u64 = 1000;

/// Never, in milliseconds.
const NEVER: u64 = u64::MAX;

/// A connector's fields with where its API is.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) material: Arc<Material>,
    pub(crate) base: Base,
    /// What of an answer beside its status says that the credential is dead, where the file says that the API is.
    signs: Signs,
    /// What a connection proves.
    pub(crate) connection: Option<Connection>,
}

impl Prepared {
    /// The fields of `material`, resolved.
    pub(crate) fn new(material: Material, connector: &str) -> Result<Self, Error> {
        let base = address::base(&material.base_url.value())?;
        let (signs, connection) = {
            let named = Named(&material);
            let scope = Scope::bare(&material, connector, &named);
            (Signs::read(&scope, base.url())?, connection::read(&scope)?)
        };
        Ok(Self { material: Arc::new(material), base, signs, connection })
    }

    /// The certificate that connections show.
    pub(crate) fn identity(&self) -> Option<ClientIdentity> {
        match &self.connection {
            Some(Connection::Certificate(identity)) => Some(identity.clone()),
            _ => None,
        }
    }
}

/// Where the API is, as far as the token's answer says so, and what hangs on it.
#[derive(Debug)]
struct Moved {
    base: Base,
    signs: Signs,
}

/// Edits that are ready to be applied.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Tells one credential from the next.
    pub(crate) generation: u64,
    pub(crate) edits: Edits,
    pub(crate) prepared: Arc<Prepared>,
    moved: Option<Moved>,
    /// When the credential was had.
    pub(crate) since: SystemTime,
    /// When it ends.
    pub(crate) ends_at: Option<SystemTime>,
    pub(crate) token: Option<Token>,
    /// The scope that was granted with it.
    pub(crate) scope: Option<String>,
    ends: u64,
    renew: AtomicU64,
    look: AtomicU64,
}

/// Whether ready edits can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// As they are.
    Now,
    /// As they are, but the caller is the one to see to a new credential.
    NowAndRenew,
    /// No: they ended.
    Ended,
    /// No: what a reference names has changed.
    Changed,
}

impl Ready {
    /// Edits that were had at `since` and end at `ends_at`, if they do.
    pub(crate) fn new(
        generation: u64,
        edits: Edits,
        prepared: Arc<Prepared>,
        since: SystemTime,
        ends_at: Option<SystemTime>,
        token: Option<Token>,
    ) -> Self {
        let renew = ends_at.map_or(NEVER, |end| unix_millis(end - jittered(margin(since, end), 0.1)));
        // what is made here is made anew at its margin; a token serves while another one is on its way
        let (ends, renew) = match token {
            Some(_) => (ends_at.map_or(NEVER, unix_millis), renew),
            None => (renew, NEVER),
        };
        let watches = prepared.material.watched.iter().any(|(_, version)| version.is_some());
        let look = if watches { unix_millis(since) + LOOK_EVERY_MILLIS } else { NEVER };
        Self {
            generation,
            edits,
            prepared,
            moved: None,
            since,
            ends_at,
            token,
            scope: None,
            ends,
            renew: AtomicU64::new(renew),
            look: AtomicU64::new(look),
        }
    }

    /// The same, with the scope that was granted.
    pub(crate) fn granted(self, scope: Option<String>) -> Self {
        Self { scope, ..self }
    }

    /// The same, for an API that is where the token's answer says.
    pub(crate) fn at(mut self, base_url: Option<&str>) -> Result<Self, Error> {
        self.moved = match base_url {
            Some(text) => {
                let url = judge::base_url(text).map_err(AddressError::Moved)?;
                let base = self.prepared.base.moved_to(url)?;
                let signs = self.prepared.signs.moved_to(base.url());
                Some(Moved { base, signs })
            }
            None => None,
        };
        Ok(self)
    }

    /// Where the API is.
    pub(crate) fn base(&self) -> &Base {
        self.moved.as_ref().map_or(&self.prepared.base, |moved| &moved.base)
    }

    /// What of an answer beside its status says that the credential is dead.
    pub(crate) fn signs(&self) -> &Signs {
        self.moved.as_ref().map_or(&self.prepared.signs, |moved| &moved.signs)
    }

    /// Whether the edits can be used at `now`. Costs no lock, and no I/O but a look at watched files once a second.
    pub(crate) fn check(&self, now: impl FnOnce() -> SystemTime, resolver: &dyn Resolver) -> Use {
        let (renew, look) = (self.renew.load(Ordering::Relaxed), self.look.load(Ordering::Relaxed));
        if renew == NEVER && look == NEVER && self.ends == NEVER {
            return Use::Now;
        }
        let now = unix_millis(now());
        if now >= self.ends {
            return Use::Ended;
        }
        if now >= look && self.take(&self.look, look, now + LOOK_EVERY_MILLIS) && self.has_changed(resolver) {
            return Use::Changed;
        }
        // one caller only takes the renewal upon itself
        if now >= renew && self.take(&self.renew, renew, NEVER) { Use::NowAndRenew } else { Use::Now }
    }

    /// The renewal failed: another one may be tried at `at`.
    pub(crate) fn renew_again_at(&self, at: SystemTime) {
        self.renew.store(unix_millis(at), Ordering::Relaxed);
    }

    /// Whether what a reference names has changed since.
    pub(crate) fn has_changed(&self, resolver: &dyn Resolver) -> bool {
        let watched = &self.prepared.material.watched;
        // what cannot be looked at now may be back in a moment, and what is ready serves until then
        let changed = |version: u64, reference| resolver.version(reference).is_some_and(|now| now != version);
        watched.iter().any(|(reference, version)| version.is_some_and(|version| changed(version, reference)))
    }

    fn take(&self, what: &AtomicU64, seen: u64, next: u64) -> bool {
        what.compare_exchange(seen, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// How early to renew: 60 s or a tenth of the lifetime.
pub(crate) fn margin(since: SystemTime, end: SystemTime) -> Duration {
    let lifetime = end.duration_since(since).unwrap_or_default();
    WIDEST_MARGIN.min(lifetime / 10)
}
