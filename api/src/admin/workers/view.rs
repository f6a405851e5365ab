//! A process as admins see it.

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use jobs::processes::{Process, QueueShare, Role, RunningJob};
use serde::Serialize;
use utoipa::ToSchema;

/// How a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProcessState {
    /// It lives, and does what it is for.
    Up,
    /// It takes no new jobs, and has some left.
    Draining,
    /// It takes no new jobs, and has none left.
    Drained,
    /// It gave no sign of life lately.
    Lost,
}

/// A process of the platform.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Process)]
pub(super) struct ProcessView {
    /// Unique, and the same as of jobs that it runs.
    #[schema(example = "server-1:4711:5eed5eed")]
    name: String,
    host: String,
    pid: i32,
    /// Its release.
    version: String,
    roles: Vec<Role>,
    state: ProcessState,
    started_at: DateTime<Utc>,
    /// Its last sign of life.
    seen_at: DateTime<Utc>,
    /// Since when it is drained.
    draining_since: Option<DateTime<Utc>>,
    /// Jobs that it runs now.
    running: i64,
    /// The queues that it takes from.
    queues: Vec<QueueShareView>,
    /// What has run longest of what it runs.
    longest: Vec<RunningJobView>,
}

/// What a worker has of a queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QueueShare)]
pub(super) struct QueueShareView {
    queue: String,
    /// Jobs at a time.
    slots: i32,
    /// Jobs now.
    running: i64,
}

/// A job that runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunningJob)]
pub(super) struct RunningJobView {
    id: JobId,
    /// What it does.
    name: String,
    queue: String,
    /// Since when it runs.
    since: Option<DateTime<Utc>>,
}

impl From<Process> for ProcessView {
    fn from(process: Process) -> Self {
        let running = process.queues.iter().map(|share| share.running).sum();
        let state = match (process.alive, process.draining_since) {
            (false, _) => ProcessState::Lost,
            (true, None) => ProcessState::Up,
            (true, Some(_)) if running > 0 => ProcessState::Draining,
            (true, Some(_)) => ProcessState::Drained,
        };
        let share = |share: QueueShare| QueueShareView {
            queue: share.queue,
            slots: share.slots,
            running: share.running,
        };
        let job = |job: RunningJob| RunningJobView {
            id: job.id,
            name: job.name,
            queue: job.queue,
            since: job.since,
        };
        Self {
            state,
            running,
            queues: process.queues.into_iter().map(share).collect(),
            longest: process.longest.into_iter().map(job).collect(),
            name: process.name,
            host: process.host,
            pid: process.pid,
            version: process.version,
            roles: process.roles,
            started_at: process.started_at,
            seen_at: process.seen_at,
            draining_since: process.draining_since,
        }
    }
}
