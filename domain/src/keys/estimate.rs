//! How much quota a feature has left today, as far as it can be known.

use std::{collections::HashMap, hash::BuildHasher};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Key, KeyStatus, quota_day::quota_day};
use crate::ids::KeyId;

/// An estimate over some keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct QuotaLeft {
    /// Requests that are left of those keys of which it is known; null where it is known of none.
    pub requests: Option<i64>,
    /// Keys of which it is not known.
    pub unknown_keys: usize,
    /// When all that is known will have begun anew.
    #[serde(skip)]
    pub resets_at: Option<DateTime<Utc>>,
}

/// Estimates what is left of these keys. `used_today` are requests of keys that have a limit a day.
/// Keys of one quota group have one quota.
pub fn quota_left<'a, S: BuildHasher>(
    keys: impl IntoIterator<Item = &'a Key>,
    used_today: &HashMap<KeyId, i64, S>,
    now: DateTime<Utc>,
) -> QuotaLeft {
    let mut groups = HashMap::<_, Vec<&Key>>::new();
    for key in keys {
        if matches!(key.status, KeyStatus::Active | KeyStatus::Degraded) {
            let group = key.quota_group.as_deref().map(|group| (key.provider, group));
            let alone = if group.is_none() { Some(key.id) } else { None };
            groups.entry((group, alone)).or_default().push(key);
        }
    }
    let mut estimate = QuotaLeft::default();
    for members in groups.values() {
        match of_group(members, used_today, now) {
            Some((left, resets_at)) => {
                estimate.requests = Some(estimate.requests.unwrap_or(0).saturating_add(left));
                estimate.resets_at = estimate.resets_at.max(Some(resets_at));
            }
            None => estimate.unknown_keys += members.len(),
        }
    }
    estimate
}

fn of_group<S: BuildHasher>(
    members: &[&Key],
    used_today: &HashMap<KeyId, i64, S>,
    now: DateTime<Utc>,
) -> Option<(i64, DateTime<Utc>)> {
    let used: i64 = members.iter().filter_map(|key| used_today.get(&key.id)).sum();
    let ours = members.iter().filter_map(|key| key.limits.rpd).min();
    let midnight = members.first().map_or(now, |key| quota_day(key.provider, now).1);
    let ours = ours.map(|limit| (i64::from(limit).saturating_sub(used).max(0), midnight));
    let theirs = members.iter().filter_map(|key| key.remaining.at(now).requests);
    ours.into_iter().chain(theirs.map(|left| (left.left, left.until))).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{CallLimits, Left, Provider, Remaining};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn key(id: u128, group: Option<&str>, rpd: Option<u32>) -> Key {
        Key {
            id: KeyId(uuid::Uuid::from_u128(id)),
            owner: None,
            provider: Provider::Gemini,
            feature: None,
            last_four: String::new(),
            priority: 0,
            status: KeyStatus::Active,
            failure_count: 0,
            cooldown_until: None,
            reason: None,
            name: None,
            note: None,
            quota_group: group.map(ToOwned::to_owned),
            base_url: None,
            model: None,
            limits: CallLimits { rpd, ..CallLimits::default() },
            remaining: Remaining::default(),
            price: None,
            quota_warned_until: None,
            trial_until: None,
            last_used_at: None,
            last_success_at: None,
            successes: 0,
            failures: 0,
            latency_ms: None,
            refused: crate::keys::Refused::default(),
            back_offs: 0,
            never_fall_back: false,
            created_at: now(),
        }
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        let none = quota_left(&[key(1, None, None)], &HashMap::new(), now());
        assert_eq!(none, QuotaLeft { requests: None, unknown_keys: 1, resets_at: None });
        let used = HashMap::from([(key(1, None, None).id, 7)]);
        let some = quota_left(&[key(1, None, Some(20)), key(2, None, None)], &used, now());
        assert_eq!((some.requests, some.unknown_keys), (Some(13), 1));
        assert!(some.resets_at.is_some_and(|at| at > now() && at <= now() + chrono::TimeDelta::hours(25)));
    }

    #[test]
    fn a_group_has_one_quota_and_the_provider_knows_best() {
        let used = HashMap::from([(key(1, None, None).id, 7), (key(2, None, None).id, 3)]);
        let mut keys = [key(1, Some("project"), Some(20)), key(2, Some("project"), None)];
        assert_eq!(quota_left(&keys, &used, now()).requests, Some(10));
        let until = now() + chrono::TimeDelta::hours(1);
        keys[1].remaining.requests = Some(Left { left: 4, limit: None, until });
        assert_eq!(quota_left(&keys, &used, now()).requests, Some(4));
        assert_eq!(quota_left(&keys, &used, until).requests, Some(10), "it has reset");
    }
}
