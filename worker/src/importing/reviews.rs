//! The answers of a file, as the log keeps them.

use anki::{Review, ReviewKind};
use chrono::{DateTime, Utc};
use study::{
    ids::{CardId, DeckId},
    scheduling::{Day, Interval, State, interval::LONGEST},
    store::{exchange::ImportedReview, reviews::LONGEST as LONGEST_ANSWER},
};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Whose answers they are.
pub(super) struct OfCard<'a> {
    pub(super) card: CardId,
    pub(super) deck: DeckId,
    /// What the note is known by, and the number of the card.
    pub(super) guid: &'a str,
    pub(super) ordinal: i16,
}

/// The answers to one card, in their order; `day` is the student's day of a moment. What is in the future is left out.
pub(super) fn log<'a>(
    of: &OfCard<'_>,
    reviews: impl Iterator<Item = &'a Review>,
    now: DateTime<Utc>,
    day: impl Fn(DateTime<Utc>) -> Day,
) -> Vec<ImportedReview> {
    let (mut log, mut before): (Vec<ImportedReview>, u32) = (Vec::new(), 0);
    for review in reviews {
        let Some(at) = DateTime::from_timestamp_millis(review.at).filter(|at| *at <= now) else { continue };
        let was = match review.kind {
            ReviewKind::Learning if log.is_empty() => State::New,
            ReviewKind::Learning => State::Learning,
            ReviewKind::Relearning => State::Relearning,
            ReviewKind::Review | ReviewKind::Filtered => State::Review,
        };
        let days = u32::try_from(review.interval / DAY).unwrap_or(LONGEST).min(LONGEST);
        let (state, interval) = match was {
            _ if days > 0 => (State::Review, Interval::Days(days)),
            State::Review | State::Relearning => (State::Relearning, seconds(review.interval)),
            State::New | State::Learning => (State::Learning, seconds(review.interval)),
        };
        log.push(ImportedReview {
            card: of.card,
            deck: of.deck,
            key: format!("{}:{}:{}", of.guid, of.ordinal, review.at),
            at,
            day: day(at),
            rating: review.rating.into(),
            was,
            was_interval: before,
            state,
            interval,
            duration_ms: u32::try_from(LONGEST_ANSWER).unwrap_or(u32::MAX).min(review.duration),
        });
        before = days;
    }
    log
}

fn seconds(interval: u64) -> Interval {
    Interval::Seconds(u32::try_from(interval).unwrap_or(0))
}
