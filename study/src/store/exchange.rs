//! SQL about notes that go to a file, or come from one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::{notes::Note, reviews::stored_interval};
use crate::{
    ids::{CardId, DeckId, NoteId, ReviewId, UserId},
    notes::{NoteKind, NoteOrigin},
    scheduling::{Card, Day, Due, Interval, State},
};

/// What keys of imported reviews begin with. No request can have it in a header.
const IMPORTED: &str = "\u{1}import:";

/// A note with what it is known by elsewhere.
#[derive(Debug)]
pub struct Known {
    /// What it is known by.
    pub guid: String,
    /// The note.
    pub note: Note,
}

struct Row {
    guid: String,
    id: NoteId,
    deck: DeckId,
    kind: NoteKind,
    fields: Value,
    tags: Vec<String>,
    source: Option<Value>,
    created_by: NoteOrigin,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Known {
    fn from(row: Row) -> Self {
        let Row { guid, id, deck, kind, fields, tags, source, created_by, created_at, updated_at } = row;
        Self { guid, note: Note { id, deck, kind, fields, tags, source, created_by, created_at, updated_at } }
    }
}

/// The notes of decks, from behind this one.
pub async fn notes_after(
    conn: &mut PgConnection,
    user: UserId,
    decks: &[DeckId],
    after: Option<NoteId>,
    limit: i64,
) -> sqlx::Result<Vec<Known>> {
    let decks: Vec<_> = decks.iter().map(|deck| deck.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select guid, id as "id: NoteId", deck_id as "deck: DeckId", kind as "kind: NoteKind", fields, tags, source,
                  created_by as "created_by: NoteOrigin", created_at, updated_at
           from notes where user_id = $1 and deck_id = any($2) and ($3::uuid is null or id > $3) order by id limit $4"#,
        user.0,
        &decks,
        after.map(|id| id.0),
        limit,
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(Known::from).collect())
}

/// Those notes that are known by one of these, locked.
pub async fn known(
    conn: &mut PgConnection,
    user: UserId,
    guids: &[String],
) -> sqlx::Result<HashMap<String, Note>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select guid, id as "id: NoteId", deck_id as "deck: DeckId", kind as "kind: NoteKind", fields, tags, source,
                  created_by as "created_by: NoteOrigin", created_at, updated_at
           from notes where user_id = $1 and guid = any($2) order by id for no key update"#,
        user.0,
        guids,
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(Known::from);
    Ok(rows.map(|known| (known.guid, known.note)).collect())
}

/// How many of these are known.
pub async fn count_known(conn: &mut PgConnection, user: UserId, guids: &[String]) -> sqlx::Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from notes where user_id = $1 and guid = any($2)"#,
        user.0,
        guids,
    );
    count.fetch_one(conn).await
}

/// An answer that stands.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// To which card.
    pub card: CardId,
    /// When.
    pub at: DateTime<Utc>,
    /// How well it was known; none where the card was set back to new.
    pub rating: Option<i16>,
    /// What the card was before.
    pub was: State,
    /// The interval after it: days, or seconds where negative.
    pub interval: i32,
    /// How long it took, in milliseconds.
    pub duration_ms: i32,
}

/// The answers to cards that stand, in the order of time.
pub async fn answers(conn: &mut PgConnection, user: UserId, cards: &[CardId]) -> sqlx::Result<Vec<Answered>> {
    let cards: Vec<_> = cards.iter().map(|card| card.0).collect();
    sqlx::query_as!(
        Answered,
        r#"select r.card_id as "card: CardId", r.reviewed_at as at, r.rating, r.was as "was: State", r.interval, r.duration_ms
           from reviews r
           where r.user_id = $1 and r.card_id = any($2) and r.undoes is null
             and not exists (select from reviews u where u.undoes = r.id)
           order by r.reviewed_at, r.id"#,
        user.0,
        &cards,
    )
    .fetch_all(conn)
    .await
}

/// What a card of a file is.
#[derive(Debug, Clone, Copy)]
pub struct ImportedCard {
    /// Whose side it is.
    pub note: NoteId,
    /// Which side.
    pub ordinal: i16,
    /// Its schedule.
    pub card: Card,
    /// Whether it is not asked at all.
    pub suspended: bool,
}

/// Gives cards that were just added the schedules of a file, which they start from for good. Returns their ids.
pub async fn set_schedules(
    conn: &mut PgConnection,
    user: UserId,
    cards: &[ImportedCard],
) -> sqlx::Result<HashMap<(NoteId, i16), CardId>> {
    let column = |of: fn(&Card) -> i32| cards.iter().map(|one| of(&one.card)).collect::<Vec<i32>>();
    let notes: Vec<_> = cards.iter().map(|one| one.note.0).collect();
    let ordinals: Vec<i16> = cards.iter().map(|one| one.ordinal).collect();
    let states: Vec<String> = cards.iter().map(|one| <&str>::from(one.card.state).to_owned()).collect();
    let steps: Vec<i16> = cards.iter().map(|one| i16::from(one.card.step)).collect();
    let stabilities: Vec<Option<f32>> = cards.iter().map(|one| Some(one.card.memory?.stability)).collect();
    let difficulties: Vec<Option<f32>> = cards.iter().map(|one| Some(one.card.memory?.difficulty)).collect();
    let at = |one: &ImportedCard| if let Due::At(at) = one.card.due { Some(at) } else { None };
    let on = |one: &ImportedCard| if let Due::On(day) = one.card.due { Some(day.0) } else { None };
    let due_at: Vec<Option<DateTime<Utc>>> = cards.iter().map(at).collect();
    let due_on: Vec<Option<i32>> = cards.iter().map(on).collect();
    let last: Vec<Option<i32>> = cards.iter().map(|one| one.card.last_day.map(|day| day.0)).collect();
    let suspended: Vec<bool> = cards.iter().map(|one| one.suspended).collect();
    let start = |one: &ImportedCard| {
        (one.card.state != State::New).then(|| serde_json::to_value(one.card).unwrap_or_default())
    };
    let imported: Vec<Option<Value>> = cards.iter().map(start).collect();
    let rows = sqlx::query!(
        r#"update cards c
           set state = s.state::card_state, step = s.step, stability = s.stability, difficulty = s.difficulty,
               due_at = s.due_at, due_day = s.due_day, interval = s.interval, last_day = s.last_day, reps = s.reps,
               lapses = s.lapses, suspended = s.suspended, imported = s.imported, updated_at = now()
           from unnest($2::uuid[], $3::smallint[], $4::text[], $5::smallint[], $6::real[], $7::real[], $8::timestamptz[],
                       $9::int[], $10::int[], $11::int[], $12::int[], $13::int[], $14::bool[], $15::jsonb[])
                as s(note, ordinal, state, step, stability, difficulty, due_at, due_day, interval, last_day, reps, lapses,
                     suspended, imported)
           where c.user_id = $1 and c.note_id = s.note and c.ordinal = s.ordinal
           returning c.id as "id: CardId", c.note_id as "note: NoteId", c.ordinal"#,
        user.0,
        &notes,
        &ordinals,
        &states,
        &steps,
        &stabilities as &[Option<f32>],
        &difficulties as &[Option<f32>],
        &due_at as &[Option<DateTime<Utc>>],
        &due_on as &[Option<i32>],
        &column(|card| whole(card.interval)),
        &last as &[Option<i32>],
        &column(|card| whole(card.reps)),
        &column(|card| whole(card.lapses)),
        &suspended,
        &imported as &[Option<Value>],
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| ((row.note, row.ordinal), row.id)).collect())
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// An answer of a file.
#[derive(Debug, Clone)]
pub struct ImportedReview {
    /// To which card.
    pub card: CardId,
    /// In which deck.
    pub deck: DeckId,
    /// What makes it the same when it comes again.
    pub key: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The student's day then.
    pub day: Day,
    /// From 1 to 4.
    pub rating: u8,
    /// The state before.
    pub was: State,
    /// Days of the interval before.
    pub was_interval: u32,
    /// The state after.
    pub state: State,
    /// The interval after.
    pub interval: Interval,
    /// How long it took, in milliseconds.
    pub duration_ms: u32,
}

/// Adds answers of a file to the log, for statistics and for fitting; those that are there are left out. What the card is they
/// do not make: that begins with what the file says of it. Returns how many were added.
pub async fn insert_reviews(
    conn: &mut PgConnection,
    user: UserId,
    reviews: &[ImportedReview],
) -> sqlx::Result<u64> {
    let ids: Vec<_> = reviews.iter().map(|_| ReviewId::generate().0).collect();
    let cards: Vec<_> = reviews.iter().map(|one| one.card.0).collect();
    let decks: Vec<_> = reviews.iter().map(|one| one.deck.0).collect();
    let keys: Vec<String> = reviews.iter().map(|one| format!("{IMPORTED}{}", one.key)).collect();
    let at: Vec<_> = reviews.iter().map(|one| one.at).collect();
    let days: Vec<i32> = reviews.iter().map(|one| one.day.0).collect();
    let ratings: Vec<i16> = reviews.iter().map(|one| i16::from(one.rating)).collect();
    let was: Vec<String> = reviews.iter().map(|one| <&str>::from(one.was).to_owned()).collect();
    let was_intervals: Vec<i32> = reviews.iter().map(|one| whole(one.was_interval)).collect();
    let states: Vec<String> = reviews.iter().map(|one| <&str>::from(one.state).to_owned()).collect();
    let intervals: Vec<i32> = reviews.iter().map(|one| stored_interval(one.interval)).collect();
    let durations: Vec<i32> = reviews.iter().map(|one| whole(one.duration_ms)).collect();
    let done = sqlx::query!(
        r#"insert into reviews (id, user_id, card_id, deck_id, day, reviewed_at, rating, was, was_interval, state, step, interval,
                                duration_ms, key)
           select n.id, $1, n.card, n.deck, n.day, n.at, n.rating, n.was::card_state, n.was_interval, n.state::card_state, 0,
                  n.interval, n.duration, n.key
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::int[], $8::smallint[], $9::text[],
                       $10::int[], $11::text[], $12::int[], $13::int[])
                as n(id, card, deck, key, at, day, rating, was, was_interval, state, interval, duration)
           on conflict (user_id, key) do nothing"#,
        user.0,
        &ids,
        &cards,
        &decks,
        &keys,
        &at,
        &days,
        &ratings,
        &was,
        &was_intervals,
        &states,
        &intervals,
        &durations,
    );
    Ok(done.execute(conn).await?.rows_affected())
}
