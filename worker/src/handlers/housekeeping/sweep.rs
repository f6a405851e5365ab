//! Housekeeping.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    audit,
    chat::idempotency,
    documents::{self, searches},
    feedback::{reports, votes},
    keys,
    users::{attempts, clients, emergency, sign_ins, tries},
};
use jobs::{
    admin_events::deliveries,
    catalogue::{ReembedLibrary, RemoveFiles, Sweep},
    processes,
    queue::{Outcome, Running, enqueue, retention, workers},
};
use sqlx::PgConnection;
use study::store::made_items;

use crate::Context;

/// How long a finished job can be looked at, and a late reader gets its end.
const KEEP_JOBS: TimeDelta = TimeDelta::days(7);

/// How long jobs are counted by the minute; after that by the hour.
const KEEP_MINUTES: TimeDelta = TimeDelta::days(2);

/// How long a repeated send gets the first answer.
const KEEP_IDEMPOTENCY: TimeDelta = TimeDelta::days(1);

/// How long it can be looked at what admins were told.
const KEEP_ALERTS: TimeDelta = TimeDelta::days(90);

/// How long it is known that a tick of the schedule was done. The latest is never forgotten.
const KEEP_TICKS: TimeDelta = TimeDelta::days(2);

/// How long the log of keys' health is kept.
const KEEP_HEALTH: TimeDelta = TimeDelta::days(90);

/// How long it is kept what each key did, by five minutes.
const KEEP_ACTIVITY: TimeDelta = TimeDelta::days(8);

/// How long votes on answers and reports of errors in them are kept.
const KEEP_FEEDBACK: TimeDelta = TimeDelta::days(365);

/// How long it is kept how good what models made was.
const KEEP_QUALITY: TimeDelta = TimeDelta::days(365);

/// How long a report is kept that was handled.
const KEEP_HANDLED: TimeDelta = TimeDelta::days(90);

/// Removes what has outlived its use. Each part is on its own: one that fails is left for the next
/// sweep.
pub(in crate::handlers) async fn sweep(context: Context, _: Running, _: Sweep) -> Outcome {
    let now = context.clock.now();
    let yesterday = now - TimeDelta::days(1);
    let pool = context.db.pool();
    let parts = [
        ("minutes of jobs", retention::roll_up_minutes(pool, now - KEEP_MINUTES).await),
        ("minutes of answers", jobs::answers::prune(pool, now - KEEP_MINUTES).await),
        ("dead workers", workers::prune(pool, yesterday).await),
        ("lost processes", processes::prune(pool, yesterday).await),
        ("jobs", retention::prune(pool, now - KEEP_JOBS).await),
        (
            "calls of providers",
            platform(&context, async |tx| keys::calls::prune(tx, now - KEEP_JOBS).await).await,
        ),
        (
            "idempotency keys",
            platform(&context, async |tx| idempotency::prune(tx, now - KEEP_IDEMPOTENCY).await).await,
        ),
        ("attempts", attempts::prune(pool, yesterday).await),
        ("tries to sign in", tries::prune(pool, now).await),
        ("sign-ins", platform(&context, async |tx| sign_ins::prune(tx, yesterday).await).await),
        ("known devices and addresses", platform(&context, async |tx| clients::prune(tx, now).await).await),
        ("audit bursts", audit::burst::prune(pool, yesterday).await),
        ("emergency tokens", platform(&context, async |tx| emergency::prune(tx, yesterday).await).await),
        ("alerts", deliveries::prune(pool, now - KEEP_ALERTS).await),
        ("ticks", retention::prune_ticks(pool, now - KEEP_TICKS).await),
        ("health of keys", keys::health::log::prune(pool, now - KEEP_HEALTH).await),
        ("activity of keys", keys::activity::prune(pool, now - KEEP_ACTIVITY).await),
        ("usage of keys", keys::usage::prune(pool, now).await),
        ("closings", domain::maintenance::closings::prune(pool, now - KEEP_HEALTH).await),
        ("facts about endpoints", keys::endpoints::prune(pool, now).await),
        (
            "searches",
            platform(&context, async |tx| searches::prune(tx, now - TimeDelta::hours(1)).await).await,
        ),
        ("votes", platform(&context, async |tx| votes::prune(tx, now - KEEP_FEEDBACK).await).await),
        ("reports", platform(&context, async |tx| prune_reports(tx, now).await).await),
        ("counts of made items", platform(&context, async |tx| prune_quality(tx, now).await).await),
        ("images", images(&context, yesterday).await),
        ("libraries of another embedder", reembed(&context).await),
    ];
    report(parts)
}

async fn prune_reports(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    reports::prune(tx, now - KEEP_FEEDBACK, now - KEEP_HANDLED).await
}

async fn prune_quality(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    made_items::prune(tx, (now - KEEP_QUALITY).date_naive()).await
}

/// Prunes in a transaction of the platform: what students own is seen by nobody else.
async fn platform(
    context: &Context,
    prune: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<u64>,
) -> sqlx::Result<u64> {
    let mut tx = context.db.begin_platform().await?;
    let pruned = prune(&mut tx).await?;
    tx.commit().await?;
    Ok(pruned)
}

/// Says what was swept, and whether it is to be tried again.
fn report(parts: impl IntoIterator<Item = (&'static str, sqlx::Result<u64>)>) -> Outcome {
    let mut failed = false;
    for (what, result) in parts {
        match result {
            Ok(0) => {}
            Ok(count) => tracing::info!(what, count, "swept"),
            Err(error) => {
                tracing::warn!(what, %error, "could not be swept");
                failed = true;
            }
        }
    }
    if failed { Outcome::Retry("a part could not be swept".to_owned()) } else { Outcome::Done }
}

/// Images that no message has: the rows now, their files by a job.
async fn images(context: &Context, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let mut tx = context.db.begin_platform().await?;
    let images = domain::images::prune(&mut tx, before).await?;
    let count = images.len() as u64;
    if count > 0 {
        enqueue(&mut tx, &RemoveFiles { images, ..RemoveFiles::default() }).await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// Students whose documents are embedded by another model than the one that is set.
async fn reembed(context: &Context) -> sqlx::Result<u64> {
    let mut tx = context.db.begin_platform().await?;
    let current = context.embedders.current();
    let users = documents::store::users_of_other_models(&mut tx, current.model()).await?;
    let mut enqueued = 0;
    for user in users {
        enqueued += u64::from(!enqueue(&mut tx, &ReembedLibrary { user }).await?.existed);
    }
    tx.commit().await?;
    Ok(enqueued)
}
