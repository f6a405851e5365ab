//! Bringing back the jobs of workers that died.

use std::sync::Arc;

use domain::{Db, ids::JobId};

use super::{
    Kinds,
    end::{Early, end_early},
};
use crate::bus::Bus;

/// The most jobs that one pass brings back.
const BATCH: i64 = 500;

/// Makes jobs ready again whose lease ran out; one that used up its attempts so is discarded, since
/// it is likely what killed its workers. Any number of processes may do this at once. Returns how
/// many it took care of.
///
/// # Errors
/// The database's.
pub async fn rescue(db: &Db, bus: &Arc<dyn Bus>, kinds: &Kinds) -> sqlx::Result<usize> {
    let rescued = sqlx::query_scalar!(
        r#"with lost as materialized (
             select id from jobs where state = 'running' and lease_until < now() and attempt < max_attempts
               and not cancel_requested
             limit $1 for update skip locked
           ), rescued as (
             update jobs set state = 'ready', lease_until = null, error = 'its worker died',
               history = with_attempt(history, jsonb_build_object('epoch', epoch, 'worker', worker, 'began_at', attempted_at,
                 'ended_at', now(), 'outcome', 'lost', 'error', 'its worker died'))
             from lost where jobs.id = lost.id returning jobs.queue
           )
           select count(pg_notify('jobs', queue)) as "count!" from rescued"#,
        BATCH,
    )
    .fetch_one(db.pool())
    .await?;
    let ended = sqlx::query!(
        r#"select id as "id: JobId", epoch, name, attempt, cancel_requested from jobs
           where state = 'running' and lease_until < now() and (attempt >= max_attempts or cancel_requested) limit $1"#,
        BATCH,
    )
    .fetch_all(db.pool())
    .await?;
    for job in &ended {
        if job.cancel_requested {
            end_early(db, bus, kinds, job.id, job.epoch, Early::Cancelled).await?;
            continue;
        }
        let reason = format!("its worker died, on attempt {} of as many", job.attempt);
        if end_early(db, bus, kinds, job.id, job.epoch, Early::Lost(&reason)).await? {
            tracing::error!(job.id = %job.id, job.name = job.name, "{reason}; the job is discarded");
        }
    }
    let rescued = usize::try_from(rescued).unwrap_or(0);
    if rescued > 0 {
        tracing::warn!(jobs = rescued, "jobs of dead workers are back in the queue");
    }
    super::observe::rescued(rescued + ended.len());
    Ok(rescued + ended.len())
}
