//! What of a day's limits is left, deck by deck, counted from the log.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use super::decks::Deck;
use crate::{
    deck_title::SEPARATOR,
    ids::{CardId, DeckId, NoteId, ReviewId, UserId},
    scheduling::{Day, State, queue::Allowance},
};

/// An answer of today that stands.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    /// To which card.
    pub card: CardId,
    /// Of which note, where that is still there.
    pub note: Option<NoteId>,
    /// Of which deck it was.
    pub deck: DeckId,
    /// What the card was before.
    pub was: State,
    /// How long it took, in milliseconds.
    pub duration_ms: i32,
    /// Whether the card was set back to new since.
    pub reset: bool,
}

struct Row {
    id: ReviewId,
    card: CardId,
    note: Option<NoteId>,
    deck: DeckId,
    was: State,
    duration_ms: i32,
    answered: bool,
    undoes: Option<ReviewId>,
}

/// The answers of a day that were not taken back. What takes back an answer, or sets its card back to new, and matters on
/// this day is of this day, too.
pub(super) async fn done(conn: &mut PgConnection, user: UserId, day: Day) -> sqlx::Result<Vec<Done>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id as "id: ReviewId", r.card_id as "card: CardId", r.deck_id as "deck: DeckId", r.was as "was: State",
                  r.duration_ms, r.rating is not null as "answered!", r.undoes as "undoes: ReviewId",
                  (select c.note_id from cards c where c.id = r.card_id and c.user_id = $1) as "note: NoteId"
           from reviews r where r.user_id = $1 and r.day = $2 order by r.id"#,
        user.0,
        day.0,
    )
    .fetch_all(conn)
    .await?;
    let undone: HashSet<ReviewId> = rows.iter().filter_map(|row| row.undoes).collect();
    let resets = rows.iter().filter(|row| !row.answered && row.undoes.is_none());
    let last_reset: HashMap<CardId, ReviewId> = resets.map(|row| (row.card, row.id)).collect();
    let standing = rows.into_iter().filter(|row| row.answered && !undone.contains(&row.id));
    let done = standing.map(|row| {
        let reset = last_reset.get(&row.card).is_some_and(|reset| *reset > row.id);
        let Row { card, note, deck, was, duration_ms, .. } = row;
        Done { card, note, deck, was, duration_ms, reset }
    });
    Ok(done.collect())
}

/// Notes of which a card was answered.
pub(super) fn answered(done: &[Done]) -> HashSet<NoteId> {
    done.iter().filter(|done| !done.reset).filter_map(|done| done.note).collect()
}

/// How many of these were reviews, and no steps.
pub fn reviews(done: &[Done]) -> u32 {
    u32::try_from(done.iter().filter(|done| done.was == State::Review).count()).unwrap_or(u32::MAX)
}

/// What is left of each deck's limits: what was done below counts above.
pub(super) fn allowances(decks: &[Deck], done: &[Done]) -> HashMap<DeckId, Allowance> {
    let parents = parents(decks);
    let mut left: HashMap<DeckId, Allowance> = decks
        .iter()
        .map(|deck| {
            let limit = |limit: i32| u32::try_from(limit).unwrap_or(0);
            let parent = parents.get(&deck.id).copied();
            let allowance =
                Allowance { parent, new: limit(deck.new_per_day), reviews: limit(deck.reviews_per_day) };
            (deck.id, allowance)
        })
        .collect();
    for done in done {
        for deck in chain(done.deck, &parents) {
            if let Some(left) = left.get_mut(&deck) {
                left.new = left.new.saturating_sub(u32::from(done.was == State::New));
                left.reviews = left.reviews.saturating_sub(u32::from(done.was == State::Review));
            }
        }
    }
    left
}

/// The nearest deck above each that has one.
pub(super) fn parents(decks: &[Deck]) -> HashMap<DeckId, DeckId> {
    let by_title: HashMap<String, DeckId> =
        decks.iter().map(|deck| (deck.title.to_lowercase(), deck.id)).collect();
    let parent = |deck: &Deck| {
        let mut title = deck.title.to_lowercase();
        while let Some((above, _)) = title.rsplit_once(SEPARATOR) {
            let above = above.to_owned();
            if let Some(parent) = by_title.get(&above) {
                return Some((deck.id, *parent));
            }
            title = above;
        }
        None
    };
    decks.iter().filter_map(parent).collect()
}

/// A deck and those above it.
pub(super) fn chain(deck: DeckId, parents: &HashMap<DeckId, DeckId>) -> impl Iterator<Item = DeckId> {
    std::iter::successors(Some(deck), |deck| parents.get(deck).copied())
}

/// A deck and those below it.
pub(super) fn below(root: &Deck, decks: &[Deck]) -> Vec<DeckId> {
    let title = root.title.to_lowercase();
    let prefix = format!("{title}{SEPARATOR}");
    let within = |deck: &&Deck| {
        let other = deck.title.to_lowercase();
        other == title || other.starts_with(&prefix)
    };
    decks.iter().filter(within).map(|deck| deck.id).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn deck(title: &str, new_per_day: i32) -> Deck {
        Deck {
            id: DeckId::generate(),
            title: title.to_owned(),
            new_per_day,
            reviews_per_day: 10,
            desired_retention: 0.9,
            learning_steps: vec![],
            created_at: DateTime::default(),
            updated_at: DateTime::default(),
        }
    }

    #[test]
    fn what_was_done_below_counts_above() {
        let decks = [deck("Heart", 5), deck("heart::Valves::Mitral", 4), deck("Heartburn", 3)];
        let done = |deck: &Deck, was| Done {
            card: CardId::generate(),
            note: None,
            deck: deck.id,
            was,
            duration_ms: 0,
            reset: false,
        };
        let done =
            [done(&decks[1], State::New), done(&decks[1], State::Review), done(&decks[2], State::Learning)];
        let left = allowances(&decks, &done);
        assert_eq!(left[&decks[0].id], Allowance { parent: None, new: 4, reviews: 9 });
        assert_eq!(left[&decks[1].id], Allowance { parent: Some(decks[0].id), new: 3, reviews: 9 });
        assert_eq!(left[&decks[2].id], Allowance { parent: None, new: 3, reviews: 10 });
        assert_eq!(below(&decks[0], &decks), [decks[0].id, decks[1].id]);
        assert_eq!(reviews(&done), 1);
    }
}
