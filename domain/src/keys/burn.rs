//! How fast a quota is used up, and when there will be nothing left of it.

use std::{collections::HashMap, hash::BuildHasher};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Key, activity::Activity};
use crate::ids::KeyId;

/// No forecast reaches further.
const HORIZON_HOURS: f64 = 24.0 * 366.0;

/// Calls of the last hour of these keys. `lately` is what each did within it.
pub fn per_hour<'a, S: BuildHasher>(
    keys: impl IntoIterator<Item = &'a Key>,
    lately: &HashMap<KeyId, Activity, S>,
) -> i64 {
    keys.into_iter().filter_map(|key| lately.get(&key.id)).map(|activity| activity.calls).sum()
}

/// When `left` is used up at this rate; `None` where it is not, or begins anew before that.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a forecast is rounded anyway"
)]
pub fn runs_out_at(
    left: i64,
    per_hour: f64,
    resets_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if left <= 0 {
        return Some(now);
    }
    let hours = left as f64 / per_hour;
    if per_hour <= 0.0 || hours > HORIZON_HOURS {
        return None;
    }
    let at = now + TimeDelta::seconds((hours * 3600.0) as i64);
    Some(at).filter(|at| resets_at.is_none_or(|resets_at| *at < resets_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_quota_runs_out_unless_it_begins_anew_before() {
        assert_eq!(runs_out_at(60, 120.0, None, at(0)), Some(at(1800)));
        assert_eq!(runs_out_at(60, 120.0, Some(at(1801)), at(0)), Some(at(1800)));
        assert_eq!(runs_out_at(60, 120.0, Some(at(1800)), at(0)), None);
        assert_eq!(runs_out_at(0, 0.0, None, at(0)), Some(at(0)), "nothing is left");
        assert_eq!(runs_out_at(60, 0.0, None, at(0)), None, "nobody uses it");
        assert_eq!(runs_out_at(i64::MAX, 0.001, None, at(0)), None);
    }

    proptest::proptest! {
        #[test]
        fn the_faster_the_sooner(left in 1_i64..1_000_000, slow in 0.1_f64..1e4, more in 0.0_f64..1e4) {
            let (later, sooner) = (runs_out_at(left, slow, None, at(0)), runs_out_at(left, slow + more, None, at(0)));
            if let Some(later) = later {
                proptest::prop_assert!(sooner.unwrap() <= later && later >= at(0));
            }
        }
    }
}
