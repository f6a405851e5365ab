//! Summaries: what matters most in points, or an explanation in sections.

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, SummaryId, UserId};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};

use super::storable;
use crate::summary::Summary;

pub use crate::summary::SummaryKind;

/// Keeps the summary that a command made. `items` are its points or sections, each with its checked source or null.
pub async fn insert_made(
    conn: &mut PgConnection,
    user: UserId,
    id: SummaryId,
    kind: SummaryKind,
    title: &str,
    message: Option<MessageId>,
    items: &[Value],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into summaries (id, user_id, kind, title, message_id, items) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        user.0,
        kind as SummaryKind,
        storable::title(title),
        message.map(|id| id.0),
        storable::json(&items)?,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A summary as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its id.
    pub id: SummaryId,
    /// What it is made of.
    pub kind: SummaryKind,
    /// What it is called.
    pub title: String,
    /// How many points or sections it has.
    pub count: i64,
    /// The answer that made it, unless it is gone.
    pub message: Option<MessageId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Lists summaries, the newest first; where `words` are given, those that have all of them in title or text.
pub async fn list(
    conn: &mut PgConnection,
    words: &str,
    before: Option<SummaryId>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"with asked as materialized (
             select coalesce(array_agg('%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'), '{}') as parts
             from regexp_split_to_table(btrim($1, E' \t\n\r'), '\s+') as word
           )
           select s.id as "id: SummaryId", s.kind as "kind: SummaryKind", s.title,
                  jsonb_array_length(s.items)::bigint as "count!", m.id as "message?: MessageId", s.created_at
           from asked, summaries s left join messages m on m.id = s.message_id
           where ($2::uuid is null or s.id < $2)
             and concat_ws(' ', s.title, (
                   select string_agg(concat_ws(' ', item ->> 'heading', item ->> 'body', item ->> 'text'), ' ')
                   from jsonb_array_elements(s.items) as item)) ilike all (asked.parts)
           order by s.id desc limit $3"#,
        words,
        before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Finds a summary.
pub async fn find(conn: &mut PgConnection, id: SummaryId) -> sqlx::Result<Option<Summary>> {
    let row = sqlx::query!(
        r#"select s.id as "id: SummaryId", s.kind as "kind: SummaryKind", s.title, s.items as "items: Json<Vec<Value>>",
                  m.id as "message?: MessageId", s.created_at
           from summaries s left join messages m on m.id = s.message_id where s.id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Summary {
        id: row.id,
        kind: row.kind,
        title: row.title,
        items: row.items.0,
        message: row.message,
        created_at: row.created_at,
    }))
}

/// Gives a summary another title.
pub async fn rename(conn: &mut PgConnection, id: SummaryId, title: &str) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("update summaries set title = $2 where id = $1", id.0, title).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a summary.
pub async fn delete(conn: &mut PgConnection, id: SummaryId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from summaries where id = $1", id.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}
