//! Delivers an alert, and tries again later where it did not arrive.

use std::time::Duration;

use jobs::{
    admin_events::{
        Event,
        deliveries::{self, Delivery},
    },
    bus::{EventKind, EventWriter},
    catalogue::DeliverAlert,
    queue::{self, Outcome, Running},
};
use serde_json::json;

use crate::{Context, notify::Failure};

/// How often a commit is tried before what arrived may be sent again.
const COMMIT_TRIES: u32 = 50;

/// Tries once. What arrived is stored in the transaction that ends the job.
pub(in crate::handlers) async fn deliver(context: Context, running: Running, work: DeliverAlert) -> Outcome {
    let delivery = match deliveries::find_waiting(context.db.pool(), work.delivery).await {
        Ok(Some(delivery)) => delivery,
        Ok(None) => return Outcome::Done,
        Err(error) => return Outcome::Retry(format!("the alert could not be loaded: {error}")),
    };
    let tried = context.channels.deliver(&delivery, context.clock.now()).await;
    if let Err(failure) = &tried {
        let (id, channel, reason) = (delivery.id, delivery.channel.as_str(), &*failure.reason);
        tracing::warn!(delivery.id = %id, channel, reason, "an alert did not arrive");
    }
    for _ in 0..COMMIT_TRIES {
        match settle(&context, &running, &delivery, tried.as_ref().err()).await {
            Ok(outcome) => return outcome,
            Err(error) => {
                tracing::warn!(%error, "a delivery waits for the database");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    Outcome::Retry("the delivery could not be stored".to_owned())
}

async fn settle(
    context: &Context,
    running: &Running,
    delivery: &Delivery,
    failure: Option<&Failure>,
) -> sqlx::Result<Outcome> {
    let (job, now) = (&running.job, context.clock.now());
    let mut tx = context.db.begin_platform().await?;
    if let Some(failure) = failure {
        let Some(tries) = deliveries::failed(&mut tx, delivery.id, &failure.reason, now).await? else {
            return Ok(Outcome::Done);
        };
        // A test is asked for by somebody who waits for its result.
        let last = failure.for_good || delivery.alert.event == Event::Test;
        if let Some(wait) = deliveries::wait_after(tries).filter(|_| !last) {
            tx.commit().await?;
            return Ok(Outcome::Snooze(now + wait));
        }
    }
    let ending = EventWriter::new(context.bus.clone(), job.id, job.epoch)
        .ending(EventKind::Done, json!({ "ok": failure.is_none() }));
    // Where another worker has it, that one stores what comes of it.
    queue::finish(tx, &context.bus, job, &ending, async |tx| match failure {
        Some(failure) => deliveries::give_up(tx, delivery.id, &failure.reason).await,
        None => deliveries::arrived(tx, delivery.id, now).await,
    })
    .await?;
    Ok(Outcome::Ended)
}
