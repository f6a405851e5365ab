//! Folds what waits in the outbox into alerts.

use jobs::{
    catalogue::TellNotices,
    notices::outbox,
    queue::{Outcome, Running},
};

use crate::Context;

/// What this worker can reach is what is told.
pub(super) async fn tell(context: Context, _: Running, _: TellNotices) -> Outcome {
    match outbox::tell(&context.db, &context.channels.reach, context.clock.now()).await {
        Ok(0) => Outcome::Done,
        Ok(alerts) => {
            tracing::info!(alerts, "admins are told");
            Outcome::Done
        }
        Err(error) => Outcome::Retry(format!("the outbox could not be read: {error}")),
    }
}
