//! Taking jobs out of the queue.

use std::time::Duration;

use domain::ids::{JobId, UserId};
use serde_json::Value;
use sqlx::PgPool;

use super::engine::Promoted;
use crate::Queue;

/// A job that this worker holds the lease of.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The row.
    pub id: JobId,
    /// [`crate::Job::NAME`].
    pub name: String,
    /// The job as JSON.
    pub payload: Value,
    /// The user it is for.
    pub tenant: Option<UserId>,
    /// Which start this is, from 1: the fencing token.
    pub epoch: i64,
    /// Which start that counts this is, from 1.
    pub attempt: i16,
    /// The attempt that is the last.
    pub max_attempts: i16,
    /// How many starts ended in a snooze.
    pub snoozes: i32,
    /// Of the request that caused it.
    pub request_id: Option<String>,
    /// The trace that it is part of, as a W3C `traceparent`.
    pub trace_context: Option<String>,
    /// How long ago it was added, in milliseconds.
    pub(super) age_ms: i64,
    /// How long it waited for this start since its time had come, in milliseconds.
    pub(super) waited_ms: i64,
    /// Whether somebody asked to cancel it before it was started again.
    pub(super) cancel_requested: bool,
    /// Whether jobs were passed over only because of the cap, so that another claim may find others.
    pub(super) more: bool,
}

impl Claimed {
    /// What every log line about this run carries.
    pub(super) fn span(&self) -> tracing::Span {
        let span = tracing::info_span!(
            "job",
            job.id = %self.id,
            job.name = self.name,
            job.attempt = self.attempt,
            request.id = self.request_id.as_deref().unwrap_or("-")
        );
        crate::trace::continues(&span, self.trace_context.as_deref());
        span
    }

    /// How long ago it was added, as of its claim.
    pub fn age(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.age_ms).unwrap_or(0))
    }

    /// Whether an earlier start may have shown text to a reader: it ended otherwise than by a snooze.
    pub fn was_interrupted(&self) -> bool {
        self.epoch - 1 > i64::from(self.snoozes)
    }
}

/// Claims up to `limit` jobs.
pub(super) async fn claim(
    pool: &PgPool,
    queue: Queue,
    worker: &str,
    limit: usize,
    lease: Duration,
    tenant_cap: i64,
) -> sqlx::Result<Vec<Claimed>> {
    sqlx::query_file_as!(
        Claimed,
        "src/queue/claim.sql",
        queue.as_str(),
        worker,
        i64::try_from(limit).unwrap_or(i64::MAX),
        lease.as_secs_f64(),
        tenant_cap,
        queue.is_shared_by_turns(),
    )
    .fetch_all(pool)
    .await
}

/// Makes scheduled jobs ready whose time has come. A worker that is drained leaves that to those who take them: these look
/// at the same moment, and would find nothing to do and go back to sleep.
pub(super) async fn promote(pool: &PgPool, queue: Queue, worker: &str) -> sqlx::Result<Promoted> {
    let row = sqlx::query!(
        r#"with due as (
             update jobs set state = 'ready'
             where id in (select id from jobs where queue = $1 and state = 'scheduled' and run_at <= now()
                            and not exists (select from processes where name = $2 and draining_since is not null)
                          order by run_at limit 1000 for update skip locked)
             returning 1
           )
           select (select count(*) from due) as "promoted!",
                  (select extract(epoch from min(run_at) - now())::float8
                   from jobs where queue = $1 and state = 'scheduled' and run_at > now()) as seconds"#,
        queue.as_str(),
        worker,
    )
    .fetch_one(pool)
    .await?;
    let next = row.seconds.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 86_400.0)));
    Ok(Promoted { any: row.promoted > 0, next })
}
