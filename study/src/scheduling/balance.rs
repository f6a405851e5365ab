//! Choosing a day of the range of an interval so that days become alike: Anki's load balancer
//! (`rslib/src/scheduler/states/load_balancer.rs`).

use std::ops::RangeInclusive;

use super::{CardSeed, Day};

/// Longer intervals are only fuzzed: that far ahead nobody knows how full a day will be.
const BALANCED_UP_TO: u32 = 90;

/// Siblings are kept this many days apart where it can be.
const APART: u32 = 4;

/// How full the coming days are.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// Cards that are due tomorrow, the day after, and so on. Days beyond count as empty.
    pub due: Vec<u32>,
    /// The days on which cards of the same note are due.
    pub siblings: Vec<Day>,
}

/// One day of the range. Without a load each is as likely as the others.
pub(super) fn choose(range: RangeInclusive<u32>, today: Day, load: &Load, seed: CardSeed) -> u32 {
    let balanced = *range.end() <= BALANCED_UP_TO && !(load.due.is_empty() && load.siblings.is_empty());
    let weight = |days: u32| if balanced { weight(days, today, load) } else { 1.0 };
    let total: f64 = range.clone().map(weight).sum();
    let mut left = seed.share() * total;
    let last = *range.end();
    for days in range {
        left -= weight(days);
        if left < 0.0 {
            return days;
        }
    }
    last
}

fn weight(days: u32, today: Day, load: &Load) -> f64 {
    let index = usize::try_from(days).unwrap_or(usize::MAX).saturating_sub(1);
    let due = load.due.get(index).copied().unwrap_or(0);
    let of_cards = if due == 0 { 1.0 } else { f64::from(due).powi(-2) / f64::from(days.max(1)) };
    let day = today.plus(days);
    let nearest = load.siblings.iter().map(|sibling| day.since(*sibling).max(sibling.since(day))).min();
    let of_siblings = match nearest {
        Some(0) => 0.001,
        Some(near) if near <= APART => f64::from(near) / f64::from(APART + 1),
        _ => 1.0,
    };
    of_cards * of_siblings
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn chosen(range: RangeInclusive<u32>, load: &Load) -> Vec<u32> {
        (0..1_000)
            .map(|reps| choose(range.clone(), Day(100), load, CardSeed::new(Uuid::nil(), reps)))
            .collect()
    }

    fn count(chosen: &[u32], days: u32) -> usize {
        chosen.iter().filter(|day| **day == days).count()
    }

    #[test]
    fn without_a_load_every_day_of_the_range_is_as_likely() {
        let chosen = chosen(5..=9, &Load::default());
        assert!((5..=9).all(|days| (150..250).contains(&count(&chosen, days))));
    }

    #[test]
    fn empty_days_are_filled_first() {
        let load = Load { due: vec![0, 0, 0, 0, 50, 50, 5, 50, 50], siblings: vec![] };
        let chosen = chosen(5..=9, &load);
        assert!(count(&chosen, 7) > 900, "{}", count(&chosen, 7));
    }

    #[test]
    fn siblings_are_kept_apart() {
        let load = Load { due: vec![10; 9], siblings: vec![Day(107)] };
        let chosen = chosen(5..=9, &load);
        assert!(count(&chosen, 7) < 10 && count(&chosen, 5) > count(&chosen, 6));
    }

    #[test]
    fn what_is_far_ahead_is_not_balanced() {
        let load = Load { due: (0..200).map(|day| u32::from(day != 100) * 90).collect(), siblings: vec![] };
        assert!(count(&chosen(93..=107, &load), 101) < 200);
    }
}
