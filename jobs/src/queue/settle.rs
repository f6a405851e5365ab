//! Settling what ran: many jobs in one statement, each guarded by its epoch.

use std::{collections::HashSet, sync::Arc, time::Duration};

use domain::ids::JobId;
use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

/// The most jobs of one statement.
const BATCH: usize = 500;

/// How a run leaves its row, where nothing else has to be stored with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JobSettlement {
    /// It is done.
    Done,
    /// It runs again after this time.
    Again {
        /// In how long.
        after: Duration,
        /// Whether the start counts.
        counts: bool,
        /// Whether it was a snooze.
        snooze: bool,
        /// Why.
        error: Option<String>,
    },
}

/// One run to be settled; the answer is whether the row was still this run's.
pub(super) struct Request {
    pub(super) job: JobId,
    pub(super) epoch: i64,
    pub(super) settlement: JobSettlement,
    pub(super) settled: oneshot::Sender<bool>,
}

/// Settles what comes, as much at a time as has gathered during the last statement. An outage is
/// waited out: settling is guarded by the epoch, so it is safe to repeat.
pub(super) async fn run(pool: PgPool, worker: Arc<str>, mut requests: mpsc::UnboundedReceiver<Request>) {
    let mut batch = Vec::with_capacity(BATCH);
    while requests.recv_many(&mut batch, BATCH).await > 0 {
        let ours = loop {
            match settle(&pool, &batch).await {
                Ok(ours) => break ours,
                Err(error) => {
                    tracing::warn!(%error, jobs = batch.len(), worker = &*worker, "settling waits for the database");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        };
        for request in batch.drain(..) {
            if request.settled.send(ours.contains(&request.job)).is_err() {
                tracing::trace!("nobody waits for this settlement");
            }
        }
    }
}

async fn settle(pool: &PgPool, batch: &[Request]) -> sqlx::Result<HashSet<JobId>> {
    let rows: Vec<Row<'_>> = batch.iter().map(Row::of).collect();
    let ours = sqlx::query_scalar!(
        r#"update jobs j
           set state = s.state::job_state, attempt = j.attempt - s.uncounted, snoozes = j.snoozes + s.snoozes,
               run_at = coalesce(now() + make_interval(secs => s.after), j.run_at), error = s.error,
               history = case when s.state = 'done' then j.history else with_attempt(j.history, jsonb_build_object(
                 'epoch', j.epoch, 'worker', j.worker, 'began_at', j.attempted_at, 'ended_at', now(),
                 'outcome', case when s.snoozes > 0 then 'snoozed' when s.uncounted > 0 then 'handed_back' else 'failed' end,
                 'error', s.error)) end,
               lease_until = null, finished_at = case when s.state = 'done' then now() end
           from unnest($1::uuid[], $2::bigint[], $3::text[], $4::float8[], $5::smallint[], $6::int[], $7::text[])
             as s(id, epoch, state, after, uncounted, snoozes, error)
           where j.id = s.id and j.epoch = s.epoch and j.state = 'running'
           returning j.id as "id: JobId""#,
        &batch.iter().map(|request| request.job.0).collect::<Vec<_>>(),
        &batch.iter().map(|request| request.epoch).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.state.to_owned()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.after).collect::<Vec<_>>() as &[Option<f64>],
        &rows.iter().map(|row| row.uncounted).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.snoozes).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.error.map(ToOwned::to_owned)).collect::<Vec<_>>() as &[Option<String>],
    )
    .fetch_all(pool)
    .await?;
    Ok(ours.into_iter().collect())
}

/// A settlement in the words of the table.
struct Row<'a> {
    state: &'static str,
    after: Option<f64>,
    uncounted: i16,
    snoozes: i32,
    error: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(request: &'a Request) -> Self {
        match &request.settlement {
            JobSettlement::Done => Self { state: "done", after: None, uncounted: 0, snoozes: 0, error: None },
            JobSettlement::Again { after, counts, snooze, error } => Self {
                state: if after.is_zero() { "ready" } else { "scheduled" },
                after: Some(after.as_secs_f64()),
                uncounted: i16::from(!counts),
                snoozes: i32::from(*snooze),
                error: error.as_deref(),
            },
        }
    }
}
