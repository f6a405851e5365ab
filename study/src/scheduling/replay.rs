//! The review log: what is stored of an answer, and a card made anew from all of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Card, Day, Interval, Model, Rating, State};

/// One answer, as it is stored for good. With those before it, it is enough to say what the card is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// The student's day then. It stays when they move to another zone.
    pub day: Day,
    /// The answer; none where the card was set back to new.
    pub rating: Option<Rating>,
    /// The state after it.
    pub state: State,
    /// The step after it, since a deck's steps may change.
    pub step: u8,
    /// The interval after it, since it was drawn.
    pub interval: Interval,
}

impl LogEntry {
    /// A card was set back to new.
    pub fn reset(at: DateTime<Utc>, day: Day) -> Self {
        Self { at, day, rating: None, state: State::New, step: 0, interval: Interval::Seconds(0) }
    }
}

/// The card that this log makes of a card: of a new one, or of one that was imported without its log.
///
/// To undo is to leave the last entry out. After parameters were fitted anew it gives the memories that these make of the
/// same answers, and leaves due days as they were told.
pub fn rebuild(start: &Card, log: &[LogEntry], model: &Model) -> Card {
    log.iter().fold(*start, |card, entry| {
        let memory =
            entry.rating.map(|rating| model.answered(card.memory, card.elapsed(entry.day), rating).0);
        entry.apply(&card, memory)
    })
}
