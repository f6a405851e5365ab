//! Emergency tokens. All needs the platform.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{JobId, UserId};

/// Adds a token.
pub async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    hash: &[u8],
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into emergency_tokens (id, hash, user_id, expires_at) values ($1, $2, $3, $4)",
        JobId::generate().0,
        hash,
        user.0,
        expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a token, and says whose it was. Of many at once, one does.
pub async fn take(conn: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!(
        r#"update emergency_tokens set used_at = $2 where hash = $1 and used_at is null and expires_at > $2
           returning user_id as "user: UserId""#,
        hash,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Whose a token is that can no longer be used.
pub async fn spent(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!(r#"select user_id as "user: UserId" from emergency_tokens where hash = $1"#, hash,)
        .fetch_optional(conn)
        .await
}

/// Removes tokens that ran out before `before`.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from emergency_tokens where expires_at < $1", before).execute(conn).await?;
    Ok(done.rows_affected())
}
