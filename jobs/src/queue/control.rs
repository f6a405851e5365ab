//! Steering from outside: cancel a job, have it done again, pause a queue.

use std::sync::Arc;

use domain::{
    Db,
    ids::{JobId, UserId},
};
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    Kinds,
    end::{Early, end_early_within},
    record::JobState,
};
use crate::{
    Queue,
    bus::{Bus, TerminalEvent, publish_ending},
};

/// What became of a wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// It waited, and is cancelled.
    Done,
    /// It runs; its worker has been told.
    Requested,
    /// It had ended.
    TooLate,
}

/// Ends of jobs that a transaction put to an end, to be told once it has committed.
#[derive(Debug, Default)]
#[must_use = "readers wait for these"]
pub struct Endings(Vec<(JobId, TerminalEvent)>);

impl Endings {
    /// Tells the jobs' readers.
    pub async fn publish(self, bus: &Arc<dyn Bus>) {
        for (job, ending) in &self.0 {
            publish_ending(bus, *job, ending).await;
        }
    }
}

/// Cancels a job wherever it is. The caller has checked that it may.
///
/// # Errors
/// The database's.
pub async fn cancel(db: &Db, bus: &Arc<dyn Bus>, kinds: &Kinds, job: JobId) -> sqlx::Result<Cancel> {
    let (mut tx, mut endings) = (db.begin_platform().await?, Endings::default());
    let came = cancel_within(&mut tx, kinds, job, &mut endings).await?;
    tx.commit().await?;
    endings.publish(bus).await;
    Ok(came)
}

/// The same within a transaction of the platform.
///
/// # Errors
/// The database's.
pub async fn cancel_within(
    conn: &mut PgConnection,
    kinds: &Kinds,
    job: JobId,
    endings: &mut Endings,
) -> sqlx::Result<Cancel> {
    // Held until the end of the transaction, so that it moves on no further.
    let row =
        sqlx::query!(r#"select epoch, state as "state: JobState" from jobs where id = $1 for update"#, job.0);
    let Some(row) = row.fetch_optional(&mut *conn).await? else { return Ok(Cancel::TooLate) };
    match row.state {
        JobState::Scheduled | JobState::Ready => {
            let ended = end_early_within(conn, kinds, job, row.epoch, Early::Cancelled).await?;
            let Some(ending) = ended else { return Ok(Cancel::TooLate) };
            endings.0.push((job, ending));
            Ok(Cancel::Done)
        }
        JobState::Running => {
            request(conn, job).await?;
            Ok(Cancel::Requested)
        }
        JobState::Done | JobState::Cancelled | JobState::Discarded => Ok(Cancel::TooLate),
    }
}

/// Sets the flag and tells the worker in one transaction. The worker's heartbeat sees the flag, too,
/// so a lost message only costs seconds.
async fn request(conn: &mut PgConnection, job: JobId) -> sqlx::Result<()> {
    sqlx::query!(
        "with flagged as (
           update jobs set cancel_requested = true where id = $1 and state = 'running' returning id
         )
         select pg_notify('job_cancel', id::text) from flagged",
        job.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Asks all jobs of an account to stop, in the transaction that disables it: those that run are told at its commit, and
/// those that wait end when they would start, if nobody ends them before. One that somebody else is changing right now is
/// left out; [`live_of`] finds it afterwards.
///
/// # Errors
/// The database's.
pub async fn stop_all_of(conn: &mut PgConnection, tenant: UserId) -> sqlx::Result<()> {
    sqlx::query!(
        "with live as materialized (
           select id from jobs where tenant = $1 and state in ('scheduled', 'ready', 'running')
           order by id for update skip locked
         ), flagged as (
           update jobs j set cancel_requested = true from live where j.id = live.id returning j.id, j.state
         )
         select pg_notify('job_cancel', id::text) from flagged where state = 'running'",
        tenant.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The jobs of an account that have not ended.
///
/// # Errors
/// The database's.
pub async fn live_of(conn: &mut PgConnection, tenant: UserId) -> sqlx::Result<Vec<JobId>> {
    // One by one, since each state has an index of its own.
    sqlx::query_scalar!(
        r#"select id as "id!: JobId" from jobs where tenant = $1 and state = 'running'
           union all select id from jobs where tenant = $1 and state = 'ready'
           union all select id from jobs where tenant = $1 and state = 'scheduled'"#,
        tenant.0,
    )
    .fetch_all(conn)
    .await
}

/// Stops a queue from being claimed from, everywhere. What runs goes on.
///
/// # Errors
/// The database's.
pub async fn pause(conn: &mut PgConnection, queue: Queue) -> sqlx::Result<()> {
    sqlx::query!("update queues set paused_at = coalesce(paused_at, now()) where name = $1", queue.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Lets a queue go on.
///
/// # Errors
/// The database's.
pub async fn resume(conn: &mut PgConnection, queue: Queue) -> sqlx::Result<()> {
    sqlx::query!(
        "with resumed as (update queues set paused_at = null where name = $1 returning name)
         select pg_notify('jobs', name) from resumed",
        queue.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether nothing is claimed from a queue now.
///
/// # Errors
/// The database's.
pub async fn is_paused(conn: &mut PgConnection, queue: Queue) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from queues where name = $1 and paused_at is not null) as "paused!""#,
        queue.as_str(),
    )
    .fetch_one(conn)
    .await
}

/// What became of a wish to have a job done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A new job does it.
    As(JobId),
    /// It came to a good end, has not ended, was done again already, or is not there.
    Nothing,
    /// What it worked on is gone, or something else is under way in its place.
    Impossible,
}

/// Has a failed or cancelled job done again, by a new job: readers of the old one keep the end that
/// they were told. Whatever the old one cost stays as it is; a student is not charged for the new one.
/// Where there is no new job, the transaction must be rolled back.
///
/// # Errors
/// The database's.
pub async fn retry_within(conn: &mut PgConnection, kinds: &Kinds, id: JobId) -> sqlx::Result<Retry> {
    let new = JobId::generate();
    let Some(ended) = take_failed(conn, id, new).await? else { return Ok(Retry::Nothing) };
    let revived = kinds.reopen(conn, &ended.name, &ended.payload, id, new).await;
    match revived {
        Ok(Some(enqueue)) => {
            let enqueued = enqueue.with_id(new).run(conn).await?;
            Ok(if enqueued.existed { Retry::Impossible } else { Retry::As(new) })
        }
        Ok(None) => Ok(Retry::Impossible),
        Err(error)
            if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) =>
        {
            Ok(Retry::Impossible)
        }
        Err(error) => Err(error),
    }
}

/// What an admin may have done again: what failed, was given up or cancelled, and was not yet.
#[derive(Debug)]
struct EndedRow {
    name: String,
    payload: Value,
}

/// Takes an ended job that did not come to a good end, to be done again once; `None` where it did, or
/// somebody was quicker.
async fn take_failed(
    conn: &mut PgConnection,
    id: JobId,
    retried_as: JobId,
) -> sqlx::Result<Option<EndedRow>> {
    sqlx::query_as!(
        EndedRow,
        "update jobs set retried_as = $2
         where id = $1 and retried_as is null
           and (state in ('discarded', 'cancelled') or (state = 'done' and ending ->> 'kind' = 'error'))
         returning name, payload",
        id.0,
        retried_as.0,
    )
    .fetch_optional(conn)
    .await
}
