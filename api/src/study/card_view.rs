//! A card as an answer, or a change of it, left it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::CardId;
use serde::Serialize;
use study::{
    scheduling::{Card, Interval, State},
    store::cards::StoredCard,
};
use utoipa::ToSchema;

use super::note_view::due;

/// A card as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardView {
    id: CardId,
    state: State,
    /// Which of the steps it waits for, from 0.
    step: u8,
    /// When it is due, of a card in steps.
    due_at: Option<DateTime<Utc>>,
    /// The day on which it is due, of a card in review.
    due_day: Option<NaiveDate>,
    /// In days.
    interval: u32,
    reps: u32,
    lapses: u32,
    suspended: bool,
    /// Whether this answer made it a leech: it is suspended, and its note tagged.
    leech: bool,
}

impl CardView {
    pub(super) fn new(id: CardId, card: &Card, suspended: bool, leech: bool) -> Self {
        let (due_at, due_day) = due(card.due);
        let Card { state, step, interval, reps, lapses, .. } = *card;
        Self { id, state, step, due_at, due_day, interval, reps, lapses, suspended, leech }
    }

    pub(super) fn of(stored: &StoredCard) -> Self {
        Self::new(stored.id, &stored.schedule(), stored.suspended, false)
    }
}

/// When a card comes back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntervalView {
    interval_seconds: u64,
    /// In short: `10m`, `2h`, `3d`, `1.2mo`, `1.5y`.
    label: String,
}

impl From<Interval> for IntervalView {
    fn from(interval: Interval) -> Self {
        Self { interval_seconds: interval.seconds(), label: interval.label() }
    }
}
