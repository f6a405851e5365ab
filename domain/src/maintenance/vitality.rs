//! What the keys of a feature come to, taken together.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    feature::Feature,
    keys::{Key, KeyStatus, Provider},
};

/// What the shared keys of a feature come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vitality {
    /// Whether any is active and does not cool.
    pub active: bool,
    /// When the first of those that cool is back.
    pub back: Option<DateTime<Utc>>,
}

impl Vitality {
    /// Of a feature's keys among all shared ones.
    pub fn of(keys: &[Key], feature: Feature, now: DateTime<Utc>) -> Self {
        let others = keys.iter().any(|key| {
            key.owner.is_none() && key.provider != Provider::Demo && key.status != KeyStatus::Pending
        });
        let mut vitality = Self::default();
        for key in keys {
            let usable = matches!(key.status, KeyStatus::Active | KeyStatus::Degraded);
            let serves = key.owner.is_none() && key.feature.is_none_or(|of| of == feature);
            // The demo serves only while the pool has no other key.
            if !usable || !serves || (key.provider == Provider::Demo && others) {
                continue;
            }
            match key.cooldown_until.filter(|until| *until > now) {
                Some(until) => vitality.back = Some(vitality.back.map_or(until, |back| back.min(until))),
                None => vitality.active |= key.status == KeyStatus::Active,
            }
        }
        vitality
    }

    /// Whether nothing can be expected to serve, now or within the time that a question waits. Degraded
    /// keys count for nothing: this is asked after a round that tried them, too.
    pub fn is_dead(self, now: DateTime<Utc>, max_wait: TimeDelta) -> bool {
        let soon = self.back.is_some_and(|back| back - now <= max_wait);
        !self.active && !soon
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::KeyId,
        keys::{CallLimits, Remaining},
    };

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn key(provider: Provider, feature: Option<Feature>, status: KeyStatus, cools_for: i64) -> Key {
        Key {
            id: KeyId::generate(),
            owner: None,
            provider,
            feature,
            last_four: String::new(),
            priority: 0,
            status,
            failure_count: 0,
            cooldown_until: Some(now() + TimeDelta::minutes(cools_for)),
            reason: None,
            quota_group: None,
            base_url: None,
            model: None,
            limits: CallLimits::default(),
            remaining: Remaining::default(),
            price: None,
            quota_warned_until: None,
            trial_until: None,
            last_used_at: None,
            last_success_at: None,
            successes: 0,
            failures: 0,
            latency_ms: None,
            never_fall_back: false,
            created_at: now(),
        }
    }

    fn dead(keys: &[Key], feature: Feature) -> bool {
        Vitality::of(keys, feature, now()).is_dead(now(), TimeDelta::minutes(10))
    }

    #[test]
    fn a_feature_lives_by_an_active_key_or_one_that_is_back_soon() {
        use KeyStatus::{Active, Degraded, Disabled, Pending};
        let any = |status, cools_for| [key(Provider::Gemini, None, status, cools_for)];
        assert!(dead(&[], Feature::Chat));
        assert!(!dead(&any(Active, 0), Feature::Chat));
        assert!(!dead(&any(Active, 10), Feature::Chat));
        assert!(dead(&any(Active, 11), Feature::Chat));
        assert!(!dead(&any(Degraded, 5), Feature::Chat));
        for status in [Degraded, Disabled, Pending] {
            assert!(dead(&any(status, 0), Feature::Chat), "{status:?}");
        }
        let both = [key(Provider::Gemini, None, Active, 60), key(Provider::OpenAi, None, Active, 30)];
        assert_eq!(
            Vitality::of(&both, Feature::Chat, now()).back,
            Some(now() + TimeDelta::minutes(30)),
            "the first that is back counts"
        );
    }

    #[test]
    fn a_feature_lives_by_its_own_keys_and_those_for_all() {
        use KeyStatus::{Active, Degraded};
        let mcq = key(Provider::Gemini, Some(Feature::Mcq), Active, 0);
        assert!(dead(std::slice::from_ref(&mcq), Feature::Chat));
        assert!(!dead(&[mcq], Feature::Mcq));
        let demo = key(Provider::Demo, None, Active, 0);
        assert!(!dead(std::slice::from_ref(&demo), Feature::Chat));
        assert!(dead(&[demo, key(Provider::Gemini, None, Degraded, 0)], Feature::Chat));
    }
}
