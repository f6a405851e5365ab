//! The pool of keys as a worker process holds it: choosing a key costs no query.
//!
//! The database has the truth; a change is notified and read anew. What a call teaches is put
//! into memory at once and into the database before the next step, so that the next choice, here or
//! in another process, knows it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{
    Clock, Db,
    ids::{JobId, KeyId, UserId},
    keys::{
        Key, Provider, Secret, Vault,
        endpoints::{self, EndpointId},
        store::{self, SealedKey},
        vault::Sealed,
    },
};
use jobs::{listener::Listener, queue};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    decide::{Decision, Need, Tried, decide, keeps_to_own},
    rate_limiter::{Asked, Counted},
};
use crate::{
    WorkerSettings,
    providers::{Abilities, Class, ProviderError},
};

mod endpoints_known;
mod groups;
mod signals;
mod state;
mod sync;

use endpoints_known::Known;
use state::{Pooled, State};

/// What a probe takes, about.
const PROBE_TOKENS: i64 = 50;

/// A key, ready to be called with.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its id.
    pub id: KeyId,
    /// Whether it is the student's own.
    pub own: bool,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// Where the provider is, if not at its usual address.
    pub base_url: Option<String>,
    /// The model to ask for, if not the provider's default.
    pub model: Option<String>,
    /// Where its calls go, as facts are kept by.
    pub endpoint: Arc<EndpointId>,
    /// What that has shown.
    pub abilities: Arc<Abilities>,
    /// Whether it may be shown pictures.
    pub sees: bool,
    /// Its value.
    pub secret: Secret,
    /// Whether it may be called only by whoever has its trial.
    pub needs_trial: bool,
    /// Where the call was counted, if the key has limits.
    pub counted: Option<Counted>,
}

impl Chosen {
    fn of(key: &Key, secret: Secret, endpoint: Arc<EndpointId>, abilities: Arc<Abilities>) -> Self {
        Self {
            sees: endpoints_known::sees(key, &abilities),
            endpoint,
            abilities,
            id: key.id,
            own: key.owner.is_some(),
            provider: key.provider,
            base_url: key.base_url.clone(),
            model: key.model.clone(),
            secret,
            needs_trial: false,
            counted: None,
        }
    }
}

/// Who asks for a key.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// The job, which says who came first.
    pub job: JobId,
    /// The tokens that it will take, estimated.
    pub tokens: i64,
}

/// The pool.
pub struct Pool {
    db: Db,
    vault: Arc<Vault>,
    clock: Clock,
    settings: Arc<WorkerSettings>,
    state: Mutex<State>,
    /// Held while what was used is told, so that nothing is told twice.
    telling: tokio::sync::Mutex<()>,
}

impl Pool {
    /// Loads the pool and keeps it fresh until `stop`.
    ///
    /// # Errors
    /// Where the database cannot be read at the start.
    pub async fn start(
        db: &Db,
        vault: &Arc<Vault>,
        clock: &Clock,
        settings: &Arc<WorkerSettings>,
        listener: &Listener,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> sqlx::Result<Arc<Self>> {
        let pool = Arc::new(Self {
            db: db.clone(),
            vault: Arc::clone(vault),
            clock: clock.clone(),
            settings: Arc::clone(settings),
            state: Mutex::default(),
            telling: tokio::sync::Mutex::default(),
        });
        let signals = listener.subscribe();
        pool.reload().await?;
        pool.sync_usage().await;
        tasks.spawn(Arc::clone(&pool).keep_in_step(signals, stop.clone()));
        Ok(pool)
    }

    /// The next step for a need, with the key where it is a call. The call is counted at once, so that
    /// no limit is passed.
    pub fn next(&self, need: &Need<'_>, tried: &Tried, asking: Asking) -> Result<Chosen, Decision> {
        let mut state = self.lock();
        state.waiting.forget_stale(need.now);
        let candidates: Vec<_> = state.candidates(asking, need.now);
        match decide(&candidates, need, tried) {
            Decision::Call(id) => {
                state.waiting.serve(asking.job, need.now);
                state.choose(id, asking.tokens, need.now).ok_or(Decision::GiveUp(None))
            }
            Decision::WaitUntil(until) => {
                state.waiting.add(asking.job, need, until);
                Err(Decision::WaitUntil(until))
            }
            give_up @ Decision::GiveUp(_) => {
                state.waiting.remove(asking.job);
                Err(give_up)
            }
        }
    }

    /// Whether yet another key could serve, apart from those that were tried, and works as far as is known.
    pub fn has_another(&self, need: &Need<'_>, tried: &Tried, asking: Asking) -> bool {
        let state = self.lock();
        let mut candidates = state.candidates(asking, need.now);
        candidates.retain(|key| key.status != domain::keys::KeyStatus::Degraded);
        matches!(decide(&candidates, need, tried), Decision::Call(_))
    }

    /// Whether a question that came earlier goes first: it is just coming back here, or was served this
    /// very moment. Costs a query only where one is due.
    pub async fn is_behind(&self, job: JobId) -> bool {
        let earlier = self.lock().waiting.due_before(job, self.clock.now());
        if !earlier.is_empty() {
            match queue::gone_elsewhere(self.db.pool(), job, &earlier).await {
                Ok(gone) => gone.into_iter().for_each(|job| self.lock().waiting.remove(job)),
                Err(error) => tracing::warn!(%error, "who waits no more could not be read"),
            }
        }
        let (state, now) = (self.lock(), self.clock.now());
        !state.waiting.due_before(job, now).is_empty() || state.waiting.is_on_the_heels(job, now)
    }

    /// Until when a question is to wait that waits for this time: a little longer than those that came
    /// before it, in whatever process, so that they come back in their order.
    pub async fn turn(&self, job: JobId, until: DateTime<Utc>) -> DateTime<Utc> {
        let known = queue::snoozed_before(self.db.pool(), job).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "who else waits could not be read; this process knows its own");
            0
        });
        self.lock().waiting.take_turn(job, until, known)
    }

    /// Where the truth is.
    pub(super) const fn db(&self) -> &Db {
        &self.db
    }

    /// A question does not wait after all.
    pub fn waits_no_more(&self, job: JobId) {
        self.lock().waiting.remove(job);
    }

    /// Whether a student wants to be served by their own keys or not at all.
    pub fn keeps_to_own(&self, user: UserId) -> bool {
        keeps_to_own(self.lock().keys.iter().map(|key| &key.candidate), Some(user))
    }

    /// Whether a student has keys of their own.
    pub fn has_own(&self, user: UserId) -> bool {
        self.lock().keys.iter().any(|key| key.candidate.owner == Some(user))
    }

    /// A key was chosen, but is not called: nothing was used of it.
    pub fn not_called(&self, chosen: &Chosen) {
        if let Some(counted) = chosen.counted {
            self.lock().rate_limiter.take_back(chosen.id, counted);
        }
    }

    /// A chosen key is called once more than it was counted for.
    pub fn count_repeat(&self, chosen: &Chosen) {
        if chosen.counted.is_some() {
            let now = self.clock.now();
            self.lock().rate_limiter.take(chosen.id, chosen.provider, 0, now);
        }
    }

    /// What a call took in the end.
    pub fn settle(&self, chosen: &Chosen, tokens: u32) {
        if let Some(counted) = chosen.counted {
            self.lock().rate_limiter.correct(chosen.id, counted, tokens.into());
        }
    }

    /// Counts a probe, which is a call, too.
    pub fn count_probe(&self, id: KeyId) {
        let now = self.clock.now();
        let mut state = self.lock();
        let metered = state.keys.iter().find(|key| key.candidate.id == id && !key.members.is_empty());
        if let Some(provider) = metered.map(|key| key.candidate.provider) {
            state.rate_limiter.take(id, provider, PROBE_TOKENS, now);
        }
    }

    /// Whether a key has to rest for the sake of its limits.
    pub fn is_at_limit(&self, id: KeyId) -> bool {
        let state = self.lock();
        let key = state.keys.iter().find(|key| key.candidate.id == id);
        let asked = Asked { tokens: PROBE_TOKENS, ahead: 0 };
        key.is_some_and(|key| state.rate_limiter.free_at(key.metered(), asked, self.clock.now()).is_some())
    }

    /// A key by its id, for a test of it; or why it cannot be called. Read from the database: a key that
    /// was just added may not be in memory yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn load(&self, id: KeyId) -> sqlx::Result<Option<(Key, Result<Chosen, ProviderError>)>> {
        let mut conn = self.db.pool().acquire().await?;
        let found = store::find_sealed(&mut conn, id).await?;
        let known = Known::of(endpoints::list(&mut conn, self.clock.now()).await?, &self.settings);
        Ok(found.map(|SealedKey { key, sealed }| {
            let endpoint = Arc::new(self.settings.defaults.endpoint_of(&key));
            let abilities = known.abilities(&endpoint);
            let chosen = self.open(id, &sealed).map(|secret| Chosen::of(&key, secret, endpoint, abilities));
            let chosen = chosen.ok_or_else(|| {
                // Students need not know how the platform keeps keys.
                let reason = match key.owner {
                    Some(_) => "it can no longer be read here: add it again",
                    None => "it was encrypted with another ENCRYPTION_KEY",
                };
                ProviderError::new(Class::Credential, None, reason)
            });
            (key, chosen)
        }))
    }

    /// The value of a key; `None`, and a line for the operator, where it does not decrypt.
    fn open(&self, id: KeyId, sealed: &Sealed) -> Option<Secret> {
        let secret = self.vault.open(id, sealed);
        secret.inspect_err(|error| tracing::error!(key.id = %id, %error, "a key cannot be used")).ok()
    }

    fn change(&self, id: KeyId, change: impl FnOnce(&mut Pooled)) {
        if let Some(key) = self.lock().keys.iter_mut().find(|key| key.candidate.id == id) {
            change(key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("keys", &self.lock().keys.len()).finish_non_exhaustive()
    }
}
