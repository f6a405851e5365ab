//! The queue of a day: which cards are asked now, in which order, and why the others are not. Pure.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};

use super::{CardSeed, Day, Due};
use crate::ids::{CardId, DeckId, NoteId};

/// A card in steps is asked so much before its time when nothing else is left, as in Anki.
pub const LOOK_AHEAD: Duration = Duration::minutes(20);

/// Decks nest no deeper; what is below counts to these.
const DEEPEST: usize = 32;

/// A card that may be asked. Suspended and buried ones are left out before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    /// Which.
    pub card: CardId,
    /// Whose siblings are the cards of the same note.
    pub note: NoteId,
    /// Where it is kept.
    pub deck: DeckId,
    /// When it is due.
    pub due: Due,
    /// The turn of a new card among the others.
    pub turn: i64,
}

/// What is left of a deck's limits today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The deck above, whose limits count as well.
    pub parent: Option<DeckId>,
    /// New cards that may still be begun today.
    pub new: u32,
    /// Reviews that may still be asked today.
    pub reviews: u32,
}

/// Everything that orders a day.
#[derive(Debug)]
pub struct Today<'a> {
    /// The moment.
    pub now: DateTime<Utc>,
    /// The day that it is for the student.
    pub day: Day,
    /// Limits by deck. A deck that is not named has none left.
    pub decks: &'a HashMap<DeckId, Allowance>,
    /// Notes of which a card was answered today.
    pub answered: &'a HashSet<NoteId>,
    /// While there is a backlog: the reviews that are left of its cap. New cards pause.
    pub backlog: Option<u32>,
}

/// Why a card is not asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Why {
    /// It is not due.
    NotDue,
    /// A card of the same note is asked today.
    Sibling,
    /// Its deck, or one above, has had enough today.
    Limit,
    /// The backlog's cap is reached, or it is new and new cards pause.
    Backlog,
}

/// Every card that was given, once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// What is asked now, in this order.
    pub now: Vec<CardId>,
    /// What is not, and why.
    pub later: Vec<(CardId, Why)>,
}

/// Orders a day: steps that are due, then reviews with new cards spread evenly among them, then steps that are nearly due.
/// Reviews come by the day they were due, and in an order of its own each day within it.
pub fn order(cards: &[Waiting], today: &Today<'_>) -> Queue {
    let mut queue = Queue::default();
    let (mut steps, mut ahead, mut reviews, mut new) = (vec![], vec![], vec![], vec![]);
    for card in cards {
        match card.due {
            Due::At(at) if at <= today.now => steps.push((at, card)),
            Due::At(at) if at <= today.now + LOOK_AHEAD => ahead.push((at, card)),
            Due::On(day) if day <= today.day => reviews.push(((day, shuffled(card, today.day)), card)),
            Due::InTurn => new.push(((card.turn, card.card), card)),
            Due::At(_) | Due::On(_) => queue.later.push((card.card, Why::NotDue)),
        }
    }
    let in_steps = steps.iter().chain(&ahead).map(|(_, card)| card.note);
    let mut day = Taken {
        notes: today.answered.iter().copied().chain(in_steps).collect(),
        left: today.decks.clone(),
        reviews: today.backlog,
    };
    let steps = in_order(steps);
    let reviews = day.take(in_order(reviews), Kind::Review, &mut queue.later);
    let new = day.take(in_order(new), Kind::New, &mut queue.later);
    queue.now.extend(steps.iter().map(|card| card.card));
    queue.now.extend(spread(reviews, new));
    queue.now.extend(in_order(ahead).iter().map(|card| card.card));
    queue
}

fn in_order<K: Ord>(mut cards: Vec<(K, &Waiting)>) -> Vec<&Waiting> {
    cards.sort_by(|(one, _), (other, _)| one.cmp(other));
    cards.into_iter().map(|(_, card)| card).collect()
}

/// The place of a card among those of its day: the same all day, another one tomorrow.
fn shuffled(card: &Waiting, day: Day) -> (u64, CardId) {
    (CardSeed::new(card.card.0, day.0.unsigned_abs()).bits(), card.card)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Review,
    New,
}

/// What the day has taken so far.
struct Taken {
    notes: HashSet<NoteId>,
    left: HashMap<DeckId, Allowance>,
    /// Reviews that are left of the backlog's cap.
    reviews: Option<u32>,
}

impl Taken {
    fn take(&mut self, cards: Vec<&Waiting>, kind: Kind, later: &mut Vec<(CardId, Why)>) -> Vec<CardId> {
        let mut taken = Vec::with_capacity(cards.len());
        for card in cards {
            match self.refusal(card, kind) {
                Some(why) => later.push((card.card, why)),
                None => {
                    self.count(card, kind);
                    taken.push(card.card);
                }
            }
        }
        taken
    }

    fn refusal(&self, card: &Waiting, kind: Kind) -> Option<Why> {
        if self.notes.contains(&card.note) {
            return Some(Why::Sibling);
        }
        let paused = if kind == Kind::New { self.reviews.is_some() } else { self.reviews == Some(0) };
        if paused {
            return Some(Why::Backlog);
        }
        let full = |deck: &DeckId| self.left.get(deck).is_none_or(|left| left.of(kind) == 0);
        self.above(card.deck).iter().any(full).then_some(Why::Limit)
    }

    fn count(&mut self, card: &Waiting, kind: Kind) {
        self.notes.insert(card.note);
        for deck in self.above(card.deck) {
            if let Some(left) = self.left.get_mut(&deck) {
                match kind {
                    Kind::Review => left.reviews = left.reviews.saturating_sub(1),
                    Kind::New => left.new = left.new.saturating_sub(1),
                }
            }
        }
        if kind == Kind::Review {
            self.reviews = self.reviews.map(|left| left.saturating_sub(1));
        }
    }

    /// A deck and those above it, each once.
    fn above(&self, deck: DeckId) -> Vec<DeckId> {
        let mut chain = vec![deck];
        let mut at = deck;
        while let Some(parent) = self.left.get(&at).and_then(|deck| deck.parent) {
            if chain.len() >= DEEPEST || chain.contains(&parent) {
                break;
            }
            chain.push(parent);
            at = parent;
        }
        chain
    }
}

impl Allowance {
    fn of(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Review => self.reviews,
            Kind::New => self.new,
        }
    }
}

/// Both in their order, each spread evenly over the whole.
fn spread(reviews: Vec<CardId>, new: Vec<CardId>) -> Vec<CardId> {
    // Places are fractions of the whole, both multiplied by both lengths.
    let (of_reviews, of_new) = (reviews.len() + 1, new.len() + 1);
    let reviews = reviews.into_iter().enumerate().map(|(index, card)| ((index + 1) * of_new, card));
    let new = new.into_iter().enumerate().map(|(index, card)| ((index + 1) * of_reviews, card));
    let mut all: Vec<_> = reviews.chain(new).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, card)| card).collect()
}
