//! Spreading intervals a little, so that cards that were made together do not stay together: the ranges of Anki
//! (`rslib/src/scheduler/states/fuzz.rs`).

use std::ops::RangeInclusive;

use uuid::Uuid;

use super::interval::{as_f32, whole_days};
use crate::chance::mixed;

/// Shares of an interval by which it may be longer or shorter: from these days to those, of what lies between.
const RANGES: [(f32, f32, f32); 3] = [(2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, f32::MAX, 0.05)];

/// The days among which one is chosen for an interval: none below `least`, none above `most`.
pub fn range(interval: f32, least: u32, most: u32) -> RangeInclusive<u32> {
    let least = least.clamp(1, most.max(1));
    let most = most.max(1);
    let interval = if interval.is_nan() { 1.0 } else { interval.clamp(as_f32(least), as_f32(most)) };
    let around = spread(interval);
    let bounded = |days: f32| whole_days(days, most).max(least);
    let (low, high) = (bounded(interval - around), bounded(interval + around));
    // As in Anki: at a bound there are still two days to choose from.
    let high = if high == low && (3..most).contains(&high) { low + 1 } else { high };
    low..=high
}

fn spread(interval: f32) -> f32 {
    if interval < 2.5 {
        return 0.0;
    }
    RANGES.iter().fold(1.0, |sum, (from, to, share)| sum + share * (interval.min(*to) - from).max(0.0))
}

/// What the fuzz of one answer to one card hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardSeed(u64);

impl CardSeed {
    /// The same for the same card and number of answers, so that whoever asks twice is told the same days.
    pub fn new(card: Uuid, reps: u32) -> Self {
        let (high, low) = card.as_u64_pair();
        Self(mixed(high ^ mixed(low.wrapping_add(u64::from(reps)))))
    }

    /// 64 bits, each as likely 0 as 1.
    pub(super) fn bits(self) -> u64 {
        self.0
    }

    /// A number from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub fn share(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ranges_are_those_of_anki() {
        let of = |interval| range(interval, 1, 36_500);
        assert_eq!([of(1.0), of(2.4), of(3.0), of(7.0)], [1..=1, 2..=2, 2..=4, 5..=9]);
        assert_eq!([of(20.0), of(60.0), of(100.0), of(365.0)], [17..=23, 55..=65, 93..=107, 345..=385]);
        assert_eq!([range(3.0, 4, 100), range(3.0, 3, 3)], [4..=5, 3..=3]);
    }

    #[test]
    fn numbers_are_spread_evenly_and_never_change() {
        let shares: Vec<f64> = (0..10_000).map(|reps| CardSeed::new(Uuid::nil(), reps).share()).collect();
        for tenth in 0..10 {
            let (from, to) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
            let within = shares.iter().filter(|share| (from..to).contains(share)).count();
            assert!((900..1_100).contains(&within), "{within} from {from}");
        }
        assert_eq!(CardSeed::new(Uuid::from_u128(7), 3), CardSeed::new(Uuid::from_u128(7), 3));
        assert_ne!(CardSeed::new(Uuid::from_u128(7), 3), CardSeed::new(Uuid::from_u128(7), 4));
    }

    proptest! {
        #[test]
        fn a_range_is_within_its_bounds(interval in any::<f32>(), least in 0_u32..40_000, most in 0_u32..36_501) {
            let range = range(interval, least, most);
            prop_assert!(range.start() <= range.end());
            prop_assert!(*range.start() >= least.min(most.max(1)) && *range.end() <= most.max(1));
        }
    }
}
