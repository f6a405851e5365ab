//! Cards with their schedules, and the log of their reviews.

use std::collections::{HashMap, HashSet};

use chrono::DateTime;
use rusqlite::Row;
use serde_json::Value;
use study::scheduling::{Due, Memory, Rating, State};

use super::{
    database::Database,
    lenient::{self, within},
    notes::{Notes, Ordinals},
    types::Collection,
};
use crate::{
    Card, Deck, Kind, Limits, Package, Refusal, Report, Review, ReviewKind, Schedule, refusal::Part,
};

/// From here on a number is a moment in seconds, and below it a day.
const MOMENTS: i64 = 1_000_000_000;

/// The most days of an interval, and the most answers of a card.
const DAYS: i64 = 36_500;
const TIMES: i64 = 1_000_000;

/// The last millisecond that is taken for one: in the year 2200.
const LATEST: i64 = 7_258_118_400_000;

const CARDS: &str = "SELECT id, nid, did, odid, ord, type, queue, due, odue, ivl, factor, reps, lapses, left, data FROM cards";

/// Adds cards and reviews to notes, and leaves out the notes that have none.
pub(super) fn read(
    database: &Database,
    collection: &Collection,
    notes: &mut Notes,
    limits: &Limits,
) -> Result<Package, Refusal> {
    let mut package = std::mem::take(&mut notes.package);
    let mut report = std::mem::take(&mut package.report);
    let (mut decks, mut places, mut there) = (HashMap::new(), HashMap::new(), HashSet::new());
    database.each(CARDS, limits.cards, Part::Cards, |row| {
        report.cards_found += 1;
        let Some((note, ordinals)) = notes.placed.get(&lenient::number(row, 1)) else {
            report.cards_without_note += 1;
            return;
        };
        let found = place(*note, ordinals, lenient::number(row, 4)).filter(|place| there.insert(*place));
        let Some((note, ordinal)) = found else {
            report.cards_without_side += 1;
            return;
        };
        let (deck, home) = (lenient::number(row, 2), lenient::number(row, 3));
        let name = collection.decks.get(if home == 0 { &deck } else { &home });
        let name = name.map_or("Default", String::as_str);
        let deck = *decks.entry(name.to_owned()).or_insert_with(|| {
            let id = collection.decks.iter().find(|(_, other)| *other == name).map(|(id, _)| *id);
            package.decks.push(Deck { id, name: name.to_owned(), desired_retention: None });
            package.decks.len() - 1
        });
        places.insert(lenient::number(row, 0), package.cards.len());
        let schedule = schedule(row, collection, &mut report);
        package.cards.push(Card { note, ordinal, deck, schedule });
    })?;
    if report.cards_found == 0 {
        return Err(Refusal::NoCollection);
    }
    log(database, &places, &mut package, &mut report, limits)?;
    settle(&mut package, &mut report);
    let images = notes.images();
    package.media = images.into_iter().map(|name| crate::Media { name, bytes: Vec::new() }).collect();
    package.report = report;
    Ok(package)
}

/// The note that a card of this number belongs to, and its number there.
fn place(note: usize, ordinals: &Ordinals, ordinal: i64) -> Option<(usize, u16)> {
    let ordinal = u16::try_from(ordinal).ok()?;
    match ordinals {
        Ordinals::First(count) => (ordinal < *count).then_some((note, ordinal)),
        Ordinals::These(these) => these.contains(&ordinal).then_some((note, ordinal)),
        Ordinals::Notes(notes) => Some((notes.get(usize::from(ordinal)).copied().flatten()?, 0)),
    }
}

fn schedule(row: &Row<'_>, collection: &Collection, report: &mut Report) -> Schedule {
    let column = |column| lenient::number(row, column);
    let (home, queue) = (column(3), column(6));
    let state = match within(column(5), 0, 3, report) {
        1 => State::Learning,
        2 => State::Review,
        3 => State::Relearning,
        _ => State::New,
    };
    let due = if home != 0 && column(8) != 0 { column(8) } else { column(7) };
    let mut schedule =
        Schedule { state, suspended: queue == -1, buried: matches!(queue, -2 | -3), ..Schedule::default() };
    if state == State::New {
        schedule.position = small(due.clamp(0, MOMENTS));
        return schedule;
    }
    schedule.due = match state {
        State::Learning | State::Relearning if due >= MOMENTS => {
            let seconds = within(due, 0, LATEST / 1_000, report);
            DateTime::from_timestamp(seconds, 0).map_or(Due::InTurn, Due::At)
        }
        _ => Due::On(collection.day(within(due, -2 * DAYS, 2 * DAYS, report))),
    };
    // What is negative are seconds, of a card in its steps.
    schedule.interval = small(within(column(9).max(0), 0, DAYS, report));
    schedule.reps = small(within(column(11), 0, TIMES, report));
    schedule.lapses = small(within(column(12), 0, TIMES, report));
    if state != State::Review {
        schedule.steps_left = u16::try_from(column(13).rem_euclid(1_000)).unwrap_or(0);
    }
    let factor = column(10);
    if factor > 0 {
        let thousandths = u16::try_from(within(factor, 1_300, 10_000, report)).unwrap_or(2_500);
        schedule.ease = Some(f32::from(thousandths) / 1_000.0);
    }
    let data: Value = serde_json::from_slice(lenient::bytes(row, 14)).unwrap_or_default();
    let number = |name: &str| data.get(name).and_then(Value::as_f64).map(lenient::short);
    schedule.memory = number("s").zip(number("d")).and_then(|(stability, difficulty)| {
        (stability > 0.0 && difficulty > 0.0).then(|| Memory::new(stability, difficulty)).flatten()
    });
    let last = data.get("lrt").and_then(Value::as_i64);
    schedule.last_review = last.filter(|last| (1..LATEST / 1_000).contains(last));
    schedule
}

fn log(
    database: &Database,
    places: &HashMap<i64, usize>,
    package: &mut Package,
    report: &mut Report,
    limits: &Limits,
) -> Result<(), Refusal> {
    if !database.has_table("revlog")? {
        return Ok(());
    }
    let sql = "SELECT id, cid, ease, ivl, time, type FROM revlog";
    database.each(sql, limits.reviews, Part::Reviews, |row| {
        report.reviews_found += 1;
        let column = |column| lenient::number(row, column);
        let rating = u8::try_from(column(2)).ok().and_then(|rating| Rating::try_from(rating).ok());
        let kind = u8::try_from(column(5)).ok().and_then(ReviewKind::from_repr);
        let (Some(rating), Some(kind)) = (rating, kind) else {
            report.reviews_without_rating += 1;
            return;
        };
        let Some(card) = places.get(&column(1)) else {
            report.reviews_without_card += 1;
            return;
        };
        let interval = within(column(3), -(2 * DAYS) * 86_400, 2 * DAYS, report);
        let seconds = if interval < 0 { -interval } else { interval * 86_400 };
        package.reviews.push(Review {
            card: *card,
            at: within(column(0), 1, LATEST, report),
            rating,
            interval: seconds.unsigned_abs(),
            kind,
            duration: small(within(column(4), 0, 86_400_000, report)),
        });
    })?;
    package.reviews.sort_by_key(|review| review.at);
    Ok(())
}

/// Leaves out notes without cards. A pair of which there is one card is a question and its answer.
fn settle(package: &mut Package, report: &mut Report) {
    let mut ordinals: Vec<Vec<u16>> = vec![Vec::new(); package.notes.len()];
    for card in &package.cards {
        if let Some(ordinals) = ordinals.get_mut(card.note) {
            ordinals.push(card.ordinal);
        }
    }
    let mut moved = vec![0; package.notes.len()];
    let notes = std::mem::take(&mut package.notes);
    for ((mut note, ordinals), moved) in notes.into_iter().zip(&ordinals).zip(&mut moved) {
        if ordinals.is_empty() {
            report.notes_without_card += 1;
            continue;
        }
        if note.kind == Kind::BasicReversed && ordinals == &[0] {
            note.kind = Kind::Basic;
        }
        *report.kinds.entry(<&str>::from(note.kind).to_owned()).or_default() += 1;
        *moved = package.notes.len();
        package.notes.push(note);
    }
    for card in &mut package.cards {
        card.note = moved.get(card.note).copied().unwrap_or(0);
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
