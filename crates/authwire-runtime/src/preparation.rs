//! How a connector is prepared: its references are resolved once, for all who wait for them.
//!
//! Whoever waits drives the resolution, so that it needs no task and no runtime. It must not know what of a connector is
//! ready, nor why it is asked for.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::SystemTime;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use crate::engine::{Engine, FAILURE_LASTS};
use crate::error::Error;
use crate::material::Material;
use crate::ready::Prepared;

type Outcome = Result<Arc<Prepared>, Error>;

/// A resolution that several may wait for.
type Resolution = Shared<BoxFuture<'static, Outcome>>;

/// What is known of a connector's references.
#[derive(Default)]
pub(crate) struct Preparation {
    /// How often it was said that they are to be resolved again. What began before counts no more.
    stale: u64,
    /// The resolution that is under way, with how stale it is. It goes with the last who waits for it.
    under_way: Option<(u64, WeakShared<BoxFuture<'static, Outcome>>)>,
    /// What the last one came to, with how stale it is.
    last: Option<(u64, Last)>,
}

/// What a resolution came to.
#[derive(Clone)]
enum Last {
    Prepared(Arc<Prepared>),
    /// It failed, which counts until then.
    Failed(SystemTime, Error),
}

impl Engine {
    /// The connector's fields, resolved if that is to be done again.
    pub(crate) async fn prepare(self: &Arc<Self>) -> Outcome {
        match self.last_prepared() {
            Some(outcome) => outcome,
            None => self.resolution().await,
        }
    }

    /// The connector's fields, resolved now: by whoever is at it already, or anew.
    pub(crate) async fn prepare_anew(self: &Arc<Self>) -> Outcome {
        self.resolution().await
    }

    /// What was resolved so far counts no more.
    pub(crate) fn resolve_again(&self) {
        self.preparation().stale += 1;
    }

    /// What the last resolution came to, as long as that counts.
    fn last_prepared(&self) -> Option<Outcome> {
        let last = {
            let preparation = self.preparation();
            preparation.last.as_ref().filter(|(stale, _)| *stale == preparation.stale)?.1.clone()
        };
        match last {
            Last::Prepared(prepared) => {
                let resolver = &self.services.resolver;
                let same = |(reference, version): &(_, Option<u64>)| {
                    version.is_none() || resolver.version(reference) == *version
                };
                prepared.material.watched.iter().all(same).then_some(Ok(prepared))
            }
            Last::Failed(until, error) => (self.now() < until).then_some(Err(error)),
        }
    }

    /// The resolution that is under way, or a new one.
    fn resolution(self: &Arc<Self>) -> Resolution {
        let mut preparation = self.preparation();
        let stale = preparation.stale;
        let under_way = preparation.under_way.as_ref().filter(|(known, _)| *known == stale);
        if let Some(resolution) = under_way.and_then(|(_, resolution)| resolution.upgrade()) {
            return resolution;
        }
        let engine = Arc::clone(self);
        let resolution = async move {
            // a panic is told to all: whoever happens to drive it is not the one to blame
            let outcome = AssertUnwindSafe(engine.resolve()).catch_unwind().await;
            let outcome = outcome.unwrap_or(Err(Error::Panicked));
            engine.remember(stale, &outcome);
            outcome
        };
        let resolution = resolution.boxed().shared();
        preparation.under_way = resolution.downgrade().map(|resolution| (stale, resolution));
        resolution
    }

    async fn resolve(&self) -> Outcome {
        let material = Material::resolve(&self.connector, &self.services).await?;
        Ok(Arc::new(Prepared::new(material, &self.name)?))
    }

    fn remember(&self, stale: u64, outcome: &Outcome) {
        let until = self.now() + FAILURE_LASTS;
        let mut preparation = self.preparation();
        if preparation.stale != stale {
            return;
        }
        preparation.under_way = None;
        match (outcome, &preparation.last) {
            (Ok(prepared), _) => preparation.last = Some((stale, Last::Prepared(Arc::clone(prepared)))),
            // what was resolved before may still be good
            (Err(_), Some((known, Last::Prepared(_)))) if *known == stale => {}
            (Err(error), _) => preparation.last = Some((stale, Last::Failed(until, error.clone()))),
        }
    }

    fn preparation(&self) -> MutexGuard<'_, Preparation> {
        // nothing is left half done under this lock
        self.preparation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
