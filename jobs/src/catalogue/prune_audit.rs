//! Removes entries of the audit log that are older than they have to be.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// What outlived its retention.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PruneAudit {
    /// How long entries are kept, in days.
    pub keep_days: u32,
}

impl Job for PruneAudit {
    const NAME: &'static str = "prune_audit";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(10);
    const MAX_ATTEMPTS: i16 = 3;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
