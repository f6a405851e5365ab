//! Which key serves next: a pure function of the pool, what was tried, and the time.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    feature::Feature,
    ids::{KeyId, UserId},
    keys::{KeyStatus, Provider, endpoints::EndpointId},
};

/// Keys that one round calls at most. A question fails only where nobody would answer it, so this is no more than a bound.
pub const MOST_KEYS: usize = 32;

/// How long one waits to see how another's trial of a degraded key went.
pub const TRIAL_WAIT: TimeDelta = TimeDelta::seconds(1);

/// What the decision knows of a key.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its id.
    pub id: KeyId,
    /// The student who brought it; `None` is shared.
    pub owner: Option<UserId>,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// Where its calls go.
    pub endpoint: Arc<EndpointId>,
    /// Whether it may be shown pictures: it is kept for them, or for all, and is not known to be blind.
    pub sees: bool,
    /// The feature it is kept for; `None` is any.
    pub feature: Option<Feature>,
    /// Higher is used first.
    pub priority: i32,
    /// Where it stands.
    pub status: KeyStatus,
    /// Not to be used before this time: its provider said so, or its limits do.
    pub cooldown_until: Option<DateTime<Utc>>,
    /// Degraded, and somebody else tries it until this time at the latest.
    pub trial_until: Option<DateTime<Utc>>,
    /// When it was used last, as a count of uses of the pool; 0 is never.
    pub last_use: u64,
    /// The owner's wish never to fall back to shared keys.
    pub never_fall_back: bool,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Need<'a> {
    /// By whom.
    pub user: Option<UserId>,
    /// For what.
    pub feature: Feature,
    /// Only with keys of this provider.
    pub only: Option<Provider>,
    /// The providers in order of preference; those not named come last.
    pub chain: &'a [Provider],
    /// The time.
    pub now: DateTime<Utc>,
    /// Until when a question waits for a key to cool: so long after it was asked.
    pub wait_until: DateTime<Utc>,
    /// Whether its last turn has a picture.
    pub pictured: bool,
    /// Whether the feature is closed since nothing can serve it: then only probes call its degraded keys.
    pub unavailable: bool,
}

/// What a round has done so far.
#[derive(Debug, Clone, Default)]
pub struct Tried {
    /// Keys that were called.
    pub keys: Vec<KeyId>,
    /// Endpoints that did not take the request: another key of theirs would not do better.
    pub refused: Vec<Arc<EndpointId>>,
    /// Endpoints whose model would do the same again, at whatever address.
    pub models: Vec<Arc<EndpointId>>,
    /// Providers that withheld the answer: any other goes first.
    pub withheld: Vec<Provider>,
}

impl Tried {
    /// Whether the round may call another key.
    const fn has_calls(&self) -> bool {
        self.keys.len() < MOST_KEYS
    }

    fn is_open(&self, key: &Candidate) -> bool {
        let same =
            |other: &Arc<EndpointId>| other.provider == key.provider && other.model == key.endpoint.model;
        !self.refused.contains(&key.endpoint) && !self.models.iter().any(same)
    }
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Call with this key.
    Call(KeyId),
    /// Nothing can serve now, but a key will at this time.
    WaitUntil(DateTime<Utc>),
    /// Nothing will serve soon enough; when something may, as far as is known.
    GiveUp(Option<DateTime<Utc>>),
}

/// Decides. `tried` is what this round has done already.
///
/// The order: the user's own active keys; then shared active ones by the chain, by priority, and
/// least recently used first; then degraded ones in the same order. The demo serves only while the
/// pool has no other shared key, since real keys that die must not turn into silent demo answers.
///
/// A degraded key has one caller at a time, over all processes. Who finds it taken, and nothing else,
/// waits a moment to see whether it works again. A picture is shown to nobody who is known to be blind.
pub fn decide(pool: &[Candidate], need: &Need<'_>, tried: &Tried) -> Decision {
    let eligible: Vec<_> =
        pool.iter().filter(|key| is_eligible(key, pool, need) && tried.is_open(key)).collect();
    let untried = |key: &&&Candidate| !tried.keys.contains(&key.id) && !is_cooling(key, need.now);
    let has_calls = tried.has_calls();
    if has_calls {
        let free = eligible.iter().filter(untried).filter(|key| !is_on_trial(key, need.now));
        if let Some(next) = free.min_by_key(|key| rank(key, need, tried)) {
            return Decision::Call(next.id);
        }
    }
    let back = eligible.iter().filter_map(|key| key.cooldown_until).filter(|until| *until > need.now).min();
    let others = eligible.iter().any(|key| untried(&key));
    let wait = match (others, has_calls) {
        (false, _) => back,
        // What is left is on trial.
        (true, true) => Some(back.map_or(need.now + TRIAL_WAIT, |back| back.min(need.now + TRIAL_WAIT))),
        // What the round could still have called is not waited for.
        (true, false) => None,
    };
    match wait.filter(|wait| *wait <= need.wait_until) {
        Some(wait) => Decision::WaitUntil(wait),
        None => Decision::GiveUp(back),
    }
}

/// Whether a key may ever serve this need, cooling or not.
fn is_eligible(key: &Candidate, pool: &[Candidate], need: &Need<'_>) -> bool {
    let usable = matches!(key.status, KeyStatus::Active | KeyStatus::Degraded);
    let serves = key.feature.is_none_or(|feature| feature == need.feature);
    let allowed = match key.owner {
        Some(owner) => need.user == Some(owner),
        None => !keeps_to_own(pool, need.user),
    };
    let is_demo = |key: &Candidate| key.provider == Provider::Demo;
    let demo_is_alone = || {
        !pool
            .iter()
            .any(|other| other.owner.is_none() && !is_demo(other) && other.status != KeyStatus::Pending)
    };
    let for_probes = need.unavailable && key.owner.is_none() && key.status == KeyStatus::Degraded;
    let asked = need.only.is_none_or(|only| only == key.provider);
    let sees = key.sees || !need.pictured;
    usable && serves && allowed && asked && sees && !for_probes && (!is_demo(key) || demo_is_alone())
}

/// Whether a student wants to be served by their own keys or not at all.
pub fn keeps_to_own<'a>(pool: impl IntoIterator<Item = &'a Candidate>, user: Option<UserId>) -> bool {
    pool.into_iter().any(|own| {
        own.never_fall_back && own.owner.is_some() && own.owner == user && own.status != KeyStatus::Pending
    })
}

fn is_on_trial(key: &Candidate, now: DateTime<Utc>) -> bool {
    key.status == KeyStatus::Degraded && key.trial_until.is_some_and(|until| until > now)
}

fn is_cooling(key: &Candidate, now: DateTime<Utc>) -> bool {
    key.cooldown_until.is_some_and(|until| until > now)
}

/// The place of a key in the order of use: lower first. Keys of the same place go by id, so that the
/// decision is the same everywhere.
fn rank(
    key: &Candidate,
    need: &Need<'_>,
    tried: &Tried,
) -> (bool, bool, bool, usize, std::cmp::Reverse<i32>, u64, KeyId) {
    let place = need.chain.iter().position(|provider| *provider == key.provider).unwrap_or(usize::MAX);
    (
        key.status == KeyStatus::Degraded,
        key.owner.is_none(),
        tried.withheld.contains(&key.provider),
        place,
        std::cmp::Reverse(key.priority),
        key.last_use,
        key.id,
    )
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
