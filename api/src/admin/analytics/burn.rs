//! How fast the quota of the shared keys is used up.

use std::collections::{BTreeMap, HashMap};

use domain::{
    ids::KeyId,
    keys::{Key, KeyStatus, activity::Activity, burn, estimate::quota_left},
};

use super::{
    super::{health::view::Pool, keys::feature::KeyFeature},
    view::Burn,
};

/// By provider, and what the keys are kept for. `lately` is what each key did within the last hour.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(super) fn of(pool: &Pool, lately: &HashMap<KeyId, Activity>) -> Vec<Burn> {
    let mut groups = BTreeMap::<_, Vec<&Key>>::new();
    let serving = |key: &&Key| matches!(key.status, KeyStatus::Active | KeyStatus::Degraded);
    for key in pool.keys.iter().filter(serving) {
        groups.entry((key.provider, key.feature)).or_default().push(key);
    }
    let burn = |((provider, feature), keys): ((_, _), Vec<&Key>)| {
        let per_hour = burn::per_hour(keys.iter().copied(), lately) as f64;
        let left = quota_left(keys.iter().copied(), &pool.used_today, pool.now);
        // What is not known of some keys cannot be known of all.
        let known = left.requests.filter(|_| left.unknown_keys == 0);
        Burn {
            provider,
            feature: KeyFeature(feature),
            requests_per_hour: per_hour,
            requests_left: left.requests,
            unknown_keys: left.unknown_keys,
            runs_out_at: known
                .and_then(|left_now| burn::runs_out_at(left_now, per_hour, left.resets_at, pool.now)),
        }
    };
    groups.into_iter().map(burn).collect()
}
