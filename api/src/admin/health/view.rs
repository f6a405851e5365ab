//! The health of features and providers, made from the keys of the pool.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    feature::Feature,
    ids::KeyId,
    keys::{
        Key, KeyStatus, Provider,
        estimate::{QuotaLeft, quota_left},
        health::Level,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::keys::view::masked;

/// How well a feature is served.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeatureHealth {
    feature: Feature,
    #[serde(flatten)]
    health: Health,
    /// The same by provider, in the order in which they are asked.
    providers: Vec<ProviderHealth>,
}

/// How well a provider serves a feature.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProviderHealth {
    provider: Provider,
    #[serde(flatten)]
    health: Health,
}

/// How well some keys serve.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    level: Level,
    keys: Counts,
    /// Failures within the last hour.
    failures_last_hour: i64,
    /// The key that the next question would get; null where none is active.
    serving: Option<Serving>,
    /// An estimate for the running day.
    quota_left: QuotaLeft,
}

/// Keys by where they stand.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Counts {
    /// Ready to serve.
    active: usize,
    /// Active, and out of quota for now.
    cooling: usize,
    degraded: usize,
    disabled: usize,
    /// Stored and not tried yet.
    pending: usize,
}

/// A key that serves.
#[derive(Debug, Serialize, ToSchema)]
struct Serving {
    id: KeyId,
    provider: Provider,
    #[schema(example = "…4444")]
    key_masked: String,
    priority: i32,
}

/// What the view is made from.
#[derive(Debug)]
pub(super) struct Pool {
    /// The shared keys.
    pub(super) keys: Vec<Key>,
    /// Failures of each within the last hour.
    pub(super) failures: HashMap<KeyId, i64>,
    /// Requests of today of those that have a limit a day.
    pub(super) used_today: HashMap<KeyId, i64>,
    /// Providers in order of preference.
    pub(super) chain: Vec<Provider>,
    /// The longest that a question waits.
    pub(super) max_wait: TimeDelta,
    /// The time.
    pub(super) now: DateTime<Utc>,
}

impl Pool {
    /// The health of every feature that keys can be kept for.
    pub(super) fn features(&self) -> Vec<FeatureHealth> {
        Feature::STUDENT
            .into_iter()
            .chain([Feature::Embedding])
            .map(|feature| self.feature(feature))
            .collect()
    }

    fn feature(&self, feature: Feature) -> FeatureHealth {
        let keys: Vec<_> = self.serving(feature).collect();
        let mut providers: Vec<_> = keys.iter().map(|key| key.provider).collect();
        providers.sort_by_key(|provider| (self.place(*provider), *provider));
        providers.dedup();
        let of = |provider| {
            let keys: Vec<_> = keys.iter().copied().filter(|key| key.provider == provider).collect();
            ProviderHealth { provider, health: self.health(&keys) }
        };
        FeatureHealth {
            feature,
            health: self.health(&keys),
            providers: providers.into_iter().map(of).collect(),
        }
    }

    /// The keys that serve a feature. The demo's does while there is no other.
    fn serving(&self, feature: Feature) -> impl Iterator<Item = &Key> {
        let real = |key: &Key| key.provider != Provider::Demo && key.status != KeyStatus::Pending;
        let demo_is_alone = !self.keys.iter().any(real);
        self.keys.iter().filter(move |key| {
            key.feature.is_none_or(|kept_for| kept_for == feature)
                && (demo_is_alone || key.provider != Provider::Demo)
        })
    }

    fn health(&self, keys: &[&Key]) -> Health {
        let mut counts = Counts::default();
        for key in keys {
            let count = match key.status {
                KeyStatus::Active if self.cools(key) => &mut counts.cooling,
                KeyStatus::Active => &mut counts.active,
                KeyStatus::Degraded => &mut counts.degraded,
                KeyStatus::Disabled => &mut counts.disabled,
                KeyStatus::Pending => &mut counts.pending,
            };
            *count += 1;
        }
        let states = keys.iter().map(|key| (key.status, key.cooldown_until));
        Health {
            level: Level::of(states, self.now, self.max_wait),
            keys: counts,
            failures_last_hour: keys.iter().filter_map(|key| self.failures.get(&key.id)).sum(),
            serving: self.next(keys),
            quota_left: quota_left(keys.iter().copied(), &self.used_today, self.now),
        }
    }

    /// The order of use, as the router has it.
    fn next(&self, keys: &[&Key]) -> Option<Serving> {
        let ready = keys.iter().filter(|key| {
            let spent = key
                .limits
                .rpd
                .is_some_and(|rpd| self.used_today.get(&key.id).is_some_and(|used| *used >= i64::from(rpd)));
            key.status == KeyStatus::Active && !self.cools(key) && !spent
        });
        let order = |key: &&&Key| (self.place(key.provider), Reverse(key.priority), key.last_used_at, key.id);
        ready.min_by_key(order).map(|key| Serving {
            id: key.id,
            provider: key.provider,
            key_masked: masked(&key.last_four),
            priority: key.priority,
        })
    }

    fn cools(&self, key: &Key) -> bool {
        key.cooldown_until.is_some_and(|until| until > self.now)
    }

    fn place(&self, provider: Provider) -> usize {
        self.chain.iter().position(|named| *named == provider).unwrap_or(usize::MAX)
    }
}
