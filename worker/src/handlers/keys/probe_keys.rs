//! Has each key probed that needs it, by a job of its own.

use domain::keys::health::store::list_to_probe;
use jobs::{
    catalogue::{ProbeKey, ProbeKeys},
    queue::{Outcome, Running, enqueue_many},
};

use crate::Context;

pub(in crate::handlers) async fn probe_keys(context: Context, _: Running, work: ProbeKeys) -> Outcome {
    match enqueue(&context, &work).await {
        Ok(0) => Outcome::Done,
        Ok(keys) => {
            tracing::debug!(keys, "keys are probed");
            Outcome::Done
        }
        Err(error) => Outcome::Retry(format!("keys could not be listed: {error}")),
    }
}

async fn enqueue(context: &Context, work: &ProbeKeys) -> sqlx::Result<u64> {
    let pool = context.router.pool();
    // So that what served just now is known to have served.
    pool.flush().await;
    let due = list_to_probe(context.db.pool(), context.clock.now(), work.served_since).await?;
    let due = due.into_iter().filter(|key| !pool.is_at_limit(*key));
    let probes: Vec<_> = due.map(|key| ProbeKey { key, keep: true, owner: None }).collect();
    if probes.is_empty() {
        return Ok(0);
    }
    let mut conn = context.db.pool().acquire().await?;
    enqueue_many(&mut conn, &probes).await
}
