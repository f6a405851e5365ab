//! Running one job to its settlement, whatever its handler does: return, hang, panic, or lose its
//! lease.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{
    claim::Claimed,
    end::{Early, end_early},
    engine::{Engine, Slotted},
    observe,
    outcome::{Outcome, back_off},
    settle::JobSettlement,
};

/// How long a cancelled handler may take to store what it has.
const CANCEL_GRACE: Duration = Duration::from_secs(5);

/// A job as its handler gets it.
#[derive(Debug, Clone)]
pub struct Running {
    /// The row.
    pub job: Claimed,
    /// Fires when the job shall stop: store what there is, and return.
    pub cancel: CancellationToken,
}

/// How a run came out, as the supervisor sees it.
enum RunEnd {
    Out(Outcome),
    /// The lease is another's: nothing this run does counts.
    Lost,
    /// The worker stops: another one starts the job anew, and no attempt is used.
    HandedBack,
}

/// Runs a handler and settles what comes out.
pub(super) async fn supervise<F>(engine: Arc<Engine>, slotted: Slotted, handler: F)
where
    F: Future<Output = Outcome> + Send,
{
    let Slotted { job, slot, cancel, lost } = slotted;
    let (queue, began) = (engine.settings.queue, Instant::now());
    observe::started(queue, &job);
    // Dropping a future that panicked is safe; nothing of it is looked at again.
    let handler = AssertUnwindSafe(handler).catch_unwind();
    let run_end = tokio::select! {
        biased;
        outcome = handler => RunEnd::Out(outcome.unwrap_or_else(|_panic| {
            tracing::error!("a job panicked");
            Outcome::Retry("the job panicked".to_owned())
        })),
        () = cancelled(&cancel, &lost) => if lost.load(Ordering::Acquire) { RunEnd::Lost } else { RunEnd::Out(Outcome::Cancelled) },
        () = engine.kill.cancelled() => RunEnd::HandedBack,
    };
    let outcome = match run_end {
        // Somebody who was cancelled does not come back later.
        RunEnd::Out(Outcome::Snooze(_) | Outcome::Retry(_)) if cancel.is_cancelled() => Outcome::Cancelled,
        RunEnd::Out(outcome) => outcome,
        RunEnd::Lost => {
            tracing::warn!("another worker has this job now");
            observe::ended(queue, &job, "lost", began.elapsed());
            return engine.let_go(job.id, job.epoch, slot);
        }
        RunEnd::HandedBack => {
            observe::ended(queue, &job, "handed_back", began.elapsed());
            return engine.hand_back(job.id, job.epoch, slot).await;
        }
    };
    engine.counters.count(&job, &outcome, began.elapsed());
    observe::ended(queue, &job, observe::label(&outcome, job.attempt >= job.max_attempts), began.elapsed());
    let settlement = match outcome {
        Outcome::Ended => return engine.let_go(job.id, job.epoch, slot),
        Outcome::Done => JobSettlement::Done,
        Outcome::Snooze(until) => snooze(until),
        Outcome::Retry(error) if job.attempt < job.max_attempts => JobSettlement::Again {
            after: back_off(job.attempt),
            counts: true,
            snooze: false,
            error: Some(error),
        },
        Outcome::Retry(reason) | Outcome::Discard(reason) => {
            tracing::error!(reason, "a job is discarded");
            Box::pin(end(&engine, &job, Early::Discarded(&reason))).await;
            return engine.let_go(job.id, job.epoch, slot);
        }
        Outcome::Cancelled => {
            Box::pin(end(&engine, &job, Early::Cancelled)).await;
            return engine.let_go(job.id, job.epoch, slot);
        }
    };
    if !engine.settle(job.id, job.epoch, settlement, slot).await {
        tracing::warn!("a late settlement was refused: another worker has this job");
    }
}

/// Waits until the handler must be dropped: at once where the lease is lost, after a grace where the
/// job was cancelled.
async fn cancelled(cancel: &CancellationToken, lost: &std::sync::atomic::AtomicBool) {
    cancel.cancelled().await;
    if !lost.load(Ordering::Acquire) {
        tokio::time::sleep(CANCEL_GRACE).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "the queue runs on real time: it becomes a delay at once")]
fn snooze(until: DateTime<Utc>) -> JobSettlement {
    let after = (until - Utc::now()).to_std().unwrap_or_default().max(Duration::from_millis(1));
    JobSettlement::Again { after, counts: false, snooze: true, error: None }
}

/// Ends a job early (boxed by its callers: it is rare, and large in a future that is moved for every job);
/// an outage is waited out, and a lease that runs out meanwhile fences this off.
async fn end(engine: &Engine, job: &Claimed, early: Early<'_>) {
    while let Err(error) =
        end_early(&engine.db, &engine.bus, &engine.settings.kinds, job.id, job.epoch, early).await
    {
        tracing::warn!(%error, "ending a job waits for the database");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
            () = engine.kill.cancelled() => return,
        }
    }
}
