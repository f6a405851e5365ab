//! Ending jobs that have more to store than that they are done.

use std::sync::Arc;

use domain::{Db, Tx, ids::JobId};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Claimed, Kinds, counters};
use crate::bus::{Bus, EventKind, Number, TerminalEvent, publish_ending};

/// Ends a running job in the transaction that stores its result, so that a paid call is never
/// repeated because the process died between the two. Returns false where the epoch is not the
/// job's any more: then the caller must roll back, since another worker has taken over.
///
/// # Errors
/// The database's.
pub async fn complete(
    conn: &mut PgConnection,
    job: JobId,
    epoch: i64,
    ending: &TerminalEvent,
) -> sqlx::Result<bool> {
    let state = if ending.kind == EventKind::Cancelled { "cancelled" } else { "done" };
    let done = sqlx::query!(
        "update jobs set state = $3::text::job_state, ending = $4, lease_until = null, finished_at = now()
         where id = $1 and epoch = $2 and state = 'running'",
        job.0,
        epoch,
        state,
        serde_json::to_value(ending).map_err(|error| sqlx::Error::Encode(error.into()))?,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a running job with all that `store` writes, in one transaction, and then tells its readers. Returns false where
/// the job is another worker's by now: then nothing of it is stored.
///
/// # Errors
/// The database's, and what `store` comes to; nothing is stored then, either.
pub async fn finish<E: From<sqlx::Error>>(
    mut tx: Tx,
    bus: &Arc<dyn Bus>,
    job: &Claimed,
    ending: &TerminalEvent,
    store: impl AsyncFnOnce(&mut PgConnection) -> Result<(), E>,
) -> Result<bool, E> {
    // The job's row first: whoever holds it is the only one to write the rest.
    if !complete(&mut tx, job.id, job.epoch, ending).await? {
        return Ok(false);
    }
    store(&mut tx).await?;
    tx.commit().await?;
    publish_ending(bus, job.id, ending).await;
    Ok(true)
}

/// Why a job ends without its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Early<'a> {
    /// Somebody cancelled it.
    Cancelled,
    /// It cannot succeed, says who runs it; the reason is for operators.
    Discarded(&'a str),
    /// Its worker gave no sign of life, for the last time. One that comes up with something after all
    /// before this is written is heard.
    Lost(&'a str),
}

/// Ends a job of this epoch without its handler, and puts right what it leaves behind. The epoch
/// moves on, so that a worker that still runs it is fenced off. Returns false where the job had
/// ended, or started anew.
///
/// # Errors
/// The database's.
pub async fn end_early(
    db: &Db,
    bus: &Arc<dyn Bus>,
    kinds: &Kinds,
    job: JobId,
    epoch: i64,
    early: Early<'_>,
) -> sqlx::Result<bool> {
    let mut tx = db.begin_platform().await?;
    let Some(ending) = end_early_within(&mut tx, kinds, job, epoch, early).await? else { return Ok(false) };
    tx.commit().await?;
    publish_ending(bus, job, &ending).await;
    Ok(true)
}

/// The same within a transaction of the platform, after whose commit the ending is published; `None` where the job had
/// ended, or started anew.
pub(super) async fn end_early_within(
    conn: &mut PgConnection,
    kinds: &Kinds,
    job: JobId,
    epoch: i64,
    early: Early<'_>,
) -> sqlx::Result<Option<TerminalEvent>> {
    let (state, kind, data, reason) = match early {
        Early::Cancelled => ("cancelled", EventKind::Cancelled, json!({}), None),
        Early::Discarded(reason) | Early::Lost(reason) => {
            ("discarded", EventKind::Error, gave_up(), Some(reason))
        }
    };
    let ending = TerminalEvent { number: Number::epoch(epoch + 1).end(), kind, data };
    let row = sqlx::query!(
        "update jobs
         set state = $3::text::job_state, epoch = epoch + 1, ending = $4, error = coalesce($5, error), lease_until = null,
             finished_at = now()
         where id = $1 and epoch = $2 and finished_at is null and (state = 'running' or $3 = 'cancelled')
           and (lease_until < now() or not $6)
         returning name, queue, payload",
        job.0,
        epoch,
        state,
        serde_json::to_value(&ending).map_err(|error| sqlx::Error::Encode(error.into()))?,
        reason,
        matches!(early, Early::Lost(_)),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    kinds.abandon(conn, job, &row.name, &row.payload, &ending).await?;
    counters::count_one(conn, &row.queue, &row.name, state).await?;
    Ok(Some(ending))
}

/// What a reader is told when a job was given up. The reason is in the row, for operators.
fn gave_up() -> Value {
    json!({ "code": "INTERNAL_ERROR", "message": "An error occurred. Please try again later." })
}
