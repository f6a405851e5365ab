//! Removes entries of the audit log that have outlived their retention.

use chrono::Days;
use domain::audit;
use jobs::{
    catalogue::PruneAudit,
    queue::{Outcome, Running},
};

use crate::Context;

/// Entries that one transaction removes, so that none holds its locks for long.
const BATCH: i64 = 5_000;

pub(in crate::handlers) async fn prune_audit(context: Context, _: Running, work: PruneAudit) -> Outcome {
    match prune(&context, work.keep_days).await {
        Ok(0) => Outcome::Done,
        Ok(entries) => {
            tracing::info!(entries, "the audit log is pruned");
            Outcome::Done
        }
        Err(error) => Outcome::Retry(format!("the audit log could not be pruned: {error}")),
    }
}

async fn prune(context: &Context, keep_days: u32) -> sqlx::Result<u64> {
    let Some(before) = context.clock.now().checked_sub_days(Days::new(keep_days.into())) else {
        return Ok(0);
    };
    let mut total = 0;
    loop {
        let mut tx = context.db.begin_platform().await?;
        let pruned = audit::log::prune(&mut tx, before, BATCH).await?;
        tx.commit().await?;
        total += pruned;
        if pruned < BATCH.unsigned_abs() {
            return Ok(total);
        }
    }
}
