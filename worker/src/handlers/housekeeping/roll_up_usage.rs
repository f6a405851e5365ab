//! The end of a day: what it came to is rolled up, and what is long past goes.

use chrono::{Days, TimeDelta};
use domain::quota::{costs, rollup};
use jobs::{
    catalogue::RollUpUsage,
    queue::{Outcome, Running},
};

use crate::Context;

/// How long the books of a day are kept.
const KEEP: Days = Days::new(400);

/// How long it is remembered what answers of a model took that gives none any more.
const REMEMBER: TimeDelta = TimeDelta::days(30);

pub(in crate::handlers) async fn roll_up_usage(context: Context, _: Running, _: RollUpUsage) -> Outcome {
    match roll_up(&context).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::Retry(format!("usage could not be rolled up: {error}")),
    }
}

async fn roll_up(context: &Context) -> sqlx::Result<()> {
    let today = context.clock.today();
    let mut tx = context.db.begin_platform().await?;
    let rolled = rollup::roll_up(&mut tx, today).await?;
    let pruned = match today.checked_sub_days(KEEP) {
        Some(before) => rollup::prune(&mut tx, before).await?,
        None => 0,
    };
    costs::forget(&mut tx, context.clock.now() - REMEMBER).await?;
    tx.commit().await?;
    let rollup::RolledUp { days, requests, tokens } = rolled;
    tracing::info!(days, requests, tokens, pruned, "usage is rolled up");
    Ok(())
}
