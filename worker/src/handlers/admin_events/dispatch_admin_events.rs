//! Folds what waits in the outbox into alerts.

use jobs::{
    admin_events::outbox,
    catalogue::DispatchAdminEvents,
    queue::{Outcome, Running},
};

use crate::Context;

/// What this worker can reach is what is told.
pub(in crate::handlers) async fn dispatch(context: Context, _: Running, _: DispatchAdminEvents) -> Outcome {
    match outbox::dispatch(&context.db, &context.channels.available, context.clock.now()).await {
        Ok(0) => Outcome::Done,
        Ok(alerts) => {
            tracing::info!(alerts, "admins are told");
            Outcome::Done
        }
        Err(error) => Outcome::Retry(format!("the outbox could not be read: {error}")),
    }
}
