//! Tries a key. A pending one becomes active, or is deleted; any other gets its health from the
//! result.

use domain::keys::{KeyStatus, health, store};
use jobs::{
    bus::{EventKind, EventWriter},
    catalogue::ProbeKey,
    queue::{self, Outcome, Running},
};
use serde_json::{Value, json};

use crate::Context;

/// Tries the key, and tells the result to whoever waits: `{"ok":true}`, or false with class and reason.
pub(in crate::handlers) async fn probe(context: Context, running: Running, work: ProbeKey) -> Outcome {
    match tried(&context, &work).await {
        Ok(result) => end(&context, &running, result).await,
        Err(error) => Outcome::Retry(format!("the key could not be tried: {error:#}")),
    }
}

async fn tried(context: &Context, work: &ProbeKey) -> anyhow::Result<Value> {
    let id = work.key;
    let pool = context.router.pool();
    let Some((key, chosen)) = pool.load(id).await? else {
        return Ok(json!({ "ok": false, "class": "caller", "reason": "the key is gone" }));
    };
    if key.status != KeyStatus::Pending {
        health::store::set_probed(context.db.pool(), id, context.clock.now()).await?;
    }
    let proven = match chosen {
        Ok(chosen) => context.router.probe(&chosen).await,
        Err(error) => Err(error),
    };
    match proven {
        Ok(()) if key.status == KeyStatus::Pending && !work.keep => {
            delete_pending(context, id).await?;
            Ok(json!({ "ok": true }))
        }
        Ok(()) => {
            pool.proved(id).await;
            if key.status != KeyStatus::Pending {
                context.platform_status.recovered().await;
            }
            Ok(json!({ "ok": true }))
        }
        Err(error) => {
            if key.status == KeyStatus::Pending {
                delete_pending(context, id).await?;
            } else {
                pool.failed(id, &error, health::Source::Probe).await;
            }
            Ok(
                json!({ "ok": false, "class": error.class.as_str(), "reason": error.reason, "retry_at": error.retry_at }),
            )
        }
    }
}

async fn delete_pending(context: &Context, id: domain::ids::KeyId) -> sqlx::Result<()> {
    let mut conn = context.db.pool().acquire().await?;
    store::delete_pending(&mut conn, id).await
}

async fn end(context: &Context, running: &Running, result: Value) -> Outcome {
    let job = &running.job;
    let ending = EventWriter::new(context.bus.clone(), job.id, job.epoch).ending(EventKind::Done, result);
    let stored = async {
        let tx = context.db.begin_platform().await?;
        queue::finish(tx, &context.bus, job, &ending, async |_| Ok::<_, sqlx::Error>(())).await
    };
    match stored.await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("a late result was refused"),
        Err(error) => return Outcome::Retry(format!("the result could not be stored: {error}")),
    }
    Outcome::Ended
}
