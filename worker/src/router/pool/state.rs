//! The keys in memory, and what is known of them since they were read.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::KeyId,
    keys::{
        CallLimits, Key, KeyStatus, Left, Refused, Remaining, Secret,
        endpoints::EndpointId,
        health::{Health, SignalKind},
    },
};

use super::{
    Asking, Chosen,
    endpoints_known::{Known, sees},
    groups::group,
};
use crate::router::{
    counters::CallCounters,
    decide::Candidate,
    health::Low,
    rate_limiter::{Asked, Group, RateLimiter},
    waiting::Waiting,
};

/// How long admins are not told again that a quota runs low which resets sooner than that.
const QUIET: TimeDelta = TimeDelta::hours(1);

#[derive(Default)]
pub(super) struct State {
    pub(super) keys: Vec<Pooled>,
    pub(super) uses: u64,
    pub(super) counters: CallCounters,
    pub(super) rate_limiter: RateLimiter,
    pub(super) waiting: Waiting,
    pub(super) known: Known,
}

/// A key in memory.
pub(super) struct Pooled {
    pub(super) candidate: Candidate,
    pub(super) key: Key,
    /// `None` where it does not decrypt: then it cannot serve.
    pub(super) secret: Option<Secret>,
    /// The keys that it shares its limits with, itself included; none where there is no limit.
    pub(super) members: Vec<KeyId>,
    /// What the strictest of them allows.
    pub(super) limits: CallLimits,
}

impl State {
    /// What there is to choose from: a key at its limits is as one that cools.
    pub(super) fn candidates(&self, asking: Asking, now: DateTime<Utc>) -> Vec<Candidate> {
        let usable = self.keys.iter().filter(|key| key.secret.is_some());
        let candidate = |key: &Pooled| {
            let mut candidate = key.candidate.clone();
            candidate.sees = sees(&key.key, &self.known.abilities(&candidate.endpoint));
            if !key.members.is_empty() {
                let ahead = self.waiting.ahead_of(asking.job, &candidate);
                let free =
                    self.rate_limiter.free_at(key.metered(), Asked { tokens: asking.tokens, ahead }, now);
                candidate.cooldown_until = candidate.cooldown_until.max(free);
            }
            candidate
        };
        usable.map(candidate).collect()
    }

    pub(super) fn choose(&mut self, id: KeyId, tokens: i64, now: DateTime<Utc>) -> Option<Chosen> {
        self.uses += 1;
        let pooled = self.keys.iter_mut().find(|key| key.candidate.id == id)?;
        pooled.candidate.last_use = self.uses;
        let mut chosen = pooled.chosen(&self.known)?;
        if !pooled.members.is_empty() {
            chosen.counted = Some(self.rate_limiter.take(id, chosen.provider, tokens, now));
        }
        Some(chosen)
    }

    pub(super) fn cool(&mut self, id: KeyId, until: DateTime<Utc>) {
        let of_it = self.keys.iter().find(|key| key.candidate.id == id).and_then(|key| group(&key.key));
        for key in &mut self.keys {
            if key.candidate.id == id || (of_it.is_some() && group(&key.key) == of_it) {
                key.candidate.cooldown_until = key.candidate.cooldown_until.max(Some(until));
            }
        }
    }

    pub(super) fn note_remaining(&mut self, id: KeyId, remaining: Remaining) {
        self.counters.note_remaining(id, remaining);
        if let Some(key) = self.keys.iter_mut().find(|key| key.candidate.id == id) {
            key.key.remaining = key.key.remaining.updated(remaining);
        }
    }

    /// Notes a request that an endpoint did not take.
    pub(super) fn note_refusal(&mut self, id: KeyId, now: DateTime<Utc>, reason: String) {
        if let Some(key) = self.keys.iter_mut().find(|key| key.candidate.id == id) {
            let count = key.key.refused.count.saturating_add(1);
            key.key.refused = Refused { count, at: Some(now), reason: Some(reason) };
        }
    }

    /// How many rests of unknown length a key had in a row, and counts one more; of failures within one rest, the first
    /// counts.
    pub(super) fn back_off(&mut self, id: KeyId, now: DateTime<Utc>) -> i32 {
        let Some(key) = self.keys.iter_mut().find(|key| key.candidate.id == id) else { return 0 };
        if key.candidate.cooldown_until.is_some_and(|until| until > now) {
            return key.key.back_offs - 1;
        }
        key.key.back_offs = key.key.back_offs.saturating_add(1);
        key.key.back_offs - 1
    }

    /// Whether a key is the platform's.
    pub(super) fn is_shared(&self, id: KeyId) -> bool {
        self.keys.iter().any(|key| key.candidate.id == id && key.key.owner.is_none())
    }

    /// Keys whose calls are counted.
    pub(super) fn metered(&self) -> impl Iterator<Item = KeyId> {
        self.keys.iter().filter(|key| !key.members.is_empty()).map(|key| key.candidate.id)
    }

    /// Shared keys that have little left, and of whom admins were not told yet.
    pub(super) fn low(&mut self, now: DateTime<Utc>) -> Vec<Low> {
        let Self { keys, rate_limiter, .. } = self;
        let news = keys.iter_mut().filter(|key| {
            key.key.owner.is_none() && key.key.quota_warned_until.is_none_or(|until| until <= now)
        });
        let low = news.filter_map(|key| {
            let mut remaining = key.key.remaining.at(now);
            if let Some((left, limit, until)) = rate_limiter.left_today(key.metered(), now) {
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

impl Pooled {
    pub(super) fn chosen(&self, known: &Known) -> Option<Chosen> {
        let endpoint = &self.candidate.endpoint;
        let abilities = known.abilities(endpoint);
        let chosen = Chosen::of(&self.key, self.secret.clone()?, Arc::clone(endpoint), abilities);
        Some(Chosen { needs_trial: self.candidate.status == KeyStatus::Degraded, ..chosen })
    }

    pub(super) fn metered(&self) -> Group<'_> {
        Group { provider: self.key.provider, members: &self.members, limits: self.limits }
    }

    /// Applies to memory what is applied to the row; says whether there was anything to it.
    pub(super) fn apply(&mut self, signal_kind: SignalKind, threshold: i32) -> bool {
        let before = Health { status: self.candidate.status, failures: self.key.failure_count };
        let after = before.after(signal_kind, threshold);
        self.candidate.status = after.status;
        self.candidate.trial_until = None;
        self.key.failure_count = after.failures;
        let mut changed = before != after;
        if signal_kind == SignalKind::Succeeded {
            changed |= self.key.refused.count > 0 || self.key.back_offs > 0;
            (self.key.refused.count, self.key.back_offs) = (0, 0);
        }
        changed
    }
}

/// What the decision knows of a key.
pub(super) fn candidate(key: &Key, endpoint: EndpointId, last_use: u64) -> Candidate {
    Candidate {
        id: key.id,
        owner: key.owner,
        provider: key.provider,
        endpoint: Arc::new(endpoint),
        // Asked for anew with each choice, since it may be learnt meanwhile.
        sees: true,
        feature: key.feature,
        priority: key.priority,
        status: key.status,
        cooldown_until: key.cooldown_until,
        trial_until: key.trial_until,
        last_use,
        never_fall_back: key.never_fall_back,
    }
}
