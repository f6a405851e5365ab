//! The rows of processes: signs of life, and draining.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::{About, Role};

/// Says that a process lives, until a while after its next sign. Whether it is drained stays as it is.
pub(super) async fn alive(pool: &PgPool, about: &About, roles: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into processes (name, host, pid, version, roles, started_at, seen_at, alive_until)
         values ($1, $2, $3, $4, $5, $6, now(), now() + make_interval(secs => $7))
         on conflict (name) do update
         set roles = excluded.roles, seen_at = excluded.seen_at, alive_until = excluded.alive_until",
        about.name,
        about.host,
        i32::try_from(about.pid).unwrap_or(i32::MAX),
        about.version,
        roles,
        about.started_at,
        about.lease.as_secs_f64(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Says that a process has ended.
pub(super) async fn gone(pool: &PgPool, name: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from processes where name = $1", name).execute(pool).await?;
    Ok(())
}

/// Lets a worker take no new jobs; what it runs goes on to its end. False where there is no such worker alive.
///
/// # Errors
/// The database's.
pub async fn drain(conn: &mut PgConnection, name: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update processes set draining_since = coalesce(draining_since, now())
         where name = $1 and $2 = any (roles) and alive_until > now()",
        name,
        Role::Worker.as_str(),
    );
    Ok(done.execute(conn).await?.rows_affected() > 0)
}

/// Lets a drained worker take jobs again, at once. False where there is no such worker alive.
///
/// # Errors
/// The database's.
pub async fn resume(conn: &mut PgConnection, name: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update processes set draining_since = null where name = $1 and $2 = any (roles) and alive_until > now()",
        name,
        Role::Worker.as_str(),
    );
    if done.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("select pg_notify('jobs', queue) from workers where name = $1", name).execute(conn).await?;
    Ok(true)
}

/// Removes processes that died before `before`. Returns how many.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from processes where alive_until < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}
