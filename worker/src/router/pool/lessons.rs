//! What calls teach of keys: into memory at once, and into the database before the next step.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    feature::Feature,
    ids::KeyId,
    keys::{
        KeyStatus, Left, Remaining,
        health::{
            Happened, Source,
            store::{self as health_store, Lesson, Trial},
        },
    },
};

use super::{Chosen, Pool};
use crate::{
    providers::{Class, ProviderError},
    router::{
        Tokens,
        health::{self, Failover},
    },
};

/// How long a key cools that was told to slow down, but not for how long.
const RATE_COOLDOWN: TimeDelta = TimeDelta::seconds(30);

/// How long a key cools whose budget is spent, when nobody says until when.
const QUOTA_COOLDOWN: TimeDelta = TimeDelta::hours(1);

/// How long the trial of a degraded key may take before another may try it.
const TRIAL: TimeDelta = TimeDelta::seconds(30);

impl Pool {
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
    pub(super) async fn write(&self, write: impl Future<Output = sqlx::Result<()>>) {
        if let Err(error) = write.await {
            tracing::warn!(%error, "the health of a key could not be written");
        }
    }
}
