//! SQL about students' own keys, within `begin_as`. Adding one is the same as adding a shared one.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    Key,
    store::{Whose, select},
};
use crate::ids::{KeyId, UserId};

/// The most keys that a student may bring.
pub const MOST: i64 = 5;

/// Lets one student's additions go one by one, and says how many keys they have.
pub async fn count(conn: &mut PgConnection, owner: UserId) -> sqlx::Result<i64> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('own_keys:' || $1, 0))", owner.to_string())
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar!(r#"select count(*) as "count!" from provider_keys where owner_id = $1"#, owner.0)
        .fetch_one(conn)
        .await
}

/// Whether a student has a key of their own that may be called now, or when it has recovered.
pub async fn may_serve(conn: &mut PgConnection, owner: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from provider_keys
                          where owner_id = $1 and status in ('active', 'degraded')) as "exists!""#,
        owner.0
    )
    .fetch_one(conn)
    .await
}

/// Where a student's own keys had `most` questions or more since a time: when the first of the last `most` was asked.
/// Lets one student's questions go one by one.
pub async fn answers_since(
    conn: &mut PgConnection,
    owner: UserId,
    since: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    if most < 1 {
        return Ok(Some(since));
    }
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('own_answers:' || $1, 0))",
        owner.to_string()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        "select created_at from usage_ledger
         where user_id = $1 and day >= $2 and payer = 'own_key' and created_at > $3
         order by created_at desc offset $4 limit 1",
        owner.0,
        since.date_naive(),
        since,
        most - 1,
    )
    .fetch_optional(conn)
    .await
}

/// Lists a student's keys, the oldest first.
pub async fn list(conn: &mut PgConnection, owner: UserId) -> sqlx::Result<Vec<Key>> {
    let mut keys: Vec<_> =
        select(conn, None, Whose::Own(owner)).await?.into_iter().map(|row| row.key).collect();
    keys.sort_by_key(|key| key.id);
    Ok(keys)
}

/// Finds a key of a student.
pub async fn find(conn: &mut PgConnection, owner: UserId, id: KeyId) -> sqlx::Result<Option<Key>> {
    Ok(select(conn, Some(id), Whose::Own(owner)).await?.pop().map(|row| row.key))
}

/// Sets whether a student's key may be helped out by shared ones.
pub async fn set_never_fall_back(
    conn: &mut PgConnection,
    owner: UserId,
    id: KeyId,
    never: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update provider_keys set never_fall_back = $3, updated_at = now() where id = $1 and owner_id = $2",
        id.0,
        owner.0,
        never,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a key of a student.
pub async fn delete(conn: &mut PgConnection, owner: UserId, id: KeyId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from provider_keys where id = $1 and owner_id = $2", id.0, owner.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes all keys of a student, and says how many there were.
pub async fn delete_all(conn: &mut PgConnection, owner: UserId) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from provider_keys where owner_id = $1", owner.0).execute(conn).await?;
    Ok(done.rows_affected())
}
