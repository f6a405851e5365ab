//! SQL about the review log. Rows are only added.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::cards::StoredCard;
use crate::{
    ids::{CardId, ReviewId, UserId},
    scheduling::{Card, Day, Interval, LogEntry, Rating, State},
};

/// The longest time that counts for an answer, in milliseconds: whoever took longer did something else.
pub const LONGEST: i64 = 10 * 60 * 1_000;

/// A row that is to be added.
#[derive(Debug)]
pub struct NewReview<'a> {
    /// Its id.
    pub id: ReviewId,
    /// The card before it.
    pub before: &'a StoredCard,
    /// The answer, as the log keeps it.
    pub entry: &'a LogEntry,
    /// The card after it.
    pub after: &'a Card,
    /// The row that it takes back.
    pub undoes: Option<ReviewId>,
    /// The probability of recall that was predicted.
    pub recall: Option<f32>,
    /// How long it took, in milliseconds.
    pub duration_ms: i32,
    /// What makes it the same when it is sent again.
    pub key: &'a str,
}

/// Adds a row; false where there is one with this key.
pub async fn insert(conn: &mut PgConnection, user: UserId, new: &NewReview<'_>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"insert into reviews (id, user_id, card_id, deck_id, day, reviewed_at, rating, undoes, was, was_interval, state, step,
                                interval, stability, difficulty, recall, duration_ms, key)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
           on conflict (user_id, key) do nothing"#,
        new.id.0,
        user.0,
        new.before.id.0,
        new.before.deck.0,
        new.entry.day.0,
        new.entry.at,
        new.entry.rating.map(|rating| i16::from(u8::from(rating))),
        new.undoes.map(|id| id.0),
        new.before.state as State,
        new.before.interval,
        new.entry.state as State,
        i16::from(new.entry.step),
        stored_interval(new.entry.interval),
        new.after.memory.map(|memory| memory.stability),
        new.after.memory.map(|memory| memory.difficulty),
        new.recall,
        new.duration_ms,
        new.key,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Days, or seconds where negative.
pub(super) fn stored_interval(interval: Interval) -> i32 {
    match interval {
        Interval::Days(days) => i32::try_from(days).unwrap_or(i32::MAX),
        Interval::Seconds(seconds) => i32::try_from(seconds).map_or(i32::MIN, |seconds| -seconds),
    }
}

fn read_interval(stored: i32) -> Interval {
    if stored < 0 { Interval::Seconds(stored.unsigned_abs()) } else { Interval::Days(stored.unsigned_abs()) }
}

/// A row of a log.
#[derive(Debug, Clone, Copy)]
pub struct Logged {
    /// Its id.
    pub id: ReviewId,
    /// What it says.
    pub entry: LogEntry,
    /// Whether it was taken back.
    pub undone: bool,
}

struct LogRow {
    id: ReviewId,
    card: CardId,
    day: i32,
    reviewed_at: DateTime<Utc>,
    rating: Option<i16>,
    state: State,
    step: i16,
    interval: i32,
    undone: bool,
}

impl LogRow {
    fn logged(&self) -> Logged {
        let rating = self.rating.and_then(|rating| u8::try_from(rating).ok());
        let entry = LogEntry {
            at: self.reviewed_at,
            day: Day(self.day),
            rating: rating.and_then(|rating| Rating::try_from(rating).ok()),
            state: self.state,
            step: u8::try_from(self.step).unwrap_or(0),
            interval: read_interval(self.interval),
        };
        Logged { id: self.id, entry, undone: self.undone }
    }
}

/// The logs of cards, each in its order, with what was taken back. What was imported is not in them: a card starts from what
/// that made of it.
pub async fn logs(
    conn: &mut PgConnection,
    user: UserId,
    cards: &[CardId],
) -> sqlx::Result<HashMap<CardId, Vec<Logged>>> {
    let cards: Vec<_> = cards.iter().map(|card| card.0).collect();
    let rows = sqlx::query_as!(
        LogRow,
        r#"select r.id as "id: ReviewId", r.card_id as "card: CardId", r.day, r.reviewed_at, r.rating,
                  r.state as "state: State", r.step, r.interval, u.id is not null as "undone!"
           from reviews r left join reviews u on u.undoes = r.id
           where r.user_id = $1 and r.card_id = any($2) and r.undoes is null and not starts_with(r.key, E'\x01import:')
           order by r.card_id, r.reviewed_at, r.id"#,
        user.0,
        &cards,
    )
    .fetch_all(conn)
    .await?;
    let mut logs: HashMap<CardId, Vec<Logged>> = HashMap::new();
    for row in rows {
        logs.entry(row.card).or_default().push(row.logged());
    }
    Ok(logs)
}

/// The log of one card.
pub async fn log(conn: &mut PgConnection, user: UserId, card: CardId) -> sqlx::Result<Vec<Logged>> {
    Ok(logs(conn, user, &[card]).await?.remove(&card).unwrap_or_default())
}

/// What of a log counts.
pub fn standing(log: &[Logged]) -> Vec<LogEntry> {
    log.iter().filter(|row| !row.undone).map(|row| row.entry).collect()
}

/// What a key stands for already.
#[derive(Debug, Clone, Copy)]
pub struct Earlier {
    /// The row.
    pub id: ReviewId,
    /// Of which card.
    pub card: CardId,
    /// The answer.
    pub rating: Option<i16>,
    /// The row that it takes back.
    pub undoes: Option<ReviewId>,
}

/// The row of a key.
pub async fn find_by_key(conn: &mut PgConnection, user: UserId, key: &str) -> sqlx::Result<Option<Earlier>> {
    sqlx::query_as!(
        Earlier,
        r#"select id as "id: ReviewId", card_id as "card: CardId", rating, undoes as "undoes: ReviewId"
           from reviews where user_id = $1 and key = $2"#,
        user.0,
        key,
    )
    .fetch_optional(conn)
    .await
}

/// The answer that was stored last on this day, here, of a card that is there, and was not taken back.
pub async fn last(
    conn: &mut PgConnection,
    user: UserId,
    day: Day,
) -> sqlx::Result<Option<(ReviewId, CardId)>> {
    let row = sqlx::query!(
        r#"select r.id as "id: ReviewId", r.card_id as "card: CardId" from reviews r
           where r.user_id = $1 and r.day = $2 and r.rating is not null
             and not starts_with(r.key, E'\x01import:')
             and not exists (select from reviews u where u.undoes = r.id)
             and exists (select from cards c where c.id = r.card_id and c.user_id = r.user_id)
           order by r.id desc limit 1"#,
        user.0,
        day.0,
    );
    Ok(row.fetch_optional(conn).await?.map(|row| (row.id, row.card)))
}
