//! Removing what is long finished, and making coarser what was counted of it.

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
             delete from jobs using old where jobs.id = old.id returning 1
           )
           select count(*) as "count!" from gone"#,
        before,
        BATCH,
        JobId::first_of(before).0,
    )
    .fetch_one(pool)
    .await
}

/// Adds counts by the minute that are older than `before` to those by the hour. Returns how many.
///
/// # Errors
/// The database's.
pub async fn roll_up_minutes(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let rolled_up = sqlx::query_scalar!(
        r#"with old as (
             delete from job_minutes where minute < $1
             returning date_trunc('hour', minute, 'UTC') as hour, queue, name, outcome, jobs, wait_ms, run_ms, waits, runs
           ), folded as (
             insert into job_hours as h (hour, queue, name, outcome, jobs, wait_ms, run_ms, waits, runs)
             select hour, queue, name, outcome, sum(jobs)::bigint, sum(wait_ms)::bigint, sum(run_ms)::bigint,
                    sum_histograms(waits), sum_histograms(runs)
             from old group by hour, queue, name, outcome
             on conflict (hour, queue, name, outcome) do update
             set jobs = h.jobs + excluded.jobs, wait_ms = h.wait_ms + excluded.wait_ms, run_ms = h.run_ms + excluded.run_ms,
                 waits = add_histograms(h.waits, excluded.waits), runs = add_histograms(h.runs, excluded.runs)
           )
           select count(*) as "count!" from old"#,
        before,
    )
    .fetch_one(pool)
    .await?;
    Ok(u64::try_from(rolled_up).unwrap_or(0))
}

/// Removes ticks of the schedule from before `before`, but never the latest of a name: it says that this
/// tick was done.
///
/// # Errors
/// The database's.
pub async fn prune_ticks(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from schedule_ticks t
         where t.tick < $1 and exists (select from schedule_ticks later where later.name = t.name and later.tick > t.tick)",
        before
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
