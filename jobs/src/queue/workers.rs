//! Who works: engines say that they live, so that admins see when nobody does.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::engine::Engine;

/// Says that an engine lives, until a while after its next heartbeat.
pub(super) async fn alive(engine: &Engine) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into workers (queue, name, alive_until, slots) values ($1, $2, now() + make_interval(secs => $3), $4)
         on conflict (queue, name) do update set alive_until = excluded.alive_until, slots = excluded.slots",
        engine.settings.queue.as_str(),
        &engine.settings.worker,
        engine.settings.lease.as_secs_f64(),
        i32::try_from(engine.settings.concurrency).unwrap_or(i32::MAX),
    )
    .execute(&engine.pool)
    .await?;
    Ok(())
}

/// Says that an engine has closed.
pub(super) async fn gone(engine: &Engine) -> sqlx::Result<()> {
    let (queue, name) = (engine.settings.queue.as_str(), &*engine.settings.worker);
    sqlx::query!("delete from workers where queue = $1 and name = $2", queue, name)
        .execute(&engine.pool)
        .await?;
    Ok(())
}

/// How many live workers take from each queue; those that nobody takes from are left out. One that is drained takes nothing.
///
/// # Errors
/// The database's.
pub async fn living(pool: &PgPool) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select queue, count(*) as "workers!" from workers w
           where alive_until > now()
             and not exists (select from processes p where p.name = w.name and p.draining_since is not null)
           group by queue"#
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.queue, row.workers)).collect())
}

/// Removes workers that died before `before`. Returns how many.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from workers where alive_until < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}
