//! Steering from outside: cancel a job, pause a queue.

use std::sync::Arc;

use domain::{Db, ids::JobId};
use serde_json::Value;
use sqlx::PgConnection;

use super::end::{Early, end_early};
use crate::{Queue, bus::Bus, catalogue};

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

/// Cancels a job wherever it is. The caller has checked that it may.
///
/// # Errors
/// The database's.
pub async fn cancel(db: &Db, bus: &Arc<dyn Bus>, job: JobId) -> sqlx::Result<Cancel> {
    loop {
        let row = sqlx::query!(r#"select epoch, state::text as "state!" from jobs where id = $1"#, job.0)
            .fetch_optional(db.pool())
            .await?;
        let Some(row) = row else { return Ok(Cancel::TooLate) };
        match row.state.as_str() {
            "scheduled" | "ready" => {
                if end_early(db, bus, job, row.epoch, Early::Cancelled).await? {
                    return Ok(Cancel::Done);
                }
            }
            "running" => {
                if request(db, job).await? {
                    return Ok(Cancel::Requested);
                }
            }
            _ => return Ok(Cancel::TooLate),
        }
        // It moved on between the two statements: look again.
    }
}

/// Sets the flag and tells the worker in one transaction. The worker's heartbeat sees the flag, too,
/// so a lost message only costs seconds.
async fn request(db: &Db, job: JobId) -> sqlx::Result<bool> {
    let told = sqlx::query_scalar!(
        r#"with flagged as (
             update jobs set cancel_requested = true where id = $1 and state = 'running' returning id
           )
           select count(pg_notify('job_cancel', id::text)) as "told!" from flagged"#,
        job.0,
    )
    .fetch_one(db.pool())
    .await?;
    Ok(told == 1)
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
///
/// # Errors
/// The database's.
pub async fn retry(db: &Db, id: JobId) -> sqlx::Result<Retry> {
    let new = JobId::generate();
    let mut tx = db.begin_platform().await?;
    let Some(ended) = take_failed(&mut tx, id, new).await? else { return Ok(Retry::Nothing) };
    let revived = catalogue::revive(&mut tx, id, new, &ended.name, &ended.payload).await;
    match revived {
        Ok(Some(enqueue)) => {
            let enqueued = enqueue.with_id(new).run(&mut tx).await?;
            if enqueued.existed {
                return Ok(Retry::Impossible);
            }
            tx.commit().await?;
            Ok(Retry::As(new))
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
struct Ended {
    name: String,
    payload: Value,
}

/// Takes an ended job that did not come to a good end, to be done again once; `None` where it did, or
/// somebody was quicker.
async fn take_failed(conn: &mut PgConnection, id: JobId, retried_as: JobId) -> sqlx::Result<Option<Ended>> {
    sqlx::query_as!(
        Ended,
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
