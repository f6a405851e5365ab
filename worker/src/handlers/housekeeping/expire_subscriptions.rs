//! Plans that were paid for until now end.

use domain::users::subscriptions;
use jobs::{
    catalogue::ExpireSubscriptions,
    queue::{Outcome, Running},
};

use crate::Context;

pub(in crate::handlers) async fn expire_subscriptions(
    context: Context,
    _: Running,
    _: ExpireSubscriptions,
) -> Outcome {
    match expire(&context).await {
        Ok(0) => Outcome::Done,
        Ok(accounts) => {
            tracing::info!(accounts, "plans have ended");
            Outcome::Done
        }
        Err(error) => Outcome::Retry(format!("plans could not be ended: {error}")),
    }
}

async fn expire(context: &Context) -> sqlx::Result<u64> {
    let mut total = 0;
    loop {
        let mut tx = context.db.begin_platform().await?;
        let ended = subscriptions::expire(&mut tx, context.clock.now()).await?;
        tx.commit().await?;
        total += ended;
        if ended == 0 {
            return Ok(total);
        }
    }
}
