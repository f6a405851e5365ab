use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    Day, Due,
    queue::{Allowance, Queue, Today, Waiting, Why, order},
};
use crate::ids::{CardId, DeckId, NoteId};

fn now() -> DateTime<Utc> {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

const DAY: Day = Day(20_788);

fn deck(number: u128) -> DeckId {
    DeckId(Uuid::from_u128(number))
}

/// A card of a note of its own, in deck 1.
fn card(number: u128, due: Due) -> Waiting {
    let id = Uuid::from_u128(number);
    Waiting { card: CardId(id), note: NoteId(id), deck: deck(1), due, turn: i64::try_from(number).unwrap() }
}

fn limits(new: u32, reviews: u32) -> HashMap<DeckId, Allowance> {
    HashMap::from([(deck(1), Allowance { parent: None, new, reviews })])
}

fn queue(cards: &[Waiting], decks: &HashMap<DeckId, Allowance>, backlog: Option<u32>) -> Queue {
    order(cards, &Today { now: now(), day: DAY, decks, answered: &HashSet::new(), backlog })
}

fn numbers(queue: &Queue) -> Vec<u128> {
    queue.now.iter().map(|card| card.0.as_u128()).collect()
}

#[test]
fn steps_come_first_then_reviews_with_new_cards_among_them_then_steps_that_are_nearly_due() {
    let at = |minutes| Due::At(now() + Duration::minutes(minutes));
    let mut cards =
        vec![card(1, at(10)), card(2, at(-1)), card(3, at(-5)), card(4, at(60)), card(5, Due::InTurn)];
    cards.extend([card(6, Due::On(Day(DAY.0 - 2))), card(7, Due::On(DAY)), card(8, Due::On(DAY.plus(1)))]);
    let queue = queue(&cards, &limits(10, 10), None);
    assert_eq!(numbers(&queue), [3, 2, 6, 5, 7, 1]);
    let later: Vec<(u128, Why)> = queue.later.iter().map(|(card, why)| (card.0.as_u128(), *why)).collect();
    assert_eq!(later, [(4, Why::NotDue), (8, Why::NotDue)]);
}

#[test]
fn a_note_is_asked_once_a_day() {
    let of_one_note = |number, due| Waiting { note: NoteId(Uuid::nil()), ..card(number, due) };
    let cards = [of_one_note(1, Due::InTurn), of_one_note(2, Due::On(DAY)), of_one_note(3, Due::InTurn)];
    let one = queue(&cards, &limits(10, 10), None);
    assert_eq!(numbers(&one), [2]);
    assert!(one.later.iter().all(|(_, why)| *why == Why::Sibling));
    let answered = HashSet::from([NoteId(Uuid::nil())]);
    let decks = limits(10, 10);
    let none =
        order(&cards, &Today { now: now(), day: DAY, decks: &decks, answered: &answered, backlog: None });
    assert!(none.now.is_empty());
}

#[test]
fn limits_of_a_deck_above_hold_below() {
    let below = |number, due| Waiting { deck: deck(2), ..card(number, due) };
    let mut decks = limits(1, 2);
    decks.insert(deck(2), Allowance { parent: Some(deck(1)), new: 9, reviews: 9 });
    let cards: Vec<_> =
        (0..6).map(|number| below(number, if number < 3 { Due::On(DAY) } else { Due::InTurn })).collect();
    let queue = queue(&cards, &decks, None);
    assert_eq!(queue.now.len(), 3);
    assert!(queue.later.iter().all(|(_, why)| *why == Why::Limit));
}

#[test]
fn while_there_is_a_backlog_new_cards_pause_and_reviews_are_capped() {
    let cards: Vec<_> =
        (0..20).map(|number| card(number, if number < 10 { Due::On(DAY) } else { Due::InTurn })).collect();
    let queue = queue(&cards, &limits(10, 10), Some(4));
    assert!(queue.now.len() == 4 && numbers(&queue).iter().all(|number| *number < 10));
    assert!(queue.later.iter().all(|(_, why)| *why == Why::Backlog));
}

#[test]
fn decks_that_name_each_other_end() {
    let mut decks = limits(5, 5);
    decks.insert(deck(1), Allowance { parent: Some(deck(2)), new: 5, reviews: 5 });
    decks.insert(deck(2), Allowance { parent: Some(deck(1)), new: 5, reviews: 5 });
    assert_eq!(queue(&[card(1, Due::InTurn)], &decks, None).now.len(), 1);
}

#[test]
#[expect(clippy::print_stderr, reason = "a test tells its figures")]
fn a_large_collection_is_ordered_at_once() {
    let cards: Vec<_> = (0..30_000)
        .map(|number| card(number, if number < 3_000 { Due::On(DAY) } else { Due::On(DAY.plus(3)) }))
        .collect();
    let begun = std::time::Instant::now();
    let asked = queue(&cards, &limits(20, 9_999), None).now.len();
    eprintln!("ordering 30,000 cards, {asked} of them due, took {:?}", begun.elapsed());
    assert_eq!(asked, 3_000);
}

fn due() -> impl Strategy<Value = Due> {
    prop_oneof![
        Just(Due::InTurn),
        (-100_i64..100).prop_map(|minutes| Due::At(now() + Duration::minutes(minutes))),
        (-20_i32..20).prop_map(|days| Due::On(Day(DAY.0 + days))),
    ]
}

prop_compose! {
    fn cards()(parts in prop::collection::vec((due(), 0_u128..60, 0_u128..5, -5_i64..5), 0..80)) -> Vec<Waiting> {
        parts.into_iter().enumerate().map(|(index, (due, note, deck_of, turn))| Waiting {
            card: CardId(Uuid::from_u128(index as u128)), note: NoteId(Uuid::from_u128(note)), deck: deck(deck_of), due, turn,
        }).collect()
    }
}

prop_compose! {
    fn decks()(parts in prop::collection::vec((prop::option::of(0_u128..5), 0_u32..12, 0_u32..12), 4))
        -> HashMap<DeckId, Allowance> {
        let parts = parts.into_iter().enumerate();
        parts.map(|(index, (parent, new, reviews))| {
            (deck(index as u128), Allowance { parent: parent.map(deck), new, reviews })
        }).collect()
    }
}

proptest! {
    #[test]
    fn no_card_is_lost_or_asked_twice_and_no_limit_passed(
        cards in cards(), decks in decks(), backlog in prop::option::of(0_u32..20),
        answered in prop::collection::hash_set(0_u128..60, 0..10),
    ) {
        let answered: HashSet<NoteId> = answered.into_iter().map(|note| NoteId(Uuid::from_u128(note))).collect();
        let today = Today { now: now(), day: DAY, decks: &decks, answered: &answered, backlog };
        let queue = order(&cards, &today);
        let mut all: Vec<CardId> = queue.now.iter().copied().chain(queue.later.iter().map(|(card, _)| *card)).collect();
        all.sort_unstable();
        let given: Vec<CardId> = cards.iter().map(|card| card.card).collect();
        prop_assert_eq!(all, given);

        let asked: Vec<&Waiting> = queue.now.iter().map(|id| cards.iter().find(|card| card.card == *id).unwrap()).collect();
        let reviews: Vec<_> = asked.iter().filter(|card| matches!(card.due, Due::On(_))).collect();
        let new: Vec<_> = asked.iter().filter(|card| card.due == Due::InTurn).collect();
        for (id, limits) in &decks {
            let within = |card: &&&&Waiting| {
                let mut at = Some(card.deck);
                (0..10).any(|_| {
                    let here = at;
                    at = at.and_then(|deck| decks.get(&deck)).and_then(|deck| deck.parent);
                    here == Some(*id)
                })
            };
            prop_assert!(reviews.iter().filter(within).count() <= limits.reviews as usize);
            prop_assert!(new.iter().filter(within).count() <= limits.new as usize);
        }
        prop_assert!(backlog.is_none_or(|left| reviews.len() <= left as usize && new.is_empty()));
        let of_notes: HashSet<NoteId> = reviews.iter().chain(&new).map(|card| card.note).collect();
        prop_assert_eq!(of_notes.len(), reviews.len() + new.len());
        prop_assert!(of_notes.is_disjoint(&answered));
        prop_assert_eq!(order(&cards, &today), queue);
    }
}
