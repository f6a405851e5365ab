//! Finding notes.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    ids::{DeckId, NoteId, UserId},
    notes::{NoteKind, NoteOrigin},
    scheduling::Day,
};

/// A note as stored.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// Where it is kept.
    pub deck: DeckId,
    /// How it makes cards.
    pub kind: NoteKind,
    /// What it holds.
    pub fields: Value,
    /// Its tags.
    pub tags: Vec<String>,
    /// What it stands on.
    pub source: Option<Value>,
    /// Who made it.
    pub created_by: NoteOrigin,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was changed.
    pub updated_at: DateTime<Utc>,
}

/// A state that notes are looked for by: one of their cards is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, strum::IntoStaticStr, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StateFilter {
    /// Never answered.
    New,
    /// In steps.
    Learning,
    /// In review.
    Review,
    /// In review, and asked today.
    Due,
    /// Not asked at all.
    Suspended,
    /// Not asked today.
    Buried,
}

/// Which notes are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Those with all of these words in fields or tags.
    pub words: Option<&'a str>,
    /// Those with this tag, or one below it.
    pub tag: Option<&'a str>,
    /// Those with a card in this state.
    pub state: Option<StateFilter>,
    /// Those before this one.
    pub before: Option<NoteId>,
}

/// The notes of decks, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    user: UserId,
    decks: &[DeckId],
    asked: &Asked<'_>,
    day: Day,
    limit: i64,
) -> sqlx::Result<Vec<Note>> {
    let decks: Vec<_> = decks.iter().map(|deck| deck.0).collect();
    let words: Vec<String> = asked.words.unwrap_or_default().split_whitespace().map(pattern).collect();
    sqlx::query_as!(
        Note,
        r#"select n.id as "id: NoteId", n.deck_id as "deck: DeckId", n.kind as "kind: NoteKind", n.fields, n.tags, n.source,
                  n.created_by as "created_by: NoteOrigin", n.created_at, n.updated_at
           from notes n
           where n.user_id = $1 and n.deck_id = any($2) and ($3::uuid is null or n.id < $3)
             and ($4::text[] = '{}' or (select string_agg(f.value, ' ') from jsonb_each_text(n.fields) f) || ' ' ||
                                       array_to_string(n.tags, ' ') ilike all ($4))
             and ($5::text is null or exists (select from unnest(n.tags) t
                                              where lower(t) = lower($5) or starts_with(lower(t), lower($5) || '::')))
             and ($6::text is null or exists (
                   select from cards c where c.user_id = $1 and c.note_id = n.id and case $6
                     when 'new' then c.state = 'new'
                     when 'learning' then c.state in ('learning', 'relearning')
                     when 'review' then c.state = 'review'
                     when 'due' then c.due_day <= $7 and not c.suspended
                     when 'suspended' then c.suspended
                     else c.buried_on = $7 end))
           order by n.id desc limit $8"#,
        user.0,
        &decks,
        asked.before.map(|id| id.0),
        &words,
        asked.tag,
        asked.state.map(<&str>::from),
        day.0,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// A pattern of `like` that finds a word anywhere.
fn pattern(word: &str) -> String {
    format!("%{}%", word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"))
}

/// Finds a note and locks it for the rest of the transaction.
pub async fn find(conn: &mut PgConnection, user: UserId, id: NoteId) -> sqlx::Result<Option<Note>> {
    sqlx::query_as!(
        Note,
        r#"select id as "id: NoteId", deck_id as "deck: DeckId", kind as "kind: NoteKind", fields, tags, source,
                  created_by as "created_by: NoteOrigin", created_at, updated_at
           from notes where user_id = $1 and id = $2 for no key update"#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Those of these notes that are there.
pub async fn existing(conn: &mut PgConnection, user: UserId, ids: &[NoteId]) -> sqlx::Result<Vec<NoteId>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let found = sqlx::query_scalar!(
        r#"select id as "id: NoteId" from notes where user_id = $1 and id = any($2) order by id for no key update"#,
        user.0,
        &ids,
    );
    found.fetch_all(conn).await
}
