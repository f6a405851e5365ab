//! What a repeated send gets: the first answer.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{JobId, MessageId, UserId};

/// What a key already stands for.
#[derive(Debug)]
pub struct Earlier {
    /// Of the request that the key came with.
    pub fingerprint: Vec<u8>,
    /// The question that it made.
    pub message: MessageId,
    /// The job that it made.
    pub job: JobId,
}

/// Takes a key for a request, unless an earlier one has it; then returns what that one made. Of two at
/// once the second waits for the first's end.
pub async fn claim(
    conn: &mut PgConnection,
    user: UserId,
    key: &str,
    this: &Earlier,
) -> sqlx::Result<Option<Earlier>> {
    let taken = sqlx::query!(
        "insert into idempotency_keys (user_id, key, fingerprint, message_id, job_id) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        user.0,
        key,
        this.fingerprint,
        this.message.0,
        this.job.0,
    )
    .execute(&mut *conn)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    sqlx::query_as!(
        Earlier,
        r#"select fingerprint, message_id as "message: MessageId", job_id as "job: JobId"
           from idempotency_keys where user_id = $1 and key = $2"#,
        user.0,
        key,
    )
    .fetch_optional(conn)
    .await
}

/// Forgets keys of requests before `before`. Needs the platform.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from idempotency_keys where created_at < $1", before).execute(conn).await?;
    Ok(done.rows_affected())
}
