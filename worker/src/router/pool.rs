//! The pool of keys as a worker process holds it: choosing a key costs no query.
//!
//! The database has the truth; a change rings a bell and is read anew. What a call teaches is put
//! into memory at once and into the database before the next step, so that the next choice, here or
//! in another process, knows it.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Clock, Db,
    feature::Feature,
    ids::{JobId, KeyId},
    keys::{
        CallLimits, Key, KeyStatus, Left, Provider, Remaining, Secret, Vault, activity, days,
        health::{
            Happened, Health, Source,
            store::{self as health_store, Lesson, Trial},
        },
        store::{self, SealedKey},
        usage::{self, Used},
    },
};
use jobs::{
    answers,
    listener::{Listener, Signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Tokens,
    decide::{Candidate, Decision, Need, decide},
    health::{self, Failover, Low},
    meter::{Asked, Counted, Group, Meter},
    tally::{Rows, Tally},
    waiting::Waiting,
};
use crate::providers::{Class, ProviderError};

/// How long a key cools that was told to slow down, but not for how long.
const RATE_COOLDOWN: TimeDelta = TimeDelta::seconds(30);

/// How long a key cools whose budget is spent, when nobody says until when.
const QUOTA_COOLDOWN: TimeDelta = TimeDelta::hours(1);

/// How often workers tell each other what they used of keys that have limits.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// What a probe takes, about.
const PROBE_TOKENS: i64 = 10;

/// How often figures of use are written.
const FLUSH_EVERY: Duration = Duration::from_secs(2);

/// How long the trial of a degraded key may take before another may try it.
const TRIAL: TimeDelta = TimeDelta::seconds(30);

/// How long admins are not told again that a quota runs low which resets sooner than that.
const QUIET: TimeDelta = TimeDelta::hours(1);

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
    /// Whether it may be called only by whoever has its trial.
    pub needs_trial: bool,
    /// Where the call was counted, if the key has limits.
    pub counted: Option<Counted>,
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
    /// Failures in a row above which a key is degraded.
    threshold: i32,
    state: Mutex<State>,
    /// Held while what was used is told, so that nothing is told twice.
    telling: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: Vec<Pooled>,
    uses: u64,
    tally: Tally,
    meter: Meter,
    waiting: Waiting,
    dead: HashSet<Feature>,
}

/// A key in memory.
struct Pooled {
    candidate: Candidate,
    key: Key,
    /// `None` where it does not decrypt: then it cannot serve.
    secret: Option<Secret>,
    /// The keys that it shares its limits with, itself included; none where there is no limit.
    members: Vec<KeyId>,
    /// What the strictest of them allows.
    limits: CallLimits,
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
            telling: tokio::sync::Mutex::default(),
        });
        let mut signals = listener.subscribe();
        pool.reload().await?;
        pool.tell().await;
        let (kept, stop) = (Arc::clone(&pool), stop.clone());
        tasks.spawn(async move {
            let mut flush = tokio::time::interval(FLUSH_EVERY);
            let mut reload = tokio::time::interval(RELOAD_EVERY);
            let mut tell = tokio::time::interval(TELL_EVERY);
            loop {
                tokio::select! {
                    signal = signals.next() => if matches!(signal, Signal::Keys | Signal::Anything) { kept.reload_or_warn().await },
                    _ = reload.tick() => kept.reload_or_warn().await,
                    _ = tell.tick() => kept.tell().await,
                    _ = flush.tick() => kept.flush().await,
                    () = stop.cancelled() => {
                        kept.tell().await;
                        return kept.flush().await;
                    }
                }
            }
        });
        Ok(pool)
    }

    /// The next step for a need, with the key where it is a call. The call is counted at once, so that
    /// no limit is passed.
    pub fn next(&self, need: &Need<'_>, tried: &[KeyId], asking: Asking) -> Result<Chosen, Decision> {
        let mut state = self.lock();
        let need = Need { dead: state.dead.contains(&need.feature), ..*need };
        state.waiting.forget_stale(need.now);
        let candidates: Vec<_> = state.candidates(asking, need.now);
        match decide(&candidates, &need, tried) {
            Decision::Call(id) => {
                state.waiting.remove(asking.job);
                state.choose(id, asking.tokens, need.now).ok_or(Decision::GiveUp(None))
            }
            Decision::WaitUntil(until) => {
                Err(Decision::WaitUntil(state.waiting.add(asking.job, &need, until)))
            }
            give_up @ Decision::GiveUp(_) => {
                state.waiting.remove(asking.job);
                Err(give_up)
            }
        }
    }

    /// Whether a question that came earlier is just coming back, and goes first.
    pub fn is_behind(&self, job: JobId) -> bool {
        self.lock().waiting.is_behind(job, self.clock.now())
    }

    /// A question does not wait after all.
    pub fn waits_no_more(&self, job: JobId) {
        self.lock().waiting.remove(job);
    }

    /// Says which features have no key left that serves: their degraded ones are called by probes only.
    pub fn set_dead(&self, features: impl IntoIterator<Item = Feature>) {
        self.lock().dead = features.into_iter().collect();
    }

    /// Asks to be the one caller of a degraded key, over all processes. Costs a query, but only where
    /// nothing else is left.
    pub async fn begin_trial(&self, id: KeyId) -> bool {
        let now = self.clock.now();
        match health_store::begin_trial(self.db.pool(), id, now, now + TRIAL).await {
            Ok(Trial::Ours | Trial::NotNeeded) => true,
            Ok(Trial::Anothers(until)) => {
                self.change(id, |key| key.candidate.trial_until = Some(until));
                false
            }
            Err(error) => {
                // An answer is worth more than order among those who wait for it.
                tracing::warn!(%error, "the trial of a key could not be noted");
                true
            }
        }
    }

    /// A key was chosen, but is not called: nothing was used of it.
    pub fn not_called(&self, chosen: &Chosen) {
        if let Some(counted) = chosen.counted {
            self.lock().meter.take_back(chosen.id, counted);
        }
    }

    /// The call of a trial ended without teaching anything.
    pub async fn end_trial(&self, id: KeyId) {
        let mut degraded = false;
        self.change(id, |key| {
            degraded = key.candidate.status == KeyStatus::Degraded;
            key.candidate.trial_until = None;
        });
        if degraded {
            self.write(health_store::end_trial(self.db.pool(), id)).await;
        }
    }

    /// What a call took in the end.
    pub fn settle(&self, chosen: &Chosen, tokens: u32) {
        if let Some(counted) = chosen.counted {
            self.lock().meter.correct(chosen.id, counted, tokens.into());
        }
    }

    /// Counts a probe, which is a call, too.
    pub fn count_probe(&self, id: KeyId) {
        let now = self.clock.now();
        let mut state = self.lock();
        let metered = state.keys.iter().find(|key| key.candidate.id == id && !key.members.is_empty());
        if let Some(provider) = metered.map(|key| key.candidate.provider) {
            state.meter.take(id, provider, PROBE_TOKENS, now);
        }
    }

    /// Whether a key has to rest for the sake of its limits.
    pub fn is_at_limit(&self, id: KeyId) -> bool {
        let state = self.lock();
        let key = state.keys.iter().find(|key| key.candidate.id == id);
        let asked = Asked { tokens: PROBE_TOKENS, ahead: 0 };
        key.is_some_and(|key| state.meter.free_at(key.metered(), asked, self.clock.now()).is_some())
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
            needs_trial: false,
            counted: None,
        };
        Ok(Some((chosen, key)))
    }

    /// A student's call succeeded: figures are kept in memory, and the row is written only if it had
    /// troubles.
    pub async fn succeeded(&self, id: KeyId, first_token_after: Duration, tokens: u32) {
        let now = self.clock.now();
        let troubled = {
            let mut state = self.lock();
            state.tally.succeeded(id, first_token_after, tokens.into(), now);
            let key = state.keys.iter_mut().find(|key| key.candidate.id == id);
            key.is_some_and(|key| key.learn(Happened::Succeeded, self.threshold))
        };
        if troubled {
            self.works_again(id, Source::Call, now).await;
        }
    }

    /// What a call cost, whether it delivered or not.
    pub fn spent(&self, chosen: &Chosen, tokens: Tokens) {
        if !chosen.own && tokens.sum() > 0 {
            let now = self.clock.now();
            self.lock().tally.spent(chosen.id, tokens.prompt.into(), tokens.completion.into(), now);
        }
    }

    /// A question ended, and how long its student waited for the first word.
    pub fn ended(&self, outcome: &'static str, first_token: Option<Duration>) {
        let now = self.clock.now();
        self.lock().tally.came_out(outcome, first_token, now);
    }

    /// A probe succeeded. It was made in spite of a cooldown, and ends that, too.
    pub async fn proved(&self, id: KeyId) {
        self.change(id, |key| {
            key.learn(Happened::Succeeded, self.threshold);
            key.candidate.cooldown_until = None;
        });
        self.works_again(id, Source::Probe, self.clock.now()).await;
    }

    async fn works_again(&self, key: KeyId, source: Source, at: DateTime<Utc>) {
        tracing::info!(key.id = %key, "a key works");
        let happened = Happened::Succeeded;
        let lesson = Lesson {
            key,
            happened,
            source,
            class: None,
            http_status: None,
            reason: None,
            cools_until: None,
            at,
        };
        self.write(Box::pin(health::learn(&self.db, &lesson, self.threshold))).await;
    }

    /// A call failed: what the failure means for the key and its group takes effect at once. Failures
    /// that are not the key's fault change nothing.
    pub async fn failed(&self, id: KeyId, error: &ProviderError, source: Source) {
        let now = self.clock.now();
        tracing::warn!(key.id = %id, class = error.class.as_str(), status = error.status, "a provider call failed");
        let happened = error.class.happened();
        if !happened.is_failure() {
            return self.end_trial(id).await;
        }
        let cools_until = match error.class {
            Class::Quota => Some(error.retry_at.unwrap_or(now + QUOTA_COOLDOWN)),
            Class::Rate => Some(error.retry_at.unwrap_or(now + RATE_COOLDOWN)),
            _ => error.retry_at.filter(|until| error.class == Class::Overload && *until > now),
        };
        {
            let mut state = self.lock();
            state.tally.failed(id, now);
            if source == Source::Call && state.is_shared(id) {
                state.tally.came_out(error.class.as_str(), None, now);
            }
            if let (Happened::Limited, Some(until)) = (happened, cools_until) {
                let nothing = Left { left: 0, limit: None, until };
                state.learnt(id, Remaining { requests: Some(nothing), tokens: None });
            }
            if let Some(key) = state.keys.iter_mut().find(|key| key.candidate.id == id) {
                key.learn(happened, self.threshold);
            }
            if let Some(until) = cools_until {
                state.cool(id, until);
            }
        }
        let reason = error.to_string();
        let lesson = Lesson {
            key: id,
            happened,
            source,
            class: Some(error.class.as_str()),
            http_status: error.status,
            reason: Some(&reason),
            cools_until,
            at: now,
        };
        self.write(Box::pin(health::learn(&self.db, &lesson, self.threshold))).await;
    }

    /// A provider said what is left of a key's quota. Where that is nothing, the key rests until it
    /// resets, before the provider has to say no.
    pub async fn learnt(&self, id: KeyId, remaining: Remaining) {
        let now = self.clock.now();
        let spent = remaining.spent_until().filter(|until| *until > now);
        {
            let mut state = self.lock();
            state.learnt(id, remaining);
            if let Some(until) = spent {
                state.cool(id, until);
            }
        }
        if let Some(until) = spent {
            let reason = "its provider says that nothing is left for now";
            self.write(Box::pin(health_store::cool(&self.db, id, until, reason))).await;
        }
    }

    /// A question that one key failed was answered by another. Students' own keys are not told of.
    pub async fn failed_over(&self, from: KeyId, to: KeyId, feature: Feature, reason: &str) {
        let shared = self.lock().is_shared(from);
        if shared {
            let failover = Failover { from, to, feature, reason };
            self.write(Box::pin(health::failed_over(&self.db, failover, self.clock.now()))).await;
        }
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
        let groups = Groups::of(rows.iter().map(|row| &row.key));
        // What this process knows and has not written yet.
        let before: HashMap<_, _> = state
            .keys
            .iter()
            .map(|key| (key.candidate.id, (key.candidate.last_use, key.key.remaining)))
            .collect();
        state.keys = rows
            .into_iter()
            .map(|SealedKey { mut key, sealed }| {
                let secret = self.vault.open(key.id, &sealed);
                if let Err(error) = &secret {
                    tracing::error!(key.id = %key.id, %error, "a key cannot be used");
                }
                let (last_use, remaining) = before.get(&key.id).copied().unwrap_or_default();
                key.remaining = key.remaining.updated(remaining);
                let (members, limits) = groups.around(&key);
                Pooled { candidate: candidate(&key, last_use), key, secret: secret.ok(), members, limits }
            })
            .collect();
        let metered: HashSet<_> = state.metered().collect();
        state.meter.keep(|key| metered.contains(&key));
        Ok(())
    }

    /// Writes figures of use, and has admins told where quotas run low.
    pub async fn flush(&self) {
        let now = self.clock.now();
        let (Rows { figures, activity, spent, answers }, low) = {
            let mut state = self.lock();
            (state.tally.take(), state.low(now))
        };
        if !figures.is_empty()
            && let Err(error) = store::add_figures(self.db.pool(), &figures).await
        {
            tracing::warn!(%error, "figures of use could not be written; they are lost");
        }
        if !activity.is_empty()
            && let Err(error) = activity::add(self.db.pool(), &activity).await
        {
            tracing::warn!(%error, "what keys did could not be written; it is lost");
        }
        if !spent.is_empty()
            && let Err(error) = days::add(self.db.pool(), &spent).await
        {
            tracing::warn!(%error, "what keys cost could not be written; it is lost");
        }
        if !answers.is_empty()
            && let Err(error) = answers::add(self.db.pool(), &answers).await
        {
            tracing::warn!(%error, "how questions ended could not be written; it is lost");
        }
        for low in low {
            self.write(health::warn(&self.db, low, now)).await;
        }
    }

    /// Tells other workers what was used of keys that have limits, and hears what they used. Costs
    /// nothing while no key has any.
    async fn tell(&self) {
        let _telling = self.telling.lock().await;
        let now = self.clock.now();
        let (keys, untold) = {
            let mut state = self.lock();
            let keys: Vec<_> = state.metered().collect();
            (keys, state.meter.untold())
        };
        if keys.is_empty() && untold.is_empty() {
            return;
        }
        match self.exchange(&keys, &untold, now).await {
            Ok(known) => self.lock().meter.told(known),
            Err(error) => {
                tracing::warn!(%error, "what was used of limited keys could not be told");
                self.lock().meter.not_told();
            }
        }
    }

    async fn exchange(&self, keys: &[KeyId], untold: &[Used], now: DateTime<Utc>) -> sqlx::Result<Vec<Used>> {
        let mut tx = self.db.begin_bare().await?;
        if !untold.is_empty() {
            usage::add(&mut tx, untold).await?;
        }
        let known = usage::read(&mut tx, keys, now).await?;
        tx.commit().await?;
        Ok(known)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What there is to choose from: a key at its limits is as one that cools.
    fn candidates(&self, asking: Asking, now: DateTime<Utc>) -> Vec<Candidate> {
        let usable = self.keys.iter().filter(|key| key.secret.is_some());
        let candidate = |key: &Pooled| {
            let mut candidate = key.candidate.clone();
            if !key.members.is_empty() {
                let ahead = self.waiting.ahead_of(asking.job, &candidate);
                let free = self.meter.free_at(key.metered(), Asked { tokens: asking.tokens, ahead }, now);
                candidate.cooldown_until = candidate.cooldown_until.max(free);
            }
            candidate
        };
        usable.map(candidate).collect()
    }

    fn choose(&mut self, id: KeyId, tokens: i64, now: DateTime<Utc>) -> Option<Chosen> {
        self.uses += 1;
        let pooled = self.keys.iter_mut().find(|key| key.candidate.id == id)?;
        pooled.candidate.last_use = self.uses;
        let mut chosen = pooled.chosen()?;
        if !pooled.members.is_empty() {
            chosen.counted = Some(self.meter.take(id, chosen.provider, tokens, now));
        }
        Some(chosen)
    }

    fn cool(&mut self, id: KeyId, until: DateTime<Utc>) {
        let group = self.keys.iter().find(|key| key.candidate.id == id).and_then(|key| group(&key.key));
        for key in &mut self.keys {
            if key.candidate.id == id || (group.is_some() && self::group(&key.key) == group) {
                key.candidate.cooldown_until = key.candidate.cooldown_until.max(Some(until));
            }
        }
    }

    fn learnt(&mut self, id: KeyId, remaining: Remaining) {
        self.tally.learnt(id, remaining);
        if let Some(key) = self.keys.iter_mut().find(|key| key.candidate.id == id) {
            key.key.remaining = key.key.remaining.updated(remaining);
        }
    }

    /// Whether a key is the platform's.
    fn is_shared(&self, id: KeyId) -> bool {
        self.keys.iter().any(|key| key.candidate.id == id && key.key.owner.is_none())
    }

    /// Keys whose calls are counted.
    fn metered(&self) -> impl Iterator<Item = KeyId> {
        self.keys.iter().filter(|key| !key.members.is_empty()).map(|key| key.candidate.id)
    }

    /// Shared keys that have little left, and of whom admins were not told yet.
    fn low(&mut self, now: DateTime<Utc>) -> Vec<Low> {
        let Self { keys, meter, .. } = self;
        let news = keys.iter_mut().filter(|key| {
            key.key.owner.is_none() && key.key.quota_warned_until.is_none_or(|until| until <= now)
        });
        let low = news.filter_map(|key| {
            let mut remaining = key.key.remaining.at(now);
            if let Some((left, limit, until)) = meter.left_today(key.metered(), now) {
                let ours = Left { left, limit: Some(limit), until };
                let theirs = remaining.requests.filter(|theirs| theirs.is_low() || theirs.left <= left);
                remaining.requests = theirs.or(Some(ours));
            }
            let resets_at = remaining.low_until()?;
            let quiet_until = resets_at.max(now + QUIET);
            key.key.quota_warned_until = Some(quiet_until);
            let Key { id, provider, feature, .. } = key.key;
            Some(Low {
                key: id,
                provider,
                feature,
                requests: remaining.requests.map(|left| left.left),
                tokens: remaining.tokens.map(|left| left.left),
                resets_at,
                quiet_until,
            })
        });
        low.collect()
    }
}

/// Limits are counted per project of a provider; a student's own keys are nobody else's group.
type GroupId = (Provider, String, Option<domain::ids::UserId>);

fn group(key: &Key) -> Option<GroupId> {
    let group = key.quota_group.clone()?;
    Some((key.provider, group, key.owner))
}

/// Which keys share their limits, and what the strictest of each allows.
struct Groups(HashMap<GroupId, (Vec<KeyId>, CallLimits)>);

impl Groups {
    fn of<'a>(keys: impl Iterator<Item = &'a Key>) -> Self {
        let mut groups = HashMap::<_, (Vec<_>, CallLimits)>::new();
        for key in keys {
            if let Some(group) = group(key) {
                let (members, limits) = groups.entry(group).or_default();
                members.push(key.id);
                *limits = stricter(*limits, key.limits);
            }
        }
        Self(groups)
    }

    /// The keys that one shares its limits with, and these; nobody where there are none.
    fn around(&self, key: &Key) -> (Vec<KeyId>, CallLimits) {
        let (members, limits) = group(key)
            .and_then(|group| self.0.get(&group).cloned())
            .unwrap_or_else(|| (vec![key.id], key.limits));
        if limits == CallLimits::default() { (Vec::new(), limits) } else { (members, limits) }
    }
}

fn stricter(one: CallLimits, other: CallLimits) -> CallLimits {
    let least = |one: Option<u32>, other: Option<u32>| one.into_iter().chain(other).min();
    CallLimits {
        rpm: least(one.rpm, other.rpm),
        tpm: least(one.tpm, other.tpm),
        rpd: least(one.rpd, other.rpd),
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
            needs_trial: self.candidate.status == KeyStatus::Degraded,
            counted: None,
        })
    }

    fn metered(&self) -> Group<'_> {
        Group { provider: self.key.provider, members: &self.members, limits: self.limits }
    }

    /// Applies to memory what is applied to the row; says whether there was anything to it.
    fn learn(&mut self, happened: Happened, threshold: i32) -> bool {
        let before = Health { status: self.candidate.status, failures: self.key.failure_count };
        let after = before.after(happened, threshold);
        self.candidate.status = after.status;
        self.candidate.trial_until = None;
        self.key.failure_count = after.failures;
        before != after
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
        trial_until: key.trial_until,
        last_use,
        never_fall_back: key.never_fall_back,
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("keys", &self.lock().keys.len()).finish_non_exhaustive()
    }
}
