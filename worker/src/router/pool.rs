//! The pool of keys as a worker process holds it: choosing a key costs no query.
//!
//! The database has the truth; a change rings a bell and is read anew. What a call teaches is put
//! into memory at once and into the database before the next step, so that the next choice, here or
//! in another process, knows it.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Clock, Db,
    ids::KeyId,
    keys::{
        Key, KeyStatus, Provider, Secret, Vault,
        store::{self, Figures, SealedKey},
    },
};
use jobs::listener::{Listener, Signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::decide::{Candidate, Decision, Need, decide};
use crate::providers::{Class, ProviderError};

/// How long a key cools that was told to slow down, but not for how long.
const RATE_COOLDOWN: TimeDelta = TimeDelta::seconds(30);

/// How long a key cools whose budget is spent, when nobody says until when.
const QUOTA_COOLDOWN: TimeDelta = TimeDelta::hours(1);

/// How often figures of use are written.
const FLUSH_EVERY: Duration = Duration::from_secs(5);

/// How often the pool is read anew even if nothing rang.
const RELOAD_EVERY: Duration = Duration::from_mins(1);

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
    /// Its value.
    pub secret: Secret,
}

/// The pool.
pub struct Pool {
    db: Db,
    vault: Arc<Vault>,
    clock: Clock,
    /// Failures in a row above which a key is degraded.
    threshold: i32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: Vec<Pooled>,
    uses: u64,
    figures: HashMap<KeyId, Figures>,
}

/// A key in memory.
struct Pooled {
    candidate: Candidate,
    key: Key,
    /// `None` where it does not decrypt: then it cannot serve.
    secret: Option<Secret>,
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
        threshold: i32,
        listener: &Listener,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> sqlx::Result<Arc<Self>> {
        let pool = Arc::new(Self {
            db: db.clone(),
            vault: Arc::clone(vault),
            clock: clock.clone(),
            threshold,
            state: Mutex::default(),
        });
        let mut signals = listener.subscribe();
        pool.reload().await?;
        let (kept, stop) = (Arc::clone(&pool), stop.clone());
        tasks.spawn(async move {
            let mut flush = tokio::time::interval(FLUSH_EVERY);
            let mut reload = tokio::time::interval(RELOAD_EVERY);
            loop {
                tokio::select! {
                    signal = signals.next() => if matches!(signal, Signal::Keys | Signal::Anything) { kept.reload_or_warn().await },
                    _ = reload.tick() => kept.reload_or_warn().await,
                    _ = flush.tick() => kept.flush().await,
                    () = stop.cancelled() => return kept.flush().await,
                }
            }
        });
        Ok(pool)
    }

    /// The next step for a need, with the key where it is a call.
    pub fn next(&self, need: &Need<'_>, tried: &[KeyId]) -> Result<Chosen, Decision> {
        let mut state = self.lock();
        let candidates: Vec<_> =
            state.keys.iter().filter(|key| key.secret.is_some()).map(|key| key.candidate.clone()).collect();
        let id = match decide(&candidates, need, tried) {
            Decision::Call(id) => id,
            other => return Err(other),
        };
        state.uses += 1;
        let uses = state.uses;
        let pooled = state.keys.iter_mut().find(|key| key.candidate.id == id);
        let Some(pooled) = pooled else { return Err(Decision::GiveUp(None)) };
        pooled.candidate.last_use = uses;
        pooled.chosen().ok_or(Decision::GiveUp(None))
    }

    /// A key by its id, for a test of it. Read from the database: a key that was just added may not
    /// be in memory yet.
    ///
    /// # Errors
    /// The database's, or that the value does not decrypt.
    pub async fn load(&self, id: KeyId) -> anyhow::Result<Option<(Chosen, Key)>> {
        let mut conn = self.db.pool().acquire().await?;
        let Some(SealedKey { key, sealed }) = store::find_sealed(&mut conn, id).await? else {
            return Ok(None);
        };
        let secret = self.vault.open(id, &sealed)?;
        let chosen = Chosen {
            id,
            own: key.owner.is_some(),
            provider: key.provider,
            base_url: key.base_url.clone(),
            model: key.model.clone(),
            secret,
        };
        Ok(Some((chosen, key)))
    }

    /// A call succeeded: figures are kept in memory, and the row is written only if it had troubles.
    pub async fn succeeded(&self, id: KeyId, first_token_after: Duration) {
        let now = self.clock.now();
        let troubled = {
            let mut state = self.lock();
            let figures = state.figures.entry(id).or_default();
            figures.successes += 1;
            figures.last_used_at = Some(now);
            let latency = i32::try_from(first_token_after.as_millis()).unwrap_or(i32::MAX);
            // A moving mean over about eight calls.
            figures.latency_ms = Some(figures.latency_ms.map_or(latency, |mean| mean + (latency - mean) / 8));
            state.keys.iter_mut().find(|key| key.candidate.id == id).is_some_and(Pooled::recover)
        };
        if troubled {
            tracing::info!(key.id = %id, "a key works again");
            self.write(store::set_healthy(self.db.pool(), id, false)).await;
        }
    }

    /// A call failed: what the failure means for the key and its group takes effect at once. Failures
    /// that are not the key's fault change nothing.
    pub async fn failed(&self, id: KeyId, error: &ProviderError) {
        let now = self.clock.now();
        let reason = error.to_string();
        tracing::warn!(key.id = %id, class = error.class.as_str(), status = error.status, "a provider call failed");
        if !matches!(error.class, Class::Caller | Class::Blocked) {
            let mut state = self.lock();
            let figures = state.figures.entry(id).or_default();
            figures.failures += 1;
            figures.last_used_at = Some(now);
        }
        match error.class {
            Class::Caller | Class::Blocked => {}
            Class::Credential => {
                self.change(id, Pooled::degrade);
                self.write(store::set_refused(self.db.pool(), id, &reason)).await;
            }
            Class::Quota => self.cool(id, error.retry_at.unwrap_or(now + QUOTA_COOLDOWN), &reason).await,
            Class::Rate => self.cool(id, error.retry_at.unwrap_or(now + RATE_COOLDOWN), &reason).await,
            Class::Overload => {
                let threshold = self.threshold;
                self.change(id, |key| key.count_failure(threshold));
                self.write(store::count_failure(self.db.pool(), id, threshold, &reason)).await;
                if let Some(until) = error.retry_at.filter(|until| *until > now) {
                    self.cool(id, until, &reason).await;
                }
            }
        }
    }

    async fn cool(&self, id: KeyId, until: DateTime<Utc>, reason: &str) {
        {
            let mut state = self.lock();
            let group = state.keys.iter().find(|key| key.candidate.id == id).and_then(Pooled::group);
            for key in &mut state.keys {
                if key.candidate.id == id || (group.is_some() && key.group() == group) {
                    key.candidate.cooldown_until = key.candidate.cooldown_until.max(Some(until));
                }
            }
        }
        self.write(store::set_cooling(self.db.pool(), id, until, reason)).await;
    }

    /// Health is not worth losing an answer over: where it cannot be written, memory has it.
    async fn write(&self, write: impl Future<Output = sqlx::Result<()>>) {
        if let Err(error) = write.await {
            tracing::warn!(%error, "the health of a key could not be written");
        }
    }

    fn change(&self, id: KeyId, change: impl FnOnce(&mut Pooled)) {
        if let Some(key) = self.lock().keys.iter_mut().find(|key| key.candidate.id == id) {
            change(key);
        }
    }

    async fn reload_or_warn(&self) {
        if let Err(error) = self.reload().await {
            tracing::warn!(%error, "the pool of keys could not be read; the last known one serves");
        }
    }

    async fn reload(&self) -> sqlx::Result<()> {
        let rows = store::load_all(self.db.pool()).await?;
        let mut state = self.lock();
        let last_uses: HashMap<_, _> =
            state.keys.iter().map(|key| (key.candidate.id, key.candidate.last_use)).collect();
        state.keys = rows
            .into_iter()
            .map(|SealedKey { key, sealed }| {
                let secret = self.vault.open(key.id, &sealed);
                if let Err(error) = &secret {
                    tracing::error!(key.id = %key.id, %error, "a key cannot be used");
                }
                let last_use = last_uses.get(&key.id).copied().unwrap_or(0);
                Pooled { candidate: candidate(&key, last_use), key, secret: secret.ok() }
            })
            .collect();
        Ok(())
    }

    async fn flush(&self) {
        let figures: Vec<_> = self.lock().figures.drain().collect();
        if figures.is_empty() {
            return;
        }
        if let Err(error) = store::add_figures(self.db.pool(), &figures).await {
            tracing::warn!(%error, "figures of use could not be written; they are lost");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pooled {
    fn chosen(&self) -> Option<Chosen> {
        let secret = self.secret.clone()?;
        let Key { id, owner, provider, ref base_url, ref model, .. } = self.key;
        Some(Chosen {
            id,
            own: owner.is_some(),
            provider,
            base_url: base_url.clone(),
            model: model.clone(),
            secret,
        })
    }

    /// Limits are counted per project of a provider; a student's own keys are nobody else's group.
    fn group(&self) -> Option<(Provider, String, Option<domain::ids::UserId>)> {
        let group = self.key.quota_group.clone()?;
        Some((self.key.provider, group, self.key.owner))
    }

    fn degrade(&mut self) {
        if self.candidate.status == KeyStatus::Active {
            self.candidate.status = KeyStatus::Degraded;
        }
        self.key.failure_count += 1;
    }

    fn count_failure(&mut self, threshold: i32) {
        self.key.failure_count += 1;
        if self.key.failure_count > threshold && self.candidate.status == KeyStatus::Active {
            self.candidate.status = KeyStatus::Degraded;
        }
    }

    /// Forgets failures; says whether there were any. A cooldown stands: the call may have begun
    /// before it.
    fn recover(&mut self) -> bool {
        let troubled = self.key.failure_count > 0 || self.candidate.status == KeyStatus::Degraded;
        self.key.failure_count = 0;
        if self.candidate.status == KeyStatus::Degraded {
            self.candidate.status = KeyStatus::Active;
        }
        troubled
    }
}

fn candidate(key: &Key, last_use: u64) -> Candidate {
    Candidate {
        id: key.id,
        owner: key.owner,
        provider: key.provider,
        feature: key.feature,
        priority: key.priority,
        status: key.status,
        cooldown_until: key.cooldown_until,
        last_use,
        never_fall_back: key.never_fall_back,
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("keys", &self.lock().keys.len()).finish_non_exhaustive()
    }
}
