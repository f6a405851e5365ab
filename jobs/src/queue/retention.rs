//! Removing what is long finished, rolled up by the hour first, since charts read roll-ups only.

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use sqlx::PgPool;

/// Jobs that one statement removes, so that none holds its locks for long.
const BATCH: i64 = 5_000;

/// Removes jobs that finished before `before`. Returns how many.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let mut total = 0;
    loop {
        let pruned = prune_batch(pool, before).await?;
        total += u64::try_from(pruned).unwrap_or(0);
        if pruned < BATCH {
            break;
        }
    }
    // A tenant that fell behind the front is given the front when it comes back; its row says nothing.
    sqlx::query!(
        "delete from queue_tenants t
         where not exists (select from jobs j
                           where j.queue = t.queue and j.tenant = t.tenant and j.finished_at is null)
           and t.vtime < (select max(vtime) from queue_tenants front where front.queue = t.queue)"
    )
    .execute(pool)
    .await?;
    Ok(total)
}

async fn prune_batch(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with old as materialized (
             select id from jobs where id < $3 and finished_at < $1 order by id limit $2 for update skip locked
           ), gone as (
             delete from jobs using old where jobs.id = old.id
             returning date_trunc('hour', finished_at, 'UTC') as hour, queue, name, state,
                       extract(epoch from coalesce(started_at, finished_at) - created_at) * 1000 as wait_ms,
                       extract(epoch from finished_at - coalesce(started_at, finished_at)) * 1000 as run_ms
           ), rolled as (
             insert into job_rollups as r (hour, queue, name, state, jobs, wait_ms, run_ms)
             select hour, queue, name, state, count(*), sum(wait_ms)::bigint, sum(run_ms)::bigint from gone
             group by hour, queue, name, state
             on conflict (hour, queue, name, state) do update
             set jobs = r.jobs + excluded.jobs, wait_ms = r.wait_ms + excluded.wait_ms, run_ms = r.run_ms + excluded.run_ms
           )
           select count(*) as "count!" from gone"#,
        before,
        BATCH,
        JobId::first_of(before).0,
    )
    .fetch_one(pool)
    .await
}
