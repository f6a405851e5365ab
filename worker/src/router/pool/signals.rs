//! What calls teach of keys: into memory at once, and into the database before the next step.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    feature::Feature,
    ids::KeyId,
    keys::{
        KeyStatus, Left, Remaining,
        calls::Call,
        health::{
            SignalKind, Source,
            store::{self as health_store, HealthSignal, Trial},
        },
    },
};

use jobs::{catalogue::ProbeKey, queue};

use super::{Chosen, Pool};
use crate::{
    providers::{Class, ProviderError},
    router::{
        Tokens,
        health::{self, Failover},
        patience::{is_evidence, is_impatience},
    },
};

/// How long a key cools that was told to slow down, but not for how long. Each time in a row twice as long.
const RATE_COOLDOWN: TimeDelta = TimeDelta::seconds(30);

/// How often that is doubled at most: eight minutes.
const MOST_DOUBLINGS: i32 = 4;

/// How long a key cools whose budget is spent, when nobody says until when.
const QUOTA_COOLDOWN: TimeDelta = TimeDelta::hours(1);

/// The longest rest that anybody is believed to ask for.
const LONGEST_REST: TimeDelta = TimeDelta::days(1);

/// How long a key rests whose provider says with an answer that nothing is left.
const REST_BY_HEADER: TimeDelta = TimeDelta::minutes(1);

/// How long a key is not probed again only because a question was refused.
const PROBE_REST: TimeDelta = TimeDelta::minutes(5);

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
            state.counters.succeeded(id, first_token_after, tokens.into(), now);
            let key = state.keys.iter_mut().find(|key| key.candidate.id == id);
            key.is_some_and(|key| key.apply(SignalKind::Succeeded, self.settings.key_failure_threshold))
        };
        if troubled {
            self.works_again(id, Source::Call, now).await;
        }
    }

    /// What a call cost, whether it delivered or not.
    pub fn spent(&self, chosen: &Chosen, tokens: Tokens) {
        if !chosen.own && tokens.sum() > 0 {
            let now = self.clock.now();
            self.lock().counters.spent(chosen.id, tokens.prompt.into(), tokens.completion.into(), now);
        }
    }

    /// A call for a question came out: what admins see of it.
    pub fn made(&self, call: Call) {
        self.lock().counters.made(call);
    }

    /// A question ended, and how long its student waited for the first word.
    pub fn ended(&self, outcome: &'static str, first_token: Option<Duration>) {
        let now = self.clock.now();
        self.lock().counters.count_end(outcome, first_token, now);
    }

    /// A probe succeeded. It was made in spite of a cooldown, and ends that, too.
    pub async fn proved(&self, id: KeyId) {
        self.change(id, |key| {
            key.apply(SignalKind::Succeeded, self.settings.key_failure_threshold);
            key.candidate.cooldown_until = None;
        });
        self.works_again(id, Source::Probe, self.clock.now()).await;
    }

    async fn works_again(&self, key: KeyId, source: Source, at: DateTime<Utc>) {
        tracing::info!(key.id = %key, "a key works");
        let signal_kind = SignalKind::Succeeded;
        let signal = HealthSignal {
            key,
            signal_kind,
            source,
            class: None,
            http_status: None,
            reason: None,
            cools_until: None,
            backs_off: false,
            evidence: false,
            at,
        };
        self.write(Box::pin(health::record(&self.db, &signal, self.settings.key_failure_threshold))).await;
    }

    /// A call failed: what the failure means for the key and its group takes effect at once. What concerns only the
    /// request is written down for admins, and changes nothing: a neutral probe will tell.
    pub async fn failed(&self, id: KeyId, error: &ProviderError, source: Source) {
        let now = self.clock.now();
        let class = error.class.as_str();
        tracing::warn!(key.id = %id, class, status = error.status, "a provider call failed");
        let signal_kind = signal_kind(error, source);
        if !signal_kind.is_failure() && error.class == Class::Blocked {
            return self.end_trial(id).await;
        }
        let backs_off = error.class == Class::Rate && error.retry_at.is_none();
        let cools_until = {
            let mut state = self.lock();
            if error.class == Class::Refusal {
                state.note_refusal(id, now, error.to_string());
            }
            let back_offs = if backs_off { state.back_off(id, now) } else { 0 };
            let cools_until = rest(error, back_offs, now);
            if signal_kind.is_failure() {
                state.counters.failed(id, now);
            }
            if signal_kind.is_failure() && source == Source::Call && state.is_shared(id) {
                state.counters.count_end(class, None, now);
            }
            if let (SignalKind::Limited, Some(until)) = (signal_kind, cools_until) {
                let nothing = Left { left: 0, limit: None, until };
                state.note_remaining(id, Remaining { requests: Some(nothing), tokens: None });
            }
            if let Some(key) = state.keys.iter_mut().find(|key| key.candidate.id == id) {
                key.apply(signal_kind, self.settings.key_failure_threshold);
            }
            if let Some(until) = cools_until {
                state.cool(id, until);
            }
            cools_until
        };
        let reason = error.to_string();
        let signal = HealthSignal {
            key: id,
            signal_kind,
            source,
            class: Some(class),
            http_status: error.status,
            reason: Some(&reason),
            cools_until,
            backs_off,
            evidence: is_evidence(error),
            at: now,
        };
        self.write(Box::pin(health::record(&self.db, &signal, self.settings.key_failure_threshold))).await;
    }

    /// A provider said what is left of a key's quota. Where that is nothing, the key rests until it
    /// resets, before the provider has to say no.
    pub async fn note_remaining(&self, id: KeyId, remaining: Remaining) {
        let now = self.clock.now();
        let spent = remaining.spent_until().filter(|until| *until > now);
        // It is one header, and the call was answered: a provider that means it says no to the next one.
        let spent = spent.map(|until| until.min(now + REST_BY_HEADER));
        {
            let mut state = self.lock();
            state.note_remaining(id, remaining);
            if let Some(until) = spent {
                state.cool(id, until);
            }
        }
        if let Some(until) = spent {
            let reason = "its provider says that nothing is left for now";
            self.write(Box::pin(health_store::cool(&self.db, id, until, reason))).await;
        }
    }

    /// Has a key probed by a job, unless it was lately.
    pub async fn probe_soon(&self, id: KeyId) {
        let since = self.clock.now() - PROBE_REST;
        self.write(async {
            let mut tx = self.db.begin_bare().await?;
            if let Some(owner) = health_store::probe_due(&mut tx, id, since).await? {
                queue::enqueue(&mut tx, &ProbeKey { key: id, keep: true, owner }).await?;
                tx.commit().await?;
            }
            Ok(())
        })
        .await;
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

/// What a failure says of the key. That nobody waited for the end of a thought or a load says nothing. A neutral request
/// that is refused is a failure, since nobody's question is to blame; it takes many to put the key away.
fn signal_kind(error: &ProviderError, source: Source) -> SignalKind {
    match (error.class, source) {
        _ if is_impatience(error) => SignalKind::Nothing,
        (Class::Refusal, Source::Probe) => SignalKind::Failed,
        (class, _) => class.signal_kind(),
    }
}

/// Until when a key rests after a failure.
fn rest(error: &ProviderError, back_offs: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let told = error.retry_at.filter(|until| *until > now).map(|until| until.min(now + LONGEST_REST));
    match error.class {
        Class::Quota => Some(told.unwrap_or(now + QUOTA_COOLDOWN)),
        Class::Rate => Some(told.unwrap_or_else(|| {
            now + RATE_COOLDOWN * 2_i32.pow(u32::try_from(back_offs.clamp(0, MOST_DOUBLINGS)).unwrap_or(0))
        })),
        Class::Overload => told,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_of_unknown_length_double_and_none_is_longer_than_a_day() {
        let now = DateTime::UNIX_EPOCH;
        let rate = ProviderError::new(Class::Rate, Some(429), "too many requests");
        let seconds = |error: &ProviderError, back_offs| rest(error, back_offs, now).map(|at| at.timestamp());
        let rests: Vec<_> = (0..7).filter_map(|back_offs| seconds(&rate, back_offs)).collect();
        assert_eq!(rests, [30, 60, 120, 240, 480, 480, 480]);
        let month = rate.clone().retry_at(Some(now + TimeDelta::days(30)));
        assert_eq!(seconds(&month, 0), Some(86_400));
        let minute = rate.clone().retry_at(Some(now + TimeDelta::minutes(1)));
        assert_eq!(seconds(&minute, 3), Some(60), "what is told is believed");
        let past = rate.retry_at(Some(now - TimeDelta::minutes(1)));
        assert_eq!(seconds(&past, 0), Some(30), "a time that is over says nothing");
        assert_eq!(seconds(&ProviderError::new(Class::Refusal, Some(400), "no"), 0), None);
    }

    #[test]
    fn only_a_neutral_request_that_is_refused_is_the_keys_fault() {
        let error = ProviderError::new(Class::Refusal, Some(400), "no");
        assert_eq!(signal_kind(&error, Source::Call), SignalKind::Nothing);
        assert_eq!(signal_kind(&error, Source::Probe), SignalKind::Failed);
        let empty = ProviderError::new(Class::EmptyByLength, Some(200), "no word");
        assert_eq!(signal_kind(&empty, Source::Probe), SignalKind::Nothing);
    }
}
