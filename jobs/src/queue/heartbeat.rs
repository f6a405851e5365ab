//! Signs of life: renews the leases of all held jobs in one statement, learns from it which are to be
//! cancelled or lost, and brings back the jobs of workers that gave no sign.

use std::{collections::HashMap, sync::Arc};

use domain::ids::JobId;

use super::{engine::Engine, rescue::rescue, workers};

/// What a heartbeat learnt about a held job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeaseState {
    /// Its lease is renewed.
    Ours,
    /// Renewed, but somebody asked to cancel it.
    CancelRequested,
    /// It has ended or was given to another worker.
    Lost,
}

/// Beats until the engine is closed.
pub(super) async fn run(engine: Arc<Engine>) {
    let mut beat = tokio::time::interval(engine.settings.lease / 3);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = beat.tick() => {}
            () = engine.closed.cancelled() => {
                if let Err(error) = workers::gone(&engine).await {
                    tracing::debug!(%error, "this worker will be missed before it is known to have closed");
                }
                return;
            }
        }
        if let Err(error) = workers::alive(&engine).await {
            tracing::warn!(%error, "a worker could not say that it lives");
        }
        if let Err(error) = renew(&engine).await {
            tracing::warn!(%error, "leases could not be renewed");
            continue;
        }
        if let Err(error) = rescue(&engine.db, &engine.bus, &engine.settings.kinds).await {
            tracing::warn!(%error, "dead workers' jobs could not be looked for");
        }
    }
}

async fn renew(engine: &Engine) -> sqlx::Result<()> {
    let held = engine.held();
    if held.is_empty() {
        return Ok(());
    }
    let renewed = sqlx::query!(
        r#"update jobs j set lease_until = now() + make_interval(secs => $3)
           from unnest($1::uuid[], $2::bigint[]) as h(id, epoch)
           where j.id = h.id and j.epoch = h.epoch and j.state = 'running'
           returning j.id as "id: JobId", j.cancel_requested"#,
        &held.iter().map(|(job, _)| job.0).collect::<Vec<_>>(),
        &held.iter().map(|(_, epoch)| *epoch).collect::<Vec<_>>(),
        engine.settings.lease.as_secs_f64(),
    )
    .fetch_all(&engine.pool)
    .await?;
    let mut known: HashMap<_, _> = renewed
        .into_iter()
        .map(|row| {
            (row.id, if row.cancel_requested { LeaseState::CancelRequested } else { LeaseState::Ours })
        })
        .collect();
    let missing: Vec<_> = held.iter().filter(|(job, _)| !known.contains_key(job)).copied().collect();
    if !missing.is_empty() {
        // One that its own handler just ended is not lost: its last words may still be on their way.
        known.extend(ended(engine, &missing).await?.into_iter().map(|job| (job, LeaseState::Ours)));
    }
    for (job, epoch) in held {
        engine.apply_lease_state(job, epoch, known.get(&job).copied().unwrap_or(LeaseState::Lost));
    }
    Ok(())
}

/// Which of these ended under our epoch.
async fn ended(engine: &Engine, jobs: &[(JobId, i64)]) -> sqlx::Result<Vec<JobId>> {
    sqlx::query_scalar!(
        r#"select j.id as "id: JobId" from jobs j
           join unnest($1::uuid[], $2::bigint[]) as h(id, epoch) on j.id = h.id and j.epoch = h.epoch
           where j.finished_at is not null"#,
        &jobs.iter().map(|(job, _)| job.0).collect::<Vec<_>>(),
        &jobs.iter().map(|(_, epoch)| *epoch).collect::<Vec<_>>(),
    )
    .fetch_all(&engine.pool)
    .await
}
