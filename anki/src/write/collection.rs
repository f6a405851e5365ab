//! The collection, made in memory.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};
use study::scheduling::{Due, State};

use super::{
    ids::{Ids, checksum, deck_id},
    rows, types,
};
use crate::{Package, WriteError, WriteOptions, read::DAY, text::plain};

const SCHEMA: &str = "
CREATE TABLE col(id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
    models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes(id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards(id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
    ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
    left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog(id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
    type integer NOT NULL);
CREATE TABLE graves(usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);";

/// The one deck that every collection has.
const DEFAULT_DECK: i64 = 1;

/// The oldest day that days are counted from, before today.
const OLDEST: i64 = 36_500;

/// The collection of a package whose places were checked.
pub(super) fn make(package: &Package, options: &WriteOptions) -> Result<Connection, WriteError> {
    let mut connection = Connection::open_in_memory()?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    let first_day = first_day(package, options);
    let (decks, deck_ids) = decks(package, options);
    let conf = json!({"curDeck": 1, "activeDecks": [1], "nextPos": package.cards.len() + 1, "schedVer": 2,
        "creationOffset": 0, "rollover": 4});
    transaction.execute(
        "INSERT INTO col VALUES(1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
        params![
            first_day * DAY + 4 * 3_600,
            options.now * 1_000,
            options.now * 1_000,
            conf.to_string(),
            types::models().to_string(),
            decks.to_string(),
            deck_options().to_string(),
        ],
    )?;
    let notes = insert_notes(&transaction, package)?;
    let cards = insert_cards(&transaction, package, options, first_day, (&notes, &deck_ids))?;
    if options.scheduling {
        insert_reviews(&transaction, package, &cards)?;
    }
    transaction.commit()?;
    Ok(connection)
}

/// The day that days are counted from: none that is due is before it, where that can be.
fn first_day(package: &Package, options: &WriteOptions) -> i64 {
    let today = options.now.div_euclid(DAY);
    let days = package.cards.iter().filter_map(|card| match card.schedule.due {
        Due::On(day) if card.schedule.state != State::New => Some(i64::from(day.0)),
        _ => None,
    });
    days.min().unwrap_or(today).clamp(today - OLDEST, today).max(1)
}

/// Decks as the collection lists them, and the id of each.
fn decks(package: &Package, options: &WriteOptions) -> (Value, Vec<i64>) {
    let deck = |id: i64, name: &str| {
        json!({"id": id, "name": name, "mod": options.now, "usn": -1, "desc": "", "dyn": 0, "conf": 1,
            "collapsed": false, "extendNew": 0, "extendRev": 0, "lrnToday": [0, 0], "revToday": [0, 0],
            "newToday": [0, 0], "timeToday": [0, 0]})
    };
    let mut free = Ids::default();
    let mut listed = Map::from_iter([(DEFAULT_DECK.to_string(), deck(DEFAULT_DECK, "Default"))]);
    let mut by_name: BTreeMap<&str, i64> = BTreeMap::from([("Default", free.free(DEFAULT_DECK))]);
    let ids = package.decks.iter().map(|given| {
        let name = if given.name.trim().is_empty() { "Default" } else { given.name.as_str() };
        *by_name.entry(name).or_insert_with(|| {
            let id = free.free(given.id.unwrap_or_else(|| deck_id(name.as_bytes())));
            listed.insert(id.to_string(), deck(id, name));
            id
        })
    });
    let ids = ids.collect();
    (Value::Object(listed), ids)
}

/// Anki's own defaults.
fn deck_options() -> Value {
    json!({"1": {"id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": true, "timer": 0,
        "replayq": true, "dyn": false,
        "new": {"delays": [1, 10], "ints": [1, 4, 7], "initialFactor": 2500, "order": 1, "perDay": 20, "bury": false},
        "rev": {"perDay": 200, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36_500, "hardFactor": 1.2, "bury": false},
        "lapse": {"delays": [10], "mult": 0, "minInt": 1, "leechFails": 8, "leechAction": 0}}})
}

/// The ids of notes.
fn insert_notes(connection: &Connection, package: &Package) -> Result<Vec<i64>, WriteError> {
    let mut free = Ids::default();
    let mut guids = HashSet::new();
    let mut insert = connection.prepare("INSERT INTO notes VALUES(?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')")?;
    let mut ids = Vec::with_capacity(package.notes.len());
    for (at, note) in package.notes.iter().enumerate() {
        if !guids.insert(note.guid.as_str()) {
            return Err(WriteError::Dangling { what: "note that is there twice", at });
        }
        let id = free.free(note.id.unwrap_or_else(|| deck_id(note.guid.as_bytes())));
        let fields = types::fields(note);
        let first = fields.first().map(|first| plain(first, true)).unwrap_or_default();
        let tags = note.tags.iter().map(|tag| tag.split_whitespace().collect::<Vec<_>>().join("_"));
        let tags = tags.filter(|tag| !tag.is_empty()).fold(String::new(), |tags, tag| tags + " " + &tag);
        let tags = if tags.is_empty() { tags } else { tags + " " };
        insert.execute(params![
            id,
            note.guid,
            types::id(note.kind),
            note.modified,
            tags,
            fields.join("\u{1f}"),
            first.trim(),
            checksum(first.trim()),
        ])?;
        ids.push(id);
    }
    Ok(ids)
}

/// The ids of cards.
fn insert_cards(
    connection: &Connection,
    package: &Package,
    options: &WriteOptions,
    first_day: i64,
    (notes, decks): (&[i64], &[i64]),
) -> Result<Vec<i64>, WriteError> {
    let mut free = Ids::default();
    let mut insert = connection
        .prepare("INSERT INTO cards VALUES(?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)")?;
    let mut ids = Vec::with_capacity(package.cards.len());
    for (at, card) in package.cards.iter().enumerate() {
        let (Some(note), Some(deck)) = (notes.get(card.note), decks.get(card.deck)) else {
            return Err(WriteError::Dangling { what: "card", at });
        };
        let retention = package.decks.get(card.deck).and_then(|deck| deck.desired_retention);
        let row = rows::card(card, at, options, first_day, retention);
        let id = free.free(note + i64::from(card.ordinal));
        insert.execute(params![
            id,
            note,
            deck,
            card.ordinal,
            options.now,
            row.kind,
            row.queue,
            row.due,
            row.interval,
            row.factor,
            row.reps,
            row.lapses,
            row.left,
            row.data,
        ])?;
        ids.push(id);
    }
    Ok(ids)
}

fn insert_reviews(connection: &Connection, package: &Package, cards: &[i64]) -> Result<(), WriteError> {
    let mut free = Ids::default();
    let mut last = vec![0_i64; cards.len()];
    let mut insert = connection.prepare("INSERT INTO revlog VALUES(?, ?, -1, ?, ?, ?, ?, ?, ?)")?;
    for (at, review) in package.reviews.iter().enumerate() {
        let (Some(card), Some(last)) = (cards.get(review.card), last.get_mut(review.card)) else {
            return Err(WriteError::Dangling { what: "review", at });
        };
        let interval = rows::interval(review.interval);
        insert.execute(params![
            free.free(review.at),
            card,
            u8::from(review.rating),
            interval,
            *last,
            rows::review_factor(review.kind),
            review.duration,
            review.kind as u8,
        ])?;
        *last = interval;
    }
    Ok(())
}
