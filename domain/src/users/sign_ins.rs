//! Sign-ins: one row a device, the family of its refresh tokens.
//!
//! A refresh token names its sign-in and generation and is authenticated by a MAC, so none is stored.
//! Using one moves the sign-in to the next generation; a token of an earlier generation is a copy in
//! the wrong hands and ends the family.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{SignInId, UserId};

/// How a sign-in came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The account's password.
    Password,
    /// An emergency token: it is a super admin's, and is never prolonged.
    EmergencyToken,
}

/// What came of presenting a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// It was the current one; the next has this generation.
    Next {
        /// The next generation.
        generation: i32,
        /// Until when the sign-in lasts, where it was made by an emergency token.
        emergency_until: Option<DateTime<Utc>>,
    },
    /// It was used before: the family is now revoked.
    Reused,
    /// The sign-in has ended, or never was.
    Ended,
}

/// Adds a sign-in of generation 0.
pub async fn insert(
    conn: &mut PgConnection,
    id: SignInId,
    user: UserId,
    expires_at: DateTime<Utc>,
    by: By,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into sign_ins (id, user_id, expires_at, emergency) values ($1, $2, $3, $4)",
        id.0,
        user.0,
        expires_at,
        by == By::EmergencyToken,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses the token of `generation`. Of two that present the same token at once, one wins and the
/// other is taken for a thief, since the two cannot be told apart.
pub async fn rotate(
    conn: &mut PgConnection,
    id: SignInId,
    generation: i32,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<Rotation> {
    let next = sqlx::query!(
        "update sign_ins set generation = generation + 1, expires_at = case when emergency then expires_at else $4 end
         where id = $1 and generation = $2 and revoked_at is null and expires_at > $3
         returning generation, case when emergency then expires_at end as emergency_until",
        id.0,
        generation,
        now,
        expires_at,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(next) = next {
        let (generation, emergency_until) = (next.generation, next.emergency_until);
        return Ok(Rotation::Next { generation, emergency_until });
    }
    let reused = sqlx::query!(
        "update sign_ins set revoked_at = $3 where id = $1 and generation > $2 and revoked_at is null",
        id.0,
        generation,
        now,
    )
    .execute(conn)
    .await?;
    Ok(if reused.rows_affected() == 1 { Rotation::Reused } else { Rotation::Ended })
}

/// Ends one sign-in; false where it had ended before.
pub async fn revoke(conn: &mut PgConnection, id: SignInId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("update sign_ins set revoked_at = $2 where id = $1 and revoked_at is null", id.0, now)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sign-ins of a user.
pub async fn revoke_all(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update sign_ins set revoked_at = $2 where user_id = $1 and revoked_at is null",
        user.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a sign-in still stands. Until the end of the transaction nobody ends it, so that what is added in it meanwhile
/// is seen by whoever does.
pub async fn stands(conn: &mut PgConnection, id: SignInId) -> sqlx::Result<bool> {
    let found = sqlx::query!("select from sign_ins where id = $1 and revoked_at is null for share", id.0);
    Ok(found.fetch_optional(conn).await?.is_some())
}

/// Removes sign-ins that ended before `before`: a token of theirs is refused whether there is a row or not. Needs the
/// platform.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from sign_ins where expires_at < $1 or revoked_at < $1", before);
    Ok(done.execute(conn).await?.rows_affected())
}
