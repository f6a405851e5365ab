//! An answer to a card, and what each of the four would lead to.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Card, CardSeed, Day, Due, Interval, LogEntry, Memory, Rating, Settings, State,
    balance::{self, Load},
    fuzz,
    interval::{LONGEST, as_f32, whole_days},
    steps::{self, After},
};

/// When and of what card it is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What fuzz hangs on: the card and how often it was answered.
    pub seed: CardSeed,
    /// The moment of the answer.
    pub at: DateTime<Utc>,
    /// The zone of the student.
    pub zone: Tz,
    /// How full the coming days are.
    pub load: &'a Load,
}

/// What one rating leads to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The state after it.
    pub state: State,
    /// The step after it.
    pub step: u8,
    /// The memory after it.
    pub memory: Memory,
    /// When the card comes back.
    pub interval: Interval,
}

/// What each of the four ratings leads to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NextStates {
    /// Forgotten.
    pub again: Choice,
    /// Recalled with difficulty.
    pub hard: Choice,
    /// Recalled.
    pub good: Choice,
    /// Recalled at once.
    pub easy: Choice,
}

impl NextStates {
    /// What this rating leads to.
    pub fn of(&self, rating: Rating) -> Choice {
        match rating {
            Rating::Again => self.again,
            Rating::Hard => self.hard,
            Rating::Good => self.good,
            Rating::Easy => self.easy,
        }
    }
}

/// What each rating of this card leads to now. Asked twice, it answers the same, and [`review`] does what it said.
pub fn next_states(card: &Card, settings: &Settings, asked: &Asked<'_>) -> NextStates {
    let today = Day::of(asked.at, asked.zone);
    let days = card.elapsed(today);
    let remembered = |rating| settings.model.answered(card.memory, days, rating);
    // An interval is longer than the one of the rating below.
    let mut floor = 1;
    let mut choice = |rating: Rating| {
        let (memory, wanted) = remembered(rating);
        let (state, step, interval) = match in_steps(card, settings, rating) {
            Some((state, After::Step { step, seconds })) => (state, step, Interval::Seconds(seconds)),
            _ => {
                let least = floor.max(longer_than_before(card, rating, wanted));
                let range = fuzz::range(wanted, least, settings.longest.clamp(1, LONGEST));
                let days = whole_days(
                    as_f32(balance::choose(range, today, asked.load, asked.seed)),
                    settings.longest,
                );
                floor = days + 1;
                (State::Review, 0, Interval::Days(days))
            }
        };
        Choice { state, step, memory, interval }
    };
    NextStates {
        again: choice(Rating::Again),
        hard: choice(Rating::Hard),
        good: choice(Rating::Good),
        easy: choice(Rating::Easy),
    }
}

/// Where the steps lead, for a card that is in them or falls back into them.
fn in_steps(card: &Card, settings: &Settings, rating: Rating) -> Option<(State, After)> {
    match card.state {
        State::New => Some((State::Learning, steps::after(&settings.learning, 0, rating))),
        State::Learning => Some((State::Learning, steps::after(&settings.learning, card.step, rating))),
        State::Relearning => Some((State::Relearning, steps::after(&settings.relearning, card.step, rating))),
        State::Review if rating == Rating::Again => {
            Some((State::Relearning, steps::after(&settings.relearning, 0, rating)))
        }
        State::Review => None,
    }
}

/// As in Anki: where FSRS wants a longer interval than the last, fuzz does not make it a shorter one.
fn longer_than_before(card: &Card, rating: Rating, wanted: f32) -> u32 {
    let grows = card.state == State::Review && rating != Rating::Again && wanted > as_f32(card.interval);
    if grows { card.interval.saturating_add(1) } else { 1 }
}

/// The card after an answer, and the entry of the log that says so.
pub fn review(card: &Card, rating: Rating, settings: &Settings, asked: &Asked<'_>) -> (Card, LogEntry) {
    let choice = next_states(card, settings, asked).of(rating);
    let day = Day::of(asked.at, asked.zone);
    let entry = LogEntry {
        at: asked.at,
        day,
        rating: Some(rating),
        state: choice.state,
        step: choice.step,
        interval: choice.interval,
    };
    (entry.apply(card, Some(choice.memory)), entry)
}

impl LogEntry {
    /// The card after this entry, with the memory that its answer left.
    pub(super) fn apply(&self, before: &Card, memory: Option<Memory>) -> Card {
        let Some(rating) = self.rating else { return Card::default() };
        let forgotten = before.state == State::Review && rating == Rating::Again;
        let (due, interval) = match self.interval {
            Interval::Seconds(seconds) => (Due::At(self.at + Duration::seconds(i64::from(seconds))), 0),
            Interval::Days(days) => (Due::On(self.day.plus(days)), days),
        };
        Card {
            state: self.state,
            step: self.step,
            memory,
            due,
            interval,
            // A review that was made offline may come after a later one.
            last_day: before.last_day.max(Some(self.day)),
            reps: before.reps.saturating_add(1),
            lapses: before.lapses.saturating_add(u32::from(forgotten)),
        }
    }
}
