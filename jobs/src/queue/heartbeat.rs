//! Signs of life: renews the leases of all held jobs in one statement, learns from it which are to be
//! cancelled or lost, and brings back the jobs of workers that gave no sign.

use std::{collections::HashMap, sync::Arc};

use domain::ids::JobId;

use super::{engine::Engine, rescue::rescue};

/// What a heartbeat learnt about a held job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Learnt {
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
            () = engine.closed.cancelled() => return,
        }
        if let Err(error) = renew(&engine).await {
            tracing::warn!(%error, "leases could not be renewed");
            continue;
        }
        if let Err(error) = rescue(&engine.db, &engine.bus).await {
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
    let renewed: HashMap<_, _> = renewed.into_iter().map(|row| (row.id, row.cancel_requested)).collect();
    for (job, epoch) in held {
        // One that settled during the statement is not held any more, and learning is then in vain.
        let learnt = match renewed.get(&job) {
            Some(false) => Learnt::Ours,
            Some(true) => Learnt::CancelRequested,
            None => Learnt::Lost,
        };
        engine.learn(job, epoch, learnt);
    }
    Ok(())
}
