//! The bus within one process: what `medai dev` uses.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::ids::JobId;

use super::{Bus, Event, Published, Tail, Unreachable, log::Log};

/// How long a log is kept after its last event. The database has the answer by then.
const KEEP: Duration = Duration::from_mins(2);

/// Logs are looked through for old ones each time this many were added.
const SWEEP_EVERY: usize = 256;

/// Events of all jobs, in memory.
#[derive(Debug, Default)]
pub struct MemoryBus {
    logs: Mutex<Logs>,
}

#[derive(Debug, Default)]
struct Logs {
    by_job: HashMap<JobId, Kept>,
    added: usize,
}

struct Kept {
    log: Arc<Log>,
    used: Instant,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl MemoryBus {
    /// An empty bus.
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Forgets everything, as a Redis that was restarted does. Readers stay.
    pub fn forget(&self) {
        for kept in self.lock().by_job.values() {
            kept.log.clear();
        }
    }

    fn log(&self, job: JobId) -> Arc<Log> {
        let now = Instant::now();
        let mut logs = self.lock();
        if !logs.by_job.contains_key(&job) {
            logs.added += 1;
            if logs.added.is_multiple_of(SWEEP_EVERY) {
                // A log with readers has more than one owner.
                logs.by_job.retain(|_, kept| Arc::strong_count(&kept.log) > 1 || now - kept.used < KEEP);
            }
        }
        let kept = logs.by_job.entry(job).or_insert_with(|| Kept { log: Log::new(), used: now });
        kept.used = now;
        Arc::clone(&kept.log)
    }

    fn lock(&self) -> MutexGuard<'_, Logs> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Bus for MemoryBus {
    async fn publish(&self, job: JobId, event: Event) -> Result<Published, Unreachable> {
        let log = self.log(job);
        if log.last().is_some_and(|last| last >= event.number) {
            return Ok(Published::Stale);
        }
        let forgot = log.is_empty() && !event.number.is_first() && !event.kind.is_terminal();
        log.add(event);
        Ok(if forgot { Published::AfterLoss } else { Published::InOrder })
    }

    async fn follow(&self, job: JobId) -> Tail {
        Tail::new(self.log(job), ())
    }

    async fn ping(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}
