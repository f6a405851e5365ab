//! What the queue counts for `/metrics`. Names of queues and jobs are few; no label is made of data.

use std::time::Duration;

use super::{claim::Claimed, outcome::Outcome};
use crate::Queue;

/// A job starts, having waited since it was due.
pub(super) fn started(queue: Queue, job: &Claimed) {
    metrics::histogram!("medai_job_wait_seconds", "queue" => queue.as_str(), "name" => job.name.clone())
        .record(seconds(job.waited_ms));
}

/// Of milliseconds by the clock of the database, which may run behind that of who set a time.
fn seconds(ms: i64) -> f64 {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0)).as_secs_f64()
}

/// A run of a job came out somehow.
pub(super) fn ended(queue: Queue, job: &Claimed, outcome: &'static str, ran: Duration) {
    metrics::counter!("medai_jobs_total",
        "queue" => queue.as_str(), "name" => job.name.clone(), "outcome" => outcome)
    .increment(1);
    metrics::histogram!("medai_job_run_seconds", "queue" => queue.as_str(), "name" => job.name.clone())
        .record(ran.as_secs_f64());
}

/// Jobs of dead workers are back.
pub(super) fn rescued(jobs: usize) {
    metrics::counter!("medai_jobs_rescued_total").increment(u64::try_from(jobs).unwrap_or(0));
}

/// The label of an outcome.
pub(super) const fn label(outcome: &Outcome, last_attempt: bool) -> &'static str {
    match outcome {
        Outcome::Done | Outcome::Ended => "done",
        Outcome::Retry(_) if last_attempt => "discarded",
        Outcome::Retry(_) => "retried",
        Outcome::Snooze(_) => "snoozed",
        Outcome::Cancelled => "cancelled",
        Outcome::Discard(_) => "discarded",
    }
}
