//! What reviews and cards add up to, for plots and tables.

mod collection;
mod history;

pub use collection::{Bucket, Totals, forecast, intervals, stability, totals};
pub use history::{DayOfReviews, Hour, Retention, days, hours, retention, studied_days};

use crate::{
    ids::{DeckId, UserId},
    scheduling::Day,
};

/// What is counted: a student's cards, of some decks or of all.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Whose.
    pub user: UserId,
    /// Of which decks; `None` is all.
    pub decks: Option<&'a [DeckId]>,
    /// Today.
    pub today: Day,
    /// How many days back, with today.
    pub days: u32,
}

impl Scope<'_> {
    fn ids(&self) -> Option<Vec<uuid::Uuid>> {
        self.decks.map(|decks| decks.iter().map(|deck| deck.0).collect())
    }

    fn first_day(&self) -> i32 {
        self.today.0.saturating_sub_unsigned(self.days.saturating_sub(1))
    }
}

/// Days in a row on which a student studied, up to today or yesterday: today is not over.
pub fn streak(studied: &[Day], today: Day) -> u32 {
    let mut next = match studied.first() {
        Some(last) if *last == today => today.0,
        _ => today.0 - 1,
    };
    let mut streak = 0;
    for day in studied {
        if day.0 != next {
            break;
        }
        streak += 1;
        next -= 1;
    }
    streak
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streak_ends_with_a_day_that_is_over() {
        let streak = |days: &[i32]| streak(&days.iter().copied().map(Day).collect::<Vec<_>>(), Day(100));
        assert_eq!(streak(&[100, 99, 98, 96]), 3);
        assert_eq!(streak(&[99, 98]), 2, "today is not over");
        assert_eq!(streak(&[98, 97]), 0);
        assert_eq!(streak(&[]), 0);
    }
}
