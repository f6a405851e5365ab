//! What came of one run of a job, and what the queue does next.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::RngExt as _;

/// What came of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, and has no result to store with it.
    Done,
    /// Its handler ended it in the transaction that stored its result (`queue::complete`).
    Ended,
    /// It may work later: again after the back-off, until its attempts are used up.
    Retry(String),
    /// Not its fault: again at this time, without using up an attempt.
    Snooze(DateTime<Utc>),
    /// Somebody cancelled it.
    Cancelled,
    /// It will never work.
    Discard(String),
}

/// The wait after a failed attempt: 2 s, 4 s, 8 s … at most 10 min, give or take a quarter, so that
/// jobs that failed together do not come back together.
pub(super) fn back_off(attempt: i16) -> Duration {
    let doublings = u32::try_from(attempt).unwrap_or(0).clamp(1, 10);
    let base = Duration::from_secs(1 << doublings).min(Duration::from_mins(10));
    base.mul_f64(rand::rng().random_range(0.75..=1.25))
}

#[cfg(test)]
mod tests {
    use super::back_off;

    proptest::proptest! {
        #[test]
        fn waits_are_never_absurd(attempt: i16) {
            let wait = back_off(attempt).as_secs_f64();
            proptest::prop_assert!((1.5..=750.0).contains(&wait));
        }
    }
}
