//! What each job does, one file each: load, think, settle. A handler holds no connection while it
//! thinks.

use jobs::{
    Job,
    catalogue::{AnswerMessage, DeliverAlert, ProbeKey, RunCommand, Sweep, TellNotices},
    queue::{Outcome, Running},
};

use crate::Context;

mod answer;
mod deliver_alert;
mod probe_key;
mod sweep;
mod tell_notices;
mod wallet;

/// Runs a job by its name.
pub(crate) async fn run(context: Context, running: Running) -> Outcome {
    match running.job.name.as_str() {
        AnswerMessage::NAME => within::<AnswerMessage>(answer::answer(&context, &running)).await,
        // The payload is the same: what differs is the queue, and the feature of the message.
        RunCommand::NAME => within::<RunCommand>(answer::answer(&context, &running)).await,
        ProbeKey::NAME => within::<ProbeKey>(probe_key::probe(&context, &running)).await,
        Sweep::NAME => within::<Sweep>(Box::pin(sweep::sweep(&context))).await,
        TellNotices::NAME => within::<TellNotices>(tell_notices::tell(&context)).await,
        DeliverAlert::NAME => within::<DeliverAlert>(deliver_alert::deliver(&context, &running)).await,
        _ => context.extra.run(&running).await,
    }
}

/// Bounds a job by its own policy.
async fn within<J: Job>(work: impl Future<Output = Outcome>) -> Outcome {
    let outcome = tokio::time::timeout(J::TIMEOUT, work).await;
    outcome.unwrap_or_else(|_elapsed| Outcome::Discard(format!("took longer than {:?}", J::TIMEOUT)))
}
