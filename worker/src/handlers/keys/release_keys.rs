//! Ends cooldowns that are over. Everybody hears of it by the change of the row.

use domain::keys::health::store::release_cooled;
use jobs::{
    catalogue::{ProbeKey, ReleaseKeys},
    queue::{Outcome, Running, enqueue_many},
};

use crate::Context;

pub(in crate::handlers) async fn release_keys(context: Context, _: Running, _: ReleaseKeys) -> Outcome {
    match release(&context).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::Retry(format!("cooldowns could not be ended: {error}")),
    }
}

async fn release(context: &Context) -> sqlx::Result<()> {
    let degraded = release_cooled(context.db.pool(), context.clock.now()).await?;
    if degraded.is_empty() {
        return Ok(());
    }
    let probes: Vec<_> = degraded.into_iter().map(|key| ProbeKey { key, keep: true, owner: None }).collect();
    let mut conn = context.db.pool().acquire().await?;
    enqueue_many(&mut conn, &probes).await.map(drop)
}
