//! Reads documents anew that an earlier reader read.

use chrono::TimeDelta;
use domain::{documents::reread, ids::DocumentId};
use jobs::{
    bus::EventWriter,
    catalogue::ReadAnew,
    queue::{Outcome, Running},
};

use crate::{
    Context,
    ingestion::{Run, Stop},
};

/// How long it rests between two documents, in which whoever waits goes first.
const REST: TimeDelta = TimeDelta::milliseconds(200);

/// How long it waits where something is away that is needed.
const LATER: TimeDelta = TimeDelta::minutes(1);

/// Reads the next one, and comes back for the others.
pub(in crate::handlers) async fn read_anew(context: Context, running: Running, _: ReadAnew) -> Outcome {
    let next = async {
        let mut tx = context.db.begin_platform().await?;
        reread::next(&mut tx).await
    };
    let (user, document) = match next.await {
        Ok(Some(next)) => next,
        Ok(None) => return Outcome::Done,
        Err(error) => return Outcome::Retry(format!("the next document could not be found: {error}")),
    };
    let job = &running.job;
    let writer = EventWriter::new(context.bus.clone(), job.id, job.epoch);
    let run = Run { context: &context, job, user, document, writer };
    let done = tokio::select! {
        biased;
        () = running.cancel.cancelled() => return Outcome::Cancelled,
        done = run.read_anew() => done,
    };
    let after = |pause: TimeDelta| Outcome::Snooze(context.clock.now() + pause);
    match done {
        Ok(()) => after(REST),
        Err(Stop::Superseded) => {
            tracing::warn!("another worker has this job");
            Outcome::Ended
        }
        Err(stop) => match set_aside(&context, &run, stop).await {
            Ok(outcome) => outcome.unwrap_or_else(|| after(REST)),
            Err(error) => Outcome::Retry(format!("a document could not be set aside: {error}")),
        },
    }
}

/// What becomes of a document that was not read anew: whatever is at fault, it stays as it is, and marked.
async fn set_aside(context: &Context, run: &Run<'_>, stop: Stop) -> sqlx::Result<Option<Outcome>> {
    let id: DocumentId = run.document;
    let mut tx = context.db.begin_as(run.user).await?;
    let outcome = match stop {
        Stop::Problem(problem) => {
            tracing::info!(document = %id, problem = problem.code(), "a document cannot be read anew");
            reread::give_up(&mut tx, run.user, id).await?;
            None
        }
        Stop::Wait(until) => {
            reread::put_off(&mut tx, id).await?;
            Some(Outcome::Snooze(until))
        }
        Stop::Retry(reason) => {
            tracing::warn!(document = %id, reason, "a document could not be read anew now");
            reread::put_off(&mut tx, id).await?;
            Some(Outcome::Snooze(context.clock.now() + LATER))
        }
        // Its file or its row is gone: a try, so that it does not go on for ever.
        Stop::Gone | Stop::Superseded => None,
    };
    tx.commit().await?;
    Ok(outcome)
}
