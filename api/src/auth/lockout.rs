//! How long an account waits after failed tries: nine in a row cost nothing more than their own
//! time, the tenth locks sign-in for an hour, and each further one for twice as long as the one
//! before, a day at most. A good try forgets them all, and so does an admin who enables the account.
//!
//! One address has no more than five tries in a quarter of an hour as it is, so this is for those who
//! come from many.

use chrono::TimeDelta;

/// Failures in a row that lock.
const LOCKS_AT: i32 = 10;
/// How long the first lock lasts.
pub(super) const FIRST: TimeDelta = TimeDelta::hours(1);
/// How long a lock lasts at most.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// How long nobody may try after this many failures in a row.
pub(super) fn after(failures: i32) -> Option<TimeDelta> {
    let beyond = u32::try_from(failures.checked_sub(LOCKS_AT)?).ok()?;
    let factor = 1_i32.checked_shl(beyond.min(16)).unwrap_or(i32::MAX);
    Some(FIRST.checked_mul(factor).map_or(LONGEST, |wait| wait.min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_in_a_row_lock_and_more_lock_for_longer() {
        assert_eq!(after(9), None);
        assert_eq!(after(10), Some(TimeDelta::hours(1)));
        assert_eq!(after(11), Some(TimeDelta::hours(2)));
        assert_eq!(after(13), Some(TimeDelta::hours(8)));
        assert_eq!(after(15), Some(TimeDelta::days(1)));
        assert_eq!(after(i32::MAX), Some(TimeDelta::days(1)));
        assert_eq!(after(i32::MIN), None);
    }
}
