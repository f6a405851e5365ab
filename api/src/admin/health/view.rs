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
        store, usage,
    },
};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::super::keys::view::masked;
use crate::App;

/// How well a feature is served.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::admin) struct FeatureHealth {
    pub(in crate::admin) feature: Feature,
    #[serde(flatten)]
    pub(in crate::admin) health: Health,
    /// The same by provider, in the order in which they are asked.
    providers: Vec<ProviderHealth>,
}

/// How well a provider serves a feature.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::admin) struct ProviderHealth {
    provider: Provider,
    #[serde(flatten)]
    health: Health,
}

/// How well some keys serve.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeysHealth)]
pub(in crate::admin) struct Health {
    pub(in crate::admin) level: Level,
    pub(in crate::admin) keys: Counts,
    /// Failures within the last hour.
    failures_last_hour: i64,
    /// The key that the next question would get; null where none is active.
    pub(in crate::admin) serving: Option<Serving>,
    /// An estimate for the running day.
    pub(in crate::admin) quota_left: QuotaLeft,
}

/// Keys by where they stand.
#[derive(Debug, Default, Clone, Copy, Serialize, ToSchema)]
pub(in crate::admin) struct Counts {
    /// Ready to serve.
    pub(in crate::admin) active: usize,
    /// Active, and out of quota for now.
    pub(in crate::admin) cooling: usize,
    pub(in crate::admin) degraded: usize,
    pub(in crate::admin) disabled: usize,
    /// Stored and not tried yet.
    pub(in crate::admin) pending: usize,
}

/// A key that serves.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::admin) struct Serving {
    id: KeyId,
    pub(in crate::admin) provider: Provider,
    #[schema(example = "…4444")]
    pub(in crate::admin) key_masked: String,
    priority: i32,
}

/// What the view is made from.
#[derive(Debug)]
pub(in crate::admin) struct Pool {
    /// The shared keys.
    pub(in crate::admin) keys: Vec<Key>,
    /// Failures of each within the last hour.
    pub(in crate::admin) failures: HashMap<KeyId, i64>,
    /// Requests of today of those that have a limit a day.
    pub(in crate::admin) used_today: HashMap<KeyId, i64>,
    /// Providers in order of preference.
    pub(in crate::admin) chain: Vec<Provider>,
    /// The longest that a question waits.
    pub(in crate::admin) max_wait: TimeDelta,
    /// The time.
    pub(in crate::admin) now: DateTime<Utc>,
}

impl Pool {
    /// The pool as it is now, without the failures of the last hour.
    pub(in crate::admin) async fn load(app: &App, conn: &mut PgConnection) -> sqlx::Result<Self> {
        let now = app.clock.now();
        Ok(Self {
            keys: store::list_shared(conn).await?,
            failures: HashMap::new(),
            used_today: usage::requests_today(conn, now).await?.into_iter().collect(),
            chain: app.settings.provider_chain.clone(),
            max_wait: app.settings.max_wait,
            now,
        })
    }

    /// The health of every feature that keys can be kept for.
    pub(in crate::admin) fn features(&self) -> Vec<FeatureHealth> {
        Feature::STUDENT
            .into_iter()
            .chain([Feature::Embedding])
            .map(|feature| self.feature(feature))
            .collect()
    }

    pub(in crate::admin) fn feature(&self, feature: Feature) -> FeatureHealth {
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
    pub(in crate::admin) fn serving(&self, feature: Feature) -> impl Iterator<Item = &Key> {
        let real = |key: &Key| key.provider != Provider::Demo && key.status != KeyStatus::Pending;
        let demo_is_alone = !self.keys.iter().any(real);
        self.keys.iter().filter(move |key| {
            key.feature.is_none_or(|kept_for| kept_for == feature)
                && (demo_is_alone || key.provider != Provider::Demo)
        })
    }

    /// Keys by where they stand.
    pub(in crate::admin) fn count<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) -> Counts {
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
        counts
    }

    fn health(&self, keys: &[&Key]) -> Health {
        let states = keys.iter().map(|key| (key.status, key.cooldown_until));
        Health {
            level: Level::of(states, self.now, self.max_wait),
            keys: self.count(keys.iter().copied()),
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
