//! What the keys of a feature come to, taken together.

use chrono::{DateTime, TimeDelta, Utc};

use super::evidence::{Failures, Witness};
use crate::{
    feature::Feature,
    ids::KeyId,
    keys::{Key, KeyStatus, Provider},
};

/// What the shared keys of a feature come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Availability {
    /// Whether any is active and does not cool.
    pub active: bool,
    /// When the first of those that cool is back.
    pub back: Option<DateTime<Utc>>,
    /// Whether of any it is not proven that it cannot serve.
    pub doubtful: bool,
}

/// The keys that may serve a feature, among all shared ones. The demo serves only while the pool has no other.
fn serving(keys: &[Key], feature: Feature) -> impl Iterator<Item = &Key> {
    let others = keys
        .iter()
        .any(|key| key.owner.is_none() && key.provider != Provider::Demo && key.status != KeyStatus::Pending);
    keys.iter().filter(move |key| {
        matches!(key.status, KeyStatus::Active | KeyStatus::Degraded)
            && key.owner.is_none()
            && key.feature.is_none_or(|of| of == feature)
            && (key.provider != Provider::Demo || !others)
    })
}

/// The keys of a feature of which it is not proven that they cannot serve, though they do not.
pub fn doubtful(keys: &[Key], failures: &Failures, feature: Feature, now: DateTime<Utc>) -> Vec<KeyId> {
    let idle =
        |key: &&Key| key.status == KeyStatus::Degraded || key.cooldown_until.is_some_and(|until| until > now);
    let unproven = |key: &&Key| failures.proof(key, keys, now).is_none();
    serving(keys, feature).filter(idle).filter(unproven).map(|key| key.id).collect()
}

/// The calls that show that a feature's keys cannot serve.
pub fn witnesses(keys: &[Key], failures: &Failures, feature: Feature, now: DateTime<Utc>) -> Vec<Witness> {
    let of = |key| {
        let proof = failures.proof(key, keys, now).unwrap_or_default();
        proof.into_iter().map(move |entry| Witness::of(key, entry, now))
    };
    serving(keys, feature).flat_map(of).collect()
}

impl Availability {
    /// Of a feature's keys among all shared ones.
    pub fn of(keys: &[Key], failures: &Failures, feature: Feature, now: DateTime<Utc>) -> Self {
        let doubtful = !doubtful(keys, failures, feature, now).is_empty();
        let mut availability = Self { doubtful, ..Self::default() };
        for key in serving(keys, feature) {
            match key.cooldown_until.filter(|until| *until > now) {
                Some(until) => {
                    availability.back = Some(availability.back.map_or(until, |back| back.min(until)));
                }
                None => availability.active |= key.status == KeyStatus::Active,
            }
        }
        availability
    }

    /// Whether it is proven that nothing can serve, now or within the time that a question waits.
    pub fn is_unavailable(self, now: DateTime<Utc>, max_wait: TimeDelta) -> bool {
        let soon = self.back.is_some_and(|back| back - now <= max_wait);
        !self.active && !soon && !self.doubtful
    }

    /// Whether a feature that is closed is to be open: a key serves, or may.
    pub const fn may_serve(self) -> bool {
        self.active || self.doubtful
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::KeyId,
        keys::{
            CallLimits, Refused, Remaining,
            health::{Source, log::Entry},
        },
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
            name: None,
            note: None,
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
            refused: Refused::default(),
            back_offs: 0,
            never_fall_back: false,
            created_at: now(),
        }
    }

    fn entry(key: &Key, class: &str, source: Source, evidence: bool, age: i64) -> Entry {
        Entry {
            at: now() - TimeDelta::seconds(age),
            key: key.id,
            provider: key.provider,
            feature: key.feature,
            from: key.status,
            to: key.status,
            failures: 1,
            class: Some(class.to_owned()),
            http_status: Some(401),
            reason: None,
            source,
            evidence,
        }
    }

    /// As if a call and a probe had shown of every key that it cannot serve.
    fn proven(keys: &[Key]) -> Failures {
        let of = |key: &Key| {
            let class = if key.cooldown_until > Some(now()) { "quota" } else { "credential" };
            [entry(key, class, Source::Probe, true, 1), entry(key, class, Source::Call, true, 2)]
        };
        keys.iter().flat_map(of).collect()
    }

    fn closes(keys: &[Key], failures: &Failures, feature: Feature) -> bool {
        Availability::of(keys, failures, feature, now()).is_unavailable(now(), TimeDelta::minutes(10))
    }

    fn gone(keys: &[Key], feature: Feature) -> bool {
        closes(keys, &proven(keys), feature)
    }

    #[test]
    fn a_feature_lives_by_an_active_key_or_one_that_is_back_soon() {
        use KeyStatus::{Active, Degraded, Disabled, Pending};
        let any = |status, cools_for| [key(Provider::Gemini, None, status, cools_for)];
        assert!(gone(&[], Feature::Chat));
        assert!(!gone(&any(Active, 0), Feature::Chat));
        assert!(!gone(&any(Active, 10), Feature::Chat));
        assert!(gone(&any(Active, 11), Feature::Chat));
        assert!(!gone(&any(Degraded, 5), Feature::Chat));
        for status in [Degraded, Disabled, Pending] {
            assert!(gone(&any(status, 0), Feature::Chat), "{status:?}");
        }
        let both = [key(Provider::Gemini, None, Active, 60), key(Provider::OpenAi, None, Active, 30)];
        assert_eq!(
            Availability::of(&both, &proven(&both), Feature::Chat, now()).back,
            Some(now() + TimeDelta::minutes(30)),
            "the first that is back counts"
        );
    }

    #[test]
    fn a_feature_lives_by_its_own_keys_and_those_for_all() {
        use KeyStatus::{Active, Degraded};
        let mcq = key(Provider::Gemini, Some(Feature::Mcq), Active, 0);
        assert!(gone(std::slice::from_ref(&mcq), Feature::Chat));
        assert!(!gone(&[mcq], Feature::Mcq));
        let demo = key(Provider::Demo, None, Active, 0);
        assert!(!gone(std::slice::from_ref(&demo), Feature::Chat));
        assert!(gone(&[demo, key(Provider::Gemini, None, Degraded, 0)], Feature::Chat));
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_feature_closes_on_evidence_of_each_of_its_keys() {
        use Source::{Call, Probe};
        let degraded = || key(Provider::OpenAi, None, KeyStatus::Degraded, 0);
        let spent = || key(Provider::OpenAi, None, KeyStatus::Active, 120);
        for (what, key, entries, closes_it) in [
            ("nothing is known", degraded(), vec![], false),
            ("a question failed", degraded(), vec![("credential", Call, true)], false),
            ("many did", degraded(), vec![("overload", Call, true); 6], false),
            ("and a probe", degraded(), vec![("overload", Probe, true), ("overload", Call, true)], true),
            (
                "a probe, and questions since",
                degraded(),
                vec![("overload", Call, true), ("overload", Probe, true)],
                true,
            ),
            (
                "a probe was refused",
                degraded(),
                vec![("refusal", Probe, false), ("overload", Call, true)],
                false,
            ),
            (
                "a probe waited in vain",
                degraded(),
                vec![("overload", Probe, false), ("overload", Probe, true)],
                false,
            ),
            ("a header asks for hours", spent(), vec![("rate", Call, true)], false),
            (
                "and says so again to a probe",
                spent(),
                vec![("rate", Probe, true), ("rate", Call, true)],
                true,
            ),
            (
                "nobody knows for how long",
                spent(),
                vec![("rate", Probe, false), ("rate", Call, false)],
                false,
            ),
            ("a budget is spent until then", spent(), vec![("quota", Call, true)], true),
            ("or for nobody knows how long", spent(), vec![("quota", Call, false)], false),
            ("what a header says is left", spent(), vec![], false),
        ] {
            let entries = entries.into_iter().enumerate();
            let entries = entries.map(|(age, (class, source, evidence))| {
                entry(&key, class, source, evidence, i64::try_from(age).unwrap())
            });
            let (failures, keys) = (entries.collect(), [key]);
            assert_eq!(closes(&keys, &failures, Feature::Chat), closes_it, "{what}");
            assert_eq!(witnesses(&keys, &failures, Feature::Chat, now()).is_empty(), !closes_it, "{what}");
            assert_eq!(doubtful(&keys, &failures, Feature::Chat, now()).is_empty(), closes_it, "{what}");
        }
        // One doubtful key keeps it open, and what was before an answer is forgotten.
        let keys = [degraded(), degraded()];
        let of_one: Failures = [entry(&keys[0], "credential", Probe, true, 1)].into_iter().collect();
        assert!(!closes(&keys, &of_one, Feature::Chat));
        let answered = Key { last_success_at: Some(now()), ..degraded() };
        assert!(!closes(
            std::slice::from_ref(&answered),
            &proven(std::slice::from_ref(&answered)),
            Feature::Chat
        ));
    }

    #[test]
    fn a_budget_is_its_projects() {
        let of = |group: &str| Key {
            quota_group: Some(group.to_owned()),
            ..key(Provider::Gemini, None, KeyStatus::Active, 120)
        };
        let keys = [of("one"), of("one")];
        let failures: Failures = [entry(&keys[0], "quota", Source::Call, true, 1)].into_iter().collect();
        assert!(closes(&keys, &failures, Feature::Chat));
        assert!(!closes(&[keys[0].clone(), of("two")], &failures, Feature::Chat));
    }
}
