//! SQL about cards.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    ids::{CardId, DeckId, NoteId, UserId},
    scheduling::{Card, Day, Due, Memory, State},
};

/// A card as stored.
#[derive(Debug, Clone)]
pub struct StoredCard {
    /// Its id.
    pub id: CardId,
    /// Whose side it is.
    pub note: NoteId,
    /// Where it is kept.
    pub deck: DeckId,
    /// Which side.
    pub ordinal: i16,
    /// Whether it is asked at all.
    pub suspended: bool,
    /// The day on which it is not asked.
    pub buried_on: Option<i32>,
    /// What it was before its reviews, where it was imported.
    pub imported: Option<Value>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    pub(super) state: State,
    pub(super) step: i16,
    pub(super) stability: Option<f32>,
    pub(super) difficulty: Option<f32>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) due_day: Option<i32>,
    pub(super) interval: i32,
    pub(super) last_day: Option<i32>,
    pub(super) reps: i32,
    pub(super) lapses: i32,
}

impl StoredCard {
    /// The card as its schedule sees it.
    pub fn schedule(&self) -> Card {
        let memory = self.stability.zip(self.difficulty);
        Card {
            state: self.state,
            step: u8::try_from(self.step).unwrap_or(0),
            memory: memory.and_then(|(stability, difficulty)| Memory::new(stability, difficulty)),
            due: due(self.due_at, self.due_day),
            interval: u32::try_from(self.interval).unwrap_or(0),
            last_day: self.last_day.map(Day),
            reps: u32::try_from(self.reps).unwrap_or(0),
            lapses: u32::try_from(self.lapses).unwrap_or(0),
        }
    }

    /// The card before all of its log.
    pub fn start(&self) -> Card {
        self.imported.clone().and_then(|card| serde_json::from_value(card).ok()).unwrap_or_default()
    }
}

pub(super) fn due(at: Option<DateTime<Utc>>, day: Option<i32>) -> Due {
    match (at, day) {
        (Some(at), _) => Due::At(at),
        (None, Some(day)) => Due::On(Day(day)),
        (None, None) => Due::InTurn,
    }
}

/// Finds a card and locks it for the rest of the transaction.
pub async fn lock(conn: &mut PgConnection, user: UserId, id: CardId) -> sqlx::Result<Option<StoredCard>> {
    sqlx::query_as!(
        StoredCard,
        r#"select id as "id: CardId", note_id as "note: NoteId", deck_id as "deck: DeckId", ordinal, suspended, buried_on,
                  imported, created_at, state as "state: State", step, stability, difficulty, due_at, due_day, interval,
                  last_day, reps, lapses
           from cards where user_id = $1 and id = $2 for update"#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Some cards, locked, in the order of their ids.
pub async fn lock_all(
    conn: &mut PgConnection,
    user: UserId,
    ids: &[CardId],
) -> sqlx::Result<Vec<StoredCard>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        StoredCard,
        r#"select id as "id: CardId", note_id as "note: NoteId", deck_id as "deck: DeckId", ordinal, suspended, buried_on,
                  imported, created_at, state as "state: State", step, stability, difficulty, due_at, due_day, interval,
                  last_day, reps, lapses
           from cards where user_id = $1 and id = any($2) order by id for update"#,
        user.0,
        &ids,
    )
    .fetch_all(conn)
    .await
}

/// Cards that were reviewed, locked, in the order of their ids, from behind this one.
pub async fn lock_known_after(
    conn: &mut PgConnection,
    user: UserId,
    after: Option<CardId>,
    limit: i64,
) -> sqlx::Result<Vec<StoredCard>> {
    sqlx::query_as!(
        StoredCard,
        r#"select id as "id: CardId", note_id as "note: NoteId", deck_id as "deck: DeckId", ordinal, suspended, buried_on,
                  imported, created_at, state as "state: State", step, stability, difficulty, due_at, due_day, interval,
                  last_day, reps, lapses
           from cards where user_id = $1 and state <> 'new' and ($2::uuid is null or id > $2)
           order by id limit $3 for update"#,
        user.0,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The cards of these notes, by note and ordinal.
pub async fn of_notes(
    conn: &mut PgConnection,
    user: UserId,
    notes: &[NoteId],
) -> sqlx::Result<Vec<StoredCard>> {
    let notes: Vec<_> = notes.iter().map(|note| note.0).collect();
    sqlx::query_as!(
        StoredCard,
        r#"select id as "id: CardId", note_id as "note: NoteId", deck_id as "deck: DeckId", ordinal, suspended, buried_on,
                  imported, created_at, state as "state: State", step, stability, difficulty, due_at, due_day, interval,
                  last_day, reps, lapses
           from cards where user_id = $1 and note_id = any($2) order by note_id, ordinal"#,
        user.0,
        &notes,
    )
    .fetch_all(conn)
    .await
}

/// Stores what a card has become.
pub async fn set_schedule(
    conn: &mut PgConnection,
    user: UserId,
    id: CardId,
    card: &Card,
    suspended: bool,
) -> sqlx::Result<()> {
    let (due_at, due_day) = match card.due {
        Due::InTurn => (None, None),
        Due::At(at) => (Some(at), None),
        Due::On(day) => (None, Some(day.0)),
    };
    sqlx::query!(
        r#"update cards
           set state = $3, step = $4, stability = $5, difficulty = $6, due_at = $7, due_day = $8, interval = $9,
               last_day = $10, reps = $11, lapses = $12, suspended = $13, updated_at = now()
           where user_id = $1 and id = $2"#,
        user.0,
        id.0,
        card.state as State,
        i16::from(card.step),
        card.memory.map(|memory| memory.stability),
        card.memory.map(|memory| memory.difficulty),
        due_at,
        due_day,
        i32::try_from(card.interval).unwrap_or(i32::MAX),
        card.last_day.map(|day| day.0),
        i32::try_from(card.reps).unwrap_or(i32::MAX),
        i32::try_from(card.lapses).unwrap_or(i32::MAX),
        suspended,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores what is remembered of cards, and nothing else.
pub async fn set_memories(
    conn: &mut PgConnection,
    user: UserId,
    memories: &[(CardId, Memory)],
) -> sqlx::Result<u64> {
    let ids: Vec<_> = memories.iter().map(|(id, _)| id.0).collect();
    let stabilities: Vec<f32> = memories.iter().map(|(_, memory)| memory.stability).collect();
    let difficulties: Vec<f32> = memories.iter().map(|(_, memory)| memory.difficulty).collect();
    let done = sqlx::query!(
        r#"update cards c set stability = m.stability, difficulty = m.difficulty, updated_at = now()
           from unnest($2::uuid[], $3::real[], $4::real[]) as m(id, stability, difficulty)
           where c.user_id = $1 and c.id = m.id and c.stability is not null"#,
        user.0,
        &ids,
        &stabilities,
        &difficulties,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Suspends cards, or asks them again. Returns how many that changed.
pub async fn set_suspended(
    conn: &mut PgConnection,
    user: UserId,
    ids: &[CardId],
    suspended: bool,
) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        "update cards set suspended = $3, updated_at = now() where user_id = $1 and id = any($2) and suspended <> $3",
        user.0,
        &ids,
        suspended,
    );
    Ok(done.execute(conn).await?.rows_affected())
}

/// Does not ask cards on this day. Returns how many that changed.
pub async fn bury(conn: &mut PgConnection, user: UserId, ids: &[CardId], day: Day) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        "update cards set buried_on = $3, updated_at = now()
         where user_id = $1 and id = any($2) and buried_on is distinct from $3",
        user.0,
        &ids,
        day.0,
    );
    Ok(done.execute(conn).await?.rows_affected())
}
