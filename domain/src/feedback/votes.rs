//! SQL about votes: one an answer and student.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Answer;
use crate::{
    feature::Feature,
    ids::{MessageId, UserId},
};

/// Votes, or votes otherwise. Within `begin_as`.
pub async fn put(
    conn: &mut PgConnection,
    user: UserId,
    answer: &Answer,
    helpful: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into answer_votes (user_id, message_id, helpful, feature, provider, model, voted_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (user_id, message_id) do update
           set helpful = $3, feature = $4, provider = $5, model = $6, voted_at = $7",
        user.0,
        answer.id.0,
        helpful,
        answer.feature as Feature,
        answer.provider,
        answer.model,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a vote back. Within `begin_as`.
pub async fn delete(conn: &mut PgConnection, message: MessageId) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("delete from answer_votes where message_id = $1", message.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Removes votes of before `before`. Needs the platform.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from answer_votes where voted_at < $1", before).execute(conn).await?;
    Ok(done.rows_affected())
}
