//! Imports a file of cards.

use jobs::{
    bus::{EventKind, EventWriter},
    catalogue::ImportDeck,
    queue::{Outcome, Running},
};
use serde_json::json;

use crate::{
    Context,
    importing::{Run, Stop},
};

/// Imports a file until its cards are there, or until it is known why they cannot be.
pub(in crate::handlers) async fn import(context: Context, running: Running, work: ImportDeck) -> Outcome {
    let job = &running.job;
    let mut writer = EventWriter::new(context.bus.clone(), job.id, job.epoch);
    writer.send(EventKind::Started, json!({ "attempt": job.attempt })).await;
    let mut run = Run::new(&context, job, work.user, writer);
    let done = tokio::select! {
        biased;
        () = running.cancel.cancelled() => return Outcome::Cancelled,
        done = run.import() => done,
    };
    let done = match done {
        Err(Stop::Refused(refusal)) => run.refuse(&refusal).await,
        done => done,
    };
    match done {
        Ok(()) => Outcome::Ended,
        Err(Stop::Superseded) => {
            tracing::warn!("another worker has this job");
            Outcome::Ended
        }
        Err(Stop::Retry(reason)) => Outcome::Retry(reason),
        Err(Stop::Refused(refusal)) => {
            Outcome::Retry(format!("the end of an import could not be stored: {}", refusal.code()))
        }
    }
}
