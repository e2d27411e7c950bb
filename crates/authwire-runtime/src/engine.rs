//! The engine: from a connector to edits that are ready, and when they are made anew.
//!
//! Whatever waits for a credential waits for one task, which goes on when its callers go away. It must not know what
//! a request is for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use authwire_core::plan::LoginValue;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::connection::lane::Lanes;
use crate::connector::Connector;
use crate::error::Error;
use crate::made::Fresh;
use crate::outline::Outline;
use crate::phrase::Phrase;
use crate::placement::{self, Edits};
use crate::preparation::Preparation;
use crate::ready::{Prepared, Ready, Use};
use crate::services::Services;
use crate::template::Scope;
use crate::token::lifecycle::{Known, Obtained};

/// How long a failed token request is remembered, and a failed resolution, so that callers don't become a storm.
pub(crate) const FAILURE_LASTS: Duration = Duration::from_secs(2);

/// The longest time that a failure is remembered, if the server asks to wait.
const FAILURE_LASTS_AT_MOST: Duration = Duration::from_secs(60);

/// How soon a renewal that failed is tried again, while the old token serves.
const RENEW_AGAIN_AFTER: Duration = Duration::from_secs(5);

type Outcome = Result<Arc<Ready>, Error>;

/// One connector at work.
pub(crate) struct Engine {
    pub(crate) connector: Connector,
    pub(crate) name: Arc<str>,
    pub(crate) services: Services,
    ready: ArcSwapOption<Ready>,
    pub(crate) preparation: Mutex<Preparation>,
    state: Mutex<State>,
    known: Mutex<Known>,
    /// How many tasks are under way.
    tasks: watch::Sender<usize>,
    generations: AtomicU64,
    pub(crate) outline: Outline,
    /// Connections that belong to us.
    pub(crate) lanes: Arc<Lanes>,
}

/// What is looked at only where there is nothing ready.
#[derive(Default)]
struct State {
    running: Option<watch::Receiver<Option<Outcome>>>,
    failed: Option<(SystemTime, Error)>,
    /// Why the last credential was dropped.
    dropped: Option<Reason>,
    /// How often all was begun anew. What was under way before that serves who waited for it, and nobody else.
    epoch: u64,
}

/// Why a credential is had anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    First,
    Expiring,
    Expired,
    Changed,
    Refused,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Changed => "changed",
            Self::Refused => "refused",
        }
    }
}

impl Engine {
    pub(crate) fn new(connector: Connector, services: Services) -> Self {
        Self {
            name: connector.name.as_str().into(),
            outline: Outline::of(&connector),
            connector,
            services,
            ready: ArcSwapOption::empty(),
            preparation: Mutex::default(),
            state: Mutex::default(),
            known: Mutex::default(),
            tasks: watch::Sender::default(),
            generations: AtomicU64::new(1),
            lanes: Arc::default(),
        }
    }

    /// Runs `with` on what is ready, if something is. Costs no lock and no I/O.
    pub(crate) fn with_ready<T>(self: &Arc<Self>, with: impl FnOnce(&Ready) -> T) -> Option<T> {
        let guard = self.ready.load();
        let ready = guard.as_deref()?;
        match ready.check(|| self.now(), &*self.services.resolver) {
            Use::Now => {}
            Use::NowAndRenew => self.renew_behind(ready),
            Use::Ended => return None,
            Use::Changed => {
                self.drop_generation(ready.generation, Reason::Changed);
                return None;
            }
        }
        Some(with(ready))
    }

    /// What is ready, had anew if need be.
    pub(crate) async fn ready(self: &Arc<Self>) -> Outcome {
        if let Some(ready) = self.current() {
            return Ok(ready);
        }
        if !self.outline.has_token {
            // nothing to wait for but references: no task, so no runtime, is needed
            let epoch = self.state().epoch;
            return self.renew(Reason::First, epoch).await;
        }
        loop {
            let mut running = self.join(Reason::First)?;
            let outcome = running.outcome.wait_for(Option::is_some).await;
            match outcome.map(|outcome| outcome.clone()) {
                Ok(outcome) => {
                    let ready = outcome.unwrap_or(Err(Error::Interrupted))?;
                    // the store's may be due
                    if ready.check(|| self.now(), &*self.services.resolver) == Use::NowAndRenew {
                        self.renew_behind(&ready);
                    }
                    return Ok(ready);
                }
                // its runtime shut down, and this one may be another
                Err(_) if !running.is_ours => {}
                Err(_) => return Err(Error::Interrupted),
            }
        }
    }

    /// Waits until no task is under way. Whatever comes of one is told elsewhere.
    pub(crate) async fn settled(&self) {
        // the sender is here
        let _ = self.tasks.subscribe().wait_for(|tasks| *tasks == 0).await;
    }

    /// Does `work` in a task of its own, which goes on when its caller goes away: what it spends may be spent once.
    async fn spawn<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let runtime = Handle::try_current().map_err(|_| Error::Interrupted)?;
        let under_way = UnderWay::of(self);
        let task = runtime.spawn(async move {
            let _under_way = under_way;
            work.await
        });
        task.await
            .unwrap_or_else(|ended| Err(if ended.is_panic() { Error::Panicked } else { Error::Interrupted }))
    }

    /// Keeps what a login brought, and what comes of it.
    pub(crate) async fn log_in(
        self: &Arc<Self>,
        prepared: &Arc<Prepared>,
        brought: Vec<(LoginValue, Phrase)>,
    ) -> Result<(), Error> {
        let (engine, prepared) = (Arc::clone(self), Arc::clone(prepared));
        self.spawn(async move {
            engine.keep_login(&prepared, brought).await?;
            engine.start_anew();
            Ok(())
        })
        .await
    }

    /// The credential of `generation` is used no more, if it is the current one.
    fn drop_generation(&self, generation: u64, reason: Reason) {
        let current = self.ready.load_full();
        if current.as_ref().is_some_and(|ready| ready.generation == generation) {
            let mut state = self.state();
            // what is behind it may have changed too
            self.resolve_again();
            state.dropped = Some(reason);
            self.ready.compare_and_swap(&current, None);
        }
    }

    /// The API refused what `ready` holds. Returns whether there is something new to send.
    pub(crate) async fn after_refusal(self: &Arc<Self>, ready: &Ready) -> bool {
        if ready.ends_at.is_some() || ready.token.is_some() {
            self.known().refused = ready.token.as_ref().map(|token| token.phrase.value());
            self.drop_generation(ready.generation, Reason::Refused);
            tracing::info!(
                target: "authwire",
                connector = %self.name,
                age_seconds = self.now().duration_since(ready.since).unwrap_or_default().as_secs(),
                "the credential was refused and is dropped"
            );
            return true;
        }
        let material = &ready.prepared.material;
        if material.watched.is_empty() {
            return false;
        }
        match self.prepare_anew().await {
            Ok(fresh) if fresh.material.digest_input() != material.digest_input() => {
                self.drop_generation(ready.generation, Reason::Refused);
                true
            }
            _ => false,
        }
    }

    /// What the store holds for this connector is forgotten, and what is ready. Returns whether the store held something.
    pub(crate) async fn forget(self: &Arc<Self>) -> Result<bool, Error> {
        let prepared = self.prepare().await?;
        if !self.outline.has_token {
            self.start_anew();
            return Ok(false);
        }
        let engine = Arc::clone(self);
        self.spawn(async move {
            let was_kept = engine.forget_token(&prepared.material).await?;
            engine.start_anew();
            Ok(was_kept)
        })
        .await
    }

    /// What is ready is made anew: something else is behind it now.
    fn start_anew(&self) {
        let mut state = self.state();
        state.epoch += 1;
        state.running = None;
        state.failed = None;
        self.ready.store(None);
    }

    /// What is ready, as it is.
    pub(crate) fn peek(&self) -> Option<Arc<Ready>> {
        self.ready.load_full()
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.services.clock.now()
    }

    fn current(self: &Arc<Self>) -> Option<Arc<Ready>> {
        let ready = self.ready.load_full()?;
        self.with_ready(|now| now.generation == ready.generation).filter(|same| *same).map(|_| ready)
    }

    /// A renewal while the old credential goes on serving.
    fn renew_behind(self: &Arc<Self>, ready: &Ready) {
        if self.join(Reason::Expiring).is_err() {
            ready.renew_again_at(self.now() + RENEW_AGAIN_AFTER);
        }
    }

    /// The task under way, or a new one.
    fn join(self: &Arc<Self>, reason: Reason) -> Result<Joined, Error> {
        let mut state = self.state();
        if let Some(running) = &state.running {
            return Ok(Joined { outcome: running.clone(), is_ours: false });
        }
        if reason != Reason::Expiring {
            // somebody else's task may have ended since we looked
            if let Some(ready) = self.ready.load_full().filter(|ready| self.serves(ready)) {
                return Ok(Joined::done(Ok(ready)));
            }
        }
        match &state.failed {
            Some((until, error)) if self.now() < *until => {
                return Ok(Joined::done(Err(error.clone())));
            }
            _ => state.failed = None,
        }
        let runtime = Handle::try_current().map_err(|_| Error::Interrupted)?;
        let (sender, receiver) = watch::channel(None);
        state.running = Some(receiver.clone());
        let reason = match state.dropped.take() {
            Some(dropped) => dropped,
            None if reason == Reason::First && self.generations.load(Ordering::Relaxed) > 1 => {
                Reason::Expired
            }
            None => reason,
        };
        let epoch = state.epoch;
        drop(state);
        // a runtime that is shutting down drops the task before it began: its place is given up then too
        let ending = Ending { under_way: UnderWay::of(self), epoch, sender, outcome: None };
        runtime.spawn(async move {
            let engine = Arc::clone(&ending.under_way.0);
            let outcome = engine.renew(reason, epoch).await;
            engine.remember_failure(reason, epoch, &outcome);
            ending.come_to(outcome);
        });
        Ok(Joined { outcome: receiver, is_ours: true })
    }

    fn serves(&self, ready: &Ready) -> bool {
        ready.ends_at.is_none_or(|end| self.now() < end)
    }

    fn remember_failure(&self, reason: Reason, epoch: u64, outcome: &Outcome) {
        let Err(error) = outcome else { return };
        let mut lasts = FAILURE_LASTS;
        if let Error::Token(token) = error {
            lasts = token.retry_after.unwrap_or(FAILURE_LASTS).clamp(FAILURE_LASTS, FAILURE_LASTS_AT_MOST);
        }
        let until = self.now() + lasts;
        {
            let mut state = self.state();
            if state.epoch != epoch {
                return;
            }
            if matches!(error, Error::Token(_) | Error::ReauthRequired(_)) {
                state.failed = Some((until, error.clone()));
            }
        }
        if reason == Reason::Expiring {
            tracing::warn!(target: "authwire", connector = %self.name, %error, "the renewal failed; the old token goes on serving");
            if let Some(ready) = &*self.ready.load() {
                ready.renew_again_at(self.now() + RENEW_AGAIN_AFTER.max(lasts));
            }
        }
    }

    /// Makes everything ready anew, for the time that began with `epoch`.
    async fn renew(self: &Arc<Self>, reason: Reason, epoch: u64) -> Outcome {
        let prepared = self.prepare().await?;
        let scope = |fresh| Scope::bare(&prepared.material, &self.name, fresh);
        let now = self.now();
        let fresh = Fresh::new(&prepared.material, &self.name, now);
        let ready = if self.outline.has_token {
            let Obtained { token, granted, since, ends_at, base_url } =
                self.obtain(&prepared, reason).await?;
            let fresh = Fresh::new(&prepared.material, &self.name, self.now());
            let edits = {
                let scope = Scope { token: Some(&token), ..scope(&fresh) };
                Edits::prepare(&scope, placement::read(&scope)?)?
            };
            let ends_at = [ends_at, fresh.ends_at()].into_iter().flatten().min();
            let ready = Ready::new(self.next_generation(), edits, prepared, since, ends_at, Some(token));
            ready.granted(granted).at(base_url.as_deref())?
        } else {
            let edits = {
                let scope = scope(&fresh);
                Edits::prepare(&scope, placement::read(&scope)?)?
            };
            Ready::new(self.next_generation(), edits, Arc::clone(&prepared), now, fresh.ends_at(), None)
        };
        let ready = Arc::new(ready);
        let state = self.state();
        // what was forgotten meanwhile does not come back
        if state.epoch == epoch {
            self.ready.store(Some(Arc::clone(&ready)));
        }
        Ok(ready)
    }

    fn next_generation(&self) -> u64 {
        self.generations.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn token_event(&self, reason: Reason, ends_at: Option<SystemTime>, now: SystemTime) {
        let lifetime =
            ends_at.and_then(|end| end.duration_since(now).ok()).map(|lifetime| lifetime.as_secs());
        let what = if reason == Reason::First { "token fetched" } else { "token refreshed" };
        tracing::info!(
            target: "authwire",
            connector = %self.name,
            reason = reason.as_str(),
            lifetime_seconds = lifetime,
            "{what}"
        );
    }

    /// What is known of the credential beside what is ready.
    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // nothing is left half done under this lock
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A task that was joined.
struct Joined {
    outcome: watch::Receiver<Option<Outcome>>,
    /// Whether it was begun by who joined it.
    is_ours: bool,
}

impl Joined {
    /// What a task that ended came to.
    fn done(outcome: Outcome) -> Self {
        Self { outcome: watch::channel(Some(outcome)).1, is_ours: true }
    }
}

/// A task that is under way until this is dropped.
struct UnderWay(Arc<Engine>);

impl UnderWay {
    fn of(engine: &Arc<Engine>) -> Self {
        engine.tasks.send_modify(|tasks| *tasks += 1);
        Self(Arc::clone(engine))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.tasks.send_modify(|tasks| *tasks -= 1);
    }
}

/// Ends a task's place and tells what came of it, even if it panicked or its runtime shut down.
struct Ending {
    under_way: UnderWay,
    epoch: u64,
    sender: watch::Sender<Option<Outcome>>,
    outcome: Option<Outcome>,
}

impl Ending {
    /// The task ended with `outcome`.
    fn come_to(mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let mut state = self.under_way.0.state();
        // since then another one may have the place
        if state.epoch == self.epoch {
            state.running = None;
        }
        drop(state);
        let panicked = std::thread::panicking().then_some(Err(Error::Panicked));
        if let Some(outcome) = self.outcome.take().or(panicked) {
            self.sender.send_replace(Some(outcome));
        }
    }
}
